/**
 * Periods `PERIODS` / `<month>`, each from the begin of its closing; a month without an item that comes after the newest
 * one is open. Writers read the newest one, and may know it for five seconds of machine time.
 */
import { cachePerOwner } from '../kernel/cache.ts';
import { type Call, readOnce } from '../kernel/call.ts';
import { ok, type Result } from '../kernel/result.ts';
import { ABSENT, type Key, type Page } from '../kernel/table.ts';
import { fromIso, iso, monthOf } from '../kernel/time.ts';
import { KNOWN_FOR_MS, mayBeginClosing, monthAfter, months, Period } from './period.ts';
import { Writers } from './writers.ts';

const PERIODS = 'PERIODS';
/** Months close in order: among so many one at the most is closing, and the others are closed. */
const NEWEST = 2;
/** Nights look back over a month or so, for which one more is enough; whoever looks back further reads so many at a time. */
const OF_RUN = 3;
const OLDER = 12;
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
  return (await newestPage(call, 1)).items[0] ?? null;
}

/** The last month that is closed; null where none is. */
export async function closedThrough(call: Call): Promise<string | null> {
  return closedIn((await newestPage(call, NEWEST)).items)?.period ?? null;
}

/** Months that were ever closed or are closing, the newest first. */
const newestPage = (call: Call, limit: number, after?: Page<Period>['after']): Promise<Page<Period>> =>
  call.tables.query('ledger', Period, {
    pk: PERIODS,
    descending: true,
    limit,
    consistent: true,
    ...(after === undefined ? {} : { after }),
  });

const closedIn = (newestFirst: readonly Period[]): Period | undefined =>
  newestFirst.find(({ state }) => state === 'closed');

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

/** What `closedThrough` answers, read once for all parts of a run: a month that is closed meanwhile is one for the next run. */
export const closedOfRun = async (call: Call): Promise<string | null> =>
  closedIn((await newestOfRun(call)).items)?.period ?? null;

/** The newest month that was closed before an instant (ms), as a run began; null where none was. Only what is newer is read with it. */
export async function closedBefore(call: Call, at: number): Promise<string | null> {
  const isClosed = ({ closedAt }: Period): boolean => closedAt !== null && fromIso(closedAt) < at;
  let page = await newestOfRun(call);
  for (;;) {
    const found = page.items.find(isClosed);
    if (found !== undefined) return found.period;
    if (page.after === undefined) return null;
    page = await newestPage(call, OLDER, page.after);
  }
}

const newestOfRun = (call: Call): Promise<Page<Period>> => readOnce(call, 'periods', () => newestPage(call, OF_RUN));

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
