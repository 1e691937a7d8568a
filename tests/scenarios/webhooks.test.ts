/** Telling organisations what happened: real receivers over HTTP that check with the Standard Webhooks library. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handler as webhookApi } from '../../functions/api/webhook.ts';
import { handler as consume } from '../../functions/queue/deliveries.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import type { Role } from '../../shared/identity/identity.ts';
import type { QueueName } from '../../shared/kernel/message.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/kernel/time.ts';
import { dueDeliveries } from '../../shared/webhook/delivery.store.ts';
import type { Announcement } from '../../shared/webhook/event.ts';
import { announce, announceAgain, DELIVERY_SHARDS } from '../../shared/webhook/webhook.store.ts';
import { RETRY_DELAYS_MS } from '../../shared/webhook/webhook.ts';
import { untilCrash } from '../support/crash.ts';
import { type Answer, type CallOptions, TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';

type Seen = { headers: Record<string, string>; body: string };

/** An endpoint that answers as it is told and keeps what came. */
class Receiver {
  readonly seen: Seen[] = [];
  status = 204;
  headers: Record<string, string> = {};
  private server: http.Server | undefined;
  url = '';

  async start(): Promise<void> {
    const server = http.createServer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () => {
        this.seen.push({ headers: request.headers as Record<string, string>, body });
        response.writeHead(this.status, this.headers);
        response.end(this.status === 204 ? undefined : `status ${this.status}`);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    this.server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((done) => this.server?.close(done));
  }
}

let engine: TestTables;
let edge: TestEdge;
let receiver: Receiver;
let sent: { kind: string }[] = [];
let tenant = '';
let token = '';
let tenants = 0;
let keys = 0;

beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  edge.runtime.send = async (_queue, bodies) => void sent.push(...(bodies as { kind: string }[]));
});
afterAll(() => engine.stop());
beforeEach(async () => {
  sent = [];
  edge.lines.length = 0;
  [tenant, token] = await organisation('co', 'company.admin');
  receiver = new Receiver();
  await receiver.start();
});
afterEach(() => receiver.stop());

async function organisation(prefix: string, role: Role): Promise<[string, string]> {
  const id = `${prefix}_hook${String(++tenants).padStart(6, '0')}`;
  const person = { user: `user ${id}`, email: null, roles: [role] };
  await addMember(edge.runtime.tables, id, person, edge.now);
  return [id, edge.person(person.user)];
}

const api = (route: string, options: CallOptions = {}): Promise<Answer> =>
  edge.call(webhookApi, route, {
    token,
    ...options,
    ...(route.startsWith('POST') ? { headers: { 'idempotency-key': `key-${++keys}`, ...options.headers } } : {}),
  });

async function endpoint(more: Record<string, unknown> = {}): Promise<{ id: string; secret: string }> {
  const made = await api('POST /v1/webhooks', { body: { url: receiver.url, ...more } });
  expect(made.status).toBe(201);
  return { id: made.body.id as string, secret: made.body.secret as string };
}

/** Runs the consumer over messages, as SQS would bring them. */
async function work(messages: unknown[] = sent.splice(0)): Promise<void> {
  const Records = messages.map((body, i) => ({ messageId: String(i), body: JSON.stringify(body) }));
  const answer = await consume({ Records } as never);
  expect(answer.batchItemFailures).toEqual([]);
}

const sweep = (): Promise<void> =>
  work(Array.from({ length: DELIVERY_SHARDS }, (_, shard) => ({ kind: 'sweep', shard })));

const call = () => ({
  tables: edge.runtime.tables,
  now: edge.now,
  hurry: (queue: QueueName, bodies: readonly unknown[]) => edge.runtime.send(queue, bodies),
});

const REQUEST = `co_hook000000.${'a'.repeat(22)}`;
const event = (subject = REQUEST): Announcement => ({
  tenant,
  type: 'request.confirmed',
  subject,
  at: edge.now,
  data: { request: subject, queue: 'queue', by: 'customer' },
});

const deliveries = async (id: string, query: Record<string, string> = {}) =>
  (await api('GET /v1/webhooks/{webhook}/deliveries', { params: { webhook: id }, query })).body.items as {
    id: string;
    event: string;
    state: string;
    nextTryAt: string | null;
    attempts: { status: number | null; cause: string | null; response: string }[];
  }[];

/** What the receiver makes of it with a secret: the body, or the reason why it refuses. */
function verified(seen: Seen, secret: string): unknown {
  // The machine stands in 2030 here; the library looks at the real clock, so that is what its tolerance is taken from.
  const { 'webhook-id': id = '', 'webhook-timestamp': seconds = '' } = seen.headers;
  const expected = new Verifier(secret).sign(id, new Date(Number(seconds) * 1_000), seen.body);
  const given = (seen.headers['webhook-signature'] ?? '').split(' ');
  return given.includes(expected) ? JSON.parse(seen.body) : 'no signature fits';
}

describe('a delivery', () => {
  it('is signed so that the Standard Webhooks library takes it, and says what happened', async () => {
    const { id, secret } = await endpoint();
    await announce(call(), event());
    await work();
    expect(receiver.seen).toHaveLength(1);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(verified(receiver.seen[0]!, secret)).toEqual({
      type: 'request.confirmed',
      timestamp: new Date(edge.now).toISOString(),
      data: { request: REQUEST, queue: 'queue', by: 'customer' },
    });
    expect(Number(receiver.seen[0]!.headers['webhook-timestamp'])).toBe(edge.machineNow / 1_000);
    expect(await deliveries(id)).toMatchObject([
      { state: 'delivered', nextTryAt: null, attempts: [{ status: 204, cause: null }] },
    ]);
  });

  it('is made once for an effect that is announced three times', async () => {
    await endpoint();
    await announce(call(), event());
    await announce(call(), event());
    await announceAgain(call(), event());
    await work();
    await sweep();
    expect(receiver.seen).toHaveLength(1);
  });

  it('goes only to endpoints that subscribe to its type, and to no other organisation', async () => {
    const other = new Receiver();
    await other.start();
    await endpoint({ events: ['request.resolved'] });
    const mine = token;
    const [stranger, theirs] = await organisation('co', 'company.admin');
    expect(stranger).not.toBe(tenant);
    token = theirs;
    await endpoint({ url: other.url });
    token = mine;
    await announce(call(), event());
    await work();
    expect(receiver.seen).toEqual([]);
    expect(other.seen).toEqual([]);
    await other.stop();
  });

  it('costs nothing where nobody is told: no write, and one read in five seconds', async () => {
    const tables = edge.runtime.tables.metered();
    for (let i = 0; i < 20; i++) await announce({ ...call(), tables }, event(`${REQUEST}${i}`));
    expect(tables.consumed.writeUnits).toBe(0);
    expect(tables.consumed.calls).toBe(1);
  });

  it('costs four write units when it arrives at the first try: item and index entry, made and finished', async () => {
    await endpoint();
    edge.consumed.length = 0;
    const tables = edge.runtime.tables.metered();
    await announce({ ...call(), tables }, event());
    await work();
    const delivered = edge.consumed.filter(({ command }) => command === 'deliver');
    expect(tables.consumed.writeUnits + delivered[0]!.consumed.writeUnits).toBe(4);
  });

  it('whose message is lost is made by the sweep a minute later, and by none before', async () => {
    await endpoint();
    await announce(call(), event());
    sent = [];
    await sweep();
    expect(receiver.seen).toHaveLength(0);
    edge.now += MINUTE;
    await sweep();
    expect(receiver.seen).toHaveLength(1);
    edge.now += DAY;
    await sweep();
    expect(receiver.seen).toHaveLength(1);
  });

  it('that fails is tried eight times within 24 hours with the same id, then is dead, and can be replayed', async () => {
    const { id, secret } = await endpoint();
    receiver.status = 500;
    const start = edge.now;
    await announce(call(), event());
    await work();
    let last = edge.now;
    for (const [place, delay] of RETRY_DELAYS_MS.entries()) {
      edge.now = last + Math.floor(delay * 0.8) - 1;
      await sweep();
      expect(receiver.seen, `not before its time: ${place}`).toHaveLength(place + 1);
      edge.now = last + Math.ceil(delay * 1.2);
      await sweep();
      expect(receiver.seen, `after ${delay} ms`).toHaveLength(place + 2);
      last = edge.now;
    }
    expect(RETRY_DELAYS_MS.reduce((sum, delay) => sum + delay, 0)).toBeLessThanOrEqual(24 * HOUR);
    expect(edge.now - start).toBeGreaterThan(20 * HOUR);
    edge.now += 2 * DAY;
    await sweep();
    expect(receiver.seen).toHaveLength(8);
    expect(new Set(receiver.seen.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const [dead] = await deliveries(id);
    expect(dead).toMatchObject({ state: 'dead', nextTryAt: null });
    expect(dead!.attempts).toHaveLength(8);
    expect(dead!.attempts[0]).toMatchObject({ status: 500, cause: 'status', response: 'status 500' });
    receiver.status = 204;
    const params = { webhook: id, delivery: dead!.id };
    await api('POST /v1/webhooks/{webhook}/deliveries/{delivery}/replay', { params });
    await work();
    expect(receiver.seen).toHaveLength(9);
    expect(verified(receiver.seen[8]!, secret)).toMatchObject({ type: 'request.confirmed' });
    expect(await deliveries(id)).toMatchObject([{ state: 'delivered' }]);
  });

  it('that is dead is replayed with all that died since a time, and not what died before', async () => {
    const { id } = await endpoint();
    receiver.status = 400;
    const since = edge.now + HOUR;
    for (const at of [edge.now, since, since + 1]) {
      edge.now = at;
      await announce(call(), event(`${REQUEST.slice(0, -6)}${at % 1_000_000}`));
    }
    await work();
    // Each step in its time: a delivery is dead once all have failed.
    for (const delay of RETRY_DELAYS_MS) {
      edge.now += 2 * delay;
      await sweep();
    }
    expect((await deliveries(id, { state: 'dead' })).length).toBe(3);
    receiver.status = 200;
    receiver.seen.length = 0;
    const body = { since: new Date(since).toISOString() };
    const replayed = await api('POST /v1/webhooks/{webhook}/replay', { params: { webhook: id }, body });
    expect(replayed.body).toEqual({ replayed: 2, isComplete: true });
    await work();
    expect(receiver.seen).toHaveLength(2);
    expect((await deliveries(id)).map(({ state }) => state)).toEqual(['delivered', 'delivered', 'dead']);
  });

  it('is never lost where a process dies at any of its calls, while announcing or while delivering', async () => {
    await endpoint();
    const lost: string[] = [];
    let crashes = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; at <= 12; at++) {
        receiver.seen.length = 0;
        sent = [];
        const told = event(`${REQUEST.slice(0, -4)}${when[0]}${100 + at}`);
        // The handler dies, and is repeated by its caller or by the sweep that passes.
        const died = await untilCrash(engine.tables, at, when, (tables) => announce({ ...call(), tables }, told));
        await announceAgain(call(), told);
        // The consumer dies; its message is gone, and the sweep finds what it left.
        const whole = edge.runtime.tables;
        const messages = sent.splice(0);
        const diedToo = await untilCrash(engine.tables, at, when, async (tables) => {
          edge.runtime.tables = tables;
          const Records = messages.map((body, i) => ({ messageId: String(i), body: JSON.stringify(body) }));
          await consume({ Records } as never);
        });
        edge.runtime.tables = whole;
        crashes += Number(died) + Number(diedToo);
        edge.now += 3 * MINUTE;
        await sweep();
        const ids = new Set(receiver.seen.map(({ headers }) => headers['webhook-id']));
        if (ids.size !== 1) lost.push(`${when} call ${at}: ${ids.size} events arrived`);
      }
    }
    expect(lost).toEqual([]);
    expect(crashes).toBeGreaterThan(6);
    const left = await Promise.all(
      Array.from({ length: DELIVERY_SHARDS }, (_, shard) => dueDeliveries(call(), shard, { limit: 100 })),
    );
    expect(left.flatMap(({ due }) => due).filter(({ pk }) => pk.includes(tenant))).toEqual([]);
  });
});

describe('an endpoint', () => {
  it('that says when to come back is left alone until then, with all that waits for it', async () => {
    await endpoint();
    receiver.status = 429;
    receiver.headers = { 'retry-after': '600' };
    await announce(call(), event());
    await work();
    receiver.status = 200;
    await announce(call(), event(`${REQUEST.slice(0, -1)}b`));
    await work();
    edge.now += 9 * MINUTE;
    await sweep();
    expect(receiver.seen).toHaveLength(1);
    edge.now += MINUTE + 6 * SECOND;
    await sweep();
    expect(receiver.seen).toHaveLength(3);
  });

  it('that times out puts off what waits for it, and holds nobody else', async () => {
    const hanging = new Receiver();
    await hanging.start();
    const whole = edge.runtime.webhooks;
    let tries = 0;
    // Time-outs without the wait: the gateway's own test waits for one.
    edge.runtime.webhooks = {
      ...whole,
      send: async (to) => {
        if (!to.url.startsWith(hanging.url)) return whole.send(to);
        tries += 1;
        await new Promise((done) => setTimeout(done, 20));
        return { status: null, cause: 'timeout', latencyMs: 10_000, response: '', retryAfterMs: null };
      },
    };
    await endpoint({ url: hanging.url });
    await endpoint();
    for (let i = 0; i < 20; i++) await announce(call(), event(`${REQUEST.slice(0, -2)}${10 + i}`));
    await work();
    edge.runtime.webhooks = whole;
    expect(receiver.seen).toHaveLength(20);
    expect(tries).toBeLessThanOrEqual(4);
    await hanging.stop();
  });

  it('that answers 410 is switched off, and the others of its organisation are told', async () => {
    const other = new Receiver();
    await other.start();
    const gone = await endpoint();
    const told = await endpoint({ url: other.url, events: ['webhook.disabled'] });
    receiver.status = 410;
    await announce(call(), event());
    await work();
    await work();
    expect((await api('GET /v1/webhooks/{webhook}', { params: { webhook: gone.id } })).body).toMatchObject({
      enabled: false,
      disabledBecause: 'gone',
    });
    expect(other.seen.map((seen) => verified(seen, told.secret))).toMatchObject([
      { type: 'webhook.disabled', data: { webhook: gone.id, reason: 'gone' } },
    ]);
    await announce(call(), event(`${REQUEST.slice(0, -1)}c`));
    await work();
    edge.now += DAY;
    await sweep();
    expect(receiver.seen).toHaveLength(1);
    await other.stop();
  });

  it('without one success in five days is switched off, and begins afresh when it is switched on', async () => {
    const { id } = await endpoint();
    receiver.status = 500;
    const states: unknown[] = [];
    for (let day = 0; day <= 5; day++) {
      await announce(call(), event(`${REQUEST.slice(0, -1)}${day}`));
      await work();
      states.push((await api('GET /v1/webhooks/{webhook}', { params: { webhook: id } })).body.disabledBecause);
      edge.now += DAY;
    }
    expect(states).toEqual([null, null, null, null, null, 'failing']);
    const on = await api('PUT /v1/webhooks/{webhook}', { params: { webhook: id }, body: { url: receiver.url } });
    expect(on.body).toMatchObject({ enabled: true, disabledBecause: null, failingSince: null });
  });

  it('gets two signatures while a rotation overlaps, and only the new one after', async () => {
    const { id, secret } = await endpoint();
    const rotated = await api('POST /v1/webhooks/{webhook}/secret', {
      params: { webhook: id },
      body: { overlapHours: 2 },
    });
    const fresh = rotated.body.secret as string;
    expect(rotated.body.secrets).toBe(2);
    await announce(call(), event());
    await work();
    expect(verified(receiver.seen[0]!, secret)).toMatchObject({ type: 'request.confirmed' });
    expect(verified(receiver.seen[0]!, fresh)).toMatchObject({ type: 'request.confirmed' });
    edge.machineNow += 2 * HOUR;
    token = edge.person(`user ${tenant}`);
    await announce(call(), event(`${REQUEST.slice(0, -1)}d`));
    await work();
    expect(verified(receiver.seen[1]!, secret)).toBe('no signature fits');
    expect(verified(receiver.seen[1]!, fresh)).toMatchObject({ type: 'request.confirmed' });
    expect(receiver.seen[1]!.headers['webhook-signature']!.split(' ')).toHaveLength(1);
  });

  it('shows its secret once: a repeated call, lists and the stored item do not hold it', async () => {
    const headers = { 'idempotency-key': 'the-same' };
    const body = { url: receiver.url };
    const first = await api('POST /v1/webhooks', { body, headers });
    const again = await api('POST /v1/webhooks', { body, headers });
    const secret = first.body.secret as string;
    expect(again.body).toMatchObject({ id: first.body.id, secret: null });
    const list = await api('GET /v1/webhooks');
    expect(JSON.stringify(list.body)).not.toContain(secret.slice(6));
    const stored = await engine.tables.queryAll('market', (await import('zod')).looseObject({}), {
      pk: `WH#${tenant}`,
    });
    expect(stored).toHaveLength(1);
    expect(JSON.stringify(stored)).not.toContain(secret.slice(6));
    expect(JSON.stringify(edge.lines)).not.toContain(secret.slice(6));
  });

  it('can be tried: the test goes to it alone, whatever it subscribes to', async () => {
    const { id, secret } = await endpoint({ events: ['request.resolved'] });
    await endpoint();
    const tried = await api('POST /v1/webhooks/{webhook}/test', { params: { webhook: id } });
    expect(tried.status).toBe(201);
    await work();
    expect(receiver.seen.map((seen) => verified(seen, secret))).toMatchObject([
      { type: 'webhook.test', data: { webhook: id } },
    ]);
    const found = await api('GET /v1/webhooks/{webhook}/deliveries/{delivery}', {
      params: { webhook: id, delivery: tried.body.id as string },
    });
    expect(found.body).toMatchObject({ state: 'delivered', attempts: [{ status: 204 }] });
  });

  it('that is taken away gets nothing more, and what waited is given up', async () => {
    const { id } = await endpoint();
    await announce(call(), event());
    expect((await api('DELETE /v1/webhooks/{webhook}', { params: { webhook: id } })).status).toBe(204);
    await work();
    expect(receiver.seen).toEqual([]);
    expect((await api('DELETE /v1/webhooks/{webhook}', { params: { webhook: id } })).status).toBe(404);
  });

  it.each([
    ['http to a public host', 'http://hooks.example.com/'],
    ['the metadata service', 'https://169.254.169.254/'],
    ['a private address in disguise', 'https://0xC0A80001/'],
    ['a port of something else', 'https://hooks.example.com:5432/'],
  ])('is refused for %s, with the field and what to do', async (_what, url) => {
    const refused = await api('POST /v1/webhooks', { body: { url } });
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ field: 'url' }] } });
  });

  it('may subscribe only to what its kind of organisation is told, and there are ten at the most', async () => {
    const foreign = await api('POST /v1/webhooks', { body: { url: receiver.url, events: ['work.available'] } });
    expect(foreign).toMatchObject({ status: 400, body: { errors: [{ field: 'events' }] } });
    for (let i = 0; i < 10; i++) await endpoint();
    const eleventh = await api('POST /v1/webhooks', { body: { url: receiver.url } });
    expect(eleventh).toMatchObject({ status: 400, body: { errors: [{ field: 'url' }] } });
  });

  it('of another organisation is as if it did not exist, by whichever route', async () => {
    const { id } = await endpoint();
    await announce(call(), event());
    await work();
    const [own] = await deliveries(id);
    [, token] = await organisation('pr', 'provider.admin');
    const params = { webhook: id };
    const whole = { webhook: id, delivery: own!.id };
    const body = { url: receiver.url };
    const answers = await Promise.all([
      api('GET /v1/webhooks/{webhook}', { params }),
      api('PUT /v1/webhooks/{webhook}', { params, body }),
      api('DELETE /v1/webhooks/{webhook}', { params }),
      api('POST /v1/webhooks/{webhook}/secret', { params, body: {} }),
      api('POST /v1/webhooks/{webhook}/test', { params }),
      api('GET /v1/webhooks/{webhook}/deliveries', { params }),
      api('GET /v1/webhooks/{webhook}/deliveries/{delivery}', { params: whole }),
      api('POST /v1/webhooks/{webhook}/deliveries/{delivery}/replay', { params: whole }),
      api('POST /v1/webhooks/{webhook}/replay', { params, body: { since: '2026-01-01T00:00:00Z' } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 9 }, () => 404));
    expect((await api('GET /v1/webhooks')).body).toEqual({ items: [] });
    expect(receiver.seen).toHaveLength(1);
  });
});
