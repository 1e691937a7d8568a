/** The release of large awards by two people, through the API, and what requests do while nobody releases. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as marketApi } from '../../functions/api/market.ts';
import { handler as operatorApi } from '../../functions/api/operator.ts';
import { provideRuntime } from '../../functions/runtime.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { readRound } from '../../shared/queue/queue.store.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, must, TERMS, TestMarket } from '../support/round.ts';

const RELEASE = 'POST /v1/operator/queues/{queue}/rounds/{round}/release';
const COMPANY = 'co_aaaa000001';
const MARCH = Date.parse('2026-03-01T00:00:00Z');

let engine: TestTables;
let edge: TestEdge;
let ada = '';
let bob = '';
beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  [ada, bob] = [await edge.operator('ada'), await edge.operator('bob')];
});
afterAll(() => engine.stop());

/** A market with 10 requests at 5.25 all-in: 52.50 of billings a round, and the least amount that needs two people. */
async function market(category: string, secondPersonAboveMicros: number): Promise<TestMarket> {
  const made = new TestMarket(engine.tables, { ...TERMS, secondPersonAboveMicros });
  await made.open(category);
  return made;
}
async function supply(made: TestMarket, round: number): Promise<void> {
  await made.commit(COMPANY, 10, {}, round);
  const tiers = [{ minVolume: 0, priceMicros: 5_000_000 }];
  await made.bid('pr_pool000001', 'agent_pool', { capacity: 40, tiers }, 9_000, round);
}
function call(made: TestMarket, routeKey: string, token: string, round = 1) {
  provideRuntime({ ...edge.runtime, tables: made.tables, clock: { now: () => made.now } });
  return edge.call(operatorApi, routeKey, { token, params: { queue: made.queue, round: String(round) } });
}
const stateOf = async (made: TestMarket, round = 1) =>
  (await readRound(made.tables, made.queue, round, { consistent: true }))?.state;
const listed = async (made: TestMarket) => {
  provideRuntime({ ...edge.runtime, tables: made.tables, clock: { now: () => made.now } });
  const page = await edge.call(operatorApi, 'GET /v1/operator/releases', { token: ada, query: { limit: '100' } });
  return (page.body.items as { queue: string; state: string }[]).filter((one) => one.queue === made.queue);
};
const send = async (made: TestMarket, externalId: string) => {
  const input = { externalId, queue: made.queue, customer: externalId, text: 'Hello', fields: {} };
  return must(await acceptRequest(made.call(), COMPANY, input, null)).view;
};

describe('awards above the published amount', () => {
  it('begin with the round when two different people have released them, and are listed until then', async () => {
    const made = await market('released in time', 52_499_999);
    await supply(made, 1);
    await made.advance(FEBRUARY - 23 * HOUR);
    expect(await listed(made)).toMatchObject([{ state: 'awaited', billingsMicros: 52_500_000 }]);
    expect(await call(made, RELEASE, ada)).toMatchObject({
      status: 200,
      body: { state: 'proposed', proposedBy: 'ada' },
    });
    expect(await call(made, RELEASE, ada)).toMatchObject({ status: 409, body: { code: 'second_person_needed' } });
    await made.advance(FEBRUARY - HOUR);
    expect(await listed(made)).toMatchObject([{ state: 'proposed' }]);
    expect(await call(made, RELEASE, bob)).toMatchObject({
      status: 200,
      body: { state: 'released', proposedBy: 'ada', releasedBy: 'bob', releasedAt: '2026-01-31T23:00:00.000Z' },
    });
    expect(await listed(made)).toEqual([]);
    expect(await call(made, RELEASE, bob)).toMatchObject({ status: 200, body: { releasedBy: 'bob' } });
    expect(await stateOf(made)).toBe('clearing');
    await made.advance(FEBRUARY + MINUTE);
    expect(await stateOf(made)).toBe('active');
  });

  it('need nobody at exactly the amount', async () => {
    const made = await market('at the amount', 52_500_000);
    await supply(made, 1);
    await made.advance(FEBRUARY - 23 * HOUR);
    expect(await call(made, RELEASE, ada)).toMatchObject({ status: 409, body: { code: 'no_release_needed' } });
    await made.advance(FEBRUARY + MINUTE);
    expect(await stateOf(made)).toBe('active');
  });

  it('are released by people of the market only, not by a key of theirs nor by its finance', async () => {
    const made = await market('by people', 1);
    await supply(made, 1);
    await made.advance(FEBRUARY - 23 * HOUR);
    const key = await edge.call(marketApi, 'POST /v1/api-keys', {
      token: ada,
      headers: { 'idempotency-key': 'key-for-release' },
      body: { name: 'second person', roles: ['market.operator'] },
    });
    expect(key.status).toBe(201);
    expect(await call(made, RELEASE, String(key.body.secret))).toMatchObject({
      status: 403,
      body: { code: 'forbidden', detail: expect.stringContaining('people') },
    });
    const finance = await edge.operator('fay', ['market.finance']);
    expect(await call(made, RELEASE, finance)).toMatchObject({ status: 403 });
    expect(await call(made, RELEASE, ada, 7)).toMatchObject({ status: 404 });
    expect(await listed(made)).toMatchObject([{ state: 'awaited' }]);
  });

  it('proposed by several at once have one proposer and one releaser, two different people', async () => {
    const made = await market('at once', 1);
    await supply(made, 1);
    await made.advance(FEBRUARY - 23 * HOUR);
    await Promise.all([ada, bob, ada, bob].map((token) => call(made, RELEASE, token)));
    const round = await readRound(made.tables, made.queue, 1, { consistent: true });
    expect(new Set([round?.releaseProposedBy, round?.releasedBy])).toEqual(new Set(['ada', 'bob']));
    expect(round?.awaitsRelease).toBe(false);
  });
});

describe('a round that nobody releases in time', () => {
  it('begins when it is released; until then the round before it takes the requests and stays open', async () => {
    // The first round is released, so that there is one to go on with; the second is not.
    const made = await market('late', 1);
    await supply(made, 1);
    await made.advance(FEBRUARY - 23 * HOUR);
    await call(made, RELEASE, ada);
    await call(made, RELEASE, bob);
    await made.advance(FEBRUARY + MINUTE);
    await supply(made, 2);
    await made.advance(MARCH - 23 * HOUR);
    await made.advance(MARCH + MINUTE);
    expect([await stateOf(made, 1), await stateOf(made, 2)]).toEqual(['settling', 'clearing']);
    expect((await send(made, 'late 1')).round).toBe(1);
    // Far beyond the windows after which the first round would close, were it not the one that takes requests.
    await made.advance(MARCH + 20 * DAY);
    await made.advance(MARCH + 22 * DAY);
    expect(await stateOf(made, 1)).toBe('settling');
    await call(made, RELEASE, bob, 2);
    await call(made, RELEASE, ada, 2);
    await made.advance(MARCH + 22 * DAY + MINUTE);
    expect([await stateOf(made, 2), await stateOf(made, 3)]).toEqual(['active', 'open']);
    expect((await send(made, 'late 2')).round).toBe(2);
    await made.advance(MARCH + 24 * DAY);
    expect(await stateOf(made, 1)).toBe('closed');
  });
});
