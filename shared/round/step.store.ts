/** Brings rounds forward: closes bidding, asks for clearing, activates, settles, closes. Every step can be repeated. */
import * as z from 'zod';
import { allCompanyAwards, readProviderAwards } from '../award/award.store.ts';
import { closeLane, readLanes } from '../dispatch/lane.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import type { QueueName } from '../kernel/message.ts';
import type { Currency } from '../kernel/money.ts';
import { DAY } from '../kernel/time.ts';
import { type NewEntry, post } from '../ledger/ledger.store.ts';
import {
  carriedInLegs,
  carriedOutLegs,
  poolOf,
  poolSubsidyLegs,
  releaseCreditLegs,
  shortfallLegs,
  trueUpLegs,
} from '../ledger/postings.ts';
import { readQueueItem, readRound, termsOf } from '../queue/queue.store.ts';
import { type Closing, closeRound } from './closing.ts';
import type { CompanyTotals } from './report.ts';
import { moveRound, openNextRound } from './round.store.ts';
import { CLOSE_NOTICE_MS, LATEST_CLOSE_MS, nextStep, type Round, SETTLING_RETRY_MS } from './round.ts';
import { countCompany, lateJoiners, readTotals } from './totals.store.ts';

export type Send = (queue: QueueName, bodies: readonly unknown[]) => Promise<void>;
/** Rounds looked at in one run at the most; the rest wait for the next. */
const MOST_ROUNDS = 500;
/** Companies of a round that are counted side by side. */
const COUNTED_TOGETHER = 8;

const DueKey = z.object({ pk: z.string(), sk: z.string(), dsk: z.string() });

/** Takes every due round one step. Answers when the next one is due; null where none is. */
export async function stepDueRounds(call: Call, send: Send): Promise<{ nextAt: number | null }> {
  const index = { name: 'due', pk: 'dpk', sk: 'dsk' };
  const due = await call.tables.query('market', DueKey, {
    index,
    pk: 'round',
    to: `${timeKey(call.now)}~`,
    limit: MOST_ROUNDS,
  });
  await mapConcurrent(due.items, 4, async (item) => {
    const [, queue = '', number = '0'] = item.dsk.split('#');
    await stepRound(call, queue, Number(number), send);
  });
  const next = await call.tables.query('market', DueKey, { index, pk: 'round', limit: 1 });
  const first = next.items[0];
  return { nextAt: first === undefined ? null : Number(first.dsk.slice(0, 15)) };
}

/** Takes one round as far as it goes now. */
export async function stepRound(call: Call, queue: string, number: number, send: Send): Promise<void> {
  const round = await readRound(call.tables, queue, number, { consistent: true });
  if (round === undefined) return;
  const terms = await termsOf(call.tables, round);
  const step = nextStep(round, terms, call.now);
  switch (step.do) {
    case 'close bidding': {
      const moved = await moveRound(call, round, 'open', { state: 'clearing', dueAt: step.dueAt });
      if (moved.ok) await send('clearing', [{ queue, round: number }]);
      return;
    }
    case 'clear again':
      await moveRound(call, round, 'clearing', { dueAt: step.dueAt });
      return send('clearing', [{ queue, round: number }]);
    case 'activate':
      await openNextRound(call, round);
      await moveRound(call, round, 'clearing', { state: 'active', dueAt: step.dueAt });
      return;
    case 'settle':
      await moveRound(call, round, 'active', { state: 'settling', dueAt: step.dueAt });
      return;
    case 'try to close':
      return tryToClose(call, round);
    case 'nothing':
      return;
  }
}

/**
 * Closes a settling round once every request of its companies is final: counts what is not counted yet, posts the close
 * in the ledger's order, and only then says closed. Found open, it is looked at again later. Rounds of a queue close in
 * order. One that is overdue announces its close, and after a notice counts open requests as they stand.
 */
async function tryToClose(call: Call, round: Round): Promise<void> {
  const latest = round.endsAt + LATEST_CLOSE_MS;
  const later = async (at: number): Promise<void> => {
    const dueAt = Math.max(call.now + SETTLING_RETRY_MS, call.now < latest ? Math.min(at, latest) : at);
    await moveRound(call, round, 'settling', { dueAt });
  };
  const before =
    round.round > 1 ? await readRound(call.tables, round.queue, round.round - 1, { consistent: true }) : undefined;
  if (before !== undefined && before.state !== 'closed') return later(call.now + DAY);
  const isOverdue = call.now >= latest;
  if (isOverdue && round.closedAt === null) {
    await moveRound(call, round, 'settling', { closedAt: call.now, dueAt: call.now + CLOSE_NOTICE_MS });
    return;
  }
  const counted = await countAll(call, round, isOverdue);
  if ('openUntil' in counted) return later(counted.openUntil);
  await postClose(call, round, counted.totals, before);
}

/** The totals of all companies of a round; or when to look again, as the first open request suggests. */
async function countAll(
  call: Call,
  round: Round,
  evenIfOpen: boolean,
): Promise<{ totals: CompanyTotals[] } | { openUntil: number }> {
  const [awards, joiners, totals] = await Promise.all([
    allCompanyAwards(call, round.queue, round.round),
    lateJoiners(call, round.queue, round.round),
    readTotals(call, round.queue, round.round),
  ]);
  const counted = new Set(totals.map((total) => total.company));
  const companies = [...new Set([...awards.map((award) => award.company), ...joiners])].sort();
  const left = companies.filter((company) => !counted.has(company));
  for (let first = 0; first < left.length; first += COUNTED_TOGETHER) {
    const some = left.slice(first, first + COUNTED_TOGETHER);
    const outcomes = await Promise.all(
      some.map((company) => countCompany(call, company, round.queue, round.round, evenIfOpen)),
    );
    const open = outcomes.find((outcome) => 'openUntil' in outcome);
    if (open !== undefined) return open;
    totals.push(...outcomes.flatMap((outcome) => ('totals' in outcome ? [outcome.totals] : [])));
  }
  return { totals };
}

async function postClose(
  call: Call,
  round: Round,
  totals: readonly CompanyTotals[],
  before: Round | undefined,
): Promise<void> {
  const [queue, terms, awards, providers, lanes] = await Promise.all([
    readQueueItem(call.tables, round.queue),
    termsOf(call.tables, round),
    allCompanyAwards(call, round.queue, round.round),
    readProviderAwards(call.tables, round.queue, round.round),
    readLanes(call, round.queue, round.round),
  ]);
  if (queue === undefined) throw new Error(`round of an unknown queue ${round.queue}`);
  const ordered = [...totals].sort((a, b) => (a.company < b.company ? -1 : 1));
  const closing = closeRound({
    awards,
    providers,
    totals: ordered,
    terms,
    carriedInMicros: before?.carriedOutMicros ?? 0,
  });
  // The close happens when its last request was final; the first try fixes the time, so that a repeated one posts the same.
  const occurredAt = round.closedAt ?? call.now;
  if (round.closedAt === null) await moveRound(call, round, 'settling', { closedAt: occurredAt });
  for (const entry of closingEntries(round, queue.currency, closing, occurredAt)) {
    if ((await post(call, entry)) === 'refused')
      throw new Error(`the close of ${round.queue} ${round.round} was posted with other amounts: ${entry.event}`);
  }
  for (const lane of lanes) await closeLane(call, lane);
  const result = {
    shortfallMicros: shortfallTotal(closing),
    releaseCreditMicros: sumOf(closing.releaseCredits),
    trueUpMicros: sumOf(closing.trueUps) - closing.subsidyMicros,
  };
  await moveRound(call, round, 'settling', {
    state: 'closed',
    closedAt: occurredAt,
    dueAt: null,
    carriedOutMicros: closing.carriedOutMicros,
    ...result,
  });
}

/** The entries of a close, in the ledger's order. */
export function closingEntries(
  round: Pick<Round, 'queue' | 'round'>,
  currency: Currency,
  closing: Closing,
  occurredAt: number,
): NewEntry[] {
  const { queue, round: number } = round;
  const entry = (
    kind: NewEntry['kind'],
    company: string | null,
    legs: NewEntry['legs'],
    provider: string | null = null,
  ): NewEntry => ({
    event: ['round', queue, number, kind, company, provider].filter((part) => part !== null).join('#'),
    kind,
    occurredAt,
    currency,
    company,
    provider,
    legs,
    facts: { queue, round: number },
  });
  const pool = poolOf(queue, number);
  const shortfalls = [...closing.shortfalls].flatMap(([company, part]) => [
    entry(
      'shortfall',
      company,
      part.toPool > 0 ? shortfallLegs(company, { account: '2400', of: pool }, part.toPool) : [],
    ),
    ...[...part.toProviders].map(([provider, micros]) =>
      entry('shortfall', company, shortfallLegs(company, { account: '2100', of: provider }, micros), provider),
    ),
    {
      ...entry(
        'shortfall',
        company,
        part.toMarket > 0 ? shortfallLegs(company, { account: '4200', of: null }, part.toMarket) : [],
      ),
      event: `round#${queue}#${number}#shortfall#${company}#market`,
    },
  ]);
  const all = [
    entry('pool_carried_in', null, carriedInLegs(queue, number, closing.carriedInMicros)),
    ...[...closing.releaseCredits].map(([company, micros]) =>
      entry('release_credit', company, releaseCreditLegs(queue, number, company, micros)),
    ),
    ...shortfalls,
    ...[...closing.trueUps].map(([company, micros]) =>
      entry('true_up', company, trueUpLegs(queue, number, company, micros)),
    ),
    entry('pool_subsidy', null, poolSubsidyLegs(queue, number, closing.subsidyMicros)),
    entry('pool_carried_out', null, carriedOutLegs(queue, number, closing.carriedOutMicros)),
  ];
  return all.filter((one) => one.legs.length > 0);
}

const sumOf = (amounts: ReadonlyMap<string, number>): number =>
  [...amounts.values()].reduce((sum, micros) => sum + micros, 0);

function shortfallTotal(closing: Closing): number {
  return [...closing.shortfalls.values()].reduce(
    (sum, part) => sum + part.toPool + part.toMarket + sumOf(part.toProviders),
    0,
  );
}
