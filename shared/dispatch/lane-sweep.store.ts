/**
 * The sweep over a lane's ready work: what runs short of time goes where somebody is present, or ends unserved at its
 * deadline; what is served late, too, goes where somebody is. From a lane that is withdrawn or offline it goes at once.
 */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { keyText } from '../kernel/table.ts';
import { MINUTE } from '../kernel/time.ts';
import { headKey } from '../request/request.store.ts';
import { Head } from '../request/request.ts';
import { unservedEvent } from '../webhook/announcements.ts';
import { announcementWrites, hurryDeliveries } from '../webhook/webhook.store.ts';
import { offlineSince, workingAt } from './availability.store.ts';
import { lanePartition } from './due.ts';
import { forgetOwnWork, giveCapacityBack, readLanes, readOwnWork, readWithdrawals } from './lane.store.ts';
import { isPresent, judgedAt } from './lane.ts';
import { makeReady, readyAsSeen } from './lane-change.store.ts';
import { intakeRound, readPlan, termsOfRound } from './plan.store.ts';
import { isWithdrawn, laneCandidates } from './plan.ts';

const PAGE = 50;
/** Work that must wait for somebody to appear is looked at again after this long. */
const WAIT_MS = MINUTE;

const WorklistKey = z.object({ pk: z.string(), sk: z.string(), wsk: z.string() });

/** Looks at the earliest work of one lane shard. Answers when it next has something to do, null where nothing waits, and how late the earliest is. */
export async function sweepLane(
  call: Call,
  lane: { queue: string; round: number; provider: string | null; shard: number },
): Promise<{ nextAt: number | null; moved: number; lateMs?: number }> {
  const partition = lanePartition(lane);
  const page = await call.tables.query('requests', WorklistKey, {
    index: { name: 'worklist', pk: 'wpk', sk: 'wsk' },
    pk: partition,
    limit: PAGE,
  });
  if (page.items.length === 0) return { nextAt: null, moved: 0 };
  const heads = await call.tables.getMany('requests', page.items, Head, { consistent: true });
  const waiting = page.items
    .map((item) => heads.get(keyText(item)))
    .filter((head) => head !== undefined && head.state === 'ready' && head.wpk === partition) as Head[];
  let moved = 0;
  let nextAt: number | null = null;
  for (const head of waiting) {
    const shut = head.provider === null ? null : await shutSince(call, head, head.provider);
    const isEarly = head.moveAt > call.now;
    const outcome =
      shut !== null ? await leaveShut(call, head, shut, isEarly) : isEarly ? 'early' : await reconsider(call, head);
    if (outcome === 'moved') moved += 1;
    const again = outcome === 'early' ? head.moveAt : outcome === 'stayed' ? call.now + WAIT_MS : null;
    if (again !== null) nextAt = Math.min(nextAt ?? again, again);
  }
  if (page.after !== undefined && nextAt === null) nextAt = call.now;
  return { nextAt, moved, lateMs: call.now - Number(page.items[0]?.wsk.slice(0, 15)) };
}

/** Sweeps every lane of a provider: when it goes offline, or a company withdraws it. */
export async function sweepProvider(call: Call, provider: string): Promise<{ nextAt: number | null; moved: number }> {
  forgetOwnWork(call, provider);
  const { lanes } = await readOwnWork(call, provider);
  let moved = 0;
  let nextAt: number | null = null;
  for (const { queue, round, look } of lanes) {
    for (let shard = 0; shard < look; shard++) {
      const swept = await sweepLane(call, { queue, round, provider, shard });
      moved += swept.moved;
      if (swept.nextAt !== null) nextAt = Math.min(nextAt ?? swept.nextAt, swept.nextAt);
    }
  }
  return { nextAt, moved };
}

type Shut = { why: 'withdrawn' | 'offline'; since: number };

/** Why a request must leave its lane at once, and since when; null where it may wait there. */
async function shutSince(call: Call, head: Head, provider: string): Promise<Shut | null> {
  if (isWithdrawn(await readWithdrawals(call, head.company), head.queue, provider))
    return { why: 'withdrawn', since: call.now };
  const since = await offlineSince(call, provider);
  return since === null ? null : { why: 'offline', since: Math.max(since, head.acceptedAt) };
}

/**
 * Out of a lane that is shut: to another provider, present or not. Where none is free, a withdrawn lane's work waits in
 * nobody's, and an offline one's stays, since its provider may come back; short of time it is judged like any other.
 */
async function leaveShut(call: Call, head: Head, shut: Shut, isEarly: boolean): Promise<'moved' | 'stayed'> {
  const { version } = await termsOfRound(call, head.queue, head.round);
  const plan = await readPlan(call, head.company, head.queue, head.round, version);
  const moved = await makeReady(call, head, plan, {
    when: readyAsSeen(head),
    set: {},
    writes: [],
    staysFirst: false,
    event: shut.why,
    actor: 'market',
    at: shut.since,
    otherwise: shut.why === 'withdrawn' ? 'nobody' : 'stay',
  });
  if (moved !== 'stayed') return 'moved';
  return isEarly ? 'stayed' : reconsider(call, head);
}

/** Providers that work then and were seen in the queue shortly before: in the request's own round, or in the newest one. */
async function presentProviders(call: Call, head: Head, at: number): Promise<ReadonlySet<string>> {
  const newest = (await intakeRound(call, head.queue))?.round ?? head.round;
  const rounds = [...new Set([head.round, newest])];
  const lanes = (await Promise.all(rounds.map((round) => readLanes(call, head.queue, round)))).flat();
  const seen = [...new Set(lanes.filter((lane) => isPresent(lane, at)).map((lane) => lane.provider))];
  return new Set(await workingAt(call, head.queue, seen, at));
}

/**
 * A request short of time: stays with a provider that is present, else moves, else waits, else ends unserved at its
 * deadline, as it does in nobody's lane where no provider that is present has free capacity. Served late, it is judged again and again, so that it does not wait where everybody went home.
 */
async function reconsider(call: Call, head: Head): Promise<'moved' | 'stayed'> {
  const { version } = await termsOfRound(call, head.queue, head.round);
  const plan = await readPlan(call, head.company, head.queue, head.round, version);
  const dueAt = judgedAt(head, call.now);
  const present = await presentProviders(call, head, dueAt);
  const isOpenHere =
    head.provider !== null && present.has(head.provider) && !isWithdrawn(plan.withdrawn, head.queue, head.provider);
  if (isOpenHere) return 'stayed';
  const moved = await makeReady(call, head, plan, {
    when: readyAsSeen(head),
    set: {},
    writes: [],
    staysFirst: false,
    event: 'moved',
    actor: 'market',
    at: dueAt,
    allows: (provider) => present.has(provider),
    otherwise: 'stay',
  });
  if (moved !== 'stayed') return 'moved';
  if (call.now < head.deadline) return 'stayed';
  // Nobody's lane has no owner who could still come: who is present but has no free capacity may not serve it.
  if (head.provider !== null) {
    const atDeadline = dueAt === head.deadline ? present : await presentProviders(call, head, head.deadline);
    if (laneCandidates(plan, head).some(({ provider }) => atDeadline.has(provider))) return 'stayed';
  }
  await leaveUnserved(call, head);
  return 'moved';
}

async function leaveUnserved(call: Call, head: Head): Promise<void> {
  const change = {
    set: { state: 'unserved', capacityOf: null },
    remove: ['wpk', 'wsk'],
    append: { history: [['unserved', head.deadline, 'market']] },
  };
  const when = readyAsSeen(head);
  // No sweep passes an unserved head again, so what tells of it is written with it.
  const told = await announcementWrites(call, unservedEvent(head, head.deadline));
  const back = head.capacityOf === null ? [] : [giveCapacityBack(call, head.queue, head.round, head.capacityOf)];
  const also = [...back, ...told];
  if (also.length === 0) await call.tables.update('requests', headKey(head.id), change, when);
  else {
    const left = { kind: 'update', table: 'requests', key: headKey(head.id), change, when } as const;
    if ((await call.tables.transact([left, ...also])).ok)
      await hurryDeliveries(
        call,
        told.map(({ item }) => item),
      );
  }
}
