/**
 * Telling organisations what happened. `announce` writes one delivery per endpoint that wants the event, right after the
 * write that decided, and hurries it; where an organisation has no endpoint it costs nothing but a read now and then.
 */
import * as z from 'zod';
import { cachePerOwner, FORGOTTEN_AT_WRITES } from '../kernel/cache.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { shortHash, spread } from '../kernel/hash.ts';
import { timeKey } from '../kernel/id.ts';
import { ABSENT, type Item, type Key, keyText, type Write } from '../kernel/table.ts';
import { DAY, MINUTE, SECOND } from '../kernel/time.ts';
import { isSandbox } from '../sandbox/sandbox.ts';
import { workEvent } from './announcements.ts';
import { type Announcement, bodyOf } from './event.ts';
import { type Delivery, Endpoint, FIRST_SWEEP_MS, subscribes } from './webhook.ts';

/** What is due is spread over so many partitions of the index, by endpoint. */
export const DELIVERY_SHARDS = 4;
/** The table drops deliveries by their attribute `ttl`, in seconds, after so long. */
const KEPT_MS = 30 * DAY;
/** Organisations read, and deliveries written, side by side. */
const WIDTH = 16;
/** What changed in another process is seen after this at the latest. */

export const endpointPartition = (tenant: string): string => `WH#${tenant}`;
export const deliveryPartition = (tenant: string, endpoint: string): string => `WD#${tenant}#${endpoint}`;
export const duePartition = (shard: number): string => `delivery#${shard}`;

/** The index entry of a pending delivery. */
export const dueKeys = (delivery: Key, at: number): { dpk: string; dsk: string } => ({
  dpk: duePartition(spread(delivery.pk) % DELIVERY_SHARDS),
  dsk: `${timeKey(at)}#${delivery.pk}#${delivery.sk}`,
});

const KeyOnly = z.object({ pk: z.string(), sk: z.string() });
const endpoints = cachePerOwner<Endpoint[]>(20_000, FORGOTTEN_AT_WRITES);

/** An organisation's endpoints, oldest id first; at most five seconds old, and never older than this process's own changes. */
export async function readEndpoints(call: Call, tenant: string): Promise<Endpoint[]> {
  return endpoints(call.tables.owner).get(tenant, () =>
    call.tables.queryAll('market', Endpoint, { pk: endpointPartition(tenant) }),
  );
}

export const forgetEndpoints = (call: Call, tenant: string): void => endpoints(call.tables.owner).forget(tenant);

/** An event's id: the same effect has the same one, whoever tells it and however often. */
const eventId = async (event: Announcement): Promise<string> =>
  `msg_${await shortHash(JSON.stringify([event.tenant, event.type, event.subject, event.at, event.effect ?? '']))}`;

/** The delivery of an event to one endpoint. */
export async function newDelivery(call: Call, endpoint: Endpoint, event: Announcement): Promise<Delivery & Item> {
  const id = await eventId(event);
  const key = { pk: deliveryPartition(event.tenant, endpoint.sk), sk: `${timeKey(event.at)}#${id}` };
  return {
    ...key,
    tenant: event.tenant,
    endpoint: endpoint.sk,
    event: id,
    type: event.type,
    subject: event.subject,
    body: bodyOf(event, isSandbox(event.tenant)),
    state: 'pending',
    createdAt: event.at,
    failures: 0,
    attempts: [],
    ...dueKeys(key, call.now + FIRST_SWEEP_MS),
    ttl: Math.floor((call.now + KEPT_MS) / SECOND),
  };
}

async function deliveriesOf(call: Call, events: readonly Announcement[]): Promise<(Delivery & Item)[]> {
  const wanted = await mapConcurrent(events, WIDTH, async (event) => {
    const all = await readEndpoints(call, event.tenant);
    const some = all.filter((endpoint) => subscribes(endpoint, event.type));
    return Promise.all(some.map((endpoint) => newDelivery(call, endpoint, event)));
  });
  return wanted.flat();
}

/**
 * Tells what was just decided: call it right after the write that decided, in the same handler. Telling the same effect
 * again tells it once. Throws only where the table does not answer; the caller's own repetition, or the sweep that passes
 * what was written (`announceAgain`), then tells it.
 */
export async function announce(call: Call, ...events: readonly Announcement[]): Promise<void> {
  await put(call, await deliveriesOf(call, events));
}

const toldOfWork = cachePerOwner<true>(20_000, 2 * MINUTE);

/** Tells a provider that one of its lanes holds work, at most once a minute. The claims that it makes anyway are the truth. */
export async function announceWork(call: Call, provider: string, queue: string, round: number): Promise<void> {
  const event = workEvent(provider, queue, round, call.now);
  const told = toldOfWork(call.tables.owner);
  const name = `${provider}#${event.subject}#${event.at}`;
  if (told.has(name)) return;
  told.set(name, true);
  await announce(call, event);
}

/** For sweeps: tells what a handler that died has not told. Reads first, since nearly always it was told. */
export async function announceAgain(call: Call, ...events: readonly Announcement[]): Promise<void> {
  const deliveries = await deliveriesOf(call, events);
  if (deliveries.length === 0) return;
  const known = await call.tables.getMany('market', deliveries, KeyOnly, { consistent: true });
  await put(
    call,
    deliveries.filter((delivery) => !known.has(keyText(delivery))),
  );
}

/**
 * The writes that tell events in the transaction that decides, where no sweep would pass again; none where nobody wants
 * them. `hurryDeliveries` afterwards, or the sweep of deliveries finds them a minute later.
 */
export async function announcementWrites(
  call: Call,
  ...events: readonly Announcement[]
): Promise<Extract<Write, { kind: 'put' }>[]> {
  const deliveries = await deliveriesOf(call, events);
  return deliveries.map((item) => ({ kind: 'put', table: 'market', item }));
}

async function put(call: Call, deliveries: readonly (Delivery & Item)[]): Promise<void> {
  const made = await mapConcurrent(deliveries, WIDTH, async (item) =>
    (await call.tables.put('market', item, ABSENT)).ok ? [item] : [],
  );
  await hurryDeliveries(call, made.flat());
}

/** Asks for the first try now. */
export async function hurryDeliveries(call: Call, deliveries: readonly Key[]): Promise<void> {
  if (deliveries.length === 0) return;
  await call.hurry?.(
    'deliveries',
    deliveries.map(({ pk, sk }) => ({ kind: 'delivery', pk, sk })),
  );
}
