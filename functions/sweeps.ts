/**
 * What falls due, found by key, and how it is run: for the minute's schedule on AWS and for the scheduler on one machine.
 */
import { countDueWeeks } from '../shared/demand/demand.store.ts';
import { type Due, PASSES } from '../shared/dispatch/due.ts';
import { readLanes } from '../shared/dispatch/lane.store.ts';
import { sweepLane } from '../shared/dispatch/lane-sweep.store.ts';
import { leasePartitions } from '../shared/dispatch/lease.store.ts';
import { sweepLeases } from '../shared/dispatch/sweep.store.ts';
import { type Call, mapConcurrent } from '../shared/kernel/call.ts';
import type { Tables } from '../shared/kernel/table.ts';
import { DAY, dayOf, HOUR } from '../shared/kernel/time.ts';
import { allQueueIds, newestRounds, termsOf } from '../shared/queue/queue.store.ts';
import { stepDueRounds } from '../shared/round/step.store.ts';
import { windowClassOf } from '../shared/terms/terms.ts';
import { hurrier, type Runtime } from './runtime.ts';

/** Rounds of a queue that may still have open work. */
const LIVE_ROUNDS = 12;
/** Leases end at most an hour after a claim, and sweeps may be a few days late: this much longer than the windows is looked back. */
const LATENESS_MS = 3 * DAY;

/** Runs one piece of due work. Answers when it is next due; null where nothing waits. */
export async function runDue(runtime: Runtime, due: Due, now: number): Promise<{ nextAt: number | null }> {
  const call: Call = { tables: runtime.tables.metered(), now, hurry: hurrier(runtime) };
  try {
    return await sweep(runtime, call, due);
  } finally {
    runtime.recordConsumption(`sweep:${due.kind === 'leases' ? due.pass : due.kind}`, call.tables.consumed);
  }
}

async function sweep(runtime: Runtime, call: Call, due: Due): Promise<{ nextAt: number | null }> {
  switch (due.kind) {
    case 'leases':
      return sweepLeases(call, due.partition, due.pass);
    case 'lane':
      return sweepLane(call, due);
    case 'rounds':
      return earlier(await stepRounds(runtime, call), await countDueWeeks(call));
  }
}

async function stepRounds(runtime: Runtime, call: Call): Promise<{ nextAt: number | null }> {
  return stepDueRounds(call, async (queue, bodies) => {
    await runtime.send(queue, bodies).catch((error: unknown) => {
      runtime.log('warn', 'a message was not sent; the next run sends it again', { queue, error: String(error) });
    });
  });
}

function earlier(...runs: { nextAt: number | null }[]): { nextAt: number | null } {
  const times = runs.flatMap(({ nextAt }) => nextAt ?? []);
  return { nextAt: times.length === 0 ? null : Math.min(...times) };
}

/** Everything that may be due, each to be looked at now: lease partitions of the days still within their windows, lanes, rounds. */
export async function allDue(tables: Tables, now: number): Promise<{ due: Due; at: number }[]> {
  const call: Call = { tables, now };
  const queues = await allQueueIds(tables);
  const perQueue = await mapConcurrent(queues, 8, (queue) => dueOfQueue(call, queue));
  const classes = new Set(perQueue.flatMap((found) => found.windowClasses));
  const partitions = await Promise.all([...classes].map((windowClass) => partitionsOf(call, windowClass)));
  const due: Due[] = [{ kind: 'rounds' }, ...perQueue.flatMap((found) => found.lanes)];
  for (const partition of partitions.flat()) for (const pass of PASSES) due.push({ kind: 'leases', partition, pass });
  return due.map((one) => ({ due: one, at: now }));
}

async function dueOfQueue(call: Call, queue: string): Promise<{ lanes: Due[]; windowClasses: string[] }> {
  const rounds = await newestRounds(call.tables, queue, LIVE_ROUNDS);
  const terms = await Promise.all(rounds.map((round) => termsOf(call.tables, round)));
  const live = rounds.filter((round) => round.state === 'active' || round.state === 'settling');
  const lanes = await Promise.all(live.map((round) => lanesOf(call, queue, round.round)));
  return { lanes: lanes.flat(), windowClasses: terms.map(windowClassOf) };
}

async function lanesOf(call: Call, queue: string, round: number): Promise<Due[]> {
  const lanes = await readLanes(call, queue, round);
  const own = lanes.flatMap((lane) =>
    Array.from(
      { length: lane.look },
      (_, shard): Due => ({ kind: 'lane', queue, round, provider: lane.provider, shard }),
    ),
  );
  return [...own, { kind: 'lane', queue, round, provider: null, shard: 0 }];
}

async function partitionsOf(call: Call, windowClass: string): Promise<string[]> {
  const reopenHours = Number(windowClass.split('-')[1]);
  return leasePartitions(call, windowClass, dayOf(call.now - reopenHours * HOUR - LATENESS_MS));
}
