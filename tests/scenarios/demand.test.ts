/** Counting a queue's weeks: from the lists alone, each request once, whatever runs twice or comes late. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as marketApi } from '../../functions/api/market.ts';
import { countDueWeeks, readWeeks } from '../../shared/demand/demand.store.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import { DAY, HOUR } from '../../shared/kernel/time.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, must, TestMarket } from '../support/round.ts';

const MONDAY = Date.parse('2026-02-02T00:00:00Z');
/** Counting is spread over six hours from the second hour of Monday on. */
const COUNTED = 8 * HOUR;
const COMPANIES = ['co_aaaa000001', 'co_aaaa000002', 'co_aaaa000003'];

let engine: TestTables;
let market: TestMarket;
let serial = 0;

beforeAll(async () => {
  engine = await startTestTables();
  market = new TestMarket(engine.tables);
  await market.open('Demand');
  for (const company of COMPANIES.slice(0, 2)) await market.commit(company, 50);
  await market.bid('pr_bbbb000001', 'agent_pool', { capacity: 500, tiers: [{ minVolume: 0, priceMicros: 1_000_000 }] });
  await market.advance(FEBRUARY + HOUR);
});
afterAll(() => engine.stop());

async function send(company: string, at: number): Promise<void> {
  serial += 1;
  const input = { externalId: `d-${serial}`, queue: market.queue, customer: `c${serial}`, text: 'Hello', fields: {} };
  must(await acceptRequest(market.call(at), company, input, null));
}

describe('the demand of a queue', () => {
  it('is counted by hour once its week is over, late joiners and edges of the week with it', async () => {
    await send(COMPANIES[0]!, MONDAY - 1);
    await send(COMPANIES[0]!, MONDAY);
    await send(COMPANIES[0]!, MONDAY + HOUR - 1);
    await send(COMPANIES[1]!, MONDAY + 5 * HOUR);
    await send(COMPANIES[2]!, MONDAY + 7 * DAY - 1);
    await send(COMPANIES[2]!, MONDAY + 7 * DAY);
    expect(await countDueWeeks(market.call(MONDAY + 30 * 60_000))).not.toEqual({ nextAt: null });
    expect(await readWeeks(market.call(), market.queue)).toEqual([]);

    const { nextAt } = await countDueWeeks(market.call(MONDAY + COUNTED));
    expect(nextAt).toBeGreaterThan(MONDAY + 7 * DAY);
    await Promise.all([1, 2, 3].map(() => countDueWeeks(market.call(MONDAY + 7 * DAY + COUNTED)).catch(() => null)));
    await countDueWeeks(market.call(MONDAY + 7 * DAY + COUNTED));
    const [before, week, ...more] = await readWeeks(market.call(), market.queue);
    expect(more).toEqual([]);
    expect(before).toMatchObject({ week: MONDAY - 7 * DAY, companies: 1 });
    expect(week).toMatchObject({ week: MONDAY, companies: 3 });
    const filled = week!.hours.flatMap((count, hour) => (count === 0 ? [] : [[hour, count]]));
    expect(filled).toEqual([
      [0, 2],
      [5, 1],
      [167, 1],
    ]);
  });

  it('is shown to providers and companies, hidden below three companies, and closed to everybody else', async () => {
    const edge = new TestEdge(engine.tables);
    const route = 'GET /v1/queues/{queue}/demand';
    const params = { queue: market.queue };
    for (const [tenant, role] of [
      ['pr_bbbb000001', 'provider.admin'],
      ['co_aaaa000001', 'company.operator'],
    ] as const) {
      const user = `sees-${tenant}`;
      await addMember(engine.tables, tenant, { user, email: `${user}@example.com`, roles: [role] }, edge.now);
      const token = edge.person(user);
      const answer = await edge.call(marketApi, route, { token, params });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ forecast: null, profile: null, fromWeeks: 1 });
      expect(answer.body.remark).toContain('Too little history');
      expect(answer.body.history).toEqual([
        { weekStartsAt: '2026-01-26T00:00:00.000Z', requests: null },
        { weekStartsAt: '2026-02-02T00:00:00.000Z', requests: 4 },
      ]);
      expect(await edge.call(marketApi, route, { token, params: { queue: 'no-such-queue' } })).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
      expect((await edge.call(marketApi, route, { token, params: { queue: 'NO QUEUE' } })).status).toBe(400);
    }
    expect((await edge.call(marketApi, route, { params })).status).toBe(401);
  });
});
