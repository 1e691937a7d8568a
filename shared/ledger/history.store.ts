/** Reads an account's history of a month: of one party from its own list, of the market's accounts from all lists as one. */
import * as z from 'zod';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { ok, type Result } from '../kernel/result.ts';
import { keyText } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { linesOf, rowsWhere } from './balance.ts';
import { entriesAt } from './entries.store.ts';
import { END, keptFold } from './fold.store.ts';
import { isOwn, type List } from './fold.ts';
import { type HistoryOf, type HistoryRow, movedBy, totalOf } from './history.ts';
import { sideOf } from './ledger.store.ts';
import type { AccountLine, EntryView } from './ledger.ts';
import { closedThrough } from './period.store.ts';
import { ownBalances } from './statement.store.ts';
import { type Behind, behind, owningLists, readAllowance, trialBalance } from './trial-balance.store.ts';
import { type Listed, walkOf } from './walk.store.ts';

const WIDTH = 16;
const BATCH = 100;
/** Entries looked at for one page, which is then shorter than asked for. */
const MOST_LOOKED_AT = 2_000;

const Micros = z.int();
const Totals = z.object({
  openingMicros: Micros,
  debitMicros: Micros,
  creditMicros: Micros,
  closingMicros: Micros,
}) satisfies z.ZodType<Partial<AccountLine>>;
type Totals = z.infer<typeof Totals>;

/** Where a page ended: the last entry looked at, what the account stood at after it, and what the first page said of the month. */
export const HistoryPlace = z.object({ after: z.string(), balanceMicros: Micros, totals: Totals });
export type HistoryPlace = z.infer<typeof HistoryPlace>;
export type History = { totals: Totals; rows: HistoryRow[]; next: HistoryPlace | null };

/**
 * A page of an account's history in a month, in order of posting, with what the account opened and stood at when the first
 * page was read. `of.of` is a company, a provider, one of a company's invoices, a pool, or null for everybody. The first page
 * refuses `balances_behind`.
 */
export async function historyOf(
  call: Call,
  of: HistoryOf,
  period: string,
  page: { limit: number; place?: HistoryPlace },
): Promise<Result<History, Behind>> {
  let { place } = page;
  if (place === undefined) {
    const totals = await totalsOf(call, of, period);
    if (!totals.ok) return totals;
    place = { after: '', balanceMicros: totals.value.openingMicros, totals: totals.value };
  }
  const { totals } = place;
  const { rows, next } = await rowsOf(call, of, period, place, page.limit);
  return ok({ totals, rows, next: next === null ? null : { ...next, totals } });
}

const isParty = (of: string | null): of is string => of !== null && /^(?:co|pr)_/.test(of);

async function totalsOf(call: Call, of: HistoryOf, period: string): Promise<Result<Totals, Behind>> {
  const party = of.of;
  if (isParty(party)) {
    const balances = await ownBalances(call, ownerOf(party), period, await closedThrough(call), readAllowance());
    if (balances === null) return behind();
    const [opening, moved] = [balances.opening, balances.moved].map((rows) =>
      rowsWhere(rows, (row) => row.account === of.account && isOwn(row, party)),
    );
    return ok(totalOf(linesOf(opening ?? new Map(), moved ?? new Map(), of.currency)));
  }
  const balance = await trialBalance(call, period, of.currency);
  return balance.ok ? ok(totalOf(balance.value.lines.filter((line) => isMovedOn(line, of)))) : balance;
}

/** A party, or the company that an invoice is to. */
const ownerOf = (party: string): string => party.split('.')[0] ?? party;
const isMovedOn = (row: Pick<AccountLine, 'account' | 'of'>, { account, of }: HistoryOf): boolean =>
  row.account === account && (of === null || row.of === of);

/**
 * Where the account's entries are: in its party's own list, or in those of all providers, which together have every entry,
 * each from the place through which what is kept of it says that nothing moved the account.
 */
async function listsOf(call: Call, of: HistoryOf, period: string): Promise<Listed[]> {
  if (isParty(of.of)) {
    const owner = ownerOf(of.of);
    return [{ list: { side: sideOf(owner), owner }, period }];
  }
  const owners = (await owningLists(call)).filter(({ since }) => since <= period);
  const lists = await mapConcurrent(owners, WIDTH, async ({ owner }): Promise<Listed> => {
    const list: List = { side: 'provider', owner };
    const kept = await keptFold(call, list, period);
    const rows = [...(kept?.fold.rows.values() ?? [])];
    const isMoved = rows.some((row) => row.currency === of.currency && isMovedOn(row, of));
    return kept === undefined || isMoved ? { list, period } : { list, period, after: kept.through };
  });
  return lists.filter(({ after }) => after !== END);
}

async function rowsOf(
  call: Call,
  of: HistoryOf,
  period: string,
  start: Pick<HistoryPlace, 'after' | 'balanceMicros'>,
  limit: number,
): Promise<{ rows: HistoryRow[]; next: Pick<HistoryPlace, 'after' | 'balanceMicros'> | null }> {
  const nextPlaces = walkOf(call, await listsOf(call, of, period), start.after);
  const rows: HistoryRow[] = [];
  let { after, balanceMicros } = start;
  for (let lookedAt = 0; lookedAt < MOST_LOOKED_AT; lookedAt += BATCH) {
    const places = await nextPlaces(BATCH);
    if (places.length === 0) return { rows, next: null };
    const keys = places.map(({ key }) => key);
    const entries = await entriesAt(call, keys, { consistent: true });
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
