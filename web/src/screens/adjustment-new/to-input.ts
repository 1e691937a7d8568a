/** From what is filled in to the body of a proposal. Pure; money in micro-units. */
import type { Adjustment } from '../../../../shared/ledger/adjustment.ts';

export type LegValues = { account: string; of: string; side: 'debit' | 'credit'; micros: number | null };
export type Values = {
  kind: Adjustment['kind'];
  adjusts: string;
  legs: readonly LegValues[];
  currency: string;
  direction: 'in' | 'out';
  micros: number | null;
  taxMicros: number | null;
  inputTaxMicros: number | null;
  owner: string;
  reason: string;
};

/** Debits positive, credits negative; nothing where no amount is given. */
export const signed = ({ side, micros }: Pick<LegValues, 'side' | 'micros'>): number => {
  if (micros === null || micros === 0) return 0;
  return side === 'debit' ? micros : -micros;
};

/** Debits less credits. */
export const sumOf = (legs: readonly LegValues[]): number => legs.reduce((sum, leg) => sum + signed(leg), 0);

export function toInput(values: Values): Record<string, unknown> {
  const { kind, reason, adjusts, currency } = values;
  switch (kind) {
    case 'adjustment':
      return {
        kind,
        adjusts: adjusts.trim(),
        legs: values.legs.map((leg) => ({
          account: leg.account,
          of: leg.of.trim() === '' ? null : leg.of.trim(),
          micros: signed(leg),
        })),
        reason,
      };
    case 'reversal':
    case 'shortfall_correction':
      return { kind, adjusts: adjusts.trim(), reason };
    case 'own_funds':
      return { kind, currency, micros: (values.direction === 'in' ? 1 : -1) * (values.micros ?? 0), reason };
    case 'tax_return':
      return {
        kind,
        currency,
        taxMicros: values.taxMicros ?? 0,
        inputTaxMicros: values.inputTaxMicros ?? 0,
        reason,
      };
    case 'account_closed':
      return { kind, currency, owner: values.owner, reason };
  }
}
