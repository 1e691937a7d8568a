/** Brings rounds forward: closes bidding, asks for clearing, activates, settles, closes. Every step can be repeated. */
import * as z from 'zod';
import { allCompanyAwards, readProviderAwards } from '../award/award.store.ts';
import type { CompanyAward } from '../award/award.ts';
import { startCounting } from '../demand/demand.store.ts';
import { closeLane, readLanes } from '../dispatch/lane.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import type { QueueName } from '../kernel/message.ts';
import type { Currency } from '../kernel/money.ts';
import { type Clause, keyText, type Page } from '../kernel/table.ts';
import { DAY } from '../kernel/time.ts';
import { type NewEntry, post } from '../ledger/ledger.store.ts';
import { poolOf } from '../ledger/postings/charge.ts';
import {
  carriedInLegs,
  carriedOutLegs,
  poolSubsidyLegs,
  releaseCreditLegs,
  shortfallLegs,
  trueUpLegs,
} from '../ledger/postings/round.ts';
import { newestRounds, readQueueItem, readRounds, termsOf } from '../queue/queue.store.ts';
import { recordRound } from '../reputation/reputation.store.ts';
import { announce } from '../webhook/webhook.store.ts';
import { type Closing, closeRound } from './closing.ts';
import { openNextRound } from './next-round.store.ts';
import type { CompanyTotals } from './report.ts';
import { moveRound } from './round.store.ts';
import { CLOSE_NOTICE_MS, hasBegun, LATEST_CLOSE_MS, nextStep, Round, SETTLING_RETRY_MS } from './round.ts';
import { countCompanies, readTotals, sendersOf } from './totals.store.ts';

export type Send = (queue: QueueName, bodies: readonly unknown[]) => Promise<void>;
/** Rounds looked at in one run at the most, page by page; the rest wait for the next run. */
const MOST_ROUNDS = 5_000;
const PAGE = 100;
/** Rounds of a page that are stepped side by side. */
const STEPPED_TOGETHER = 16;
/** Companies of a round that are counted side by side. */
const COUNTED_TOGETHER = 24;
/** Entries of one kind, and lanes, that a close writes side by side. */
const WRITTEN_TOGETHER = 16;

/** Nobody has fixed yet when the round closed. */
const UNFIXED: readonly Clause[] = [['=', 'closedAt', null]];

const DueKey = z.object({ pk: z.string(), sk: z.string(), dsk: z.string() });

/**
 * Takes every due round one step, 5,000 in a run at the most. Answers when the next one is due, null where none is, and for
 * how long, in ms, the one has been closed that was asked to be cleared in vain before; 0 where none was. A round
 * that fails holds up no other: what failed is thrown together at the end, and stays due.
 */
export async function stepDueRounds(call: Call, send: Send): Promise<{ nextAt: number | null; lateMs: number }> {
  const index = { name: 'due', pk: 'dpk', sk: 'dsk' };
  const range = { index, pk: 'round', to: `${timeKey(call.now)}~`, limit: PAGE };
  const failures: unknown[] = [];
  let lateMs = 0;
  const unanswered = ({ closesAt }: Round): void => {
    lateMs = Math.max(lateMs, call.now - closesAt);
  };
  let after: Page<unknown>['after'];
  for (let seen = 0; seen < MOST_ROUNDS; seen += PAGE) {
    const due = await call.tables.query('market', DueKey, { ...range, ...(after === undefined ? {} : { after }) });
    const rounds = await call.tables.getMany('market', due.items, z.unknown(), { consistent: true });
    const toClear = await mapConcurrent(due.items, STEPPED_TOGETHER, async (key) => {
      try {
        const round = rounds.get(keyText(key));
        return round === undefined ? null : await stepRound(call, Round.parse(round), unanswered);
      } catch (error) {
        failures.push(error);
        return null;
      }
    });
    // Sent after the moves, together: what is lost between is asked for again when the round is next due.
    const messages = toClear.filter((one) => one !== null);
    if (messages.length > 0) await send('clearing', messages);
    after = due.after;
    if (after === undefined) break;
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} due rounds failed: ${String(failures[0])}`);
  const next = await call.tables.query('market', DueKey, { index, pk: 'round', limit: 1 });
  const first = next.items[0];
  return { nextAt: first === undefined ? null : Number(first.dsk.slice(0, 15)), lateMs };
}

/** A round to be cleared now; `provisional` is when the provisional clearing that it stands before was due. */
export type ToClear = { queue: string; round: number; provisional?: number };

/**
 * Takes one round one step. Answers with it where it has to be cleared now, finally or provisionally; `unanswered` hears of
 * one that was asked before and is not.
 */
async function stepRound(call: Call, round: Round, unanswered: (round: Round) => void): Promise<ToClear | null> {
  const { queue, round: number } = round;
  const terms = await termsOf(call.tables, round);
  const step = nextStep(round, terms, call.now);
  switch (step.do) {
    case 'close bidding': {
      const recordsOf = await lastClosed(call, round);
      const moved = await moveRound(call, round, 'open', { state: 'clearing', dueAt: step.dueAt, recordsOf });
      return moved.ok ? { queue, round: number } : null;
    }
    case 'wait':
      await moveRound(call, round, 'open', { dueAt: step.dueAt });
      return null;
    case 'clear provisionally': {
      const moved = await moveRound(call, round, 'open', { dueAt: step.dueAt });
      return moved.ok ? { queue, round: number, provisional: step.at } : null;
    }
    case 'clear again': {
      unanswered(round);
      const moved = await moveRound(call, round, 'clearing', { dueAt: step.dueAt }, [['=', 'clearedAt', null]]);
      return moved.ok ? { queue, round: number } : null;
    }
    case 'activate':
      await openNextRound(call, round);
      if (number === 1) await startCounting(call, queue, round.startsAt);
      await tellAwards(call, round);
      await moveRound(call, round, 'clearing', { state: 'active', dueAt: step.dueAt });
      return null;
    case 'settle':
      await moveRound(call, round, 'active', { state: 'settling', dueAt: step.dueAt });
      return null;
    case 'try to close':
      await tryToClose(call, round);
      return null;
    case 'nothing':
      return null;
  }
}

/**
 * Tells everybody with an award that it can be read: before the step, so that it is never left out, and without haste, so
 * that the step is made by the time the news arrives.
 */
async function tellAwards(call: Call, { queue, round, startsAt }: Round): Promise<void> {
  const [companies, providers] = await Promise.all([
    allCompanyAwards(call, queue, round),
    readProviderAwards(call.tables, queue, round),
  ]);
  const about = {
    type: 'award.published',
    subject: `${queue}#${round}`,
    at: startsAt,
    data: { queue, round },
  } as const;
  const tenants = [...companies.map(({ company }) => company), ...providers.map(({ provider }) => provider)];
  await announce({ tables: call.tables, now: call.now }, ...tenants.map((tenant) => ({ ...about, tenant })));
}

/**
 * The queue's last closed round; 0 where there is none. It is fixed at the hard close, so that a clearing that is tried
 * again later reads the same records.
 */
export async function lastClosed(call: Call, round: Round): Promise<number> {
  if (round.round === 1) return 0;
  const rounds = await newestRounds(call.tables, round.queue, 12);
  return rounds.find((other) => other.state === 'closed')?.round ?? 0;
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
  const { queue, round: number } = round;
  const around = [number - 1, number + 1].map((other) => ({ queue, round: other }));
  const neighbours = await readRounds(call.tables, around, { consistent: true });
  // Until its successor has begun, late through a clearing or a release, this round still takes requests.
  const successor = neighbours.get(`${queue}#${number + 1}`);
  if (successor !== undefined && !hasBegun(successor) && call.now < latest) return later(call.now + DAY);
  const before = neighbours.get(`${queue}#${number - 1}`);
  if (before !== undefined && before.state !== 'closed') return later(call.now + DAY);
  const isOverdue = call.now >= latest;
  if (isOverdue && round.closedAt === null) {
    await moveRound(call, round, 'settling', { closedAt: call.now, dueAt: call.now + CLOSE_NOTICE_MS }, UNFIXED);
    return;
  }
  const counted = await countAll(call, round, isOverdue);
  if ('openUntil' in counted) return later(counted.openUntil);
  await postClose(call, round, counted, before);
}

type Counted = { totals: CompanyTotals[]; awards: CompanyAward[] };

/** The totals of all companies of a round, and their awards; or when to look again, as the first open request suggests. */
async function countAll(call: Call, round: Round, evenIfOpen: boolean): Promise<Counted | { openUntil: number }> {
  const [{ companies, awards }, totals] = await Promise.all([
    sendersOf(call, round.queue, round.round),
    readTotals(call, round.queue, round.round),
  ]);
  const known = new Set(totals.map((total) => total.company));
  const left = companies.filter((company) => !known.has(company));
  for (let first = 0; first < left.length; first += COUNTED_TOGETHER) {
    const some = left.slice(first, first + COUNTED_TOGETHER);
    const { counted, openUntil } = await countCompanies(call, some, round.queue, round.round, evenIfOpen);
    if (openUntil !== null) return { openUntil };
    totals.push(...counted);
  }
  return { totals, awards };
}

async function postClose(
  call: Call,
  round: Round,
  { totals, awards }: Counted,
  before: Round | undefined,
): Promise<void> {
  const [queue, terms, providers, lanes] = await Promise.all([
    readQueueItem(call.tables, round.queue),
    termsOf(call.tables, round),
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
  if (round.closedAt === null) {
    const fixed = await moveRound(call, round, 'settling', { closedAt: occurredAt }, UNFIXED);
    // Another run closes it at the same time, as of its own.
    if (!fixed.ok) return;
  }
  const entries = closingEntries(round, queue.currency, closing, occurredAt);
  for (const together of Map.groupBy(entries, ({ kind }) => kind).values())
    await mapConcurrent(together, WRITTEN_TOGETHER, async (entry) => {
      if ((await post(call, entry)) === 'refused')
        throw new Error(`the close of ${round.queue} ${round.round} was posted with other amounts: ${entry.event}`);
    });
  await recordRound(call, { queue: round.queue, round: round.round, closedAt: occurredAt }, ordered);
  await mapConcurrent(lanes, WRITTEN_TOGETHER, (lane) => closeLane(call, lane));
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
