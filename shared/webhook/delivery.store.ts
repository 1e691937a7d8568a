/**
 * Deliveries `WD#<tenant>#<endpoint>` / `<time>#<event>` in the market table. While one is pending it stands in the index of
 * what is due, under the time of its next try.
 */
import * as z from 'zod';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import type { Clause, Item, Key, Page } from '../kernel/table.ts';
import { MINUTE } from '../kernel/time.ts';
import { deliveryPartition, dueKeys, duePartition, hurryDeliveries } from './webhook.store.ts';
import { type Attempt, type Cause, Delivery, FIRST_SWEEP_MS, MOST_ATTEMPTS } from './webhook.ts';

const DUE = { name: 'due', pk: 'dpk', sk: 'dsk' };
/** A sweep that tries a delivery keeps others from it for so long. */
const IN_WORK_MS = 2 * MINUTE;
const REPLAY_WIDTH = 8;

/** The key that a delivery's id leads to. */
export function deliveryKey(tenant: string, endpoint: string, id: string): Key {
  const [at = '0', event = ''] = id.split('.');
  return { pk: deliveryPartition(tenant, endpoint), sk: `${timeKey(Number(at))}#${event}` };
}

export async function readDelivery(call: Call, key: Key): Promise<Delivery | undefined> {
  return call.tables.get('market', key, Delivery, { consistent: true });
}

/** A page of an endpoint's deliveries, newest first. */
export async function listDeliveries(
  call: Call,
  tenant: string,
  endpoint: string,
  page: { limit: number; after?: Item },
): Promise<{ deliveries: Delivery[]; after: Item | undefined }> {
  const found = await call.tables.query('market', Delivery, {
    pk: deliveryPartition(tenant, endpoint),
    limit: page.limit,
    descending: true,
    consistent: true,
    ...(page.after === undefined ? {} : { after: page.after }),
  });
  return { deliveries: found.items, after: found.after as Item | undefined };
}

const DueKey = z.object({ pk: z.string(), sk: z.string(), dsk: z.string() });
export type DueDelivery = z.infer<typeof DueKey>;

/** A page of what is due by now in a shard, earliest first. */
export async function dueDeliveries(
  call: Call,
  shard: number,
  page: { limit: number; after?: Page<unknown>['after'] },
): Promise<{ due: DueDelivery[]; after: Page<unknown>['after'] }> {
  const found = await call.tables.query('market', DueKey, {
    index: DUE,
    pk: duePartition(shard),
    to: `${timeKey(call.now)}~`,
    limit: page.limit,
    ...(page.after === undefined ? {} : { after: page.after }),
  });
  return { due: found.items, after: found.after };
}

/** When the earliest pending delivery of a shard is due; null where none is pending. */
export async function nextDelivery(call: Call, shard: number): Promise<number | null> {
  const found = await call.tables.query('market', DueKey, { index: DUE, pk: duePartition(shard), limit: 1 });
  const first = found.items[0];
  return first === undefined ? null : Number(first.dsk.slice(0, 15));
}

/** Takes a due delivery for a while; false where somebody else has, or where it is done. A crash lets it be due again. */
export async function takeDelivery(call: Call, due: DueDelivery): Promise<boolean> {
  const set = dueKeys(due, call.now + IN_WORK_MS);
  return (await call.tables.update('market', due, { set }, [['=', 'dsk', due.dsk]])).ok;
}

const STILL_PENDING: readonly Clause[] = [['=', 'state', 'pending']];

/** Puts the next try off without one having been made. */
export async function postpone(call: Call, delivery: Key, until: number): Promise<void> {
  await call.tables.update('market', delivery, { set: dueKeys(delivery, until) }, STILL_PENDING);
}

/** Gives a delivery up without a try. */
export async function bury(call: Call, delivery: Delivery, cause: Cause): Promise<void> {
  const attempt: Attempt = { at: call.now, status: null, latencyMs: 0, cause, response: '' };
  await finish(call, delivery, attempt, 'dead');
}

/** Keeps what a try came to. `nextAt` is for one that failed: null gives it up. */
export async function keepAttempt(
  call: Call,
  delivery: Delivery,
  attempt: Attempt,
  nextAt: number | null,
): Promise<void> {
  if (attempt.cause === null) return finish(call, delivery, attempt, 'delivered');
  if (nextAt === null) return finish(call, delivery, attempt, 'dead');
  const set = { ...tried(delivery, attempt), ...dueKeys(delivery, nextAt) };
  await call.tables.update('market', delivery, { set }, STILL_PENDING);
}

const tried = (delivery: Delivery, attempt: Attempt) => ({
  attempts: [...delivery.attempts, attempt].slice(-MOST_ATTEMPTS),
  failures: delivery.failures + (attempt.cause === null ? 0 : 1),
});

async function finish(call: Call, delivery: Delivery, attempt: Attempt, state: 'delivered' | 'dead'): Promise<void> {
  const change = { set: { ...tried(delivery, attempt), state }, remove: ['dpk', 'dsk'] };
  await call.tables.update('market', delivery, change, STILL_PENDING);
}

/** Makes a delivery pending again, from the first step of its schedule on, and hurries it; undefined where there is none. */
export async function replay(call: Call, key: Key): Promise<Delivery | undefined> {
  const set = { state: 'pending', failures: 0, ...dueKeys(key, call.now + FIRST_SWEEP_MS) };
  const changed = await call.tables.change('market', key, Delivery, { set }, [['present', 'pk']]);
  if (!changed.ok) return undefined;
  await hurryDeliveries(call, [key]);
  return changed.item;
}

/** Replays the dead letters of an endpoint from a time on, oldest first, `most` at a time; whether none is left then. */
export async function replayDead(
  call: Call,
  tenant: string,
  endpoint: string,
  since: number,
  most: number,
): Promise<{ replayed: number; isComplete: boolean }> {
  const dead: Delivery[] = [];
  let after: Page<unknown>['after'];
  do {
    const page = await call.tables.query('market', Delivery, {
      pk: deliveryPartition(tenant, endpoint),
      from: timeKey(since),
      limit: 200,
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    dead.push(...page.items.filter((delivery) => delivery.state === 'dead'));
    after = page.after;
  } while (after !== undefined && dead.length < most);
  const some = dead.slice(0, most);
  await mapConcurrent(some, REPLAY_WIDTH, (delivery) => replay(call, delivery));
  return { replayed: some.length, isComplete: after === undefined && some.length === dead.length };
}
