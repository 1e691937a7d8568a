/**
 * How items change their form without a pause: **expand**: a release reads the old form and the new one, and writes the
 * new one; **migrate**: `npm run migrate` brings what lies there over; **contract**: a later release reads the new form
 * only, once `--plan` finds nothing left.
 */
import type { Change, Item, TableId } from '../../../shared/kernel/table.ts';

/** The form an item has, as a number; one without it has the first. Written by whoever writes a later form. */
export const VERSION = 'v';

export type Migration = {
  /** A date and a few words, such as `2026-12-01-names-in-two`. It never changes: progress is kept under it. */
  id: string;
  /** What changes, in one sentence. */
  says: string;
  table: TableId;
  /** The beginning of the partition keys of the items it is about. */
  prefix: string;
  /** The version that an item has afterwards; those below it are changed. At least 2. */
  to: number;
  /** The attributes that `change` looks at: where one of them changes meanwhile, the item is read again. */
  reads: readonly string[];
  /** What is done to an item; it may be of any version below `to`. Keys are never changed. */
  change: (item: Item) => Pick<Change, 'set' | 'remove'>;
};

export const versionOf = (item: Item): number => (typeof item[VERSION] === 'number' ? item[VERSION] : 1);

export const isOld = (migration: Migration, item: Item): boolean =>
  item.pk.startsWith(migration.prefix) && versionOf(item) < migration.to;

/** All migrations, the oldest first. One that every stage has had, and whose old form nothing reads, is taken out. */
export const MIGRATIONS: readonly Migration[] = [];

/** Why a migration cannot be run; null where it can. */
export function wrongWith({ table, prefix, to }: Migration): string | null {
  if (table === 'ledger' && (prefix.startsWith('E#') || 'E#'.startsWith(prefix)))
    return 'entries of the ledger are never changed: post others that correct them';
  if (prefix === '') return 'name what it is about by the beginning of its keys';
  return to < 2 ? 'the first form has the version 1' : null;
}
