/** Adding up entries: debits and credits by currency, account and owner, of one party's list of a month. */

import type { Currency } from '../kernel/money.ts';
import { ACCOUNTS, type AccountCode, type EntryView, type Leg } from './ledger.ts';

export type Side = 'company' | 'provider';
/** One party's list on one side; each side lists every entry once, the market's own list those of nobody on that side. */
export type List = { side: Side; owner: string };

export type FoldRow = {
  currency: Currency;
  account: AccountCode;
  of: string | null;
  debitMicros: number;
  creditMicros: number;
};
/** What some entries add up to. */
export type Fold = { entries: number; rows: Map<string, FoldRow> };
export const emptyFold = (): Fold => ({ entries: 0, rows: new Map() });

/** Whether a leg is a party's own: on an account of its, or on one of its invoices. */
export const isOwn = (leg: Pick<Leg, 'of'>, owner: string): boolean =>
  leg.of !== null && (leg.of === owner || leg.of.startsWith(`${owner}.`));

/**
 * Adds an entry to what a list came to. A company's list keeps the company's own legs. A provider's keeps all legs, since
 * together the lists of that side make the trial balance: by owner those of the provider itself and of pools, which are
 * few, and the rest as one row an account, since each company's list has its owners.
 */
export function addTo(fold: Fold, list: List, entry: Pick<EntryView, 'currency' | 'legs'>): void {
  fold.entries += 1;
  for (const leg of entry.legs) {
    const mine = isOwn(leg, list.owner);
    if (list.side === 'company' && !mine) continue;
    const { of } = ACCOUNTS[leg.account];
    addRow(fold.rows, {
      currency: entry.currency,
      account: leg.account,
      of: mine || of === 'pool' || of === 'market' ? leg.of : null,
      debitMicros: leg.micros > 0 ? leg.micros : 0,
      creditMicros: leg.micros < 0 ? -leg.micros : 0,
    });
  }
}

export const rowKey = (row: Pick<FoldRow, 'currency' | 'account' | 'of'>): string =>
  `${row.currency}#${row.account}#${row.of ?? ''}`;

/** Adds one row to others. Sums beyond a safe integer throw. */
export function addRow(rows: Map<string, FoldRow>, row: FoldRow): void {
  const key = rowKey(row);
  const known = rows.get(key);
  const sum = known ?? { ...row, debitMicros: 0, creditMicros: 0 };
  sum.debitMicros += row.debitMicros;
  sum.creditMicros += row.creditMicros;
  if (!Number.isSafeInteger(sum.debitMicros) || !Number.isSafeInteger(sum.creditMicros))
    throw new RangeError(`account ${key} exceeds a safe integer`);
  if (known === undefined) rows.set(key, sum);
}

/** Adds one fold to another. */
export function addFold(into: Fold, more: Fold): void {
  into.entries += more.entries;
  for (const row of more.rows.values()) addRow(into.rows, row);
}
