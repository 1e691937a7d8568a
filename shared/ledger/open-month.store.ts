/**
 * What an open month comes to so far, all lists of the providers' side together, `OPEN` / `<month>`: through an instant by
 * which every writer is done, so that whoever reads adds only what came after it.
 */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import type { Key } from '../kernel/table.ts';
import { type Allowance, bytesOf, END, Folded, rowsIn } from './fold.store.ts';
import { addFold, addTo, emptyFold, type Fold } from './fold.ts';
import { writersOf } from './period.store.ts';
import { LONGEST_WRITER_MS } from './period.ts';
import { entriesAt, type Listed, PLACES_READ, walkOf } from './walk.store.ts';

/** More than so many new entries are for the folds of each list, which can be taken up again where they stopped. */
const MOST_NEW = 5_000;
/** So many new ones are worth keeping. */
const WORTH_KEEPING = 50;

const keyOf = (month: string): Key => ({ pk: 'OPEN', sk: month });
const Stored = z.object({ through: z.number(), entries: z.int(), rows: z.instanceof(Uint8Array) });

/**
 * What an open month comes to with everything posted by now; undefined where more came than the allowance, or than one call
 * should add up at once.
 */
export async function foldOfOpenMonth(
  call: Call,
  month: string,
  owners: readonly string[],
  allowance: Allowance,
): Promise<Fold | undefined> {
  const stored = await call.tables.get('ledger', keyOf(month), Stored, { consistent: true });
  const through = call.now - LONGEST_WRITER_MS;
  await writersOf(call).areThrough(through);
  const settled: Fold = {
    entries: stored?.entries ?? 0,
    rows: stored === undefined ? new Map() : await rowsIn(stored.rows),
  };
  const before = settled.entries;
  const later = emptyFold();
  const after = stored === undefined ? '' : `${timeKey(stored.through)}${END}`;
  const settledEnd = `${timeKey(through)}${END}`;
  const most = Math.min(MOST_NEW, allowance.entries);
  const lists = owners.map((owner): Listed => ({ list: { side: 'provider', owner }, period: month }));
  const next = walkOf(call, lists, after);
  for (let places = await next(PLACES_READ); places.length > 0; places = await next(PLACES_READ)) {
    for (const { place, entry } of await entriesAt(call, places, Folded))
      addTo(place.order <= settledEnd ? settled : later, place.list, entry);
    if (settled.entries - before + later.entries > most) return undefined;
  }
  allowance.entries -= settled.entries - before;
  if (settled.entries - before >= WORTH_KEEPING) {
    const kept = { through, entries: settled.entries, rows: await bytesOf(settled.rows) };
    await call.tables.put('ledger', { ...keyOf(month), ...kept }, [['absent or <', 'through', through]]);
  }
  addFold(settled, later);
  return settled;
}
