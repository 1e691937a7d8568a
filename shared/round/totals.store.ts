/**
 * Final totals of each company in a round, `T#<queue>#<round>` / `<company>`, and the list of late joiners,
 * `J#<queue>#<round>` / `<company>`, which each company's own things list too. Totals are counted by a walk over a company's heads, once all of them are final.
 */
import * as z from 'zod';
import { allCompanyAwards } from '../award/award.store.ts';
import type { CompanyAward } from '../award/award.ts';
import { cachePerOwner } from '../kernel/cache.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { roundKey } from '../kernel/id.ts';
import { ABSENT, type Item } from '../kernel/table.ts';
import { readCharges } from '../ledger/ledger.store.ts';
import type { EntryView } from '../ledger/ledger.ts';
import { addEvidence, Evidence } from '../reputation/reputation.ts';
import { listHeadKeys, type RequestFacts, readFacts, readHeads } from '../request/request.store.ts';
import { comesBackUntil, type Head, isOver, rejectionsOf } from '../request/request.ts';
import { CompanyTotals } from './report.ts';

const totalsPartition = (queue: string, round: number): string => `T#${queue}#${roundKey(round)}`;
const joinedPartition = (queue: string, round: number): string => `J#${queue}#${roundKey(round)}`;

const joined = cachePerOwner<true>(100_000);

/** Remembers that a company without a commitment sends requests in a round, so that the round's close finds them. */
export async function noteJoined(
  call: Call,
  company: string,
  queue: string,
  round: number,
  hasAward: boolean,
): Promise<void> {
  if (hasAward) return;
  await joined(call.tables.owner).get(`${queue}#${round}#${company}`, async () => {
    const listed = { opk: company, osk: `J#${roundKey(round)}#${queue}` };
    await call.tables.put('market', { pk: joinedPartition(queue, round), sk: company, ...listed }, ABSENT);
    return true as const;
  });
}

/** Companies that sent requests in a round without a commitment. */
export async function lateJoiners(call: Call, queue: string, round: number): Promise<string[]> {
  return (
    await call.tables.queryAll('market', z.object({ sk: z.string() }), { pk: joinedPartition(queue, round) })
  ).map((item) => item.sk);
}

/** All companies that may have sent requests in a round, in order of id, and the awards of those that have one. */
export async function sendersOf(
  call: Call,
  queue: string,
  round: number,
): Promise<{ companies: string[]; awards: CompanyAward[] }> {
  const [awards, joiners] = await Promise.all([allCompanyAwards(call, queue, round), lateJoiners(call, queue, round)]);
  return { companies: [...new Set([...awards.map(({ company }) => company), ...joiners])].sort(), awards };
}

/** The totals of all companies counted so far. */
export async function readTotals(call: Call, queue: string, round: number): Promise<CompanyTotals[]> {
  return call.tables.queryAll('market', CompanyTotals, { pk: totalsPartition(queue, round) });
}

/** Charges by company in a closed round: its record. */
export async function chargesByCompany(call: Call, queue: string, round: number): Promise<Map<string, number>> {
  return new Map((await readTotals(call, queue, round)).map((totals) => [totals.company, totals.charged]));
}

const PAGE = 100;
const WIDTH = 8;
type Count = {
  totals: CompanyTotals;
  byProvider: Map<string, Evidence>;
  openUntil: number | null;
  after: Item | undefined;
};

/**
 * Counts some companies' requests of a round, and keeps the totals of each of whose requests all are final; the pages of the
 * companies are read together. Where one has an open request, answers when to look again too, as the first such request
 * suggests. `evenIfOpen` counts open ones as accepted and sent, and as nothing more.
 */
export async function countCompanies(
  call: Call,
  companies: readonly string[],
  queue: string,
  round: number,
  evenIfOpen = false,
): Promise<{ counted: CompanyTotals[]; openUntil: number | null }> {
  const counts = companies.map(
    (company): Count => ({ totals: emptyTotals(company), byProvider: new Map(), openUntil: null, after: undefined }),
  );
  let left = counts;
  do {
    const pages = await mapConcurrent(left, WIDTH, (count) =>
      listHeadKeys(call, count.totals.company, queue, round, { limit: PAGE, after: count.after }),
    );
    await addPages(
      call,
      left,
      await readHeads(
        call,
        pages.flatMap(({ keys }) => keys),
      ),
      evenIfOpen,
    );
    left.forEach((count, at) => {
      count.after = pages[at]?.after;
    });
    left = left.filter((count) => count.after !== undefined && count.openUntil === null);
  } while (left.length > 0);
  const isOpen = ({ openUntil }: Count): boolean => openUntil !== null;
  const final = counts.filter((count) => !isOpen(count));
  await mapConcurrent(final, WIDTH, ({ totals, byProvider }) =>
    call.tables.put('market', {
      pk: totalsPartition(queue, round),
      sk: totals.company,
      ...totals,
      byProvider: Object.fromEntries(byProvider),
    }),
  );
  return { counted: final.map(({ totals }) => totals), openUntil: counts.find(isOpen)?.openUntil ?? null };
}

/** Adds a page of heads of each of some companies to what is counted of them. */
async function addPages(
  call: Call,
  counts: readonly Count[],
  heads: readonly Head[],
  evenIfOpen: boolean,
): Promise<void> {
  // What a cap holds back belongs to the round in which it becomes ready.
  const facts = (await readFacts(call, heads)).filter((fact) => fact.view.state !== 'held_back');
  const charges = await readCharges(
    call,
    facts.filter((fact) => fact.isPosted).map((fact) => fact.head.id),
  );
  const countOf = new Map(counts.map((count) => [count.totals.company, count]));
  for (const fact of facts) {
    const count = countOf.get(fact.head.company);
    if (count === undefined) throw new Error(`request ${fact.head.id} is listed under another company`);
    if (!evenIfOpen && !isOver(fact.view.state, fact.head, call.now)) count.openUntil ??= openUntil(fact);
    const charge = charges.get(fact.head.id);
    addRequest(count.totals, fact, charge);
    addEvidence(count.byProvider, fact.head.history, chargeFactsOf(charge));
  }
}

const chargeFactsOf = (charge: EntryView | undefined) =>
  charge === undefined
    ? null
    : {
        provider: String(charge.facts.provider),
        outcome: String(charge.facts.outcome),
        stars: typeof charge.facts.stars === 'number' ? charge.facts.stars : null,
      };

/** What each counted company's requests of a round say of the providers that had a turn at them. */
export async function readEvidence(call: Call, queue: string, round: number): Promise<Record<string, Evidence>[]> {
  const Counted = z.object({ byProvider: z.record(z.string(), Evidence).default({}) });
  const items = await call.tables.queryAll('market', Counted, { pk: totalsPartition(queue, round) });
  return items.map((item) => item.byProvider);
}

/** When an open request may be final: its posting where it is resolved, the end of its time to come back, else its deadline. */
function openUntil(fact: RequestFacts): number {
  const comesBack = comesBackUntil(fact.head);
  if (comesBack !== null) return comesBack;
  const reopenHours = Number(fact.head.windowClass.split('-')[1] ?? 0);
  const reopenMs = reopenHours * 3_600_000;
  const from = fact.lease?.resolvedAt ?? null;
  return from === null ? fact.head.deadline + reopenMs : from + reopenMs;
}

export const emptyTotals = (company: string): CompanyTotals => ({
  company,
  accepted: 0,
  bySlot: 0,
  byOverflow: 0,
  unserved: 0,
  cancelled: 0,
  linked: 0,
  sent: 0,
  attempted: 0,
  charged: 0,
  confirmed: 0,
  assumed: 0,
  reopened: 0,
  rejected: 0,
  withinSla: 0,
  chargedMicros: 0,
  fullPriceMicros: 0,
  poolMicros: 0,
});

function addRequest(totals: CompanyTotals, fact: RequestFacts, charge: EntryView | undefined): void {
  const { head, view } = fact;
  const has = (condition: boolean): number => (condition ? 1 : 0);
  totals.accepted += 1;
  totals.bySlot += has(view.route === 'slot');
  totals.byOverflow += has(view.route === 'overflow');
  totals.unserved += has(view.state === 'unserved');
  totals.cancelled += has(view.state === 'cancelled');
  totals.linked += has(view.state === 'linked');
  totals.sent += has(view.state !== 'cancelled' && view.state !== 'linked');
  totals.attempted += has(
    charge !== undefined || (view.state !== 'cancelled' && (head.notOffered.length > 0 || head.lostTurns > 0)),
  );
  totals.reopened += has(head.reopens > 0);
  totals.rejected += has(rejectionsOf(head) > 0);
  totals.withinSla += has(view.withinSla === true);
  if (charge === undefined) return;
  totals.charged += 1;
  totals.confirmed += has(charge.facts.outcome === 'confirmed');
  totals.assumed += has(charge.facts.outcome === 'assumed');
  totals.chargedMicros += Number(charge.facts.priceMicros ?? 0);
  totals.fullPriceMicros += head.priceMicros;
  // What posted after the close was announced went to the carried account and is not this pool's.
  const isPooled = charge.legs.some((leg) => leg.account === '2400');
  totals.poolMicros += isPooled ? Number(charge.facts.poolMicros ?? 0) : 0;
}

/** All totals of a round together. */
export function sumTotals(all: readonly CompanyTotals[]): Omit<CompanyTotals, 'company'> {
  const { company: _company, ...sum } = emptyTotals('');
  for (const totals of all) for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += totals[name];
  return sum;
}
