/** Lanes as they stand, for whoever asks: read on demand from the work list, and bounded. */
import * as z from 'zod';
import { placeOf, readAvailability } from '../dispatch/availability.store.ts';
import { type Availability, worksAt } from '../dispatch/availability.ts';
import { lanePartition } from '../dispatch/due.ts';
import { readOwnWork } from '../dispatch/lane.store.ts';
import { isPresent, Lane } from '../dispatch/lane.ts';
import { isResolved, type Lease } from '../dispatch/lease.ts';
import { listLeasesOf } from '../dispatch/turn-list.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { type Item, keyText } from '../kernel/table.ts';
import { iso, monthOf } from '../kernel/time.ts';
import { Head } from '../request/request.ts';
import type { LaneView } from './operations.ts';

const COUNTED_PER_SHARD = 100;
const URGENT = 10;
const RECENT_TURNS = 50;
const WIDTH = 4;

/** A page of a queue's lanes, newest round first; closed ones are left out. */
export async function listQueueLanes(
  call: Call,
  queue: string,
  page: { limit: number; after?: Item },
): Promise<{ lanes: LaneView[]; after: Item | undefined }> {
  const found = await call.tables.query('market', Lane, {
    pk: `L#${queue}`,
    descending: true,
    limit: page.limit,
    ...(page.after === undefined ? {} : { after: page.after }),
  });
  const open = found.items.filter((lane) => lane.standing !== 'closed');
  return {
    lanes: await mapConcurrent(open, WIDTH, (lane) => viewLane(call, lane)),
    after: found.after as Item | undefined,
  };
}

/** A provider's own lanes in rounds that are not closed. */
export async function listOwnLanes(call: Call, provider: string): Promise<LaneView[]> {
  const { lanes } = await readOwnWork(call, provider);
  const ordered = [...lanes].sort((a, b) => (a.queue < b.queue ? -1 : a.queue > b.queue ? 1 : b.round - a.round));
  return mapConcurrent(ordered, WIDTH, (lane) => viewLane(call, lane));
}

const WorklistKey = z.object({ pk: z.string(), sk: z.string(), wsk: z.string() });

async function viewLane(call: Call, lane: Lane): Promise<LaneView> {
  const shards = Array.from({ length: lane.look }, (_, shard) => lanePartition({ ...lane, shard }));
  const [pages, availability, turns, place] = await Promise.all([
    mapConcurrent(shards, WIDTH, (pk) =>
      call.tables.query('requests', WorklistKey, {
        index: { name: 'worklist', pk: 'wpk', sk: 'wsk' },
        pk,
        limit: COUNTED_PER_SHARD,
      }),
    ),
    readAvailability(call, lane.provider),
    recentTurns(call, lane),
    placeOf(call, lane.queue),
  ]);
  const waiting = pages.flatMap((page) => page.items).sort((a, b) => (a.wsk < b.wsk ? -1 : 1));
  const earliest = waiting[0] === undefined ? null : Number(waiting[0].wsk.slice(0, 15));
  return {
    queue: lane.queue,
    round: lane.round,
    provider: lane.provider,
    standing: lane.standing,
    seenAt: lane.seenAt === 0 ? null : iso(lane.seenAt),
    isPresent: isPresent(lane, call.now) && worksAt(availability, place, call.now),
    offlineSince: since(availability),
    shards: { put: lane.put, look: lane.look },
    waiting: { count: waiting.length, isAtLeast: pages.some((page) => page.after !== undefined) },
    earliestDeadline: earliest === null ? null : iso(earliest),
    isLate: earliest !== null && earliest < call.now,
    longestWaitMs: await longestWait(call, waiting.slice(0, URGENT)),
    recent: turns,
  };
}

const since = (availability: Availability): string | null =>
  availability.offlineSince === null ? null : iso(availability.offlineSince);

async function longestWait(call: Call, keys: readonly { pk: string; sk: string }[]): Promise<number | null> {
  const heads = await call.tables.getMany('requests', keys, Head);
  const waits = keys.flatMap((key) => {
    const head = heads.get(keyText(key));
    if (head === undefined || head.state !== 'ready') return [];
    return [call.now - (head.history.at(-1)?.[1] ?? head.acceptedAt)];
  });
  return waits.length === 0 ? null : Math.max(0, ...waits);
}

async function recentTurns(call: Call, lane: Lane): Promise<LaneView['recent']> {
  const found = await listLeasesOf(call, lane.provider, monthOf(call.now), { limit: RECENT_TURNS });
  const own = found.leases.filter((lease) => lease.queue === lane.queue && lease.round === lane.round);
  const resolved = own.filter((lease) => isResolved(lease) || lease.state === 'reopened');
  const isLate = (lease: Lease): boolean => (lease.resolvedAt ?? 0) > lease.deadline;
  return {
    turns: own.length,
    resolved: resolved.length,
    late: resolved.filter(isLate).length,
    lost: own.filter((lease) => lease.state === 'lost').length,
  };
}
