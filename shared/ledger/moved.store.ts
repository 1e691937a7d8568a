/**
 * Who was posted about, by UTC day of posting. A day by whose end every writer is done never changes; what it comes to is kept,
 * `MOVED` / `<day>#<nnn>`, so that whoever looks back over a month reads its days, and goes on where another one stopped.
 */
import * as z from 'zod';
import { type Call, mapConcurrent, readOnce } from '../kernel/call.ts';
import { gunzip, gzip } from '../kernel/gzip.ts';
import { timeKey } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import type { Item } from '../kernel/table.ts';
import { DAY, dayOf, fromIso, monthOf } from '../kernel/time.ts';
import { AccountCode } from './ledger.ts';
import { addMoved, dayBegin, type Moved, MovedDay, type MovedRow } from './moved.ts';
import { closedBefore, writersOf } from './period.store.ts';
import { LONGEST_WRITER_MS, monthAfter, months } from './period.ts';
import { owningLists } from './trial-balance.store.ts';
import { entriesOf, type Listed, PLACES_READ, walkOf } from './walk.store.ts';

const PARTITION = 'MOVED';
/** Rows of one item: some tens of bytes each, packed. */
const ROWS_KEPT = 2_000;
/** The first of a day's items is written last: where it is there, all are. */
const shardKey = (day: number, shard: number): string => `${dayOf(day)}#${String(shard).padStart(3, '0')}`;
const FIRST = '000';
const WIDTH = 8;

/**
 * The companies of all entries that were posted since an instant (ms), from the beginning of its UTC day on, and some minutes
 * before that: what was read then may have missed a writer. Its cost grows with the providers and with what was posted.
 */
export function movedSince(call: Call, since: number): Promise<ReadonlyMap<string, Moved>> {
  const day = dayBegin(since);
  return readOnce(call, `moved since ${day}`, async () => {
    const moved = new Map<string, Moved>();
    for await (const { day: of, rows } of movedDays(call, day - LONGEST_WRITER_MS))
      for (const row of rows) if (of >= day || row.isLate) addMoved(moved, row, true);
    return moved;
  });
}

/** The companies of all entries of a month and of later ones, without their charges; `''`: of all months. */
export async function movedFrom(call: Call, period: string): Promise<ReadonlyMap<string, Moved>> {
  const lists = await owningLists(call);
  const first = lists.reduce((earliest, { since }) => (since < earliest ? since : earliest), monthOf(call.now));
  const moved = new Map<string, Moved>();
  for await (const { rows } of movedDays(call, fromIso(`${period < first ? first : period}-01T00:00:00Z`)))
    for (const row of rows) if (row.period >= period) addMoved(moved, row, false);
  return moved;
}

type Day = { day: number; rows: readonly MovedRow[] };

/** Every day from an instant (ms) on: whole where it is kept, else from the instant on. A kept one may come in parts. */
async function* movedDays(call: Call, from: number): AsyncGenerator<Day> {
  const kept = new Set<number>();
  for await (const part of keptDays(call, from)) {
    kept.add(part.day);
    yield part;
  }
  for (const span of spansBetween(from, call.now, kept)) yield* readDays(call, span);
}

type Span = { from: number; to: number };

/** What lies between days that are kept, in order; the last span has no end. */
function spansBetween(from: number, now: number, kept: ReadonlySet<number>): Span[] {
  const spans: Span[] = [];
  for (let day = dayBegin(from); day <= now; day += DAY) {
    if (kept.has(day)) continue;
    const last = spans.at(-1);
    const to = day + DAY > now ? Number.POSITIVE_INFINITY : day + DAY;
    if (last?.to === day) last.to = to;
    else spans.push({ from: Math.max(day, from), to });
  }
  return spans;
}

/** Adds up a span's days in order of posting, and keeps each that is whole and settled: what stops anywhere goes on there. */
async function* readDays(call: Call, { from, to }: Span): AsyncGenerator<Day> {
  const settled = call.now - LONGEST_WRITER_MS;
  await writersOf(call).areThrough(settled);
  const next = walkOf(call, await listsSince(call, from), timeKey(from));
  let day = dayBegin(from);
  let sum = new MovedDay();
  const empty: Day[] = [];
  const finish = async (): Promise<Day> => {
    const done = { day, rows: sum.rows() };
    const isWhole = day >= from && day + DAY <= settled;
    if (isWhole && done.rows.length > 0) await keep(call, done);
    else if (isWhole) empty.push(done);
    [day, sum] = [day + DAY, new MovedDay()];
    return done;
  };
  for (let isOver = false; !isOver; ) {
    const places = await next(PLACES_READ);
    isOver = places.length === 0;
    for (const { place, entry, cpk } of await entriesOf(call, places)) {
      const postedAt = Number(place.order.slice(0, 15));
      isOver ||= postedAt >= to;
      if (isOver) break;
      while (postedAt >= day + DAY) yield await finish();
      sum.add({ ...entry, cpk, postedAt });
    }
  }
  while (day < Math.min(to, call.now + 1)) yield await finish();
  await mapConcurrent(empty, WIDTH, (one) => keep(call, one));
}

/** The lists of the providers' side, in which each entry stands once, of the months that were not closed by an instant. */
async function listsSince(call: Call, from: number): Promise<Listed[]> {
  // A month that was closed by then takes nothing more; what happened in any other stands in it, however late it came.
  const closed = await closedBefore(call, from);
  const first = closed === null ? '' : monthAfter(closed);
  return (await owningLists(call)).flatMap(({ owner, since }) =>
    months(first > since ? first : since, monthOf(call.now)).map(
      (period): Listed => ({ list: { side: 'provider', owner }, period }),
    ),
  );
}

const Row = z.tuple([
  z.string(),
  z.string(),
  z.array(AccountCode),
  z.array(Currency),
  z.int(),
  z.array(z.int()),
  z.boolean(),
]);
const Kept = z.object({ sk: z.string(), rows: z.instanceof(Uint8Array) });

async function keep(call: Call, { day, rows }: Day): Promise<void> {
  for (let shard = Math.max(0, Math.ceil(rows.length / ROWS_KEPT) - 1); shard >= 0; shard--) {
    const some = rows.slice(shard * ROWS_KEPT, (shard + 1) * ROWS_KEPT);
    const text = JSON.stringify(
      some.map(
        ({ company, period, accounts, currencies, owedMicros, charges, isLate }): z.infer<typeof Row> => [
          company,
          period,
          accounts,
          currencies,
          owedMicros,
          charges,
          isLate,
        ],
      ),
    );
    await call.tables.put('ledger', { pk: PARTITION, sk: shardKey(day, shard), rows: await gzip(text) });
  }
}

/** The days that are kept, from an instant's own on, item by item. */
async function* keptDays(call: Call, from: number): AsyncGenerator<Day> {
  let after: Item | undefined;
  let whole: string | undefined;
  do {
    const page = await call.tables.query('ledger', Kept, {
      pk: PARTITION,
      from: dayOf(from),
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    for (const { sk, rows } of page.items) {
      const [day = '', shard] = sk.split('#');
      if (shard === FIRST) whole = day;
      if (day === whole) yield { day: fromIso(`${day}T00:00:00Z`), rows: await rowsIn(rows) };
    }
    after = page.after as Item | undefined;
  } while (after !== undefined);
}

async function rowsIn(bytes: Uint8Array): Promise<MovedRow[]> {
  const rows = z.array(Row).parse(JSON.parse(await gunzip(new Uint8Array(bytes))));
  return rows.map(([company, period, accounts, currencies, owedMicros, charges, isLate]) => ({
    company,
    period,
    accounts,
    currencies,
    owedMicros,
    charges,
    isLate,
  }));
}
