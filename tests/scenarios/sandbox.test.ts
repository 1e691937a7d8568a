/** Trying everything without money: what a sandbox key does is real work in a world of its own, and nobody else sees it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as companyApi } from '../../functions/api/company.ts';
import { handler as financeApi } from '../../functions/api/finance.ts';
import { handler as marketApi } from '../../functions/api/market.ts';
import { handler as providerApi } from '../../functions/api/provider.ts';
import { allDue, runDue } from '../../functions/sweeps.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import type { Role } from '../../shared/identity/identity.ts';
import type { Item, TableId } from '../../shared/kernel/table.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { post } from '../../shared/ledger/ledger.store.ts';
import { isSandbox, isSandboxQueue, sameWorld, sandboxIn, sandboxOf } from '../../shared/sandbox/sandbox.ts';
import { endpointPartition } from '../../shared/webhook/webhook.store.ts';
import { type Answer, type CallOptions, TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { everyItem } from '../support/every-item.ts';
import { TestMarket } from '../support/round.ts';

let engine: TestTables;
let edge: TestEdge;
let keys = 0;
let people = 0;

beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
});
afterAll(() => engine.stop());

const api = (handler: unknown, route: string, token: string, options: CallOptions = {}): Promise<Answer> =>
  edge.call(handler, route, { token, ...options, headers: { 'idempotency-key': `key-${++keys}` } });

/** An organisation that nobody has approved, and a sandbox key of it. */
async function tryOut(prefix: 'co' | 'pr', roles: Role[]): Promise<{ id: string; key: string; queue: string }> {
  const id = `${prefix}_try${String(++people).padStart(7, '0')}`;
  const admin: Role = prefix === 'co' ? 'company.admin' : 'provider.admin';
  await addMember(edge.runtime.tables, id, { user: `user-${id}`, email: null, roles: [admin] }, edge.now);
  const body = { name: 'trying', roles, sandbox: true };
  const made = await api(marketApi, 'POST /v1/api-keys', edge.person(`user-${id}`), { body });
  expect(made.status).toBe(201);
  return { id, key: made.body.secret as string, queue: made.body.sandboxQueue as string };
}

type Work = { lease: { id: string; request: string }; text: string };
const claim = async (key: string, max = 1): Promise<Work[]> =>
  (await api(providerApi, 'POST /v1/claims', key, { body: { max } })).body.work as Work[];
const resolve = (key: string, lease: string): Promise<Answer> =>
  api(providerApi, 'POST /v1/leases/{lease}/resolve', key, {
    params: { lease },
    body: { code: 'solved', summary: 'Done.' },
  });
const stateOf = async (key: string, lease: string) =>
  (await api(providerApi, 'GET /v1/leases/{lease}', key, { params: { lease } })).body.state;

async function sweepAll(): Promise<void> {
  for (const { due } of await allDue(edge.runtime.tables, edge.now)) await runDue(edge.runtime, due, edge.now);
}

const everything = (table: TableId): Promise<Item[]> => everyItem(engine.tables, table);

describe('ids', () => {
  it('tell which world they belong to, and two organisations never share one', () => {
    const [company, provider] = [sandboxOf('co_1abc'), sandboxOf('pr_1abc')];
    expect(new Set([...Object.values(company), ...Object.values(provider)]).size).toBe(8);
    for (const shadow of [company.company, company.provider, provider.company, provider.provider])
      expect(isSandbox(shadow)).toBe(true);
    expect(sandboxIn(company.provider)).toEqual(company);
    expect(sandboxIn(provider.company)).toEqual(provider);
    expect([
      isSandbox('co_1abc'),
      isSandbox('pr_sand000001'),
      isSandboxQueue('sandbox-web-en-us-us-standard-usd'),
    ]).toEqual([false, false, false]);
    expect([
      sameWorld('co_1abc', company.queue),
      sameWorld(company.company, 'mortgage-web-en-us-us-standard-usd'),
    ]).toEqual([false, false]);
    expect([sameWorld(company.company, company.queue), sameWorld(company.company, provider.queue)]).toEqual([
      true,
      false,
    ]);
  });
});

describe('a provider’s sandbox', () => {
  it('gives made-up work at once, before anybody has approved the provider, and its customers answer by the script', async () => {
    const { key } = await tryOut('pr', ['provider.agent']);
    const work = await claim(key, 3);
    expect(work).toHaveLength(3);
    const states: Record<string, unknown> = {};
    for (const { lease, text } of work) {
      expect((await resolve(key, lease.id)).status).toBe(200);
      states[/\((.*)\)/.exec(text)?.[1] ?? text] = await stateOf(key, lease.id);
    }
    expect(states).toEqual({
      'This customer will say that it is solved.': 'confirmed',
      'This customer will first say that it is not solved, then that it is.': 'reopened',
      'This customer will say nothing.': 'resolved',
    });
    const [again] = await claim(key, 1);
    const refused = work.find(({ text }) => text.includes('not solved'));
    expect(again?.lease.request).not.toBe(undefined);
    const reopened = [again!, ...(await claim(key, 10))].find(({ lease }) => lease.request === refused?.lease.request);
    await resolve(key, reopened!.lease.id);
    expect(await stateOf(key, reopened!.lease.id)).toBe('confirmed');
  });

  it('lets a turn be beaten, declined and escalated as in earnest', async () => {
    const { key } = await tryOut('pr', ['provider.agent']);
    const [first, second] = await claim(key, 2);
    const lease = (work: Work | undefined) => ({ params: { lease: work!.lease.id } });
    const beat = await api(providerApi, 'POST /v1/leases/{lease}/heartbeat', key, { ...lease(first), body: {} });
    expect(beat.status).toBe(200);
    const reason = { body: { reason: 'not mine' } };
    const declined = await api(providerApi, 'POST /v1/leases/{lease}/decline', key, { ...lease(first), ...reason });
    const escalated = await api(providerApi, 'POST /v1/leases/{lease}/escalate', key, { ...lease(second), ...reason });
    expect([declined.body.state, escalated.body.state]).toEqual(['declined', 'escalated']);
    expect((await resolve(key, first!.lease.id)).body.code).toBe('lease_ended');
  });

  it('is its own: another provider’s key sees nothing of it', async () => {
    const [mine, theirs] = [await tryOut('pr', ['provider.agent']), await tryOut('pr', ['provider.agent'])];
    const [work] = await claim(mine.key, 1);
    const params = { lease: work!.lease.id };
    expect((await api(providerApi, 'GET /v1/leases/{lease}', theirs.key, { params })).status).toBe(404);
    expect((await resolve(theirs.key, work!.lease.id)).status).toBe(404);
  });
});

describe('a company’s sandbox', () => {
  const send = (key: string, queue: string, externalId: string, fields: Record<string, string> = {}) =>
    api(companyApi, 'POST /v1/requests', key, { body: { externalId, queue, customer: 'c@example.com', fields } });
  const see = async (key: string, request: unknown) =>
    (await api(companyApi, 'GET /v1/requests/{request}', key, { params: { request: String(request) } })).body.state;

  it('has a simulated provider that does as the request says', async () => {
    const { key, queue } = await tryOut('co', ['company.operator']);
    const states: unknown[] = [];
    for (const wish of ['resolve', 'hold', 'escalate', 'decline']) {
      const sent = await api(companyApi, 'POST /v1/requests', key, {
        body: { externalId: wish, queue, customer: `${wish}@example.com`, fields: { sandbox: wish } },
      });
      expect(sent.status).toBe(201);
      states.push(await see(key, sent.body.id));
    }
    expect(states).toEqual(['resolved', 'working', 'queued', 'queued']);
  });

  it('takes requests to its own queue alone, and nobody else’s get there', async () => {
    const real = new TestMarket(engine.tables);
    await real.open('Real');
    const mine = await tryOut('co', ['company.operator']);
    const other = await tryOut('co', ['company.operator']);
    expect((await send(mine.key, real.queue, 'a')).body.code).toBe('not_found');
    expect((await send(mine.key, other.queue, 'b')).body.code).toBe('not_found');
  });
});

describe('a sandbox', () => {
  it('posts nothing: after every window has passed, the ledger is empty and no list of the market knows of it', async () => {
    const provider = await tryOut('pr', ['provider.agent']);
    const company = await tryOut('co', ['company.operator']);
    for (const { lease } of await claim(provider.key, 6)) await resolve(provider.key, lease.id);
    await api(companyApi, 'POST /v1/requests', company.key, {
      body: { externalId: 'one', queue: company.queue, customer: 'c@example.com' },
    });
    for (const later of [10 * MINUTE, 73 * HOUR, 8 * DAY]) {
      edge.now += later;
      await sweepAll();
    }
    expect(await everything('ledger')).toEqual([]);
    const market = await everything('market');
    const touched = market.filter((item) => JSON.stringify(item).includes('sandbox'));
    expect(touched.length).toBeGreaterThan(0);
    // In no list of queues, due rounds or releases; of awards and counters only those of its own queue.
    expect(touched.filter(({ pk, dpk }) => pk === 'QL' || dpk !== undefined)).toEqual([]);
    const foreign = touched.filter(({ pk }) => !/sandbox-|^O#|^A#[0-9a-f]{64}$|^SANDBOX#|^I#/.test(String(pk)));
    expect(foreign).toEqual([]);
    expect(touched.filter(({ pk }) => String(pk).startsWith('S#'))).toEqual([]);
    const audits = (await everything('requests')).filter(({ pk }) => String(pk).startsWith('Y#'));
    expect(audits).toEqual([]);
    const listed = await edge.call(marketApi, 'GET /v1/queues');
    expect(JSON.stringify(listed.body)).not.toContain('sandbox');
  });

  it('cannot post even by a bug elsewhere', async () => {
    const { company, provider } = sandboxOf('co_1abc');
    const entry = {
      event: 'charge#x',
      kind: 'charge' as const,
      occurredAt: 0,
      currency: 'USD' as const,
      legs: [],
      facts: {},
    };
    const call = { tables: engine.tables, now: edge.now };
    await expect(post(call, { ...entry, company, provider: null })).rejects.toThrow(/sandbox/);
    await expect(post(call, { ...entry, company: null, provider })).rejects.toThrow(/sandbox/);
  });

  it('key may do nothing that is about money, members or rounds', async () => {
    const company = await tryOut('co', ['company.admin', 'company.finance']);
    const provider = await tryOut('pr', ['provider.admin']);
    const params = { queue: 'mortgage-web-en-us-us-standard-usd', round: '1' };
    const commitment = { currency: 'USD', volume: 10 };
    const bid = { currency: 'USD', capacity: 10, tiers: [{ minVolume: 0, priceMicros: 1 }] };
    const answers = await Promise.all([
      api(companyApi, 'PUT /v1/queues/{queue}/rounds/{round}/commitment', company.key, { params, body: commitment }),
      api(providerApi, 'PUT /v1/queues/{queue}/rounds/{round}/bid', provider.key, { params, body: bid }),
      api(marketApi, 'POST /v1/api-keys', company.key, { body: { name: 'x', roles: ['company.admin'] } }),
      api(marketApi, 'GET /v1/organisation', company.key),
      api(financeApi, 'GET /v1/statement', company.key, { query: { month: '2026-01' } }),
    ]);
    expect(answers.map(({ body }) => body.code)).toEqual(Array.from({ length: 5 }, () => 'forbidden'));
  });

  it('key is listed and revoked by its organisation like any other', async () => {
    const { id, key, queue } = await tryOut('pr', ['provider.agent']);
    expect(key).toContain('pr_sandbox');
    const owner = edge.person(`user-${id}`);
    const listed = (await api(marketApi, 'GET /v1/api-keys', owner)).body.items as { keyId: string }[];
    expect(listed).toMatchObject([{ name: 'trying', sandboxQueue: queue, revokedAt: null }]);
    const params = { keyId: listed[0]!.keyId };
    expect((await api(marketApi, 'DELETE /v1/api-keys/{keyId}', owner, { params })).status).toBe(204);
    expect((await api(providerApi, 'POST /v1/claims', key, { body: {} })).body.code).toBe('unauthenticated');
  });
});

describe('an endpoint of a sandbox', () => {
  it('is told that it is one, and hears of nothing else', async () => {
    const { handler: webhookApi } = await import('../../functions/api/webhook.ts');
    const { id, key } = await tryOut('pr', ['provider.admin', 'provider.agent']);
    const made = await api(webhookApi, 'POST /v1/webhooks', key, { body: { url: 'http://127.0.0.1:9/' } });
    expect(made.status).toBe(201);
    const [work] = await claim(key, 1);
    await resolve(key, work!.lease.id);
    const params = { webhook: made.body.id as string };
    const answer = await api(webhookApi, 'GET /v1/webhooks/{webhook}/deliveries', key, { params });
    const bodies = (answer.body.items as { body: string }[]).map(
      ({ body }) => JSON.parse(body) as { type: string; sandbox?: boolean },
    );
    const types = bodies.map(({ type }) => type);
    expect(new Set(types)).toEqual(new Set(['lease.confirmed', 'work.available']));
    expect(types).toHaveLength(2);
    expect(bodies.map(({ sandbox }) => sandbox)).toEqual([true, true]);
    const stored = await everything('market');
    expect(stored.filter(({ pk }) => pk === endpointPartition(id))).toEqual([]);
  });
});
