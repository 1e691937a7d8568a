/** Several lists as one, in order of posting: each is read page by page as the walk comes to it. */
import * as z from 'zod';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { type Key, keyText } from '../kernel/table.ts';
import { type ListedEntry, listedEntries } from './entries.store.ts';
import type { List } from './fold.ts';
import { indexOf, listPartition } from './ledger.store.ts';

const ListedKey = z.object({ pk: z.string(), sk: z.string(), csk: z.string().optional(), psk: z.string().optional() });
const KEYS_READ = 200;
const WIDTH = 16;
const BATCH = 100;
const BATCHES_TOGETHER = 4;
/** So many entries are well read at once. */
export const PLACES_READ = BATCH * BATCHES_TOGETHER;

/** An entry's key, its place in the order of posting, and the list that it stands in. */
export type Place = { key: Key; order: string; list: List };
/** One list's month, or what is after a place in it. */
export type Listed = { list: List; period: string; after?: string };
type Reading = Listed & { places: Place[]; next: number; after: string; isWhole: boolean };

/** The keys of the lists' entries after a place, in order, a page at a time; none are left where the page is empty. */
export function walkOf(call: Call, lists: readonly Listed[], after: string) {
  const readings = lists.map((one): Reading => {
    const from = one.after !== undefined && one.after > after ? one.after : after;
    return { ...one, places: [], next: 0, after: from, isWhole: false };
  });
  return async (most: number): Promise<Place[]> => {
    const page: Place[] = [];
    while (page.length < most) {
      const spent = readings.filter((reading) => reading.next >= reading.places.length && !reading.isWhole);
      await mapConcurrent(spent, WIDTH, (reading) => readOn(call, reading));
      const first = earliest(readings);
      if (first === undefined) break;
      page.push(first.places[first.next++] as Place);
    }
    return page;
  };
}

/** The entries of some places, in their order. An index never lists what is not there, so one that is missing throws. */
export async function entriesOf(call: Call, places: readonly Place[]): Promise<(ListedEntry & { place: Place })[]> {
  const batches = Array.from({ length: Math.ceil(places.length / BATCH) }, (_, i) =>
    places.slice(i * BATCH, (i + 1) * BATCH),
  );
  const found = await mapConcurrent(batches, BATCHES_TOGETHER, async (batch) => {
    const keys = batch.map(({ key }) => key);
    const entries = await listedEntries(call, keys, { consistent: true });
    return batch.map((place) => {
      const listed = entries.get(keyText(place.key));
      if (listed === undefined) throw new Error('an index lists an entry that is not there');
      return { place, ...listed };
    });
  });
  return found.flat();
}

function earliest(readings: readonly Reading[]): Reading | undefined {
  let first: Reading | undefined;
  for (const reading of readings) {
    const place = reading.places[reading.next];
    const best = first?.places[first.next];
    if (place !== undefined && (best === undefined || place.order < best.order)) first = reading;
  }
  return first;
}

async function readOn(call: Call, reading: Reading): Promise<void> {
  const { list, period, after } = reading;
  const page = await call.tables.query('ledger', ListedKey, {
    index: indexOf(list.side),
    pk: listPartition(list.owner, period),
    limit: KEYS_READ,
    // No event has a character before a space in it, so nothing stands between.
    ...(after === '' ? {} : { from: `${after} ` }),
  });
  reading.places = page.items.flatMap(({ pk, sk, csk, psk }) => {
    const order = list.side === 'company' ? csk : psk;
    return order === undefined ? [] : [{ key: { pk, sk }, order, list }];
  });
  reading.next = 0;
  reading.after = reading.places.at(-1)?.order ?? after;
  reading.isWhole = page.after === undefined;
}
