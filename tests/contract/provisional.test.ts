/** Feedback, what-ifs and estimates at the edge: who is told what, bad input, and calls without a login. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as companyApi } from '../../functions/api/company.ts';
import { handler as marketApi } from '../../functions/api/market.ts';
import { handler as operatorApi } from '../../functions/api/operator.ts';
import { handler as providerApi } from '../../functions/api/provider.ts';
import { takeToken } from '../../functions/middleware/rate-limit.ts';
import { DAY, HOUR } from '../../shared/kernel/time.ts';
import { createMarketSolver } from '../../shared/market/market-solver.ts';
import { clearProvisionally } from '../../shared/provisional/provisional-clearing.store.ts';
import { type Answer, TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';

const CLASS = { category: 'Cards', channel: 'Web', language: 'en-US', region: 'US', slaTier: 'standard' };
const TERMS = {
  roundLength: 'month',
  slaHours: 48,
  ceilingMicros: 9_000_000,
  failureCostMicros: 0,
  secondPersonAboveMicros: 1_000_000_000_000,
};
const ROUND = '/v1/queues/{queue}/rounds/{round}';
const FIRST = Date.UTC(2026, 1, 1) - DAY - 72 * HOUR;

let engine: TestTables;
let edge: TestEdge;
let queue = '';
const companies: string[] = [];
const providers: string[] = [];

beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  const token = await edge.operator();
  const body = { serviceClass: CLASS, currency: 'USD', terms: TERMS };
  queue = String((await edge.call(operatorApi, 'POST /v1/queues', { token, body })).body.id);
  for (let n = 0; n < 4; n++) {
    companies.push(await join(`ada${n}`, { kind: 'company', name: `Bank ${n}` }, token));
    providers.push(await join(`bob${n}`, { kind: 'provider', name: `Pool ${n}`, providerKind: 'agent_pool' }, token));
    await at(companyApi, 'PUT', 'commitment', companies[n]!, { currency: 'USD', volume: 300 });
    const tiers = [{ minVolume: 0, priceMicros: (4 + n) * 1_000_000 }];
    await at(providerApi, 'PUT', 'bid', providers[n]!, { currency: 'USD', capacity: 2_000, tiers });
  }
});
afterAll(() => engine.stop());

async function join(user: string, body: object, operator: string): Promise<string> {
  const token = edge.person(user);
  const headers = { 'idempotency-key': `register-${user}` };
  const registered = await edge.call(marketApi, 'POST /v1/organisations', { token, headers, body });
  const params = { organisation: String(registered.body.id) };
  await edge.call(operatorApi, 'POST /v1/organisations/{organisation}/approve', { token: operator, params, body: {} });
  return token;
}

const at = (api: unknown, method: string, what: string, token: string, body?: object, round = '1'): Promise<Answer> =>
  edge.call(api, `${method} ${ROUND}/${what}`, { token, params: { queue, round }, ...(body ? { body } : {}) });
const feedback = (n: number) => at(companyApi, 'GET', 'feedback', companies[n]!);
const ask = (body: object, round?: string) => at(companyApi, 'POST', 'preview', companies[0]!, body, round);
const askBid = (n: number, priceMicros: number, capacity = 2_000) =>
  at(providerApi, 'POST', 'provider-preview', providers[n]!, {
    currency: 'USD',
    capacity,
    tiers: [{ minVolume: 0, priceMicros }],
  });
const estimate = (body: object): Promise<Answer> => edge.call(marketApi, 'POST /v1/estimates', { body });
const demand = (more: object = {}) => ({ demand: [{ serviceClass: CLASS, currency: 'USD', volume: 100, ...more }] });

describe('before the first provisional clearing', () => {
  it('feedback and what-ifs are refused with the time of it, and unknown rounds with where the known ones are', async () => {
    for (const answer of [await feedback(0), await ask({ currency: 'USD', volume: 10 }), await askBid(1, 1)])
      expect(answer).toMatchObject({
        status: 409,
        body: { code: 'no_provisional', nextAt: '2026-01-28T00:00:00.000Z' },
      });
    expect(await ask({ currency: 'USD', volume: 10 }, '77')).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });
});

describe('after it', () => {
  beforeAll(async () => {
    edge.now = FIRST + 1;
    await clearProvisionally({ tables: engine.tables, now: edge.now }, queue, 1, FIRST, createMarketSolver());
  });

  it('a company reads its own price, a provider its own standing, and nobody anything else', async () => {
    // The cheapest bid is 4.00, with the fee of 5 % 4.20.
    const answer = await feedback(0);
    expect(answer).toMatchObject({ status: 200, body: { served: 'in_full', estimatedPriceMicros: 4_200_000 } });
    expect(Object.keys(answer.body).sort()).toEqual(
      ['estimatedPriceMicros', 'pooled', 'provisionalAt', 'savingBps', 'served', 'tip'].sort(),
    );
    const winner = await at(providerApi, 'GET', 'provider-feedback', providers[0]!);
    expect(winner.body).toEqual({
      provisionalAt: '2026-01-28T00:00:00.000Z',
      inTheRunning: true,
      tier: 1,
      volume: 1_200,
    });
    const other = await at(providerApi, 'GET', 'provider-feedback', providers[1]!);
    expect(other.body).toMatchObject({ inTheRunning: false, rankBand: 'first_third', priceToWinMicros: 4_000_000 });
  });

  it('a company that had not committed is told so, and a provider may not read as a company', async () => {
    const late = await join('late', { kind: 'company', name: 'Late Bank' }, await edge.operator());
    expect(await at(companyApi, 'GET', 'feedback', late)).toMatchObject({ status: 404 });
    expect(await at(companyApi, 'GET', 'feedback', providers[0]!)).toMatchObject({ status: 403 });
    expect(await at(companyApi, 'POST', 'preview', late, { currency: 'USD', volume: 10 })).toMatchObject({
      status: 200,
      body: { estimatedPriceMicros: 4_200_000 },
    });
  });

  it('a what-if with bad figures names the field, one in another currency says which the queue uses', async () => {
    for (const [field, body] of [
      ['volume', { currency: 'USD', volume: 0 }],
      ['volume', { currency: 'USD', volume: 1.5 }],
      ['reserveMicros', { currency: 'USD', volume: 1, reserveMicros: 0 }],
    ] as const)
      expect(await ask(body)).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ field }] } });
    expect((await ask({ currency: 'USD', volume: 1, price: 3 })).status).toBe(400);
    expect(await ask({ currency: 'EUR', volume: 1 })).toMatchObject({ status: 422, body: { code: 'wrong_currency' } });
  });

  it('a bid that could not be placed is not tried out: a winner cannot feel for how much dearer it could be', async () => {
    expect(await askBid(0, 4_100_000)).toMatchObject({ status: 409, body: { code: 'bid_may_only_improve' } });
    expect(await askBid(0, 3_900_000)).toMatchObject({
      status: 200,
      body: { inTheRunning: true, volumeFrom: 1_200, volumeTo: 1_200, priceToWinMicros: null },
    });
    expect(await askBid(1, 4_900_000)).toMatchObject({ body: { inTheRunning: false, priceToWinMicros: 4_000_000 } });
  });

  it('the sixty-first what-if is refused with status 429 and when more are answered', async () => {
    const answers: Answer[] = [];
    for (let n = 0; n < 61; n++)
      answers.push(await at(companyApi, 'POST', 'preview', companies[3]!, { currency: 'USD', volume: 1 + n }));
    expect(answers.slice(0, 60).every((answer) => answer.status === 200)).toBe(true);
    expect(answers[60]).toMatchObject({
      status: 429,
      body: { code: 'preview_limit', resetsAt: '2026-01-30T00:00:00.000Z' },
    });
  });
});

describe('an estimate', () => {
  it('needs no login, and says so honestly where there is no queue or nothing published', async () => {
    expect(await estimate(demand())).toMatchObject({
      status: 200,
      body: { items: [{ queue, basis: 'too_little_data', priceMicros: null }] },
    });
    expect(await estimate(demand({ currency: 'EUR' }))).toMatchObject({ body: { items: [{ basis: 'no_queue' }] } });
  });

  it('with bad input names the field', async () => {
    for (const [field, body] of [
      ['demand', { demand: [] }],
      ['demand[0].volume', demand({ volume: 0 })],
      ['demand[0].serviceClass.region', demand({ serviceClass: { ...CLASS, region: 'us' } })],
    ] as const)
      expect(await estimate(body)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it('is counted by source address: so many at once, then one at a time, and nobody else is held up', async () => {
    const bucket = { name: 'test', size: 3, refillMs: 60_000 };
    const take = (address: string, machineNow: number) =>
      takeToken(bucket, { tables: engine.tables, address, signingKey: new Uint8Array([1]), machineNow });
    const now = 1_000_000;
    for (let n = 0; n < 3; n++) expect(await take('192.0.2.1', now)).toMatchObject({ ok: true });
    expect(await take('192.0.2.1', now)).toMatchObject({ code: 'rate_limited', extra: { retryAfterSeconds: 60 } });
    expect(await take('192.0.2.2', now)).toMatchObject({ ok: true });
    expect(await take('192.0.2.1', now + 60_000)).toMatchObject({ ok: true });
    expect(await take('192.0.2.1', now + 60_000)).toMatchObject({ ok: false });
    for (let n = 0; n < 3; n++) expect(await take('192.0.2.1', now + 300_000)).toMatchObject({ ok: true });
  });
});
