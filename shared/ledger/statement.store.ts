/**
 * What one party's own accounts stood at, what moved them and what they stand at. What a party's list stands at after a
 * closed month is kept, `NET#<side>#<owner>` / `<month>`, so that a statement reads its own month and the one before.
 */
import * as z from 'zod';
import { cachePerOwner } from '../kernel/cache.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import type { Currency } from '../kernel/money.ts';
import { ok, type Result } from '../kernel/result.ts';
import { ABSENT, type Item, type Write } from '../kernel/table.ts';
import { monthOf } from '../kernel/time.ts';
import { readOrganisation } from '../organisation/organisation.store.ts';
import { linesOf, netOf, rowsWhere, withoutOwners } from './balance.ts';
import { type Allowance, bytesOf, foldsOf, type ListMonth, rowsIn } from './fold.store.ts';
import { type Fold, type FoldRow, isOwn, type List } from './fold.ts';
import { sideOf } from './ledger.store.ts';
import type { AccountCode, AccountLine } from './ledger.ts';
import { closedThrough } from './period.store.ts';
import { monthAfter, monthBefore, months } from './period.ts';
import { type Behind, behind, readAllowance } from './trial-balance.store.ts';

/** Parties whose balances are read together, and whose lists are read side by side. */
const TOGETHER = 50;
const WIDTH = 8;
const MOST_REMEMBERED = 1_000;

export type Statement = {
  /** Entries in its list in the month, in all currencies. */
  entries: number;
  lines: AccountLine[];
};

export type OwnBalances = { entries: number; opening: ReadonlyMap<string, FoldRow>; moved: Map<string, FoldRow> };

/** A party's accounts in a month and currency, account by account. Refuses `balances_behind` as the trial balance does. */
export async function statementOf(
  call: Call,
  owner: string,
  period: string,
  currency: Currency,
): Promise<Result<Statement, Behind>> {
  const balances = await ownBalances(call, owner, period, await closedThrough(call), readAllowance());
  if (balances === null) return behind();
  const { entries, opening, moved } = balances;
  return ok({ entries, lines: linesOf(withoutOwners(opening, owner), withoutOwners(moved, owner), currency) });
}

/** One account's owners among some parties, each with its lines: how the owners of an account add up to it. */
export async function linesOfOwners(
  call: Call,
  owners: readonly string[],
  of: { account: AccountCode; period: string; currency: Currency },
): Promise<Result<AccountLine[], Behind>> {
  const found = await accountsOfOwners(call, owners, of.period);
  return found.ok ? ok(found.value(of)) : found;
}

/** The same of every account and currency, for one reading; `lastClosed` is the last month that is, where that was just read. */
export async function accountsOfOwners(
  call: Call,
  owners: readonly string[],
  period: string,
  lastClosed?: string | null,
): Promise<Result<(of: { account: AccountCode; currency: Currency }) => AccountLine[], Behind>> {
  const closed = lastClosed === undefined ? await closedThrough(call) : lastClosed;
  const allowance = readAllowance();
  const all: OwnBalances[] = [];
  for (let at = 0; at < owners.length; at += TOGETHER)
    for (const balances of await balancesOf(call, owners.slice(at, at + TOGETHER), period, closed, allowance)) {
      if (balances === null) return behind();
      all.push(balances);
    }
  return ok(({ account, currency }) => {
    const isWanted = (row: FoldRow): boolean => row.account === account;
    return all.flatMap(({ opening, moved }) =>
      linesOf(rowsWhere(opening, isWanted), rowsWhere(moved, isWanted), currency),
    );
  });
}

/**
 * A party's own accounts, with invoices apart; `closed` is the last month that is. `until`: of the month itself only what
 * was posted through this instant (ms). Null where the allowance ran out.
 */
export async function ownBalances(
  call: Call,
  owner: string,
  period: string,
  closed: string | null,
  allowance: Allowance,
  until?: number,
): Promise<OwnBalances | null> {
  const [balances = null] = await balancesOf(call, [owner], period, closed, allowance, until);
  return balances;
}

/** The same of some parties, in their order; what their lists have few of is read together. */
async function balancesOf(
  call: Call,
  owners: readonly string[],
  period: string,
  closed: string | null,
  allowance: Allowance,
  until?: number,
): Promise<(OwnBalances | null)[]> {
  const lists = owners.map((owner): List => ({ side: sideOf(owner), owner }));
  const openings = await standingsBefore(call, lists, period, closed, allowance);
  const isClosed = closed !== null && period <= closed;
  const known = lists.filter((_, i) => openings[i] !== null);
  const folds = await foldsByList(
    call,
    known.map((list) => ({ list, period, isClosed })),
    allowance,
    until,
  );
  return lists.map((list, i) => {
    const [opening, fold] = [openings[i] ?? null, folds(list, period)];
    if (opening === null || fold === null) return null;
    return { entries: fold.entries, opening, moved: own(fold.rows, list.owner) };
  });
}

/** Folds of some lists' months by list and month; null where the allowance ran out. */
async function foldsByList(
  call: Call,
  wanted: readonly ListMonth[],
  allowance: Allowance,
  until?: number,
): Promise<(list: List, period: string) => Fold | null> {
  const folds = await foldsOf(call, wanted, allowance, until);
  const found = new Map(wanted.map(({ list, period }, i) => [`${list.owner}#${period}`, folds[i] ?? null]));
  return ({ owner }, period) => found.get(`${owner}#${period}`) ?? null;
}

const own = (rows: ReadonlyMap<string, FoldRow>, owner: string): Map<string, FoldRow> =>
  rowsWhere(rows, (row) => isOwn(row, owner));

/** What closed months come to never changes. */
const standings = cachePerOwner<Map<string, FoldRow> | null>(MOST_REMEMBERED);

type Standing = Map<string, FoldRow>;

/** What some parties' accounts stand at when a month begins, in their order; not to be changed. */
async function standingsBefore(
  call: Call,
  lists: readonly List[],
  period: string,
  closed: string | null,
  allowance: Allowance,
): Promise<(ReadonlyMap<string, FoldRow> | null)[]> {
  // In months that have not come, nothing is posted.
  const through = earlier(monthBefore(period), monthOf(call.now));
  const final = closed === null ? null : earlier(through, closed);
  const nets =
    final === null ? lists.map((): Standing | null => new Map()) : await standingsAfter(call, lists, final, allowance);
  const open = await mapConcurrent(lists, WIDTH, async (list) =>
    months(final === null ? await firstMonth(call, list.owner, through) : monthAfter(final), through),
  );
  const wanted = lists.flatMap((list, i) =>
    nets[i] === null ? [] : (open[i] ?? []).map((month) => ({ list, period: month, isClosed: false })),
  );
  const folds = await foldsByList(call, wanted, allowance);
  return lists.map((list, i) => {
    let net = nets[i] ?? null;
    for (const month of open[i] ?? []) {
      const fold = folds(list, month);
      net = net === null || fold === null ? null : netOf(net, own(fold.rows, list.owner));
    }
    return net;
  });
}

const earlier = (month: string, other: string): string => (month < other ? month : other);

/** What some parties' accounts stand at after a closed month, remembered. */
async function standingsAfter(
  call: Call,
  lists: readonly List[],
  closed: string,
  allowance: Allowance,
): Promise<(Standing | null)[]> {
  const known = standings(call.tables.owner);
  const nameOf = (list: List): string => `${netPartition(list)}#${closed}`;
  const unknown = lists.filter((list) => !known.has(nameOf(list)));
  const reading = readStandings(call, unknown, closed, allowance);
  return Promise.all(
    lists.map(async (list) => {
      const found = await known.get(nameOf(list), async () => (await reading).get(list.owner) ?? null);
      if (found === null) known.forget(nameOf(list));
      return found;
    }),
  );
}

const netPartition = (list: List): string => `NET#${list.side}#${list.owner}`;
const Stored = z.object({ sk: z.string(), rows: z.instanceof(Uint8Array) });

/** The same from the newest month that is kept of each on, month by month; null where the allowance ran out on the way. */
async function readStandings(
  call: Call,
  lists: readonly List[],
  through: string,
  allowance: Allowance,
): Promise<Map<string, Standing | null>> {
  const kept = await mapConcurrent(lists, WIDTH, async (list) => ({
    list,
    ...(await keptStanding(call, list, through)),
  }));
  const wanted = kept.flatMap(({ list, since }) =>
    months(since, through).map((period) => ({ list, period, isClosed: true })),
  );
  const folds = await foldsByList(call, wanted, allowance);
  const found = new Map<string, Standing | null>();
  const keeping: Kept[] = [];
  for (const { list, since, net: begin } of kept) {
    let [net, reached, isWhole]: [Standing, string | undefined, boolean] = [begin, undefined, true];
    for (const month of months(since, through)) {
      const fold = folds(list, month);
      isWhole = fold !== null;
      if (fold === null) break;
      net = netOf(net, own(fold.rows, list.owner));
      reached = month;
    }
    if (reached !== undefined) keeping.push({ pk: netPartition(list), sk: reached, rows: await bytesOf(net) });
    found.set(list.owner, isWhole ? net : null);
  }
  await keepAll(call, keeping);
  return found;
}

type Kept = Item & { rows: Uint8Array };
/** A transaction takes four megabytes. */
const MOST_BYTES = 1_000_000;

/** Keeps what was added up, together; where one of those is kept already each by itself. */
async function keepAll(call: Call, items: readonly Kept[]): Promise<void> {
  const puts = items.map((item): Write => ({ kind: 'put', table: 'ledger', item, when: ABSENT }));
  const bytes = items.reduce((sum, { rows }) => sum + rows.length, 0);
  const isKept = puts.length > 1 && bytes <= MOST_BYTES && (await call.tables.transact(puts)).ok;
  if (!isKept) await mapConcurrent(items, WIDTH, (item) => call.tables.put('ledger', item, ABSENT));
}

/** What of a party is kept of the newest month through one, and the first month after that. */
async function keptStanding(call: Call, list: List, through: string): Promise<{ net: Standing; since: string }> {
  const page = await call.tables.query('ledger', Stored, {
    pk: netPartition(list),
    to: through,
    descending: true,
    limit: 1,
    consistent: true,
  });
  const [kept] = page.items;
  if (kept === undefined) return { net: new Map(), since: await firstMonth(call, list.owner, through) };
  return { net: await rowsIn(kept.rows), since: monthAfter(kept.sk) };
}

/** A party has no entry from before it was registered. */
async function firstMonth(call: Call, owner: string, through: string): Promise<string> {
  const organisation = await readOrganisation(call.tables, owner);
  return organisation?.createdAt.slice(0, 7) ?? monthAfter(through);
}
