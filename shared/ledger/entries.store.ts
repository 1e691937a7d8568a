/**
 * Entries are only ever added, and never change: what a process has read or posted of one stays right. The newest are
 * remembered, for a night, a month's close and a round's look at the same ones again and again.
 */
import * as z from 'zod';
import { cachePerOwner } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import { type Item, type Key, keyText } from '../kernel/table.ts';
import { StoredEntry } from './entry.ts';
import type { EntryView } from './ledger.ts';

/** About a kilobyte each, as charges are. */
const MOST_REMEMBERED = 5_000;

/** An entry, and the list of the companies' side that it stands in. */
export type ListedEntry = { entry: EntryView; cpk: string };
const Remembered = StoredEntry.extend({ cpk: z.string() }).transform(
  ({ cpk, ...entry }): ListedEntry => ({ entry, cpk }),
);

const remembered = cachePerOwner<ListedEntry>(MOST_REMEMBERED);

/** Remembers an entry that this process has just posted. */
export function rememberEntry(call: Call, item: Item): void {
  remembered(call.tables.owner).set(keyText(item), Remembered.parse(item));
}

/** The entries of some keys, by key; what is not there is absent. */
export async function listedEntries(
  call: Call,
  keys: readonly Key[],
  options: { consistent?: boolean } = {},
): Promise<Map<string, ListedEntry>> {
  const known = remembered(call.tables.owner);
  const found = new Map<string, Promise<ListedEntry>>();
  const unknown: Key[] = [];
  for (const key of keys) {
    const entry = known.peek(keyText(key));
    if (entry === undefined) unknown.push(key);
    else found.set(keyText(key), entry);
  }
  const read = unknown.length === 0 ? [] : await call.tables.getMany('ledger', unknown, Remembered, options);
  const all = new Map(read);
  for (const [name, entry] of all) known.set(name, entry);
  for (const [name, entry] of found) all.set(name, await entry);
  return all;
}

/** The same without their lists. */
export async function entriesAt(
  call: Call,
  keys: readonly Key[],
  options: { consistent?: boolean } = {},
): Promise<Map<string, EntryView>> {
  const found = await listedEntries(call, keys, options);
  return new Map([...found].map(([name, { entry }]) => [name, entry]));
}
