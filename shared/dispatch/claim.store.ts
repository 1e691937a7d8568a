/** Claiming: peek at the provider's lanes, earliest deadline first, put a lease, then change the head on the index keys seen. */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { MINUTE, SECOND } from '../kernel/time.ts';
import { DEFAULT_SHOWS, type Shows } from '../playbook/playbook.ts';
import { companyOf, headKey, readManyWords, requestInKey } from '../request/request.store.ts';
import { Head, type Words } from '../request/request.ts';
import { windowClassOf } from '../terms/terms.ts';
import { placeOf } from './availability.store.ts';
import { opensAt, ruleFor, scopeOf, worksAt } from './availability.ts';
import { readRules } from './company-rules.store.ts';
import { lanePartition } from './due.ts';
import { noteSeen, type OwnWork, readOwnWork } from './lane.store.ts';
import { type Lane, newestPerQueue } from './lane.ts';
import { newLease } from './lease.store.ts';
import { type Lease, leaseIdOf } from './lease.ts';
import { termsOfRound } from './plan.store.ts';
import { isWithdrawn } from './plan.ts';
import { leaveSeat, takeSeat } from './seat.store.ts';
import { sampleWaits } from './wait.store.ts';

/** A claim looks into this many shards at the most. */
const MOST_PEEKS = 16;
/** Requests of one claim that are taken side by side. */
const CLAIM_WIDTH = 5;
/** Lanes of a provider whose `seenAt` one claim renews at the most. */
const MOST_SEEN = 60;
/** Who is closed is asked to come back within this time, however late it opens: its hours may change. */
const LONGEST_WAIT_MS = 5 * MINUTE;

/** `words` are all that the customer said; `shows` is what the provider may see of it. Undefined where they were erased. */
export type ClaimedWork = { lease: Lease; head: Head; words: Words | undefined; shows: Shows };
type Taken = Omit<ClaimedWork, 'words'>;

type Waiting = { request: string; wpk: string; wsk: string; lane: Lane };

/** Why a claim got nothing. */
export type NoWork = 'nothing_waits' | 'offline' | 'outside_hours' | 'at_capacity';
export type Claimed = { work: ClaimedWork[]; retryAfterMs: number; reason: NoWork | null };

/** Who claims, and what for. */
type Claimant = { provider: string; user: string | null; hours: OwnWork['availability']['rules'] };

/**
 * Up to `max` leases for a provider, for its agent or key `user`. `random` gives numbers in [0, 1): it spreads claims over
 * shards and their next try over time. With nothing to give it says why, and when to ask again: within 20 s, outside
 * hours within five minutes.
 */
export async function claimWork(
  call: Call,
  provider: string,
  queues: readonly string[] | undefined,
  max: number,
  random: () => number,
  user: string | null = null,
): Promise<Claimed> {
  const nothing = (reason: NoWork, waitMs = 20 * SECOND): Claimed => ({
    work: [],
    retryAfterMs: Math.floor(SECOND + random() * (waitMs - SECOND)),
    reason,
  });
  const { lanes: own, availability } = await readOwnWork(call, provider);
  const isOffline = availability.offlineSince !== null || (user !== null && availability.agents.has(user));
  if (isOffline) return nothing('offline');
  const asked = queues === undefined ? own : own.filter((lane) => queues.includes(lane.queue));
  const { lanes, opensInMs } = await openNow(call, asked, availability);
  if (lanes.length === 0 && asked.length > 0)
    return nothing('outside_hours', Math.min(Math.max(opensInMs, 2 * SECOND), LONGEST_WAIT_MS));
  const seen = newestPerQueue(lanes).slice(0, MOST_SEEN);
  const [waiting] = await Promise.all([peek(call, lanes, max, random), ...seen.map((lane) => noteSeen(call, lane))]);
  const taken: Taken[] = [];
  const claimant: Claimant = { provider, user, hours: availability.rules };
  let lostHeads = 0;
  let isFull = false;
  while (waiting.length > 0 && taken.length < max && lostHeads < 2 && !isFull) {
    const some = waiting.splice(0, Math.min(CLAIM_WIDTH, max - taken.length));
    const outcomes = await Promise.all(some.map((candidate) => take(call, claimant, candidate)));
    isFull = outcomes.includes('full');
    lostHeads += outcomes.filter((outcome) => outcome === 'lost').length;
    taken.push(...outcomes.filter((outcome) => typeof outcome !== 'string'));
  }
  const heads = taken.map(({ head }) => head);
  const [words] = await Promise.all([readManyWords(call, heads), sampleWaits(call, heads)]);
  const work = taken.map((one) => ({ ...one, words: words.get(one.head.id) }));
  if (work.length === 0) return nothing(isFull ? 'at_capacity' : 'nothing_waits');
  return { work, retryAfterMs: 0, reason: null };
}

/** The lanes in which the provider works now; where it works in none, in how many milliseconds the first one opens. */
async function openNow(
  call: Call,
  lanes: readonly Lane[],
  availability: OwnWork['availability'],
): Promise<{ lanes: Lane[]; opensInMs: number }> {
  if (availability.rules.length === 0) return { lanes: [...lanes], opensInMs: 0 };
  const places = await Promise.all(lanes.map((lane) => placeOf(call, lane.queue)));
  const opens = places.flatMap((place) => opensAt(availability, place, call.now) ?? []);
  return {
    lanes: lanes.filter((_, i) => worksAt(availability, places[i]!, call.now)),
    opensInMs: Math.min(...opens) - call.now,
  };
}

/**
 * What waits, earliest deadline first: two shards at a time in random order, those of settling rounds before others, until
 * enough is found. Exact with one shard; with more, the earlier of two random heads.
 */
async function peek(call: Call, lanes: readonly Lane[], max: number, random: () => number): Promise<Waiting[]> {
  const newest = new Map(newestPerQueue(lanes).map((lane) => [lane.queue, lane.round]));
  const shards = lanes
    .flatMap((lane) =>
      Array.from({ length: lane.look }, (_, shard) => ({
        lane,
        shard,
        order: (lane.round < (newest.get(lane.queue) ?? 0) ? 0 : 1) + random(),
      })),
    )
    .sort((a, b) => a.order - b.order)
    .slice(0, MOST_PEEKS);
  const found: Waiting[] = [];
  for (let i = 0; i < shards.length && found.length < max; i += 2) {
    const pages = await Promise.all(shards.slice(i, i + 2).map(({ lane, shard }) => peekShard(call, lane, shard, max)));
    found.push(...pages.flat());
  }
  return found.sort((a, b) => (a.wsk < b.wsk ? -1 : 1)).slice(0, max + 2);
}

const WorklistKey = z.object({ pk: z.string(), wpk: z.string(), wsk: z.string() });

async function peekShard(call: Call, lane: Lane, shard: number, limit: number): Promise<Waiting[]> {
  const pk = lanePartition({ queue: lane.queue, round: lane.round, provider: lane.provider, shard });
  const page = await call.tables.query('requests', WorklistKey, {
    index: { name: 'worklist', pk: 'wpk', sk: 'wsk' },
    pk,
    limit,
  });
  return page.items.map((item) => ({ request: requestInKey(item.pk), wpk: item.wpk, wsk: item.wsk, lane }));
}

/** Takes a seat where the provider holds only so many at once, puts the lease, then names it in the head. A lease that its head does not name counts for nothing. */
async function take(
  call: Call,
  { provider, user, hours }: Claimant,
  waiting: Waiting,
): Promise<Taken | 'lost' | 'passed' | 'full'> {
  const { request, lane } = waiting;
  const company = companyOf(request);
  const rules = await readRules(call, company);
  if (isWithdrawn(rules.withdrawn, lane.queue, provider)) return 'passed';
  const playbook = rules.playbooks.get(lane.queue);
  const shows = playbook?.shows ?? DEFAULT_SHOWS;
  const { terms } = await termsOfRound(call, lane.queue, lane.round);
  const deadline = Number(waiting.wsk.slice(0, 15));
  const facts = {
    windowClass: windowClassOf(terms),
    request,
    company,
    provider,
    queue: lane.queue,
    round: lane.round,
    leaseMs: terms.leaseSeconds * SECOND,
    deadline,
    user,
    playbook: playbook?.version ?? null,
  };
  const lease = await newLease(call, facts);
  const id = leaseIdOf(lease);
  const rule = hours.length === 0 ? undefined : ruleFor(hours, await placeOf(call, lane.queue));
  if (rule?.concurrent !== undefined) {
    if (!(await takeSeat(call, provider, scopeOf(rule), rule.concurrent, id))) return 'full';
  }
  await call.tables.put('requests', lease);
  const changed = await call.tables.change(
    'requests',
    headKey(request),
    Head,
    {
      set: { state: 'leased', lease: id },
      remove: ['wpk', 'wsk'],
      append: { history: [['leased', call.now, provider]] },
    },
    [
      ['=', 'wpk', waiting.wpk],
      ['=', 'wsk', waiting.wsk],
      ['=', 'state', 'ready'],
    ],
  );
  if (changed.ok) return { lease, head: changed.item, shows };
  // Our own write, whose answer was lost on the way.
  if (changed.old?.lease === id) return { lease, head: Head.parse(changed.old), shows };
  if (rule?.concurrent !== undefined) await leaveSeat(call, provider, scopeOf(rule), id);
  return 'lost';
}
