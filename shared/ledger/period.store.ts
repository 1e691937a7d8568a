/**
 * Periods `PERIODS` / `<month>`, each from the begin of its closing; a month without an item that comes after the newest
 * one is open. Writers read the newest one, and may know it for five seconds of machine time.
 */
import { cachePerOwner } from '../kernel/cache.ts';
import { type Call, readOnce } from '../kernel/call.ts';
import { ok, type Result } from '../kernel/result.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { iso, monthOf } from '../kernel/time.ts';
import { KNOWN_FOR_MS, mayBeginClosing, monthAfter, months, Period } from './period.ts';
import { Writers } from './writers.ts';

const PERIODS = 'PERIODS';
export const periodKey = (period: string): Key => ({ pk: PERIODS, sk: period });

const known = cachePerOwner<string | null>(1, KNOWN_FOR_MS);
const OPEN_FROM = 'openFrom';

/** The first month that is open; null where none was ever closed. What a process knows may be five seconds old. */
export const openFrom = (call: Call): Promise<string | null> =>
  known(call.tables.owner).get(OPEN_FROM, async () => {
    const newest = await newestPeriod(call);
    return newest === null ? null : monthAfter(newest.period);
  });

const writers = new WeakMap<object, Writers>();

/** The writers of this process to these tables. */
export function writersOf(call: Call): Writers {
  const { owner } = call.tables;
  const some = writers.get(owner) ?? new Writers();
  writers.set(owner, some);
  return some;
}

async function newestPeriod(call: Call): Promise<Period | null> {
  const page = await call.tables.query('ledger', Period, {
    pk: PERIODS,
    descending: true,
    limit: 1,
    consistent: true,
  });
  return page.items[0] ?? null;
}

/** The last month that is closed; null where none is. */
export async function closedThrough(call: Call): Promise<string | null> {
  const page = await call.tables.query('ledger', Period, {
    pk: PERIODS,
    descending: true,
    limit: 2,
    consistent: true,
  });
  return page.items.find(({ state }) => state === 'closed')?.period ?? null;
}

/** One month as it stands. */
export async function readPeriod(call: Call, period: string): Promise<Period> {
  const stored = await call.tables.get('ledger', periodKey(period), Period, { consistent: true });
  return stored ?? { period, state: 'open', closingAt: null, closedAt: null, entries: null };
}

/** Every month that was ever closed or is closing, and the open ones through the current one; newest first. */
export async function listPeriods(call: Call): Promise<Period[]> {
  const stored = await call.tables.queryAll('ledger', Period, { pk: PERIODS, consistent: true });
  const newest = stored.at(-1);
  const first = newest === undefined ? monthOf(call.now) : monthAfter(newest.period);
  const open = months(first, monthOf(call.now)).map(
    (period): Period => ({ period, state: 'open', closingAt: null, closedAt: null, entries: null }),
  );
  return [...stored, ...open].reverse();
}

/** The same, read once for all parts of a run: a month that is closed meanwhile is one for the next run. */
export const periodsOfRun = (call: Call): Promise<Period[]> => readOnce(call, 'periods', () => listPeriods(call));

/** The last of them that is closed; null where none is. */
export const closedAmong = (periods: readonly Period[]): string | null =>
  periods.find(({ state }) => state === 'closed')?.period ?? null;

/**
 * Begins to close a month: from now on it takes no new entry, but from writers that do not know it yet. Doing it again
 * changes nothing. Refuses `period_not_over` and `period_out_of_order`.
 */
export async function beginClosing(
  call: Call,
  period: string,
): Promise<Result<Period, 'period_not_over' | 'period_out_of_order'>> {
  const before = await readPeriod(call, period);
  if (before.state !== 'open') return ok(before);
  const allowed = mayBeginClosing(period, await newestPeriod(call), call.now);
  if (!allowed.ok) return allowed;
  const closing: Period = { ...before, state: 'closing', closingAt: iso(call.now) };
  await call.tables.put('ledger', { ...periodKey(period), ...closing }, ABSENT);
  known(call.tables.owner).forget(OPEN_FROM);
  // This process's own writers that read before are done when this is.
  await writersOf(call).areThrough(0);
  return ok(await readPeriod(call, period));
}
