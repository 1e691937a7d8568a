/**
 * The trial balance, from the providers' lists, of which there are few: each entry stands in one of them. What a closed month
 * ends with is kept, `TOTALS` / `<month>`, so that only open months are ever added up: together, or where much is new list by
 * list.
 */
import * as z from 'zod';
import { cachePerOwner } from '../kernel/cache.ts';
import { type Call, readOnce } from '../kernel/call.ts';
import type { Currency } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { DAY, dayOf, fromIso, iso, monthOf } from '../kernel/time.ts';
import { MARKET_ORGANISATION, providersOfRun, readOrganisation } from '../organisation/organisation.store.ts';
import { linesOf, netOf } from './balance.ts';
import { type Allowance, bytesOf, foldOfLists, rowsIn } from './fold.store.ts';
import { addFold, emptyFold, type Fold, type FoldRow } from './fold.ts';
import { MARKET_LIST } from './ledger.store.ts';
import type { AccountLine } from './ledger.ts';
import { foldOfOpenMonth } from './open-month.store.ts';
import { closedThrough, periodKey, readPeriod } from './period.store.ts';
import { mayFinishClosing, monthAfter, months, type Period } from './period.ts';

/** Entries that one call may add up before it answers that it has to be asked again. */
const MOST_IN_A_READ = 20_000;
const MOST_IN_A_CLOSING = 400_000;

export type Behind = 'balances_behind';
export const behind = () =>
  refuse('balances_behind', 'New entries are still being added up; ask again in a moment.', { retryable: true });
export const readAllowance = (): Allowance => ({ entries: MOST_IN_A_READ });

type Totals = { opening: Map<string, FoldRow>; moved: Fold; entriesBefore: number };

export type TrialBalance = {
  /** Entries through the month, in all currencies. */
  entries: number;
  /** By account, and by pool where it is one's. */
  lines: AccountLine[];
};

/**
 * Every account of the market in a month, of the current one at the latest, in one currency. Refuses `balances_behind`
 * where too much was posted since somebody last asked: what was added up by then is kept.
 */
export async function trialBalance(
  call: Call,
  through: string,
  currency: Currency,
  allowance = readAllowance(),
): Promise<Result<TrialBalance, Behind>> {
  const all = await trialBalances(call, through, allowance);
  return all.ok ? ok(all.value(currency)) : all;
}

/** The same of each currency, added up once. `closed` is the last month that is, where that was just read. */
export async function trialBalances(
  call: Call,
  through: string,
  allowance = readAllowance(),
  closed?: string | null,
): Promise<Result<(currency: Currency) => TrialBalance, Behind>> {
  const current = monthOf(call.now);
  const month = through < current ? through : current;
  const totals = await totalsOf(call, month, closed === undefined ? await closedThrough(call) : closed, allowance);
  if (totals === null) return behind();
  const { opening, moved, entriesBefore } = totals;
  const entries = entriesBefore + moved.entries;
  return ok((currency) => ({ entries, lines: linesOf(opening, moved.rows, currency) }));
}

/** What a month opened with and what moved in it; `closed` is the last month that is. Null where the allowance ran out. */
async function totalsOf(
  call: Call,
  month: string,
  closed: string | null,
  allowance: Allowance,
): Promise<Totals | null> {
  const kept = await keptTotals(call, month);
  if (kept?.period === month) return kept.totals;
  const lists = await owningLists(call);
  const opening = emptyFold();
  const moved = emptyFold();
  const from = kept === undefined ? '' : monthAfter(kept.period);
  const first = lists.reduce((earliest, { since }) => (since < earliest ? since : earliest), month);
  for (const period of months(first < from ? from : first, month)) {
    const owners = lists.filter(({ since }) => since <= period).map(({ owner }) => owner);
    const isClosed = closed !== null && period <= closed;
    const fold = isClosed
      ? await foldOfLists(call, owners, period, { isClosed }, allowance)
      : await foldOfOpenMonth(call, period, owners, allowance);
    if (fold === null) return null;
    addFold(period === month ? moved : opening, fold);
  }
  const before = kept === undefined ? [] : [closingOfTotals(kept.totals)];
  const entriesBefore =
    (kept === undefined ? 0 : kept.totals.entriesBefore + kept.totals.moved.entries) + opening.entries;
  return { opening: netOf(...before, opening.rows), moved, entriesBefore };
}

const closingOfTotals = (totals: Totals): Map<string, FoldRow> => netOf(totals.opening, totals.moved.rows);

const TOTALS = 'TOTALS';
const Bytes = z.instanceof(Uint8Array);
const StoredTotals = z.object({
  sk: z.string(),
  entriesBefore: z.int(),
  entries: z.int(),
  opening: Bytes,
  moved: Bytes,
});

/** The newest totals that are kept, of this month or one before. */
async function keptTotals(call: Call, month: string): Promise<{ period: string; totals: Totals } | undefined> {
  const page = await call.tables.query('ledger', StoredTotals, {
    pk: TOTALS,
    to: month,
    descending: true,
    limit: 1,
    consistent: true,
  });
  const stored = page.items[0];
  if (stored === undefined) return undefined;
  const { entriesBefore, entries } = stored;
  const [opening, rows] = await Promise.all([rowsIn(stored.opening), rowsIn(stored.moved)]);
  return { period: stored.sk, totals: { opening, moved: { entries, rows }, entriesBefore } };
}

/**
 * Finishes closing a month, once every writer that may not have known is done: adds up what is left of it, keeps its
 * balances, and only then says closed. It can crash anywhere and be called again; what is done stays done. Refuses
 * `period_open`, `period_closing` (retryable, with `retryAt`), and `balances_behind` where one call cannot add up all.
 */
export async function finishClosing(
  call: Call,
  period: string,
): Promise<Result<Period, 'period_open' | 'period_closing' | Behind>> {
  const before = await readPeriod(call, period);
  if (before.state === 'closed') return ok(before);
  const allowed = mayFinishClosing(before, call.now);
  if (!allowed.ok) return allowed;
  const totals = await totalsOf(call, period, period, { entries: MOST_IN_A_CLOSING });
  if (totals === null) return behind();
  await call.tables.put(
    'ledger',
    {
      pk: TOTALS,
      sk: period,
      entriesBefore: totals.entriesBefore,
      entries: totals.moved.entries,
      opening: await bytesOf(totals.opening),
      moved: await bytesOf(totals.moved.rows),
    },
    ABSENT,
  );
  const set = { state: 'closed', closedAt: iso(call.now), entries: totals.moved.entries };
  await call.tables.update('ledger', periodKey(period), { set }, [['=', 'state', 'closing']]);
  return ok(await readPeriod(call, period));
}

const KEPT: Key = { pk: 'FOLDS', sk: '-' };
const Kept = z.object({ day: z.string(), entries: z.int(), nextAt: z.number() });
const WEEK_DAYS = 7;
/** So many entries a week are few: whoever reads can add them up in one call. */
const FEW_A_WEEK = MOST_IN_A_READ / 2;

/**
 * Adds up what was posted, so that whoever reads balances finds little left to add: once a day, and once a week where few
 * entries come.
 */
export async function keepBalances(call: Call): Promise<void> {
  const known = nextTimes(call.tables.owner);
  if (call.now < (await known.get(NEXT, async () => (await readKept(call))?.nextAt ?? 0))) return;
  const kept = await readKept(call);
  if (kept !== undefined && call.now < kept.nextAt) return known.set(NEXT, kept.nextAt);
  const balance = await trialBalance(call, monthOf(call.now), 'USD', { entries: MOST_IN_A_CLOSING });
  if (!balance.ok) return;
  const { entries } = balance.value;
  const days = kept === undefined ? 1 : Math.max(1, Math.round((call.now - fromIso(`${kept.day}T00:00:00Z`)) / DAY));
  const isFew = ((entries - (kept?.entries ?? 0)) / days) * WEEK_DAYS < FEW_A_WEEK;
  const day = dayOf(call.now);
  const nextAt = fromIso(`${day}T00:00:00Z`) + (isFew && entries > 0 ? WEEK_DAYS : 1) * DAY;
  await call.tables.put('ledger', { ...KEPT, day, entries, nextAt });
  known.set(NEXT, nextAt);
}

/** When this process knows that it is next to be done: that only moves on, whoever does it. */
const nextTimes = cachePerOwner<number>(1);
const NEXT = 'next';
const readKept = (call: Call) => call.tables.get('ledger', KEPT, Kept);

/** Every list of the providers' side, and the month it can begin in: a registration; for the market's the earliest of all. */
export const owningLists = (call: Call): Promise<readonly { owner: string; since: string }[]> =>
  readOnce(call, 'owning lists', () => readOwningLists(call));

async function readOwningLists(call: Call): Promise<{ owner: string; since: string }[]> {
  const lists: { owner: string; since: string }[] = [];
  let after: string | undefined;
  do {
    const page = await providersOfRun(call, after);
    lists.push(...page.items.map((provider) => ({ owner: provider.id, since: provider.createdAt.slice(0, 7) })));
    after = page.after;
  } while (after !== undefined);
  const market = await readOrganisation(call.tables, MARKET_ORGANISATION);
  const months = [monthOf(call.now), ...lists.map(({ since }) => since), market?.createdAt.slice(0, 7) ?? '9'];
  const first = months.reduce((earliest, since) => (since < earliest ? since : earliest));
  return [...lists, { owner: MARKET_LIST, since: first }];
}
