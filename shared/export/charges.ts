/** A party's entries of a month as rows: what they come to is what its statement says. */
import type { EntryView } from '../ledger/ledger.ts';
import type { Cell, Column } from './table.ts';

/** One entry, as one party sees it. */
export type ChargeRow = {
  entry: EntryView;
  /** Of the party's own accounts: what it is charged, or paid. */
  micros: number;
  invoice: string | null;
};

/** What an entry moves in a party's account: companies 1100 (charged is positive), providers 2100 (paid is positive). */
export function ownMicros(entry: EntryView, tenant: string): number {
  const account = tenant.startsWith('pr_') ? '2100' : '1100';
  const own = entry.legs.filter((leg) => leg.account === account && leg.of === tenant);
  const sum = own.reduce((total, leg) => total + leg.micros, 0);
  return account === '2100' ? 0 - sum : sum;
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
  ['invoice', ({ invoice }) => invoice],
  ['request', fact('request')],
  ['lease', fact('lease')],
  ['queue', fact('queue')],
  ['round', fact('round')],
  ['outcome', fact('outcome')],
  ['route', fact('route')],
  ['reason', fact('reason')],
];
