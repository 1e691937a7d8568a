/**
 * What one party's own accounts stood at, what moved them and what they stand at. What a party's list stands at after a
 * closed month is kept, `NET#<side>#<owner>` / `<month>`, so that a statement reads its own month and the one before.
 */
import * as z from 'zod';
import { cachePerOwner } from '../kernel/cache.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import type { Currency } from '../kernel/money.ts';
import { ok, type Result } from '../kernel/result.ts';
import { ABSENT } from '../kernel/table.ts';
import { monthOf } from '../kernel/time.ts';
import { readOrganisation } from '../organisation/organisation.store.ts';
import { linesOf, netOf, rowsWhere, withoutOwners } from './balance.ts';
import { type Allowance, bytesOf, foldOf, rowsIn } from './fold.store.ts';
import { type FoldRow, isOwn, type List } from './fold.ts';
import { sideOf } from './ledger.store.ts';
import type { AccountCode, AccountLine } from './ledger.ts';
import { closedThrough } from './period.store.ts';
import { monthAfter, monthBefore, months } from './period.ts';
import { type Behind, behind, readAllowance } from './trial-balance.store.ts';

/** Parties whose balances are read side by side. */
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

/** The same of every account and currency, for one reading. */
export async function accountsOfOwners(
  call: Call,
  owners: readonly string[],
  period: string,
): Promise<Result<(of: { account: AccountCode; currency: Currency }) => AccountLine[], Behind>> {
  const [closed, allowance] = [await closedThrough(call), readAllowance()];
  const found = await mapConcurrent(owners, WIDTH, (owner) => ownBalances(call, owner, period, closed, allowance));
  const all: OwnBalances[] = [];
  for (const balances of found) {
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
  const list: List = { side: sideOf(owner), owner };
  const opening = await standingBefore(call, list, period, closed, allowance);
  if (opening === null) return null;
  const fold = await foldOf(call, list, period, closed !== null && period <= closed, allowance, until);
  return fold === null ? null : { entries: fold.entries, opening, moved: own(fold.rows, owner) };
}

const own = (rows: ReadonlyMap<string, FoldRow>, owner: string): Map<string, FoldRow> =>
  rowsWhere(rows, (row) => isOwn(row, owner));

/** What closed months come to never changes. */
const standings = cachePerOwner<Map<string, FoldRow> | null>(MOST_REMEMBERED);

/** What a party's accounts stand at when a month begins; not to be changed. */
async function standingBefore(
  call: Call,
  list: List,
  period: string,
  closed: string | null,
  allowance: Allowance,
): Promise<ReadonlyMap<string, FoldRow> | null> {
  // In months that have not come, nothing is posted.
  const through = earlier(monthBefore(period), monthOf(call.now));
  const final = closed === null ? null : earlier(through, closed);
  let net = final === null ? new Map<string, FoldRow>() : await standingAfter(call, list, final, allowance);
  const open = final === null ? await firstMonth(call, list.owner, through) : monthAfter(final);
  for (const month of months(open, through)) {
    const fold = net === null ? null : await foldOf(call, list, month, false, allowance);
    net = net === null || fold === null ? null : netOf(net, own(fold.rows, list.owner));
  }
  return net;
}

const earlier = (month: string, other: string): string => (month < other ? month : other);

/** What a party's accounts stand at after a closed month, remembered. */
async function standingAfter(
  call: Call,
  list: List,
  closed: string,
  allowance: Allowance,
): Promise<Map<string, FoldRow> | null> {
  const known = standings(call.tables.owner);
  const name = `${netPartition(list)}#${closed}`;
  const found = await known.get(name, () => readStanding(call, list, closed, allowance));
  if (found === null) known.forget(name);
  return found;
}

const netPartition = (list: List): string => `NET#${list.side}#${list.owner}`;
const Stored = z.object({ sk: z.string(), rows: z.instanceof(Uint8Array) });

/** The same from the newest month that is kept on, month by month. */
async function readStanding(
  call: Call,
  list: List,
  through: string,
  allowance: Allowance,
): Promise<Map<string, FoldRow> | null> {
  const page = await call.tables.query('ledger', Stored, {
    pk: netPartition(list),
    to: through,
    descending: true,
    limit: 1,
    consistent: true,
  });
  const kept = page.items[0];
  let net = kept === undefined ? new Map<string, FoldRow>() : await rowsIn(kept.rows);
  const since = kept === undefined ? await firstMonth(call, list.owner, through) : monthAfter(kept.sk);
  let reached: string | undefined;
  let isWhole = true;
  for (const month of months(since, through)) {
    const fold = await foldOf(call, list, month, true, allowance);
    isWhole = fold !== null;
    if (fold === null) break;
    net = netOf(net, own(fold.rows, list.owner));
    reached = month;
  }
  if (reached !== undefined)
    await call.tables.put('ledger', { pk: netPartition(list), sk: reached, rows: await bytesOf(net) }, ABSENT);
  return isWhole ? net : null;
}

/** A party has no entry from before it was registered. */
async function firstMonth(call: Call, owner: string, through: string): Promise<string> {
  const organisation = await readOrganisation(call.tables, owner);
  return organisation?.createdAt.slice(0, 7) ?? monthAfter(through);
}
