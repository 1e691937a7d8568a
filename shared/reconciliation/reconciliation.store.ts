/** Reconciliations `RC#<id>` / `-` with their breaks `B#<comparison>#<currency>#<subject>`, listed by day; one runs at a time, `RC` / `lock`. */
import * as z from 'zod';
import { financeDueAt } from '../dispatch/finance-due.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Change, type Item, type Key, keyText, type ListPage } from '../kernel/table.ts';
import { fromIso, iso, MINUTE } from '../kernel/time.ts';
import { type Found, type Place, summed } from './compare.store.ts';
import { Break, Comparison, isSerious, Reconciliation, stopsClose } from './reconciliation.ts';

export const RECONCILIATION_DUE = 'reconciliation';
const LIST = 'reconciliations';
const LISTED = { name: 'byProvider', pk: 'ppk', sk: 'psk' };
const LOCK: Key = { pk: 'RC', sk: 'lock' };
/** Longer than any function runs: what took it has died by then, and it is taken again. */
const TAKEN_MS = 6 * MINUTE;
/** Longer than one waits to be taken, and to be taken again: nobody else begins one meanwhile. */
const LOCKED_MS = 15 * MINUTE;
/** One that dies so often without coming further has failed. */
const MOST_TAKES = 3;
const WIDTH = 8;
const ListKey = z.object({ pk: z.string(), sk: z.string() });

export const reconciliationKey = (id: string): Key => ({ pk: `RC#${id}`, sk: '-' });

export const readReconciliation = (call: Call, id: string): Promise<Reconciliation | undefined> =>
  call.tables.get('ledger', reconciliationKey(id), Reconciliation, { consistent: true });

/** Orders a reconciliation of a day, which is due at once; refused `still_running` while another one runs. */
export async function beginReconciliation(
  call: Call,
  day: string,
  askedBy: string | null,
): Promise<Result<Reconciliation, 'still_running'>> {
  const id = `${day}.${timeKey(call.now)}`;
  const fresh: Reconciliation = {
    id,
    day,
    state: 'running',
    startedAt: iso(call.now),
    finishedAt: null,
    askedBy,
    compared: [],
    breaks: 0,
    serious: 0,
    stopsClose: false,
  };
  const listed = { ppk: LIST, psk: `${day}#${timeKey(call.now)}` };
  const due = financeDueAt(call.now, RECONCILIATION_DUE, id);
  const lock = { set: { current: id, until: call.now + LOCKED_MS } };
  const begun = await call.tables.transact([
    { kind: 'update', table: 'ledger', key: LOCK, change: lock, when: [['absent or <', 'until', call.now]] },
    { kind: 'put', table: 'ledger', item: { ...reconciliationKey(id), ...fresh, ...listed, ...due }, when: ABSENT },
  ]);
  // Who orders the same again finds its own.
  if (begun.ok || begun.old?.current === id || begun.at === 1) return ok(fresh);
  return refuse('still_running', 'A reconciliation is running; GET /v1/reconciliations shows how far it is.', {
    retryable: true,
  });
}

/** How far one has come, and how many subjects it has looked at by then; its breaks until then are stored. */
const Progress = z.object({
  place: z.object({ part: z.enum(['meter', 'lines', 'rest']), after: z.string().nullable() }),
  subjects: z.array(z.tuple([Comparison, z.int()])),
});
const Begun = z.object({ at: Progress.optional() });
const Taken = Reconciliation.extend({ ...Begun.shape, takes: z.int() });

/**
 * Takes a reconciliation that is due to be run, or run on from where it stopped; undefined where it has ended, or another call
 * is at it. One that has died at the same place again and again fails, and makes room.
 */
export async function takeReconciliation(
  call: Call,
  id: string,
): Promise<{ ordered: Reconciliation; place: Place | undefined } | undefined> {
  const set = { takenAt: call.now, ...financeDueAt(call.now + TAKEN_MS, RECONCILIATION_DUE, id) };
  const taken = await call.tables.change('ledger', reconciliationKey(id), Taken, { set, add: { takes: 1 } }, [
    ['=', 'state', 'running'],
    ['absent or <', 'takenAt', call.now - TAKEN_MS + 1],
  ]);
  if (!taken.ok) return undefined;
  if (taken.item.takes > MOST_TAKES) {
    await end(call, id, { state: 'failed', finishedAt: iso(call.now) });
    return undefined;
  }
  // Whoever has just ordered it holds the lock as long as that.
  if (fromIso(taken.item.startedAt) < call.now)
    await call.tables.update('ledger', LOCK, { set: { until: call.now + LOCKED_MS } }, [['=', 'current', id]]);
  return { ordered: Reconciliation.parse(taken.item), place: taken.item.at?.place };
}

/** Leaves one that was taken to the next sweep. */
export async function leaveReconciliation(call: Call, id: string): Promise<void> {
  const change = { set: financeDueAt(call.now, RECONCILIATION_DUE, id), remove: ['takenAt'] };
  await call.tables.update('ledger', reconciliationKey(id), change, [['=', 'state', 'running']]);
}

/** Where a comparison stopped; undefined where it is at its beginning. `id` names a reconciliation, or what else compares. */
export async function readProgress(
  call: Call,
  id: string,
): Promise<{ place: Place; subjects: Map<Comparison, number> } | undefined> {
  const begun = await call.tables.get('ledger', reconciliationKey(id), Begun, { consistent: true });
  return begun?.at === undefined ? undefined : { place: begun.at.place, subjects: new Map(begun.at.subjects) };
}

/** Keeps what was found since the last place, and where to go on. */
export async function keepProgress(call: Call, id: string, place: Place, found: Found): Promise<void> {
  const before = await readProgress(call, id);
  await storeBreaks(call, id, found.breaks);
  const at: z.infer<typeof Progress> = {
    place,
    subjects: [...summed(before?.subjects ?? new Map<Comparison, number>(), found.subjects)],
  };
  await call.tables.update('ledger', reconciliationKey(id), { set: { at, takes: 0 } });
}

/** All that was found from the beginning: what was kept on the way, and what was found since. */
export async function foundInAll(call: Call, id: string, since: Found): Promise<Found> {
  const before = await readProgress(call, id);
  if (before === undefined) return since;
  const breaks = new Map([...(await readBreaks(call, id)), ...since.breaks].map((one) => [breakKey(one), one]));
  return { breaks: [...breaks.values()], subjects: summed(before.subjects, since.subjects) };
}

/** Forgets where a comparison stopped that is none of the reconciliations, and what it had found. */
export async function forgetProgress(call: Call, id: string): Promise<void> {
  const breaks = await readBreaks(call, id);
  await mapConcurrent(breaks, WIDTH, (one) => call.tables.delete('ledger', { pk: `RC#${id}`, sk: breakKey(one) }));
  await call.tables.delete('ledger', reconciliationKey(id));
}

/** Keeps what a run found, and lets the next one begin. */
export async function endReconciliation(call: Call, id: string, { breaks, subjects }: Found): Promise<Reconciliation> {
  await storeBreaks(call, id, breaks);
  const set = {
    state: 'done' as const,
    finishedAt: iso(call.now),
    compared: Comparison.options.flatMap((comparison) => {
      const count = subjects.get(comparison);
      return count === undefined ? [] : [{ comparison, subjects: count }];
    }),
    breaks: breaks.length,
    serious: breaks.filter(isSerious).length,
    stopsClose: breaks.some(stopsClose),
  };
  return end(call, id, set);
}

async function end(call: Call, id: string, set: Partial<Reconciliation>): Promise<Reconciliation> {
  const change: Change = { set, remove: ['cpk', 'csk', 'at'] };
  const written = await call.tables.change('ledger', reconciliationKey(id), Reconciliation, change, [
    ['=', 'state', 'running'],
  ]);
  await call.tables.delete('ledger', LOCK, [['=', 'current', id]]);
  return written.ok ? written.item : Reconciliation.parse(written.old);
}

/** In order of comparison, currency and subject. */
const breakKey = ({ comparison, currency, subject }: Break): string =>
  `B#${Comparison.options.indexOf(comparison)}#${currency ?? ''}#${subject}`;

const storeBreaks = (call: Call, id: string, breaks: readonly Break[]): Promise<unknown> =>
  mapConcurrent(breaks, WIDTH, (one) => call.tables.put('ledger', { pk: `RC#${id}`, sk: breakKey(one), ...one }));

/** All breaks of a reconciliation, in order of comparison, currency and subject. */
export const readBreaks = (call: Call, id: string): Promise<Break[]> =>
  call.tables.queryAll('ledger', Break, { pk: `RC#${id}`, prefix: 'B#', consistent: true });

/** A page of them. */
export async function listBreaks(
  call: Call,
  id: string,
  page: ListPage,
): Promise<{ items: Break[]; after: Item | undefined }> {
  const found = await call.tables.query('ledger', Break, { pk: `RC#${id}`, prefix: 'B#', consistent: true, ...page });
  return { items: found.items, after: found.after as Item | undefined };
}

/** A page of reconciliations, the newest day first. */
export async function listReconciliations(
  call: Call,
  page: ListPage,
): Promise<{ items: Reconciliation[]; after: Item | undefined }> {
  const found = await call.tables.query('ledger', ListKey, { index: LISTED, pk: LIST, descending: true, ...page });
  const all = await call.tables.getMany('ledger', found.items, Reconciliation, { consistent: true });
  return { items: found.items.flatMap((key) => all.get(keyText(key)) ?? []), after: found.after as Item | undefined };
}
