/**
 * Makes deliveries: the one that a message names, or what is due in a shard. The item decides, so a message that comes twice
 * or late does no harm. One slow endpoint never holds the others for long: few of its deliveries are tried side by side, and
 * one that times out puts off all that wait for it.
 */
import * as z from 'zod';
import { type Call, mapConcurrent } from '../../shared/kernel/call.ts';
import type { Key } from '../../shared/kernel/table.ts';
import { machineClock, SECOND } from '../../shared/kernel/time.ts';
import {
  bury,
  dueDeliveries,
  keepAttempt,
  postpone,
  readDelivery,
  takeDelivery,
} from '../../shared/webhook/delivery.store.ts';
import { disableEndpoint, noteFailing, noteWorking, secretsOf } from '../../shared/webhook/endpoint.store.ts';
import { signedHeaders } from '../../shared/webhook/signature.ts';
import { announce, readEndpoints } from '../../shared/webhook/webhook.store.ts';
import {
  type Attempt,
  type Delivery,
  disabledBy,
  type Endpoint,
  nextTryAt,
  pauseAfter,
} from '../../shared/webhook/webhook.ts';
import { consumer } from '../middleware/consumer.ts';
import { hurrier, type Runtime } from '../runtime.ts';

/** Deliveries to one endpoint that a process tries side by side. */
const ENDPOINT_WIDTH = 4;
/** No try begins later than this after its message came; the sweep makes it then. */
const BUDGET_MS = 20 * SECOND;
const PAGE = 50;
const MOST_PAGES = 40;
const SWEEP_WIDTH = 16;
/** Put off deliveries come back over so long, not all at once. */
const SPREAD_MS = 5 * SECOND;

const Message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('delivery'), pk: z.string(), sk: z.string() }),
  z.object({ kind: z.literal('sweep'), shard: z.int().min(0) }),
]);

/** At most so many at a time for each name; the others wait for their turn. */
class Turns {
  private readonly waiting = new Map<string, (() => void)[]>();
  private readonly running = new Map<string, number>();

  async take(name: string, width: number): Promise<() => void> {
    const running = this.running.get(name) ?? 0;
    if (running >= width) {
      const queue = this.waiting.get(name) ?? [];
      this.waiting.set(name, queue);
      await new Promise<void>((resolve) => queue.push(resolve));
    } else this.running.set(name, running + 1);
    return () => this.pass(name);
  }

  private pass(name: string): void {
    const next = this.waiting.get(name)?.shift();
    if (next !== undefined) {
      next();
      return;
    }
    this.waiting.delete(name);
    const running = (this.running.get(name) ?? 1) - 1;
    if (running === 0) this.running.delete(name);
    else this.running.set(name, running);
  }
}

const turns = new Turns();

export const handler = consumer(Message, async (runtime, message) => {
  const call: Call = { tables: runtime.tables.metered(), now: runtime.clock.now(), hurry: hurrier(runtime) };
  const until = machineClock.now() + BUDGET_MS;
  try {
    if (message.kind === 'delivery') await deliver(runtime, call, message, until);
    else await sweep(runtime, call, message.shard, until);
  } finally {
    runtime.recordConsumption(message.kind === 'delivery' ? 'deliver' : 'sweep:deliveries', call.tables.consumed);
  }
});

/** Tries what is due in a shard, earliest first, until nothing is left or the time is up. */
async function sweep(runtime: Runtime, call: Call, shard: number, until: number): Promise<void> {
  let after: Parameters<typeof dueDeliveries>[2]['after'];
  for (let page = 0; page < MOST_PAGES && machineClock.now() < until; page++) {
    const found = await dueDeliveries(call, shard, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    await mapConcurrent(found.due, SWEEP_WIDTH, async (due) => {
      if (machineClock.now() < until && (await takeDelivery(call, due))) await deliver(runtime, call, due, until);
    });
    after = found.after;
    if (after === undefined) return;
  }
}

/** Tries one delivery, unless it is done, its endpoint rests, or there is no time left: then the sweep tries it later. */
async function deliver(runtime: Runtime, call: Call, key: Key, until: number): Promise<void> {
  const leave = await turns.take(key.pk, ENDPOINT_WIDTH);
  try {
    const delivery = await readDelivery(call, key);
    if (delivery?.state !== 'pending') return;
    const endpoint = (await readEndpoints(call, delivery.tenant)).find(({ sk }) => sk === delivery.endpoint);
    if (endpoint === undefined) return await bury(call, delivery, 'endpoint_deleted');
    if (endpoint.disabled !== null) return await bury(call, delivery, 'endpoint_disabled');
    if (endpoint.pausedUntil !== null && endpoint.pausedUntil > call.now)
      return await postpone(call, key, endpoint.pausedUntil + Math.floor(Math.random() * SPREAD_MS));
    if (machineClock.now() < until) await attempt(runtime, call, delivery, endpoint);
  } finally {
    leave();
  }
}

async function attempt(runtime: Runtime, call: Call, delivery: Delivery, endpoint: Endpoint): Promise<void> {
  const machineNow = machineClock.now();
  const secrets = await secretsOf(runtime.signingKey, endpoint, machineNow);
  const headers = await signedHeaders(secrets, delivery.event, machineNow, delivery.body);
  const answer = await runtime.webhooks.send({ url: endpoint.url, headers, body: delivery.body });
  const { retryAfterMs, ...result } = answer;
  const made: Attempt = { at: call.now, ...result };
  if (made.cause === null) {
    await keepAttempt(call, delivery, made, null);
    await noteWorking(call, endpoint);
    return;
  }
  const pauseMs = pauseAfter(made, retryAfterMs);
  const pausedUntil = pauseMs === null ? null : call.now + pauseMs;
  const nextAt = nextTryAt(delivery.failures + 1, call.now, Math.random());
  await keepAttempt(call, delivery, made, nextAt === null ? null : Math.max(nextAt, pausedUntil ?? 0));
  await noteFailing(call, endpoint, pausedUntil);
  await perhapsDisable(runtime, call, delivery, endpoint, made.cause);
}

/** Switches an endpoint off that is gone or has failed for days, and tells the organisation through its others. */
async function perhapsDisable(
  runtime: Runtime,
  call: Call,
  delivery: Delivery,
  endpoint: Endpoint,
  cause: NonNullable<Attempt['cause']>,
): Promise<void> {
  const reason = disabledBy(endpoint, cause, call.now);
  if (reason === null || !(await disableEndpoint(call, endpoint, reason))) return;
  runtime.log('warn', 'a webhook endpoint was switched off', { tenant: delivery.tenant, webhook: endpoint.sk, reason });
  await announce(call, {
    tenant: delivery.tenant,
    type: 'webhook.disabled',
    subject: endpoint.sk,
    at: call.now,
    data: { webhook: endpoint.sk, url: endpoint.url, reason },
  });
}
