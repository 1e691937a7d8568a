/**
 * What falls due, found by key, and how it is run: for the minute's schedule on AWS and for the scheduler on one machine.
 */
import * as z from 'zod';
import { sweepBudget } from '../shared/budget/held-back.store.ts';
import { countDueWeeks } from '../shared/demand/demand.store.ts';
import { budgetDue, ERRAND_SHARDS, type MarketDue, PASSES } from '../shared/dispatch/due.ts';
import { readLanes } from '../shared/dispatch/lane.store.ts';
import { drawTogether } from '../shared/dispatch/lane-shards.store.ts';
import { sweepLane, sweepProvider } from '../shared/dispatch/lane-sweep.store.ts';
import { leasePartitions } from '../shared/dispatch/lease.store.ts';
import { fixTomorrow } from '../shared/dispatch/lease-days.store.ts';
import { sweepLeases } from '../shared/dispatch/sweep.store.ts';
import { dueImports } from '../shared/import/import.store.ts';
import { sweepIncidents } from '../shared/incident/run.store.ts';
import { watchTime } from '../shared/incident/spike.ts';
import { watchQueue } from '../shared/incident/watch.store.ts';
import { type Call, mapConcurrent } from '../shared/kernel/call.ts';
import type { QueueName } from '../shared/kernel/message.ts';
import type { Tables } from '../shared/kernel/table.ts';
import { DAY, dayOf, HOUR, MINUTE } from '../shared/kernel/time.ts';
import { allQueueIds, newestRounds, termsOf } from '../shared/queue/queue.store.ts';
import { stepDueRounds } from '../shared/round/step.store.ts';
import { SANDBOX_TERMS } from '../shared/sandbox/sandbox.ts';
import { windowClassOf } from '../shared/terms/terms.ts';
import { nextDelivery } from '../shared/webhook/delivery.store.ts';
import { DELIVERY_SHARDS } from '../shared/webhook/webhook.store.ts';
import { sweepErrands } from './errands.ts';
import { hurrier, type Runtime } from './runtime.ts';

/** Rounds of a queue that may still have open work. */
const LIVE_ROUNDS = 12;
/** Leases end at most an hour after a claim, and sweeps may be a few days late: this much longer than the windows is looked back. */
const LATENESS_MS = 3 * DAY;

/**
 * `lateMs`: of a lane, by how much the earliest deadline in it has passed, below zero before; of rounds, for how long the one
 * has been closed that nobody clears.
 */
export type Run = { nextAt: number | null; lateMs?: number };

/** Runs one piece of due work. Answers when it is next due; null where nothing waits. */
export async function runDue(runtime: Runtime, due: MarketDue, now: number): Promise<Run> {
  const call: Call = { tables: runtime.tables.metered(), now, hurry: hurrier(runtime) };
  try {
    return await sweep(runtime, call, due);
  } finally {
    runtime.recordConsumption(`sweep:${due.kind === 'leases' ? due.pass : due.kind}`, call.tables.consumed);
  }
}

async function sweep(runtime: Runtime, call: Call, due: MarketDue): Promise<Run> {
  switch (due.kind) {
    case 'leases':
      return sweepLeases(call, due.partition, due.pass);
    case 'lane':
      if (due.shard === 0 && due.provider !== null) await drawTogether(call, due.queue, due.round, due.provider);
      return sweepLane(call, due);
    case 'deliveries':
      return wakeDeliveries(runtime, call, due.shard);
    case 'errands':
      return sweepErrands(runtime, call, due.shard);
    case 'days':
      return fixTomorrow(call);
    case 'provider':
      return sweepProvider(call, due.provider);
    case 'budget':
      return sweepBudget(call, due.company, due.currency);
    case 'incidents':
      return sweepIncidents(call);
    case 'watch':
      return watchQueue(call, due.queue);
    case 'rounds': {
      const stepped = await stepRounds(runtime, call);
      return { ...earlier(stepped, await countDueWeeks(call)), lateMs: stepped.lateMs };
    }
    case 'imports':
      return sendForImports(runtime, call);
  }
}

/** Deliveries wait for other people's machines, so they are made elsewhere: what is due here is that somebody looks. */
async function wakeDeliveries(runtime: Runtime, call: Call, shard: number): Promise<{ nextAt: number | null }> {
  const nextAt = await nextDelivery(call, shard);
  if (nextAt === null || nextAt > call.now) return { nextAt };
  await runtime.send('deliveries', [{ kind: 'sweep', shard }]);
  return { nextAt: call.now + MINUTE };
}

async function stepRounds(runtime: Runtime, call: Call): ReturnType<typeof stepDueRounds> {
  return stepDueRounds(call, (queue, bodies) => hurry(runtime, queue, bodies));
}

/** Files are read by their consumer, which may take its time; here each that is due gets a message. */
async function sendForImports(runtime: Runtime, call: Call): Promise<{ nextAt: number | null }> {
  const { ids, nextAt } = await dueImports(call);
  const messages = ids.map((id) => ({ import: id }));
  if (messages.length > 0) await hurry(runtime, 'imports', messages);
  return { nextAt };
}

/** Sends messages that only hurry: where one is lost, a sweep finds by key what it was about. */
export async function hurry(runtime: Runtime, queue: QueueName, bodies: readonly unknown[]): Promise<void> {
  await runtime.send(queue, bodies).catch((error: unknown) => {
    runtime.log('warn', 'a message was not sent; a sweep finds what it was about', { queue, error: String(error) });
  });
}

function earlier(...runs: { nextAt: number | null }[]): { nextAt: number | null } {
  const times = runs.flatMap(({ nextAt }) => nextAt ?? []);
  return { nextAt: times.length === 0 ? null : Math.min(...times) };
}

/**
 * Everything that may be due: lease partitions of the days still within their windows, lanes and rounds, each to be looked
 * at now, and caps and queues that are watched at their times.
 */
export async function allDue(tables: Tables, now: number): Promise<{ due: MarketDue; at: number }[]> {
  const call: Call = { tables, now };
  const queues = await allQueueIds(tables);
  const perQueue = await mapConcurrent(queues, 8, (queue) => dueOfQueue(call, queue));
  const partitions = await livePartitions(call, [
    ...perQueue.flatMap((found) => found.windowClasses),
    windowClassOf(SANDBOX_TERMS),
  ]);
  const errands = Array.from({ length: ERRAND_SHARDS }, (_, shard): MarketDue => ({ kind: 'errands', shard }));
  const deliveries = Array.from({ length: DELIVERY_SHARDS }, (_, shard): MarketDue => ({ kind: 'deliveries', shard }));
  const lanes = perQueue.flatMap((found) => found.lanes);
  const once: MarketDue[] = [{ kind: 'rounds' }, { kind: 'imports' }, { kind: 'days' }, { kind: 'incidents' }];
  const due: MarketDue[] = [...once, ...errands, ...deliveries, ...lanes];
  for (const partition of partitions) for (const pass of PASSES) due.push({ kind: 'leases', partition, pass });
  // Those whose time came within the last minute are looked at now.
  const watched = queues.flatMap((queue, place) => {
    const at = watchTime(queue, now - MINUTE + 1);
    return (perQueue[place]?.lanes.length ?? 0) > 0 ? [{ due: { kind: 'watch', queue } as const, at }] : [];
  });
  return [...due.map((one) => ({ due: one, at: now })), ...watched, ...(await budgetsDue(call))];
}

async function budgetsDue(call: Call): Promise<{ due: MarketDue; at: number }[]> {
  const index = { name: 'due', pk: 'dpk', sk: 'dsk' };
  const found = await call.tables.queryAll('market', z.object({ dsk: z.string() }), { index, pk: 'budget' });
  return found.map(({ dsk }) => budgetDue(dsk));
}

async function dueOfQueue(call: Call, queue: string): Promise<{ lanes: MarketDue[]; windowClasses: string[] }> {
  const rounds = await newestRounds(call.tables, queue, LIVE_ROUNDS);
  const terms = await Promise.all(rounds.map((round) => termsOf(call.tables, round)));
  const live = rounds.filter((round) => round.state === 'active' || round.state === 'settling');
  const lanes = await Promise.all(live.map((round) => lanesOf(call, queue, round.round)));
  return { lanes: lanes.flat(), windowClasses: terms.map(windowClassOf) };
}

async function lanesOf(call: Call, queue: string, round: number): Promise<MarketDue[]> {
  const lanes = await readLanes(call, queue, round);
  const own = lanes.flatMap((lane) =>
    Array.from(
      { length: lane.look },
      (_, shard): MarketDue => ({ kind: 'lane', queue, round, provider: lane.provider, shard }),
    ),
  );
  return [...own, { kind: 'lane', queue, round, provider: null, shard: 0 }];
}

/** The lease partitions of all queues whose days are still within their windows, in order. */
export async function leasePartitionsNow(call: Call): Promise<string[]> {
  const queues = await allQueueIds(call.tables);
  const perQueue = await mapConcurrent(queues, 8, async (queue) => {
    const rounds = await newestRounds(call.tables, queue, LIVE_ROUNDS);
    return Promise.all(rounds.map(async (round) => windowClassOf(await termsOf(call.tables, round))));
  });
  return livePartitions(call, perQueue.flat());
}

async function livePartitions(call: Call, windowClasses: readonly string[]): Promise<string[]> {
  const classes = [...new Set(windowClasses)].sort();
  return (await Promise.all(classes.map((windowClass) => partitionsOf(call, windowClass)))).flat();
}

async function partitionsOf(call: Call, windowClass: string): Promise<string[]> {
  const reopenHours = Number(windowClass.split('-')[1]);
  return leasePartitions(call, windowClass, dayOf(call.now - reopenHours * HOUR - LATENESS_MS));
}
