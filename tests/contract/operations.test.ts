/** Hours, budgets, absence and the views of the work: each seen and changed by whom it belongs to, and by nobody else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as companyApi } from '../../functions/api/company.ts';
import { handler as dispatchApi } from '../../functions/api/dispatch.ts';
import { handler as operationsApi } from '../../functions/api/operations.ts';
import { handler as providerApi } from '../../functions/api/provider.ts';
import { handler as sweepsConsumer } from '../../functions/queue/sweeps.ts';
import { runDue } from '../../functions/sweeps.ts';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import type { Role } from '../../shared/identity/identity.ts';
import { DAY, HOUR, iso, MINUTE } from '../../shared/kernel/time.ts';
import { readFailures } from '../../shared/operations/failure.store.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { type Answer, type CallOptions, TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';

const COMPANY = 'co_aaaa000001';
const OTHER_COMPANY = 'co_bbbb000001';
const POOL = 'pr_pool000001';
const RIVAL = 'pr_pool000002';
const HOURS = { timeZone: 'UTC', week: { monday: [{ from: '09:00', to: '17:00' }] } };

let engine: TestTables;
let edge: TestEdge;
let market: TestMarket;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  tokens.operator = await edge.operator();
  const people: [string, string, Role[]][] = [
    ['company', COMPANY, ['company.admin']],
    ['clerk', COMPANY, ['company.operator']],
    ['otherCompany', OTHER_COMPANY, ['company.admin']],
    ['provider', POOL, ['provider.admin']],
    ['agent', POOL, ['provider.agent']],
    ['rival', RIVAL, ['provider.admin']],
  ];
  for (const [user, tenant, roles] of people) {
    await addMember(engine.tables, tenant, { user, email: `${user}@example.com`, roles }, edge.now);
    tokens[user] = edge.person(user);
  }
  market = new TestMarket(engine.tables);
  await market.open('operations');
  await market.commit(COMPANY, 10);
  await market.bid(POOL, 'agent_pool', { capacity: 12, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] });
  await market.bid(RIVAL, 'agent_pool', { capacity: 12, tiers: [{ minVolume: 0, priceMicros: 3_000_000 }] });
  await market.advance(FEBRUARY - 23 * HOUR);
  await market.advance(FEBRUARY + MINUTE);
  market.now = SECOND_OF_FEBRUARY;
  edge.now = market.now;
  for (const customer of ['ada', 'bob', 'cid'])
    must(
      await acceptRequest(
        market.call(),
        COMPANY,
        { externalId: customer, queue: market.queue, customer, text: 'Hello', fields: {} },
        null,
      ),
    );
});
afterAll(() => engine.stop());

const dispatch = (who: string, route: string, options: CallOptions = {}): Promise<Answer> =>
  edge.call(dispatchApi, route, { token: tokens[who]!, ...options });
const operate = (who: string, route: string, options: CallOptions = {}): Promise<Answer> =>
  edge.call(operationsApi, route, { token: tokens[who]!, ...options });

describe('the operator’s view', () => {
  it('shows a queue’s lanes with depth, earliest deadline, wait and presence', async () => {
    const answer = await operate('operator', 'GET /v1/operator/lanes', { query: { queue: market.queue } });
    expect(answer.status).toBe(200);
    const lanes = answer.body.items as Record<string, unknown>[];
    expect(lanes.map((lane) => [lane.provider, lane.waiting])).toEqual([
      [RIVAL, { count: 0, isAtLeast: false }],
      [POOL, { count: 3, isAtLeast: false }],
    ]);
    expect(lanes[1]).toMatchObject({
      earliestDeadline: iso(SECOND_OF_FEBRUARY + 48 * HOUR),
      isLate: false,
      isPresent: false,
      longestWaitMs: 0,
      recent: { turns: 0, resolved: 0, late: 0, lost: 0 },
    });
    edge.now = SECOND_OF_FEBRUARY + 3 * DAY;
    const later = await operate('operator', 'GET /v1/operator/lanes', { query: { queue: market.queue } });
    expect((later.body.items as object[])[1]).toMatchObject({ isLate: true, longestWaitMs: 3 * DAY });
    edge.now = SECOND_OF_FEBRUARY;
  });

  it('shows how late a sweep is and when it last ran', async () => {
    const claimed = await edge.call(providerApi, 'POST /v1/claims', { token: tokens.provider!, body: { max: 1 } });
    // The organisation of this test is not approved for money, so its work is claimed below the edge.
    expect(claimed.body.code).toBe('organisation_not_approved');
    expect((await claimWork(market.call(), POOL, [market.queue], 1, Math.random)).work).toHaveLength(1);
    const sweep = async () => {
      const { body } = await operate('operator', 'GET /v1/operator/sweeps');
      return (body.sweeps as { partition: string; pass: string }[]).find(({ pass }) => pass === 'lease_end');
    };
    expect(await sweep()).toMatchObject({
      through: null,
      nextDueAt: iso(SECOND_OF_FEBRUARY + 6 * MINUTE),
      lagMs: 0,
    });
    edge.now = SECOND_OF_FEBRUARY + 10 * MINUTE;
    const late = await sweep();
    expect(late).toMatchObject({ lagMs: 4 * MINUTE, lastRunAt: null });
    await runDue(edge.runtime, { kind: 'leases', partition: late!.partition, pass: 'lease_end' }, edge.now);
    expect(await sweep()).toMatchObject({
      through: iso(SECOND_OF_FEBRUARY + 5 * MINUTE),
      lastRunAt: iso(edge.now),
      lagMs: 0,
    });
    market.now = edge.now;
  });

  it.each(['company', 'provider', 'agent'])('is closed to a %s', async (who) => {
    for (const [route, options] of [
      ['GET /v1/operator/lanes', { query: { queue: market.queue } }],
      ['GET /v1/operator/sweeps', {}],
      ['GET /v1/operator/dead-letters', {}],
      ['POST /v1/operator/dead-letters/{queue}/redrive', { params: { queue: 'sweeps' }, body: {} }],
    ] as const)
      expect((await operate(who, route, options)).status, route).toBe(403);
  });
});

describe('a message that keeps failing', () => {
  it('leaves its cause from the third try on, and nothing before', async () => {
    const event = (messageId: string, receives: number) => ({
      Records: [
        { messageId, body: '{"kind":"unheard of"}', attributes: { ApproximateReceiveCount: String(receives) } },
      ],
    });
    for (const [id, receives] of [
      ['passing', 1],
      ['lasting', 3],
    ] as const)
      expect(await sweepsConsumer(event(id, receives) as never)).toEqual({
        batchItemFailures: [{ itemIdentifier: id }],
      });
    const causes = await readFailures(market.call(), ['passing', 'lasting']);
    expect([...causes.keys()]).toEqual(['lasting']);
    expect(causes.get('lasting')).toContain('ZodError');
  });
});

describe('what failed from and to Stripe', () => {
  it('is seen by the market’s finance too, which sees nothing else of what failed and brings nothing back', async () => {
    const finance = await edge.operator('mara', ['market.finance']);
    const none = edge.runtime.deadLetters;
    const list = async (queue: string) => [{ id: `of-${queue}`, body: '{}', receives: 3, firstSentAt: null }];
    edge.runtime.deadLetters = { ...none, list };
    const seen = async (token: string, query = {}) =>
      (
        (await edge.call(operationsApi, 'GET /v1/operator/dead-letters', { token, query })).body.items as {
          queue: string;
        }[]
      ).map(({ queue }) => queue);
    expect(await seen(tokens.operator!)).toHaveLength(6);
    expect(await seen(finance)).toEqual(['stripe-in', 'stripe-out']);
    expect(await seen(finance, { queue: 'stripe-out' })).toEqual(['stripe-out']);
    expect(await seen(finance, { queue: 'sweeps' })).toEqual([]);
    const params = { queue: 'stripe-in' };
    const back = await edge.call(operationsApi, 'POST /v1/operator/dead-letters/{queue}/redrive', {
      token: finance,
      params,
      body: {},
    });
    expect(back.status).toBe(403);
    edge.runtime.deadLetters = none;
  });
});

describe('a provider', () => {
  it('sees its own lanes alone', async () => {
    const own = async (who: string) => (await dispatch(who, 'GET /v1/lanes')).body.items as { provider: string }[];
    expect((await own('provider')).map((lane) => lane.provider)).toEqual([POOL]);
    expect((await own('rival')).map((lane) => lane.provider)).toEqual([RIVAL]);
  });

  it('states hours by its admin; its agents take only themselves off line', async () => {
    const rules = [{ channel: 'Web', hours: HOURS, concurrent: 2 }];
    expect((await dispatch('agent', 'PUT /v1/availability', { body: { rules } })).status).toBe(403);
    const put = await dispatch('provider', 'PUT /v1/availability', { body: { rules } });
    expect(put).toMatchObject({ status: 200, body: { rules: [{ channel: 'Web', concurrent: 2 }] } });
    expect((await dispatch('rival', 'GET /v1/availability')).body.rules).toEqual([]);
    for (const body of [{}, { agent: 'provider' }])
      expect((await dispatch('agent', 'POST /v1/offline', { body })).body.code).toBe('forbidden');
    expect((await dispatch('agent', 'POST /v1/offline', { body: { agent: 'me' } })).body).toEqual({
      returned: 0,
      complete: true,
    });
    const seen = await dispatch('provider', 'GET /v1/availability');
    expect(seen.body).toMatchObject({ offlineSince: null, offlineAgents: [{ agent: 'agent', since: iso(edge.now) }] });
    await dispatch('provider', 'POST /v1/offline', { body: {} });
    expect((await dispatch('provider', 'GET /v1/lanes')).body.items).toMatchObject([{ offlineSince: iso(edge.now) }]);
    const back = await dispatch('provider', 'POST /v1/online', { body: {} });
    expect(back.body).toMatchObject({ offlineSince: null, offlineAgents: [{ agent: 'agent' }] });
  });

  it('is told which field of its hours does not fit', async () => {
    const rules = [{ hours: { timeZone: 'Mars/Olympus', week: {} } }];
    const answer = await dispatch('provider', 'PUT /v1/availability', { body: { rules } });
    expect(answer.status).toBe(400);
    const fields = (answer.body.errors as { field: string }[]).map(({ field }) => field);
    expect(fields).toContain('rules[0].hours.timeZone');
    expect(fields).toContain('rules[0].hours.week');
  });
});

describe('a company', () => {
  it('sees its own open work alone', async () => {
    const work = async (who: string) =>
      (await dispatch(who, 'GET /v1/queues/{queue}/open-work', { params: { queue: market.queue } })).body;
    expect(await work('company')).toMatchObject({ looked: { count: 3, isAtLeast: false }, open: { queued: 3 } });
    expect(await work('otherCompany')).toMatchObject({ looked: { count: 0 }, open: {}, earliestDeadline: null });
    const unknown = await dispatch('company', 'GET /v1/queues/{queue}/open-work', { params: { queue: 'no-queue' } });
    expect(unknown.status).toBe(404);
  });

  it('sets its budget by its admin or finance, and sees its own alone', async () => {
    const body = { currency: 'USD', capMicros: 5_000_000, beyond: 'hold' };
    expect((await dispatch('clerk', 'PUT /v1/budget', { body })).status).toBe(403);
    const put = await dispatch('company', 'PUT /v1/budget', { body });
    expect(put.body.items).toMatchObject([{ ...body, usedMicros: 0, leftMicros: 5_000_000 }]);
    expect((await dispatch('otherCompany', 'GET /v1/budget')).body.items).toEqual([]);
    expect((await dispatch('company', 'PUT /v1/budget', { body: { ...body, capMicros: -1 } })).status).toBe(400);
  });

  it('states working hours for all queues and one, takes them back, and sees its own alone', async () => {
    expect((await dispatch('company', 'PUT /v1/calendar', { body: HOURS })).status).toBe(200);
    const one = await dispatch('company', 'PUT /v1/calendar', { body: HOURS, query: { queue: market.queue } });
    expect(one.body).toMatchObject({ queue: market.queue });
    const unknown = await dispatch('company', 'PUT /v1/calendar', { body: HOURS, query: { queue: 'no-queue' } });
    expect(unknown.status).toBe(404);
    const own = async (who: string) =>
      ((await dispatch(who, 'GET /v1/calendar')).body.items as { queue: unknown }[]).map(({ queue }) => queue);
    expect(await own('company')).toEqual([null, market.queue]);
    expect(await own('otherCompany')).toEqual([]);
    expect((await dispatch('company', 'DELETE /v1/calendar', {})).status).toBe(204);
    expect(await own('company')).toEqual([market.queue]);
  });

  it('allows a provider again that it had withdrawn', async () => {
    const entry = { queue: market.queue, provider: RIVAL };
    const withdraw = 'PUT /v1/queues/{queue}/withdrawals/{provider}';
    await edge.call(companyApi, withdraw, { token: tokens.company!, params: entry });
    expect((await dispatch('company', 'GET /v1/withdrawals')).body.items).toEqual([entry]);
    const route = 'DELETE /v1/queues/{queue}/withdrawals/{provider}';
    expect((await dispatch('otherCompany', route, { params: entry })).status).toBe(204);
    expect((await dispatch('company', 'GET /v1/withdrawals')).body.items).toEqual([entry]);
    await dispatch('company', route, { params: entry });
    expect((await dispatch('company', 'GET /v1/withdrawals')).body.items).toEqual([]);
  });
});
