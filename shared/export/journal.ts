/** The general-ledger journal: each leg a row, under the account numbers of whoever books it. */
import * as z from 'zod';
import { ACCOUNTS, AccountCode, type EntryView, type Leg } from '../ledger/ledger.ts';
import type { Column } from './table.ts';

/** One's own account numbers for the market's; accounts without one keep the market's. */
export const AccountMapping = z
  .partialRecord(AccountCode, z.string().trim().min(1).max(40))
  .meta({ id: 'AccountMapping', description: 'Own account numbers by account, such as {"1100": "4711"}' });
export type AccountMapping = z.infer<typeof AccountMapping>;

export type JournalRow = { entry: EntryView; leg: Leg; account: string };

/** The rows of an entry; `isOwn` says whose legs are shown. */
export const journalRows = (
  entry: EntryView,
  mapping: AccountMapping,
  isOwn: (of: string | null) => boolean,
): JournalRow[] =>
  entry.legs
    .filter((leg) => isOwn(leg.of))
    .map((leg) => ({ entry, leg, account: mapping[leg.account] ?? leg.account }));

export const JOURNAL_COLUMNS: readonly Column<JournalRow>[] = [
  ['date', ({ entry }) => entry.occurredAt.slice(0, 10)],
  ['period', ({ entry }) => entry.period],
  ['entry', ({ entry }) => entry.event],
  ['kind', ({ entry }) => entry.kind],
  ['account', ({ account }) => account],
  ['market_account', ({ leg }) => leg.account],
  ['account_name', ({ leg }) => ACCOUNTS[leg.account].name],
  ['of', ({ leg }) => leg.of],
  ['debit', ({ leg }) => (leg.micros > 0 ? { micros: leg.micros } : null)],
  ['credit', ({ leg }) => (leg.micros < 0 ? { micros: -leg.micros } : null)],
  ['currency', ({ entry }) => entry.currency],
  ['occurred_at', ({ entry }) => entry.occurredAt],
];
