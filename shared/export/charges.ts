/** A party's entries of a month as rows: what they come to is what its statement says. */
import type { EntryView } from '../ledger/ledger.ts';
import type { Billed } from './billed.ts';
import type { Cell, Column } from './table.ts';

/** One entry, as one party sees it. */
export type ChargeRow = {
  entry: EntryView;
  /** Of the party's own accounts: what it is charged, or paid. */
  micros: number;
  billed: Billed;
};

/** What an entry moves in a party's account: companies 1100 (charged is positive), providers 2100 (paid is positive). */
export function ownMicros(entry: EntryView, tenant: string): number {
  const account = tenant.startsWith('pr_') ? '2100' : '1100';
  const own = entry.legs.filter((leg) => leg.account === account && leg.of === tenant);
  const sum = own.reduce((total, leg) => total + leg.micros, 0);
  return account === '2100' ? 0 - sum : sum;
}

/** Accounts of providers, of the fee, of pools: what a company is charged for. */
const CHARGED_FOR = ['2100', '2105', '2110', '2300', '2400', '2410', '4100', '4190', '4200'];
/** Entries that move what was charged from one account to another: an invoice, its void, its payment. */
const isNoCost = ({ kind }: EntryView): boolean => kind.startsWith('invoice_');

/**
 * What an entry costs its company, without tax: an invoice costs nothing more, and a credit note gives back what it says
 * also where that is set off against the invoice. In micro-units, negative where it is given back.
 */
export function costMicros(entry: EntryView, company: string): number {
  if (isNoCost(entry)) return 0;
  if (entry.kind === 'adjustment') return ownMicros(entry, company);
  const legs = entry.legs.filter(({ account }) => CHARGED_FOR.includes(account));
  return 0 - legs.reduce((sum, { micros }) => sum + micros, 0);
}

const fact =
  (name: string) =>
  ({ entry }: ChargeRow): Cell =>
    entry.facts[name] ?? null;

/** Times are UTC, as their Z says. */
export const CHARGE_COLUMNS: readonly Column<ChargeRow>[] = [
  ['event', ({ entry }) => entry.event],
  ['kind', ({ entry }) => entry.kind],
  ['occurred_at', ({ entry }) => entry.occurredAt],
  ['period', ({ entry }) => entry.period],
  ['currency', ({ entry }) => entry.currency],
  ['amount', ({ micros }) => ({ micros })],
  ['invoice', ({ billed }) => billed.invoice],
  ['not_billed_because', ({ billed }) => billed.because],
  ['request', fact('request')],
  ['lease', fact('lease')],
  ['queue', fact('queue')],
  ['round', fact('round')],
  ['outcome', fact('outcome')],
  ['route', fact('route')],
  ['reason', fact('reason')],
];
