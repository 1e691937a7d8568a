/** Reconciliations `RC#<id>` / `-` with their breaks `B#<nnnnn>`, listed by day; one runs at a time, `RC` / `lock`. */
import * as z from 'zod';
import { financeDueAt } from '../dispatch/finance-due.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Item, type Key, keyText, type ListPage } from '../kernel/table.ts';
import { iso, MINUTE } from '../kernel/time.ts';
import { Break, isSerious, Reconciliation, stopsClose } from './reconciliation.ts';

export const RECONCILIATION_DUE = 'reconciliation';
const LIST = 'reconciliations';
const LISTED = { name: 'byProvider', pk: 'ppk', sk: 'psk' };
const LOCK: Key = { pk: 'RC', sk: 'lock' };
/** One that has not ended by then has died. */
const LONGEST_MS = 15 * MINUTE;
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
  const taken = await call.tables.update('ledger', LOCK, { set: { current: id, until: call.now + LONGEST_MS } }, [
    ['absent or <', 'until', call.now],
  ]);
  if (!taken.ok && taken.old?.current !== id)
    return refuse('still_running', 'A reconciliation is running; GET /v1/reconciliations shows how far it is.', {
      retryable: true,
    });
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
  await call.tables.put('ledger', { ...reconciliationKey(id), ...fresh, ...listed, ...due }, ABSENT);
  return ok(fresh);
}

/**
 * Takes a reconciliation that is due to be run; undefined where it has ended. One that was taken before, and has not ended in
 * time, has died: it fails, and makes room.
 */
export async function takeReconciliation(call: Call, id: string): Promise<Reconciliation | undefined> {
  const due = financeDueAt(call.now + LONGEST_MS, RECONCILIATION_DUE, id);
  const set = { takenAt: call.now, ...due };
  const taken = await call.tables.change('ledger', reconciliationKey(id), Reconciliation, { set }, [
    ['=', 'state', 'running'],
    ['absent', 'takenAt'],
  ]);
  if (taken.ok) return taken.item;
  if (taken.old?.state === 'running') await end(call, id, { state: 'failed', finishedAt: iso(call.now) });
  return undefined;
}

/** Keeps what a run found, and lets the next one begin. */
export async function endReconciliation(
  call: Call,
  id: string,
  found: { breaks: readonly Break[]; compared: Reconciliation['compared'] },
): Promise<Reconciliation> {
  const { breaks, compared } = found;
  await mapConcurrent(breaks, WIDTH, (one, place) =>
    call.tables.put('ledger', { pk: `RC#${id}`, sk: `B#${String(place).padStart(5, '0')}`, ...one }),
  );
  const set = {
    state: 'done' as const,
    finishedAt: iso(call.now),
    compared,
    breaks: breaks.length,
    serious: breaks.filter(isSerious).length,
    stopsClose: breaks.some(stopsClose),
  };
  return end(call, id, set);
}

async function end(call: Call, id: string, set: Partial<Reconciliation>): Promise<Reconciliation> {
  const change = { set, remove: ['cpk', 'csk'] };
  const written = await call.tables.change('ledger', reconciliationKey(id), Reconciliation, change, [
    ['=', 'state', 'running'],
  ]);
  await call.tables.delete('ledger', LOCK, [['=', 'current', id]]);
  return written.ok ? written.item : Reconciliation.parse(written.old);
}

/** The breaks of a reconciliation, in order of comparison and subject. */
export const readBreaks = (call: Call, id: string): Promise<Break[]> =>
  call.tables.queryAll('ledger', Break, { pk: `RC#${id}`, prefix: 'B#', consistent: true });

/** A page of reconciliations, the newest day first. */
export async function listReconciliations(
  call: Call,
  page: ListPage,
): Promise<{ items: Reconciliation[]; after: Item | undefined }> {
  const found = await call.tables.query('ledger', ListKey, { index: LISTED, pk: LIST, descending: true, ...page });
  const all = await call.tables.getMany('ledger', found.items, Reconciliation, { consistent: true });
  return { items: found.items.flatMap((key) => all.get(keyText(key)) ?? []), after: found.after as Item | undefined };
}
