/** What a company or provider has put into rounds of all queues, as one list, through the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as overviewApi } from '../../functions/api/overview.ts';
import { provideRuntime } from '../../functions/runtime.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import type { Role } from '../../shared/identity/identity.ts';
import { HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, TERMS, TestMarket } from '../support/round.ts';

const [ADA, EVE, POOL] = ['co_adadaada0001', 'co_eveeveeve001', 'pr_poolpool0001'] as const;
const TIERS = [{ minVolume: 0, priceMicros: 5_000_000 }];
const WEEK_TERMS = { ...TERMS, roundLength: 'week' as const };

let engine: TestTables;
let edge: TestEdge;
let monthly: TestMarket;
let weekly: TestMarket;

beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  monthly = new TestMarket(engine.tables);
  weekly = new TestMarket(engine.tables, WEEK_TERMS);
  await monthly.open('every month');
  await weekly.open('every week');
  await monthly.commit(ADA, 100);
  await monthly.commit(EVE, 40);
  await monthly.bid(POOL, 'agent_pool', { capacity: 500, tiers: TIERS });
  await weekly.commit(ADA, 7);
  await weekly.bid(POOL, 'agent_pool', { capacity: 50, tiers: TIERS });
});
afterAll(() => engine.stop());

async function call(market: TestMarket, path: string, tenant: string, role: Role, query: Record<string, string> = {}) {
  const user = `${role} of ${tenant}`;
  await addMember(market.tables, tenant, { user, email: null, roles: [role] }, 0);
  provideRuntime({ ...edge.runtime, tables: market.tables, clock: { now: () => market.now } });
  return edge.call(overviewApi, `GET ${path}`, { token: edge.person(user), query });
}
type Listed = {
  commitment?: { volume: number };
  bid?: { capacity: number };
  round: { queue: string; round: number; state: string };
  award: { awarded: number; unitPriceMicros?: number; priceMicros?: number } | null;
};
const commitments = async (query = {}, tenant: string = ADA) =>
  (await call(monthly, '/v1/commitments', tenant, 'company.finance', query)).body as {
    items: Listed[];
    next: string | null;
  };
const bids = async () => (await call(monthly, '/v1/bids', POOL, 'provider.admin')).body.items as Listed[];

describe('before any round begins', () => {
  it('a company finds its commitments of all queues, the round that begins last in front, and no award', async () => {
    const { items, next } = await commitments();
    expect(items.map((one) => [one.round.queue, one.commitment?.volume, one.award])).toEqual([
      [monthly.queue, 100, null],
      [weekly.queue, 7, null],
    ]);
    expect(next).toBeNull();
  });

  it('a page at a time, each once', async () => {
    const first = await commitments({ limit: '1' });
    const second = await commitments({ limit: '1', cursor: first.next });
    expect([...first.items, ...second.items].map((one) => one.commitment?.volume)).toEqual([100, 7]);
  });

  it('another company finds its own only', async () => {
    expect((await commitments({}, EVE)).items.map((one) => one.commitment?.volume)).toEqual([40]);
    expect((await commitments({}, 'co_nobody0001')).items).toEqual([]);
  });

  it('a provider finds its bids', async () => {
    expect((await bids()).map((one) => [one.round.queue, one.bid?.capacity, one.award])).toEqual([
      [monthly.queue, 500, null],
      [weekly.queue, 50, null],
    ]);
  });
});

describe('once a round has begun', () => {
  it('each shows what was awarded in it and at what price, and nothing of a round that is only cleared', async () => {
    monthly.now = FEBRUARY - 23 * HOUR;
    await monthly.step();
    expect((await commitments()).items[0]).toMatchObject({ round: { state: 'clearing' }, award: null });
    expect((await bids())[0]?.award).toBeNull();
    await monthly.advance(FEBRUARY + MINUTE);
    const { items } = await commitments();
    // 5.00 a resolution, and 5 % fee.
    expect(items[0]).toMatchObject({
      round: { queue: monthly.queue, round: 1, state: 'active' },
      award: { awarded: 100, unitPriceMicros: 5_250_000 },
    });
    expect((await bids())[0]?.award).toMatchObject({ awarded: 140, priceMicros: 5_000_000 });
  });
});
