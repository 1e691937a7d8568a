/** Claiming: peek at the provider's lanes, earliest deadline first, put a lease, then change the head on the index keys seen. */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { SECOND } from '../kernel/time.ts';
import { DEFAULT_SHOWS, type Shows } from '../playbook/playbook.ts';
import { companyOf, headKey, readManyWords, requestInKey } from '../request/request.store.ts';
import { Head, type Words } from '../request/request.ts';
import { windowClassOf } from '../terms/terms.ts';
import { readRules } from './company-rules.store.ts';
import { lanePartition } from './due.ts';
import { noteSeen, readProviderLanes } from './lane.store.ts';
import { type Lane, newestPerQueue } from './lane.ts';
import { newLease } from './lease.store.ts';
import { type Lease, leaseIdOf } from './lease.ts';
import { termsOfRound } from './plan.store.ts';
import { isWithdrawn } from './plan.ts';

/** A claim looks into this many shards at the most. */
const MOST_PEEKS = 16;
/** Requests of one claim that are taken side by side. */
const CLAIM_WIDTH = 5;
/** Lanes of a provider whose `seenAt` one claim renews at the most. */
const MOST_SEEN = 60;

/** `words` are all that the customer said; `shows` is what the provider may see of it. Undefined where they were erased. */
export type ClaimedWork = { lease: Lease; head: Head; words: Words | undefined; shows: Shows };

type Waiting = { request: string; wpk: string; wsk: string; lane: Lane };

/** Up to `max` leases for a provider; `user` is who asks for it, a person or a key. `random` gives numbers in [0, 1): it spreads claims over shards and their next try over time. */
export async function claimWork(
  call: Call,
  provider: string,
  queues: readonly string[] | undefined,
  max: number,
  random: () => number,
  user: string | null = null,
): Promise<{ work: ClaimedWork[]; retryAfterMs: number }> {
  const lanes = await readProviderLanes(call, provider, queues);
  const seen = newestPerQueue(lanes).slice(0, MOST_SEEN);
  const [waiting] = await Promise.all([peek(call, lanes, max, random), ...seen.map((lane) => noteSeen(call, lane))]);
  const taken: Taken[] = [];
  let lostHeads = 0;
  while (waiting.length > 0 && taken.length < max && lostHeads < 2) {
    const some = waiting.splice(0, Math.min(CLAIM_WIDTH, max - taken.length));
    const outcomes = await Promise.all(some.map((candidate) => take(call, provider, user, candidate)));
    lostHeads += outcomes.filter((outcome) => outcome === 'lost').length;
    taken.push(...outcomes.filter((outcome) => typeof outcome !== 'string'));
  }
  const words = await readManyWords(
    call,
    taken.map(({ head }) => head),
  );
  const work = taken.map((one) => ({ ...one, words: words.get(one.head.id) }));
  return { work, retryAfterMs: work.length > 0 ? 0 : Math.floor(SECOND + random() * 19 * SECOND) };
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

type Taken = { lease: Lease; head: Head; shows: Shows };

/** Puts the lease, then names it in the head. A lease that its head does not name counts for nothing. */
async function take(
  call: Call,
  provider: string,
  user: string | null,
  waiting: Waiting,
): Promise<Taken | 'lost' | 'passed'> {
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
  await call.tables.put('requests', lease);
  const id = leaseIdOf(lease);
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
  return 'lost';
}
