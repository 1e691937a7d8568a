/**
 * What each list's month adds up to, kept: `FOLD#<side>#<owner>#<month>` / `<key of the last entry in it>`. Lists are in
 * order of posting, so the entries through a key never change once every writer from before it is done. A fold is
 * therefore only ever added, whoever reads may add it, and two that add the same one write the same. That of a closed
 * month is final, under `~`; one of a few entries is not kept.
 */
import * as z from 'zod';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { gunzip, gzip } from '../kernel/gzip.ts';
import { timeKey } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { ABSENT, type Key, keyText } from '../kernel/table.ts';
import { entriesAt } from './entries.store.ts';
import { addFold, addTo, emptyFold, type Fold, type FoldRow, type List, rowKey } from './fold.ts';
import { indexOf, listPartition } from './ledger.store.ts';
import { AccountCode, type EntryView } from './ledger.ts';
import { writersOf } from './period.store.ts';
import { LONGEST_WRITER_MS } from './period.ts';

const FINAL = '~';
/** Stands behind every key of an instant. */
export const END = '~';
/** Keys read at once; entries are held a batch at a time. */
const PAGE = 1_000;
const BATCH = 100;
const BATCHES_TOGETHER = 4;
/** Lists that are added up side by side: what is held at the same time. */
const LISTS_TOGETHER = 8;
/** A fold is stored when it has so many entries more than the one before it; and every so many on a long way. */
const WORTH_STORING = 250;
/** A list of fewer entries is added up again sooner than its fold is looked for, or written when its month is closed. */
const WORTH_FINISHING = 20;
const STORED_EVERY = 10_000;

/** How many entries a call may still add up, lists of a few left out; shared by all the folds it makes. */
export type Allowance = { entries: number };

const Stored = z.object({ sk: z.string(), entries: z.int(), rows: z.instanceof(Uint8Array) });
const ListKey = z.object({ pk: z.string(), sk: z.string(), csk: z.string().optional(), psk: z.string().optional() });
/** What of an entry is added up. */
type Folded = Pick<EntryView, 'currency' | 'legs'>;
const Rows = z.array(z.tuple([Currency, AccountCode, z.string().nullable(), z.int(), z.int()]));

/**
 * What a list's month comes to with everything posted by now, or through an instant (`until`, in milliseconds). `isClosed`
 * says that nothing more can come, which makes the whole fold final. Null where the allowance ran out: what was added up so
 * far is stored, and the next call goes on from there.
 */
export async function foldOf(
  call: Call,
  list: List,
  period: string,
  isClosed: boolean,
  allowance: Allowance,
  until?: number,
): Promise<Fold | null> {
  const [fold = null] = await foldsOf(call, [{ list, period, isClosed }], allowance, until);
  return fold;
}

/** A list's month. */
export type ListMonth = { list: List; period: string; isClosed: boolean };

/** The same of some lists' months, in their order: the entries of those that have few are read together. */
export async function foldsOf(
  call: Call,
  wanted: readonly ListMonth[],
  allowance: Allowance,
  until?: number,
): Promise<(Fold | null)[]> {
  const end = endOf(until);
  await writersOf(call).areThrough(call.now - LONGEST_WRITER_MS);
  const begun = await mapConcurrent(wanted, LISTS_TOGETHER, async ({ list, period }) => {
    const { keys } = await keysOf(call, list, period, { to: end }, WORTH_FINISHING);
    return { list, keys, fold: emptyFold() };
  });
  const few = begun.filter(({ keys }) => keys.length < WORTH_FINISHING);
  const places = few.flatMap(({ list, keys, fold }) => keys.map((key) => ({ ...key, list, fold })));
  await eachOf(call, places, (entry, { list, fold }) => addTo(fold, list, entry));
  const isBehind = new Set<string>();
  return mapConcurrent(wanted, LISTS_TOGETHER, async (one, i) => {
    const { keys, fold } = begun[i] ?? { keys: [], fold: emptyFold() };
    if (keys.length < WORTH_FINISHING) return fold;
    // Where a list is behind, its later months are for another call.
    if (isBehind.has(one.list.owner)) return null;
    const whole = await foldOfMany(call, one, allowance, end);
    if (whole === null) isBehind.add(one.list.owner);
    return whole;
  });
}

const endOf = (until: number | undefined): string => (until === undefined ? END : `${timeKey(until)}${END}`);

/** The same of a list that is worth keeping folds of, through its end. */
async function foldOfMany(
  call: Call,
  { list, period, isClosed }: ListMonth,
  allowance: Allowance,
  end: string,
): Promise<Fold | null> {
  const through = call.now - LONGEST_WRITER_MS;
  const newest = await newestFold(call, list, period, end);
  if (newest?.sk === FINAL) return newest.fold;
  // What other processes may still be adding to is added up, but not kept.
  const settledEnd = isClosed ? END : `${timeKey(through)}${END}`;
  const fold = newest?.fold ?? emptyFold();
  const unsettled: Folded[] = [];
  let last = newest?.sk ?? '';
  let unstored = 0;
  const storeNow = async (): Promise<void> => {
    await store(call, list, period, last, fold);
    unstored = 0;
  };
  const take = (entry: Folded, at: string): void => {
    if (at > settledEnd) {
      unsettled.push(entry);
      return;
    }
    addTo(fold, list, entry);
    allowance.entries -= 1;
    unstored += 1;
    if (at > last) last = at;
  };
  const goesOn = async (): Promise<boolean> => {
    if (unstored >= STORED_EVERY || (allowance.entries <= 0 && unstored > 0)) await storeNow();
    return allowance.entries > 0;
  };
  const isWhole = await walk(call, list, period, { after: last, to: end }, take, goesOn);
  if (isWhole && end === END && settledEnd === END) {
    if (fold.entries >= WORTH_FINISHING) await store(call, list, period, FINAL, fold);
  } else if (unstored >= WORTH_STORING) await storeNow();
  if (!isWhole) return null;
  for (const entry of unsettled) addTo(fold, list, entry);
  return fold;
}

/** What some lists of the providers' side come to in a month together, each as `foldOf` says. Null where the allowance ran out. */
export async function foldOfLists(
  call: Call,
  owners: readonly string[],
  period: string,
  { isClosed, until }: { isClosed: boolean; until?: number },
  allowance: Allowance,
): Promise<Fold | null> {
  const together = emptyFold();
  let isBehind = false;
  await mapConcurrent(owners, LISTS_TOGETHER, async (owner) => {
    if (allowance.entries <= 0) isBehind = true;
    if (isBehind) return;
    const fold = await foldOf(call, { side: 'provider', owner }, period, isClosed, allowance, until);
    if (fold === null) isBehind = true;
    else addFold(together, fold);
  });
  return isBehind ? null : together;
}

/** What of a list's month is kept: through which key, and what it came to by then. */
export async function keptFold(
  call: Call,
  list: List,
  period: string,
): Promise<{ through: string; fold: Fold } | undefined> {
  const newest = await newestFold(call, list, period, END);
  return newest === undefined ? undefined : { through: newest.sk, fold: newest.fold };
}

/**
 * Every entry of a list after one key and through another, each with its own key: page after page in order, within a page in
 * any, given away as soon as it is read. After a page `goesOn` may stop it; answers false where that was before the end.
 */
async function walk(
  call: Call,
  list: List,
  period: string,
  { after, to }: { after: string; to: string },
  take: (entry: Folded, at: string) => void,
  goesOn: () => Promise<boolean>,
): Promise<boolean> {
  let last = after;
  for (;;) {
    // No event has a character before a space in it, so nothing stands between.
    const range = last === '' ? { to } : { from: `${last} `, to };
    const { keys, isWhole } = await keysOf(call, list, period, range, PAGE);
    await eachOf(call, keys, (entry, { at }) => take(entry, at));
    const end = keys.at(-1)?.at;
    if (end === undefined) return true;
    const isStopped = !(await goesOn());
    if (isWhole) return true;
    if (isStopped) return false;
    last = end;
  }
}

type ListedKey = Key & { at: string };

/** The first keys of a part of a list, and whether these are all. */
async function keysOf(
  call: Call,
  { side, owner }: List,
  period: string,
  range: { from?: string; to: string },
  limit: number,
): Promise<{ keys: ListedKey[]; isWhole: boolean }> {
  const pk = listPartition(owner, period);
  const page = await call.tables.query('ledger', ListKey, { index: indexOf(side), pk, ...range, limit });
  const keys = page.items.map(({ pk, sk, csk, psk }) => ({ pk, sk, at: (side === 'company' ? csk : psk) ?? '' }));
  return { keys, isWhole: page.after === undefined };
}

/** The entries of some keys. An index never lists what is not there, so one that is missing throws. */
async function eachOf<K extends ListedKey>(
  call: Call,
  keys: readonly K[],
  take: (entry: Folded, of: K) => void,
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(keys.length / BATCH) }, (_, i) =>
    keys.slice(i * BATCH, (i + 1) * BATCH),
  );
  await mapConcurrent(batches, BATCHES_TOGETHER, async (batch) => {
    const entries = await entriesAt(call, batch, { consistent: true });
    for (const key of batch) {
      const entry = entries.get(keyText(key));
      if (entry === undefined) throw new Error('an index lists an entry that is not there');
      take(entry, key);
    }
  });
}

const foldPartition = (list: List, period: string): string => `FOLD#${list.side}#${list.owner}#${period}`;

async function newestFold(
  call: Call,
  list: List,
  period: string,
  to: string,
): Promise<{ sk: string; fold: Fold } | undefined> {
  const page = await call.tables.query('ledger', Stored, {
    pk: foldPartition(list, period),
    to,
    descending: true,
    limit: 1,
    consistent: true,
  });
  const stored = page.items[0];
  return stored === undefined
    ? undefined
    : { sk: stored.sk, fold: { entries: stored.entries, rows: await rowsIn(stored.rows) } };
}

async function store(call: Call, list: List, period: string, sk: string, fold: Fold): Promise<void> {
  const rows = await bytesOf(fold.rows);
  await call.tables.put('ledger', { pk: foldPartition(list, period), sk, entries: fold.entries, rows }, ABSENT);
}

/** Rows as they are stored: text, packed, since a month of the market has thousands of pools. */
export const bytesOf = (rows: ReadonlyMap<string, FoldRow>): Promise<Uint8Array<ArrayBuffer>> =>
  gzip(
    JSON.stringify(
      [...rows.values()].map((row) => [row.currency, row.account, row.of, row.debitMicros, row.creditMicros]),
    ),
  );

export async function rowsIn(bytes: Uint8Array): Promise<Map<string, FoldRow>> {
  const rows = Rows.parse(JSON.parse(await gunzip(new Uint8Array(bytes))));
  return new Map(
    rows.map(([currency, account, of, debitMicros, creditMicros]) => {
      const row: FoldRow = { currency, account, of, debitMicros, creditMicros };
      return [rowKey(row), row];
    }),
  );
}
