/** Lane items `L#<queue>` / `<round>#<provider>`, free capacities `K#<queue>#<round>#<provider>`, withdrawals `X#<company>`. */
import * as z from 'zod';
import { readProviderAwards } from '../award/award.store.ts';
import { cachePerOwner } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import { spread } from '../kernel/hash.ts';
import { roundKey } from '../kernel/id.ts';
import { ABSENT, type Item, type Key, type Write } from '../kernel/table.ts';
import { availabilityIn, StoredAvailability } from './availability.store.ts';
import type { Availability } from './availability.ts';
import { forgetRules, readRules } from './company-rules.store.ts';
import { Lane, SEEN_AFTER_MS } from './lane.ts';

const FRESH_MS = 5_000;

export const laneKey = (queue: string, round: number, provider: string): Key => ({
  pk: `L#${queue}`,
  sk: `${roundKey(round)}#${provider}`,
});
/** In the index of its provider's open lanes until its round is closed. */
export const laneItem = (lane: Lane): Item => ({
  ...laneKey(lane.queue, lane.round, lane.provider),
  ...lane,
  opk: lane.provider,
  osk: `L#${lane.queue}#${roundKey(lane.round)}`,
});

const lanes = cachePerOwner<Lane[]>(10_000, FRESH_MS);
/** What a provider has: its lanes, what it stated, and who of it is offline. */
export type OwnWork = { lanes: Lane[]; availability: Availability & { agents: ReadonlyMap<string, number> } };
const ownWork = cachePerOwner<OwnWork>(10_000, FRESH_MS);

/** All lanes of a queue's round, in order of provider; at most five seconds old. */
export async function readLanes(call: Call, queue: string, round: number): Promise<Lane[]> {
  return lanes(call.tables.owner).get(`${queue}#${round}`, () =>
    call.tables.queryAll('market', Lane, { pk: `L#${queue}`, prefix: `${roundKey(round)}#` }),
  );
}

/** What is remembered of a lane ends with a write of this process. */
export function forgetLane(call: Call, lane: Pick<Lane, 'queue' | 'round' | 'provider'>): void {
  lanes(call.tables.owner).forget(`${lane.queue}#${lane.round}`);
  forgetOwnWork(call, lane.provider);
}

export const forgetOwnWork = (call: Call, provider: string): void => ownWork(call.tables.owner).forget(provider);

/** Opens a lane, with the free capacity of its provider; both are put once, whatever happened to them since. */
export async function openLane(call: Call, lane: Lane, freeCapacity: number): Promise<void> {
  await call.tables.put(
    'market',
    { ...capacityKey(lane.queue, lane.round, lane.provider), free: freeCapacity },
    ABSENT,
  );
  await call.tables.put('market', laneItem(lane), ABSENT);
  forgetLane(call, lane);
}

/**
 * The shard of a lane that a request goes to: its hash mod the count that the lane puts into. A lane only ever puts into
 * fewer shards than its award began with, so one that began with one need not be read.
 */
export async function laneShard(
  call: Call,
  head: { queue: string; round: number; id: string },
  provider: string | null,
): Promise<number> {
  if (provider === null) return 0;
  const award = (await readProviderAwards(call.tables, head.queue, head.round)).find(
    (one) => one.provider === provider,
  );
  if (award === undefined || award.shards === 1) return 0;
  const lane = (await readLanes(call, head.queue, head.round)).find((other) => other.provider === provider);
  return spread(head.id) % (lane?.put ?? 1);
}

/** A provider's open lanes in rounds that are not closed, and its availability; at most five seconds old. */
export async function readOwnWork(call: Call, provider: string): Promise<OwnWork> {
  return ownWork(call.tables.owner).get(provider, async () => {
    const index = { name: 'owner', pk: 'opk', sk: 'osk' };
    const keys = await call.tables.queryAll('market', z.object({ pk: z.string(), sk: z.string() }), {
      index,
      pk: provider,
      prefix: 'L',
    });
    const found = [...(await call.tables.getMany('market', keys, OwnItem)).values()];
    return {
      lanes: found.filter((item) => 'standing' in item).filter((lane) => lane.standing === 'open'),
      availability: availabilityIn(found.flatMap((item) => ('standing' in item ? [] : [item]))),
    };
  });
}

const OwnItem = z.union([Lane, StoredAvailability]);

/** A provider's open lanes over all queues or some. */
export async function readProviderLanes(
  call: Call,
  provider: string,
  queues: readonly string[] | undefined,
): Promise<Lane[]> {
  const { lanes: own } = await readOwnWork(call, provider);
  return queues === undefined ? own : own.filter((lane) => queues.includes(lane.queue));
}

/** Notes that a provider asked for work in a lane, unless that was noted within five minutes. */
export async function noteSeen(call: Call, lane: Lane): Promise<void> {
  if (lane.seenAt > call.now - SEEN_AFTER_MS) return;
  const { seenAt } = lane;
  // Other claims of this process do not write it too; where the write is refused, one of them does.
  lane.seenAt = call.now;
  try {
    await call.tables.update('market', laneKey(lane.queue, lane.round, lane.provider), { set: { seenAt: call.now } }, [
      ['present', 'pk'],
      ['<', 'seenAt', call.now],
    ]);
  } catch (error) {
    lane.seenAt = seenAt;
    throw error;
  }
  lanes(call.tables.owner).change(`${lane.queue}#${lane.round}`, (all) =>
    all.map((one) => (one.provider === lane.provider ? { ...one, seenAt: Math.max(one.seenAt, call.now) } : one)),
  );
}

/** Takes a lane out of its provider's list when its round is closed. */
export async function closeLane(call: Call, lane: Lane): Promise<void> {
  await call.tables.update(
    'market',
    laneKey(lane.queue, lane.round, lane.provider),
    { set: { standing: 'closed' }, remove: ['opk', 'osk'] },
    [['present', 'pk']],
  );
  forgetLane(call, lane);
}

export const capacityKey = (queue: string, round: number, provider: string): Key => ({
  pk: `K#${queue}#${roundKey(round)}#${provider}`,
  sk: '-',
});

const exhausted = cachePerOwner<true>(10_000, FRESH_MS);

/** Takes one unit of a provider's free capacity; false where none is left, which is remembered for five seconds. */
export async function takeCapacity(call: Call, queue: string, round: number, provider: string): Promise<boolean> {
  const key = capacityKey(queue, round, provider);
  if (exhausted(call.tables.owner).has(key.pk)) return false;
  const written = await call.tables.update('market', key, { add: { free: -1 } }, [['>=', 'free', 1]]);
  if (!written.ok) exhausted(call.tables.owner).set(key.pk, true);
  return written.ok;
}

/** The write that gives one unit back; for a transaction with the change that frees it. */
export function giveCapacityBack(call: Call, queue: string, round: number, provider: string): Write {
  const key = capacityKey(queue, round, provider);
  exhausted(call.tables.owner).forget(key.pk);
  return { kind: 'update', table: 'market', key, change: { add: { free: 1 } }, when: [['present', 'pk']] };
}

/** The write that takes one unit; for a transaction with the change that needs it. */
export const takeCapacityWrite = (queue: string, round: number, provider: string): Write => ({
  kind: 'update',
  table: 'market',
  key: capacityKey(queue, round, provider),
  change: { add: { free: -1 } },
  when: [['>=', 'free', 1]],
});

/** What a company has withdrawn, as `<queue>#<provider>`; at most five seconds old. */
export async function readWithdrawals(call: Call, company: string): Promise<string[]> {
  return (await readRules(call, company)).withdrawn;
}

/** A company takes a provider off its requests of a queue. Doing it again changes nothing. */
export async function withdrawProvider(call: Call, company: string, queue: string, provider: string): Promise<void> {
  await call.tables.put('market', { pk: `X#${company}`, sk: `${queue}#${provider}`, at: call.now }, ABSENT);
  forgetRules(call, company);
}

/** Takes a withdrawal back: the provider may work the company's requests of the queue again. */
export async function allowProvider(call: Call, company: string, queue: string, provider: string): Promise<void> {
  await call.tables.delete('market', { pk: `X#${company}`, sk: `${queue}#${provider}` });
  forgetRules(call, company);
}
