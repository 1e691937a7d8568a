/** The world's main loop: goes to the next instant at which something happens, and lets it happen. */
import { DAY, fromIso, HOUR } from '../../../shared/kernel/time.ts';
import { type Arrival, inOrderOfTime } from './arrival.ts';
import { inParallel } from './calls.ts';
import { answer, look, sendArrivals } from './demand.ts';
import { answerDispute, decideDispute, disputeCharge } from './disputes.ts';
import { approvePayouts, booksRestAt, closeMonth, lastPayoutRun, payInvoice } from './finance.ts';
import { firstRoundOf, OPENS_BEFORE_MS, openQueue, plan } from './rounds.ts';
import { readRounds } from './rounds-seen.ts';
import { adoptTurns, beat, endTurn, pollProviders, wakeProviders } from './work.ts';
import { type Event, surprise, type World } from './world.ts';

/** While work waits, time moves on by an hour at most. */
const STEP_WHILE_WAITING_MS = HOUR;
/** Queues planned at a time: each makes many calls at a time itself. */
const PLANNED_TOGETHER = 3;

/** Notes the opening of each queue, some days before the round in which its first request arrives. */
export function noteQueues(world: World): void {
  const seen = new Set<string>();
  for (const { queue, at } of world.arrivals) {
    if (seen.has(queue)) continue;
    seen.add(queue);
    world.agenda.note(firstRoundOf(world, at) - OPENS_BEFORE_MS, { kind: 'open queue', queue });
  }
}

/** The next instant at which something happens; null when nothing will. */
export function nextInstant(world: World): number | null {
  const arrival = world.arrivals[world.nextArrival]?.at ?? null;
  const noted = world.agenda.next();
  const poll = world.waiting.size > 0 ? world.lastPollAt + STEP_WHILE_WAITING_MS : null;
  const times = [arrival, noted, poll].filter((time) => time !== null);
  return times.length === 0 ? null : world.agenda.instantOf(Math.min(...times));
}

/**
 * Lets the world run until nothing happens any more, or nothing up to and with `until`, or `shouldStop` says so.
 * `onInstant` is told after each instant.
 */
export async function runWorld(
  world: World,
  options: { until?: number; shouldStop?: () => boolean; onInstant?: () => void } = {},
): Promise<void> {
  const { until = Number.POSITIVE_INFINITY, shouldStop = () => false, onInstant } = options;
  // Ends because the arrivals and each request's turns are bounded; a live world ends by `shouldStop`.
  while (!shouldStop()) {
    const next = nextInstant(world);
    if (next === null || next > until) return;
    const now = await world.time.reach(next, { booksFollow: true });
    if (shouldStop()) return;
    await act(world, now);
    onInstant?.();
  }
}

/** Everything of one instant: what must come first, then what is independent, then what follows from it. */
export async function act(world: World, now: number): Promise<void> {
  const events = world.agenda.take(now);
  const of = <K extends Event['kind']>(kind: K) =>
    events.filter((event): event is Extract<Event, { kind: K }> => event.kind === kind);
  await inParallel(of('open queue'), ({ queue }) => openFor(world, queue));
  await inParallel(of('plan'), ({ queue, tries }) => plan(world, queue, tries), PLANNED_TOGETHER);
  await inParallel(of('adopt'), ({ provider }) => adoptTurns(world, provider));
  // These concern different requests each, so none waits for another.
  await Promise.all([
    inParallel(of('end turn'), ({ turn, end }) => endTurn(world, turn, end)),
    inParallel(of('beat'), ({ turn }) => beat(world, turn)),
    inParallel(of('answer'), ({ known, say }) => answer(world, known, say)),
    sendArrivals(world, [...of('send').map(({ arrival }) => arrival), ...arrivalsUntil(world, now)]),
  ]);
  await inParallel(of('look'), ({ known }) => look(world, known));
  await wakeProviders(world);
  await inParallel(of('pay invoice'), ({ company, invoice }) => payInvoice(world, company, invoice));
  for (const { month, looks } of of('close month')) await closeMonth(world, month, looks);
  for (const _ of of('approve payouts')) await approvePayouts(world);
  for (const { company, request } of of('dispute charge')) await disputeCharge(world, company, request);
  for (const { dispute } of of('answer dispute')) await answerDispute(world, dispute);
  for (const { dispute } of of('decide dispute')) await decideDispute(world, dispute);
  if (world.waiting.size > 0 && now >= world.lastPollAt + STEP_WHILE_WAITING_MS) await pollProviders(world);
}

function arrivalsUntil(world: World, now: number): Arrival[] {
  const from = world.nextArrival;
  while ((world.arrivals[world.nextArrival]?.at ?? Number.POSITIVE_INFINITY) <= now) world.nextArrival += 1;
  return world.arrivals.slice(from, world.nextArrival);
}

async function openFor(world: World, queue: string): Promise<void> {
  const first = world.arrivals.find((arrival) => arrival.queue === queue);
  try {
    await openQueue(world, queue, firstRoundOf(world, first?.at ?? world.time.now()));
  } catch (error) {
    surprise(world, 'open queue', error);
    throw error;
  }
}

/** Adds demand to a running world, in order of time. */
export function addArrivals(world: World, arrivals: readonly Arrival[]): void {
  const left = world.arrivals.slice(world.nextArrival);
  world.arrivals = [...left, ...arrivals].sort(inOrderOfTime);
  world.nextArrival = 0;
}

/** How often the world looks whether its last rounds are closed, and how long it waits for them at the most. */
const CLOSE_LOOK_MS = DAY;
const CLOSE_LIMIT_MS = 46 * DAY;

/**
 * After the last arrival the world goes on until every round in which something was sent is closed, or 45 days after
 * the end of the last one. Answers the rounds that are still open then.
 */
export async function closeRounds(
  world: World,
  options: { shouldStop?: () => boolean; onInstant?: () => void } = {},
): Promise<{ queue: string; round: number }[]> {
  const { shouldStop = () => false } = options;
  let open = await openRounds(world);
  const lastEnd = Math.max(0, ...open.map(({ endsAt }) => endsAt));
  const limit = lastEnd + CLOSE_LIMIT_MS;
  while (open.length > 0 && world.time.now() < limit && !shouldStop()) {
    const next = Math.min(limit, Math.max(world.time.now() + CLOSE_LOOK_MS, Math.min(...open.map((r) => r.endsAt))));
    await runWorld(world, { ...options, until: next });
    await world.time.reach(next);
    options.onInstant?.();
    open = await openRounds(world);
  }
  return open.map(({ queue, round }) => ({ queue, round }));
}

/**
 * After all rounds are closed the world goes on until the last month in which something was charged is closed, what it
 * billed is collected, and providers are paid for it; then two people make a last payout run.
 */
export async function restBooks(
  world: World,
  options: { shouldStop?: () => boolean; onInstant?: () => void } = {},
): Promise<void> {
  const restsAt = booksRestAt(world.time.now());
  await runWorld(world, { ...options, until: restsAt });
  if (options.shouldStop?.() === true) return;
  await world.time.reach(restsAt);
  await lastPayoutRun(world);
}

async function openRounds(world: World): Promise<{ queue: string; round: number; endsAt: number }[]> {
  const open: { queue: string; round: number; endsAt: number }[] = [];
  await inParallel([...world.queues.values()], async ({ id, boughtUntil }) => {
    for (const round of await readRounds(world.directory.anybody, id))
      if (round.state !== 'closed' && fromIso(round.startsAt) <= (boughtUntil ?? 0))
        open.push({ queue: id, round: round.round, endsAt: fromIso(round.endsAt) });
  });
  return open;
}
