/** Counting a queue's weeks: from the lists alone, each request once, whatever runs twice, comes late or is asked for. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as marketApi } from '../../functions/api/market.ts';
import { countDueWeeks, weeksUpToNow } from '../../shared/demand/demand.store.ts';
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

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

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
    const at = (now: number) => weeksUpToNow(market.call(now), market.queue);
    expect(await at(MONDAY + 30 * 60_000)).toEqual([]);
    expect(await at(MONDAY + COUNTED)).toMatchObject([{ week: MONDAY - 7 * DAY, companies: 1 }]);

    await Promise.all([1, 2, 3].map(() => at(MONDAY + 7 * DAY + COUNTED).catch(() => null)));
    const [before, week, ...more] = await at(MONDAY + 7 * DAY + COUNTED);
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

  it('is counted where nobody asks for a quarter of a year, more companies than fit one run after another', async () => {
    const pk = `J#${market.queue}#000001`;
    const others = Array.from({ length: 450 }, (_, n) => `co_zzzz${String(n).padStart(6, '0')}`);
    await Promise.all(others.map((sk) => engine.tables.put('market', { pk, sk })));
    await send(others.at(-1)!, MONDAY + 8 * DAY);
    const counted = MONDAY + 7 * DAY + 13 * 7 * DAY;
    const { nextAt } = await countDueWeeks(market.call(counted - 1));
    expect(nextAt).toBeGreaterThan(counted);
    const late = counted + COUNTED;
    expect((await countDueWeeks(market.call(late))).nextAt).toBeLessThan(late);
    expect((await countDueWeeks(market.call(late))).nextAt).toBeGreaterThan(late + 12 * 7 * DAY);
    const weeks = await weeksUpToNow(market.call(late), market.queue);
    expect(weeks.map((week) => [week.companies, sumOf(week.hours)])).toEqual([
      [1, 1],
      [3, 4],
      [2, 2],
      ...Array.from({ length: 12 }, () => [0, 0]),
    ]);
  });
});
