/** What a company owes and no final invoice bills, at a moment of a month: charged, or confirmed and not charged yet. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import type { AccountLine } from '../ledger/ledger.ts';

export const Accrual = z
  .object({
    company: OrganisationId,
    currency: Currency,
    period: z.string().meta({ description: 'UTC month' }),
    at: Instant.meta({ description: 'Everything of earlier months, and of the month what was posted by then' }),
    carriedMicros: z.int().meta({ description: 'On no final invoice when the month began' }),
    chargedMicros: z.int().meta({ description: 'What the month added by then' }),
    takenOffMicros: z.int().meta({ description: 'Invoices that became final in it, credits, disputes' }),
    accruedMicros: z.int().meta({ description: 'Account 1100: carried + charged − taken off' }),
    disputedMicros: z.int().meta({ description: 'Account 1110: disputed before it was invoiced' }),
    confirmedMicros: z.int().nullable().meta({
      description:
        'Confirmed by then, and charged when its reopen window has passed: in no account yet. What was reopened since is not in it. Null where it is of more requests than one call looks at: ask for fewer companies',
    }),
  })
  .meta({ id: 'Accrual' });
export type Accrual = z.infer<typeof Accrual>;

/** The accrual that a company's accounts of a currency and its confirmed requests say; undefined where they say nothing. */
export function accrualOf(
  of: Pick<Accrual, 'company' | 'currency' | 'period' | 'at' | 'confirmedMicros'>,
  lines: readonly Pick<AccountLine, 'account' | 'openingMicros' | 'debitMicros' | 'creditMicros' | 'closingMicros'>[],
): Accrual | undefined {
  const unbilled = lines.find(({ account }) => account === '1100');
  const disputedMicros = lines.find(({ account }) => account === '1110')?.closingMicros ?? 0;
  if (unbilled === undefined && disputedMicros === 0 && (of.confirmedMicros ?? 0) === 0) return undefined;
  return {
    ...of,
    carriedMicros: unbilled?.openingMicros ?? 0,
    chargedMicros: unbilled?.debitMicros ?? 0,
    takenOffMicros: unbilled?.creditMicros ?? 0,
    accruedMicros: unbilled?.closingMicros ?? 0,
    disputedMicros,
  };
}
