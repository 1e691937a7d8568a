/** Every edge a user meets: bad input gets a problem that names the field and says what to do, and nothing is lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as companyApi } from '../../functions/api/company.ts';
import { handler as financeApi } from '../../functions/api/finance.ts';
import { handler as marketApi } from '../../functions/api/market.ts';
import { handler as operatorApi } from '../../functions/api/operator.ts';
import { handler as providerApi } from '../../functions/api/provider.ts';
import { MINUTE } from '../../shared/kernel/time.ts';
import { createMarketSolver } from '../../shared/market/market-solver.ts';
import { clearRound } from '../../shared/round/clearing.store.ts';
import { stepDueRounds } from '../../shared/round/step.store.ts';
import { type Answer, TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';

const TERMS = {
  roundLength: 'month',
  slaHours: 48,
  ceilingMicros: 9_000_000,
  failureCostMicros: 1_000_000,
  secondPersonAboveMicros: 1_000_000_000_000,
};
const CLASS = { category: 'Cards', channel: 'Web', language: 'en-US', region: 'US', slaTier: 'standard' };
const COMMIT = 'PUT /v1/queues/{queue}/rounds/{round}/commitment';
const BID = 'PUT /v1/queues/{queue}/rounds/{round}/bid';

let engine: TestTables;
let edge: TestEdge;
let queue = '';
let company = '';
let rival = '';
let provider = '';

beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  const operator = await edge.operator();
  const opened = await edge.call(operatorApi, 'POST /v1/queues', {
    token: operator,
    body: { serviceClass: CLASS, currency: 'USD', terms: TERMS },
  });
  queue = String(opened.body.id);
  company = await join('ada', { kind: 'company', name: 'Acme Bank' }, operator);
  rival = await join('eve', { kind: 'company', name: 'Rival Bank' }, operator);
  provider = await join('bob', { kind: 'provider', name: 'Helpers', providerKind: 'agent_pool' }, operator);
});
afterAll(() => engine.stop());

async function join(user: string, body: object, operator: string): Promise<string> {
  const token = edge.person(user);
  const registered = await edge.call(marketApi, 'POST /v1/organisations', {
    token,
    headers: { 'idempotency-key': `register-${user}` },
    body,
  });
  const approved = await edge.call(operatorApi, 'POST /v1/organisations/{organisation}/approve', {
    token: operator,
    params: { organisation: String(registered.body.id) },
    body: {},
  });
  expect(approved).toMatchObject({ status: 200 });
  return token;
}

const commit = (body: unknown, round = '1', id = queue): Promise<Answer> =>
  edge.call(companyApi, COMMIT, { token: company, params: { queue: id, round }, body });
const bid = (body: unknown, round = '1'): Promise<Answer> =>
  edge.call(providerApi, BID, { token: provider, params: { queue, round }, body });
const request = (body: unknown, more: object = {}): Promise<Answer> =>
  edge.call(companyApi, 'POST /v1/requests', { token: company, body, ...more });
const fieldsOf = (answer: Answer): string[] => (answer.body.errors as { field: string }[]).map((error) => error.field);

describe('demand', () => {
  it('is refused with a negative or fractional volume, which the answer names', async () => {
    for (const volume of [-5, 0, 1.5, '10', null]) {
      const answer = await commit({ currency: 'USD', volume });
      expect(answer.status).toBe(400);
      expect(answer.body.code).toBe('invalid_request');
      expect(fieldsOf(answer)).toEqual(['volume']);
    }
  });

  it('is refused with unknown fields, so that a typo is never taken for a default', async () => {
    const answer = await commit({ currency: 'USD', volume: 10, reserve: 5 });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body.errors)).toContain('reserve');
  });

  it('is refused in a currency the queue does not use, naming the one it does', async () => {
    const answer = await commit({ currency: 'EUR', volume: 10 });
    expect(answer).toMatchObject({ status: 422, body: { code: 'wrong_currency', field: 'currency' } });
    expect(answer.body.detail).toContain('USD');
    const unknown = await commit({ currency: 'XXX', volume: 10 });
    expect(unknown.status).toBe(400);
    expect(fieldsOf(unknown)).toEqual(['currency']);
  });

  it('is refused for an unknown queue or round, saying where the known ones are', async () => {
    const noQueue = await commit({ currency: 'USD', volume: 10 }, '1', 'no-such-queue');
    expect(noQueue).toMatchObject({ status: 404, body: { code: 'not_found', field: 'queue' } });
    expect(noQueue.body.detail).toContain('GET /v1/queues');
    expect(await commit({ currency: 'USD', volume: 10 }, '77')).toMatchObject({
      status: 404,
      body: { field: 'round' },
    });
  });
});

describe('a bid', () => {
  it('whose prices rise with volume is refused with the tier and the reason', async () => {
    const tiers = [
      { minVolume: 0, priceMicros: 1_000_000 },
      { minVolume: 100, priceMicros: 1_200_000 },
    ];
    const answer = await bid({ currency: 'USD', capacity: 500, tiers });
    expect(answer.status).toBe(400);
    expect(fieldsOf(answer)[0]).toMatch(/^tiers/);
    expect(JSON.stringify(answer.body.errors)).toMatch(/rise|higher|lower/);
  });

  it('without tiers, with a fractional price or thresholds out of order is refused with the field', async () => {
    for (const tiers of [
      [],
      [{ minVolume: 0, priceMicros: 0.5 }],
      [
        { minVolume: 10, priceMicros: 2 },
        { minVolume: 10, priceMicros: 1 },
      ],
    ]) {
      const answer = await bid({ currency: 'USD', capacity: 500, tiers });
      expect(answer.status).toBe(400);
      expect(fieldsOf(answer)[0]).toMatch(/^tiers/);
    }
  });
});

describe('a request', () => {
  const good = { externalId: 'T-1', queue: '', customer: 'ada@example.com', text: 'Where is my card?' };

  it('for an unknown queue is refused with the field', async () => {
    expect(await request({ ...good, queue: 'no-such-queue' })).toMatchObject({
      status: 404,
      body: { code: 'not_found', field: 'queue' },
    });
  });

  it('sent again answers the same; with other content it is a named conflict, under the same key another one', async () => {
    const first = await request({ ...good, queue }, { headers: { 'idempotency-key': 'key-1' } });
    expect(first.status).toBe(201);
    expect((await request({ ...good, queue })).body).toEqual(first.body);
    expect(await request({ ...good, queue, text: 'Other' })).toMatchObject({
      status: 409,
      body: { code: 'external_id_conflict', field: 'externalId' },
    });
    expect(await request({ ...good, queue, text: 'Other' }, { headers: { 'idempotency-key': 'key-1' } })).toMatchObject(
      { status: 422, body: { code: 'idempotency_key_reused' } },
    );
  });

  it('of another tenant does not exist: 404, never 403', async () => {
    const mine = await request({ ...good, externalId: 'T-2', queue });
    const params = { request: String(mine.body.id) };
    for (const route of [
      'GET /v1/requests/{request}',
      'POST /v1/requests/{request}/confirm',
      'POST /v1/requests/{request}/cancel',
      'POST /v1/requests/{request}/link',
    ]) {
      expect(await edge.call(companyApi, route, { token: rival, params })).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    }
  });

  it('with a deadline before the SLA tier’s is refused with the earliest one', async () => {
    const answer = await request({
      ...good,
      externalId: 'T-3',
      queue,
      deadline: new Date(edge.now + MINUTE).toISOString(),
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'deadline_too_early', field: 'deadline' } });
  });

  it('that is malformed, too large or sent with an expired token is refused before anything is read', async () => {
    expect(await request(undefined, { raw: '{"externalId":' })).toMatchObject({
      status: 400,
      body: { code: 'malformed_json' },
    });
    expect(
      await request(undefined, { raw: JSON.stringify({ ...good, queue, text: 'x'.repeat(256 * 1024) }) }),
    ).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    expect(await request({ ...good, queue }, { token: edge.person('ada', -1) })).toMatchObject({
      status: 401,
      body: { code: 'token_expired' },
    });
  });

  it('with half a character is refused, for no store can keep it', async () => {
    const raw = JSON.stringify({ ...good, externalId: 'T-4', queue, fields: { note: 'x' } }).replace(
      '"x"',
      '"\\ud83d"',
    );
    const answer = await request(undefined, { raw });
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
    const whole = raw.replace('\\ud83d', '\\ud83d\\ude00');
    expect((await request(undefined, { raw: whole })).status).toBe(201);
  });

  it('with an empty Idempotency-Key is refused, for it is not the same as none', async () => {
    const answer = await request({ ...good, externalId: 'T-6', queue }, { headers: { 'idempotency-key': '' } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(fieldsOf(answer)).toEqual(['Idempotency-Key']);
  });

  it('for a queue whose name is longer than any is refused as such', async () => {
    expect(await request({ ...good, externalId: 'T-5', queue: 'q'.repeat(81) })).toMatchObject({ status: 400 });
    expect(await request({ ...good, externalId: 'T-5', queue: 'q'.repeat(80) })).toMatchObject({ status: 404 });
  });

  it('in a batch fails by itself: the others are taken, each problem names its place', async () => {
    const requests = [
      { ...good, externalId: 'B-1', queue, customer: 'b1' },
      { externalId: 'B-2', queue },
      { ...good, externalId: 'B-3', queue: 'no-such-queue' },
      'not a request',
    ];
    const answer = await edge.call(companyApi, 'POST /v1/requests/batch', { token: company, body: { requests } });
    expect(answer.status).toBe(200);
    const results = answer.body.results as {
      status: number;
      problem?: { code: string; errors?: { field: string }[] };
    }[];
    expect(results.map((result) => result.status)).toEqual([201, 400, 404, 400]);
    expect(results[1]?.problem?.errors?.[0]?.field).toBe('requests[1].customer');
    expect(results[3]?.problem?.errors?.[0]?.field).toMatch(/^requests\[3\]/);
  });
});

describe('a lease', () => {
  it('of another provider, or one that never was, is not found', async () => {
    const lease = '72-168.1769817600000.0.co_aaaa000001.AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBB';
    for (const route of ['POST /v1/leases/{lease}/heartbeat', 'GET /v1/leases/{lease}']) {
      const body = route.startsWith('POST') ? { body: {} } : {};
      expect(await edge.call(providerApi, route, { token: provider, params: { lease }, ...body })).toMatchObject({
        status: 404,
      });
    }
    expect(
      await edge.call(providerApi, 'GET /v1/leases/{lease}', { token: provider, params: { lease: 'nonsense' } }),
    ).toMatchObject({ status: 400 });
  });
});

describe('a trial balance', () => {
  it('through a far month reads no month that has not come', async () => {
    const token = await edge.operator('finance', ['market.finance']);
    const calls = async (through: string): Promise<number> => {
      edge.consumed.length = 0;
      const answer = await edge.call(financeApi, 'GET /v1/trial-balance', { token, query: { through } });
      expect(answer).toMatchObject({ status: 200, body: { through } });
      return edge.consumed.find(({ command }) => command === 'getTrialBalance')?.consumed.calls ?? 0;
    };
    const now = await calls(new Date(edge.now).toISOString().slice(0, 7));
    expect(now).toBeGreaterThan(0);
    expect(await calls('9999-12')).toBe(now);
  });
});

describe('staffing', () => {
  const calls = { answer: 'at_once', companies: [{ name: 'A', requestsPerHour: 200 }], handleSeconds: 180 };
  const compute = (body: unknown): Promise<Answer> => edge.call(marketApi, 'POST /v1/staffing', { body });

  it('is computed for everybody, and names the field that does not fit', async () => {
    expect(await compute({ ...calls, occupancyBps: 10_000 })).toMatchObject({
      status: 200,
      body: { pooled: { agents: 14 } },
    });
    for (const [more, field] of [
      [{ handleSeconds: 0 }, 'handleSeconds'],
      [{ companies: [] }, 'companies'],
      [{ companies: [{ name: 'A', requestsPerHour: -1 }] }, 'companies[0].requestsPerHour'],
      [{ companies: [{ name: 'A', requestsPerHour: 1_000_000 }] }, 'companies'],
      [{ shrinkageBps: 10_000 }, 'shrinkageBps'],
      [{ patience: 3 }, 'patience'],
      [{ answer: 'sometime' }, 'answer'],
    ] as const) {
      const answer = await compute({ ...calls, ...more });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
      expect(fieldsOf(answer)).toEqual([field]);
    }
  });
});

describe('a closed round', () => {
  it('takes nothing more, and the answer says until when the next one does', async () => {
    const first = await edge.call(marketApi, 'GET /v1/queues/{queue}', { params: { queue } });
    const open = first.body.open as { closesAt: string; startsAt: string };
    const good = { currency: 'USD', volume: 10 };
    expect((await commit(good)).status).toBe(200);
    edge.now = Date.parse(open.closesAt);
    expect(await commit(good)).toMatchObject({ status: 409, body: { code: 'round_not_open' } });
    await bringRounds();
    edge.now = Date.parse(open.startsAt) + MINUTE;
    await bringRounds();
    const late = await commit(good);
    expect(late).toMatchObject({ status: 409, body: { code: 'round_not_open', nextRound: 2 } });
    expect(late.body.detail).toContain('Round 2 takes bids and commitments until');
    expect((await commit(good, '2')).status).toBe(200);
  });

  async function bringRounds(): Promise<void> {
    const call = { tables: engine.tables.metered(), now: edge.now };
    const sent: { queue: string; round: number }[] = [];
    await stepDueRounds(call, async (_queue, bodies) => void sent.push(...(bodies as typeof sent)));
    for (const message of sent) await clearRound(call, message.queue, message.round, createMarketSolver());
    await stepDueRounds(call, async () => {});
  }
});
