/**
 * What an open month comes to so far, all lists of the providers' side together, `OPEN` / `<month>`: through an instant by
 * which every writer is done, so that whoever reads adds only what came after it.
 */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import type { Key } from '../kernel/table.ts';
import { type Allowance, bytesOf, END, foldOfLists, rowsIn } from './fold.store.ts';
import { addFold, addTo, emptyFold, type Fold } from './fold.ts';
import { writersOf } from './period.store.ts';
import { LONGEST_WRITER_MS } from './period.ts';
import { entriesOf, type Listed, PLACES_READ, walkOf } from './walk.store.ts';

/** More than so many new entries are for the folds of each list, which can be taken up again where they stopped. */
const MOST_NEW = 5_000;
/** So many new ones are worth keeping. */
const WORTH_KEEPING = 50;

const keyOf = (month: string): Key => ({ pk: 'OPEN', sk: month });
const Stored = z.object({ through: z.number(), entries: z.int(), rows: z.instanceof(Uint8Array) });

/**
 * What an open month comes to with everything posted by now. Where much is new it is first added up list by list, which the
 * next call can take up again where the allowance ran out; null there.
 */
export async function foldOfOpenMonth(
  call: Call,
  month: string,
  owners: readonly string[],
  allowance: Allowance,
): Promise<Fold | null> {
  const lists = owners.map((owner): Listed => ({ list: { side: 'provider', owner }, period: month }));
  const through = call.now - LONGEST_WRITER_MS;
  await writersOf(call).areThrough(through);
  let kept = await keptFold(call, month);
  let added = await addedAfter(call, lists, kept.through, through, Math.min(MOST_NEW, allowance.entries));
  if (added === undefined) {
    const fold = await foldOfLists(call, owners, month, { isClosed: false, until: through }, allowance);
    if (fold === null) return null;
    await keep(call, month, through, fold);
    kept = { through, fold };
    added = (await addedAfter(call, lists, through, through)) ?? nothingAdded();
  }
  const { fold } = kept;
  allowance.entries -= added.settled.entries;
  addFold(fold, added.settled);
  if (added.settled.entries >= WORTH_KEEPING) await keep(call, month, through, fold);
  addFold(fold, added.later);
  return fold;
}

async function keptFold(call: Call, month: string): Promise<{ through: number | undefined; fold: Fold }> {
  const stored = await call.tables.get('ledger', keyOf(month), Stored, { consistent: true });
  if (stored === undefined) return { through: undefined, fold: emptyFold() };
  return { through: stored.through, fold: { entries: stored.entries, rows: await rowsIn(stored.rows) } };
}

async function keep(call: Call, month: string, through: number, fold: Fold): Promise<void> {
  const kept = { through, entries: fold.entries, rows: await bytesOf(fold.rows) };
  await call.tables.put('ledger', { ...keyOf(month), ...kept }, [['absent or <', 'through', through]]);
}

/** What came after an instant: settled, since every writer of its time is done, and later. */
type Added = { settled: Fold; later: Fold };
const nothingAdded = (): Added => ({ settled: emptyFold(), later: emptyFold() });

/** What came after an instant, all lists together; undefined where that is more than `most` entries. */
async function addedAfter(
  call: Call,
  lists: readonly Listed[],
  after: number | undefined,
  settledThrough: number,
  most = Number.POSITIVE_INFINITY,
): Promise<Added | undefined> {
  const added = nothingAdded();
  const settledEnd = `${timeKey(settledThrough)}${END}`;
  const next = walkOf(call, lists, after === undefined ? '' : `${timeKey(after)}${END}`);
  for (let places = await next(PLACES_READ); places.length > 0; places = await next(PLACES_READ)) {
    for (const { place, entry } of await entriesOf(call, places))
      addTo(place.order <= settledEnd ? added.settled : added.later, place.list, entry);
    if (added.settled.entries + added.later.entries > most) return undefined;
  }
  return added;
}
