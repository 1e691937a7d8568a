/** A provider's year for the tax office: what was invoiced in its name, and what it was paid. */
import type { Column } from '../export/table.ts';
import { asMicros, Currency } from '../kernel/money.ts';
import type { Payout } from './payout.ts';
import type { SelfBilledInvoice } from './self-billed.ts';

/** One provider and currency. Amounts in micro-units. */
export type TaxRow = {
  year: string;
  provider: string;
  legalName: string;
  country: string;
  taxId: string;
  currency: Currency;
  invoices: number;
  netMicros: number;
  taxMicros: number;
  creditNotes: number;
  creditedNetMicros: number;
  creditedTaxMicros: number;
  payouts: number;
  paidMicros: number;
};

/** Sums documents of a year's months, and the payouts that were made within it, by currency. */
export function taxRows(
  of: { year: string; provider: string; legalName: string },
  documents: readonly SelfBilledInvoice[],
  payouts: readonly Payout[],
): TaxRow[] {
  return Currency.options.flatMap((currency) => {
    const own = documents.filter((document) => document.currency === currency);
    const paid = payouts.filter((payout) => payout.currency === currency && payout.paidAt?.startsWith(of.year));
    if (own.length === 0 && paid.length === 0) return [];
    const supplier = own.at(-1)?.supplier;
    const sum = (kind: SelfBilledInvoice['kind'], name: 'netMicros' | 'taxMicros'): number =>
      own.reduce((total, document) => (document.kind === kind ? asMicros(total + document[name]) : total), 0);
    const count = (kind: SelfBilledInvoice['kind']): number => own.filter((document) => document.kind === kind).length;
    return [
      {
        year: of.year,
        provider: of.provider,
        currency,
        legalName: supplier?.legalName ?? of.legalName,
        country: supplier?.address.country ?? '',
        taxId: supplier?.taxId?.value ?? '',
        invoices: count('invoice'),
        netMicros: sum('invoice', 'netMicros'),
        taxMicros: sum('invoice', 'taxMicros'),
        creditNotes: count('credit_note'),
        creditedNetMicros: sum('credit_note', 'netMicros'),
        creditedTaxMicros: sum('credit_note', 'taxMicros'),
        payouts: paid.length,
        paidMicros: paid.reduce((total, one) => asMicros(total + one.amountMicros - one.reversedMicros), 0),
      },
    ];
  });
}

export const TAX_COLUMNS: readonly Column<TaxRow>[] = [
  ['Year (UTC)', ({ year }) => year],
  ['Provider', ({ provider }) => provider],
  ['Legal name', ({ legalName }) => legalName],
  ['Country', ({ country }) => country],
  ['Tax id', ({ taxId }) => taxId],
  ['Currency', ({ currency }) => currency],
  ['Self-billed invoices', ({ invoices }) => invoices],
  ['Net', ({ netMicros }) => ({ micros: netMicros })],
  ['Tax', ({ taxMicros }) => ({ micros: taxMicros })],
  ['Credit notes', ({ creditNotes }) => creditNotes],
  ['Credited net', ({ creditedNetMicros }) => ({ micros: creditedNetMicros })],
  ['Credited tax', ({ creditedTaxMicros }) => ({ micros: creditedTaxMicros })],
  ['Payouts', ({ payouts }) => payouts],
  ['Paid, less what came back', ({ paidMicros }) => ({ micros: paidMicros })],
];
