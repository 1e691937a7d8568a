/** Reads an account's history of a month: of one party from its own list, of the market's accounts from all lists as one. */
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { ok, type Result } from '../kernel/result.ts';
import { keyText } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { linesOf, rowsWhere } from './balance.ts';
import { StoredEntry } from './entry.ts';
import { foldOf } from './fold.store.ts';
import { isOwn, type List } from './fold.ts';
import { type HistoryOf, type HistoryRow, movedBy, totalOf } from './history.ts';
import { sideOf } from './ledger.store.ts';
import type { AccountLine, EntryView } from './ledger.ts';
import { closedThrough } from './period.store.ts';
import { ownBalances } from './statement.store.ts';
import { type Behind, behind, owningLists, readAllowance, trialBalance } from './trial-balance.store.ts';
import { walkOf } from './walk.store.ts';

const WIDTH = 8;
const BATCH = 100;
/** Entries looked at for one page, which is then shorter than asked for. */
const MOST_LOOKED_AT = 2_000;

/** Where a page ended: the last entry looked at, and what the account stood at after it. */
export type HistoryPlace = { after: string; balanceMicros: number };
export type History = {
  totals: Pick<AccountLine, 'openingMicros' | 'debitMicros' | 'creditMicros' | 'closingMicros'>;
  rows: HistoryRow[];
  next: HistoryPlace | null;
};

/**
 * A page of an account's history in a month, in order of posting, with what the account opened and stands at. `of.of` is a
 * company, a provider, one of a company's invoices, a pool, or null for everybody. Refuses `balances_behind`.
 */
export async function historyOf(
  call: Call,
  of: HistoryOf,
  period: string,
  page: { limit: number; place?: HistoryPlace },
): Promise<Result<History, Behind>> {
  const found = await (isParty(of.of) ? partyTotals(call, of, of.of, period) : marketTotals(call, of, period));
  if (!found.ok) return found;
  const { totals, lists } = found.value;
  const start = page.place ?? { after: '', balanceMicros: totals.openingMicros };
  const { rows, next } = await rowsOf(call, of, lists, period, start, page.limit);
  return ok({ totals, rows, next });
}

const isParty = (of: string | null): of is string => of !== null && /^(?:co|pr)_/.test(of);
type Found = { totals: History['totals']; lists: List[] };

async function partyTotals(call: Call, of: HistoryOf, party: string, period: string): Promise<Result<Found, Behind>> {
  const owner = party.split('.')[0] ?? party;
  const balances = await ownBalances(call, owner, period, await closedThrough(call), readAllowance());
  if (balances === null) return behind();
  const [opening, moved] = [balances.opening, balances.moved].map((rows) =>
    rowsWhere(rows, (row) => row.account === of.account && isOwn(row, party)),
  );
  const totals = totalOf(linesOf(opening ?? new Map(), moved ?? new Map(), of.currency));
  return ok({ totals, lists: [{ side: sideOf(owner), owner }] });
}

/** Of the providers' lists, which together have every entry, those that moved the account. */
async function marketTotals(call: Call, of: HistoryOf, period: string): Promise<Result<Found, Behind>> {
  const balance = await trialBalance(call, period, of.currency);
  if (!balance.ok) return balance;
  const isWanted = (row: { account: string; of: string | null }): boolean =>
    row.account === of.account && (of.of === null || row.of === of.of);
  const [closed, allowance, owners] = [await closedThrough(call), readAllowance(), await owningLists(call)];
  const lists = owners.filter(({ since }) => since <= period);
  const hasMoved = await mapConcurrent(lists, WIDTH, async ({ owner }) => {
    const isClosed = closed !== null && period <= closed;
    const fold = await foldOf(call, { side: 'provider', owner }, period, isClosed, allowance);
    return fold === null || [...fold.rows.values()].some((row) => row.currency === of.currency && isWanted(row));
  });
  return ok({
    totals: totalOf(balance.value.lines.filter(isWanted)),
    lists: lists.filter((_, i) => hasMoved[i]).map(({ owner }) => ({ side: 'provider', owner })),
  });
}

async function rowsOf(
  call: Call,
  of: HistoryOf,
  lists: readonly List[],
  period: string,
  start: HistoryPlace,
  limit: number,
): Promise<{ rows: HistoryRow[]; next: HistoryPlace | null }> {
  const nextPlaces = walkOf(
    call,
    lists.map((list) => ({ list, period })),
    start.after,
  );
  const rows: HistoryRow[] = [];
  let { after, balanceMicros } = start;
  for (let lookedAt = 0; lookedAt < MOST_LOOKED_AT; lookedAt += BATCH) {
    const places = await nextPlaces(BATCH);
    if (places.length === 0) return { rows, next: null };
    const keys = places.map(({ key }) => key);
    const entries = await call.tables.getMany('ledger', keys, StoredEntry, { consistent: true });
    for (const { key, order } of places) {
      if (rows.length === limit) return { rows, next: { after, balanceMicros } };
      const entry = entries.get(keyText(key));
      const micros = entry === undefined ? null : movedBy(entry, of);
      after = order;
      if (entry === undefined || micros === null) continue;
      balanceMicros += micros;
      rows.push(rowOf(entry, order, micros, balanceMicros));
    }
  }
  return { rows, next: { after, balanceMicros } };
}

const rowOf = (entry: EntryView, order: string, micros: number, balanceMicros: number): HistoryRow => ({
  event: entry.event,
  kind: entry.kind,
  occurredAt: entry.occurredAt,
  postedAt: iso(Number(order.slice(0, 15))),
  micros,
  balanceMicros,
  facts: entry.facts,
});
