/** Flags of the screens: raised with the awards, read and reviewed by the market's operator and by nobody else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as marketApi } from '../../functions/api/market.ts';
import { handler as operatorApi } from '../../functions/api/operator.ts';
import { allBids } from '../../shared/bid/bid.store.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import type { Role } from '../../shared/identity/identity.ts';
import { screenRound } from '../../shared/screen/flag.store.ts';
import type { Flag } from '../../shared/screen/screen.ts';
import { type Answer, TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, TestMarket } from '../support/round.ts';

const LIST = 'GET /v1/operator/flags';
const REVIEW = 'POST /v1/operator/flags/{flag}/review';

let engine: TestTables;
let edge: TestEdge;
let operator = '';
const markets: TestMarket[] = [];

beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  operator = await edge.operator();
  for (const category of ['Alike', 'Copied']) {
    const market = new TestMarket(engine.tables);
    await market.open(category);
    await market.commit('co_aaaa000001', 100);
    const prices = category === 'Alike' ? [3_000_000, 3_010_000, 3_020_000] : [3_000_000, 3_000_000];
    for (const [i, price] of prices.entries()) {
      const tiers = [
        { minVolume: 0, priceMicros: price },
        { minVolume: 50 + (category === 'Alike' ? i : 0), priceMicros: price - 100_000 },
      ];
      await market.bid(`pr_bbbb00000${i}`, 'agent_pool', { capacity: 500, tiers });
    }
    await market.advance(FEBRUARY);
    markets.push(market);
  }
});
afterAll(() => engine.stop());

const list = (query: Record<string, string> = {}, token = operator): Promise<Answer> =>
  edge.call(operatorApi, LIST, { token, query });
const review = (flag: string, body: unknown, token = operator): Promise<Answer> =>
  edge.call(operatorApi, REVIEW, { token, params: { flag }, body });
const itemsOf = (answer: Answer): Flag[] => answer.body.items as Flag[];

describe('the rules', () => {
  it('are published to everybody, with their numbers and sources', async () => {
    const answer = await edge.call(marketApi, 'GET /v1/screens');
    expect(answer.status).toBe(200);
    const rules = answer.body.items as { screen: string; thresholds: object; sources: string[] }[];
    expect(rules.map((rule) => rule.screen)).toEqual([
      'low_variation',
      'identical_grids',
      'rotating_winners',
      'losers_never_near',
    ]);
    expect(rules[0]?.thresholds).toEqual({ leastBids: 3, variationBps: 200 });
    for (const rule of rules) expect(rule.sources.length).toBeGreaterThan(0);
  });
});

describe('flags', () => {
  it('stand once the round is cleared, with providers, figures and a sentence, and are raised once', async () => {
    const [alike, copied] = markets as [TestMarket, TestMarket];
    const found = itemsOf(await list({ queue: alike.queue }));
    expect(found).toMatchObject([
      {
        queue: alike.queue,
        round: 1,
        screen: 'low_variation',
        providers: ['pr_bbbb000000', 'pr_bbbb000001', 'pr_bbbb000002'],
        state: 'open',
        review: null,
      },
    ]);
    expect(itemsOf(await list({ queue: copied.queue }))).toMatchObject([{ screen: 'identical_grids' }]);
    const bids = await allBids(alike.call(), alike.queue, 1);
    await screenRound(alike.call(), alike.queue, 1, bids, []);
    expect(itemsOf(await list({ queue: alike.queue }))).toEqual(found);
  });

  it('of all queues come page by page, newest first', async () => {
    const first = await list({ limit: '1' });
    const second = await list({ limit: '1', cursor: String(first.body.next) });
    expect([...itemsOf(first), ...itemsOf(second)].map((flag) => flag.screen).sort()).toEqual([
      'identical_grids',
      'low_variation',
    ]);
    expect(await list({ cursor: 'nonsense' })).toMatchObject({ status: 400, body: { errors: [{ field: 'cursor' }] } });
    expect(await list({ state: 'closed' })).toMatchObject({ status: 400, body: { errors: [{ field: 'state' }] } });
  });

  it('never reach a company or a provider, nor the market’s finance', async () => {
    const [flag] = itemsOf(await list());
    const outsiders: [string, Role][] = [
      ['co_aaaa000001', 'company.admin'],
      ['pr_bbbb000000', 'provider.admin'],
    ];
    for (const [tenant, role] of outsiders) {
      const user = `of-${tenant}`;
      await addMember(engine.tables, tenant, { user, email: `${user}@example.com`, roles: [role] }, edge.now);
      const token = edge.person(user);
      expect((await list({}, token)).status).toBe(403);
      expect((await review(flag!.id, { state: 'dismissed', note: 'x' }, token)).status).toBe(403);
    }
    expect((await list({}, await edge.operator('finance', ['market.finance']))).status).toBe(403);
    expect((await edge.call(operatorApi, LIST)).status).toBe(401);
  });

  it('are reviewed once: the same again is the same, another is refused with who and when', async () => {
    const [flag] = itemsOf(await list({ queue: markets[0]!.queue }));
    const good = { state: 'dismissed', note: 'All three resell one software.' };
    const reviewed = await review(flag!.id, good);
    expect(reviewed).toMatchObject({ status: 200, body: { state: 'dismissed', review: { ...good, by: 'operator' } } });
    edge.now += 60_000;
    expect((await review(flag!.id, good)).body).toEqual(reviewed.body);
    const other = await review(flag!.id, { state: 'reviewed', note: 'No.' }, await edge.operator('second'));
    expect(other).toMatchObject({ status: 409, body: { code: 'flag_reviewed', reviewedBy: 'operator' } });
    expect(itemsOf(await list({ queue: markets[0]!.queue }))).toEqual([]);
    expect(itemsOf(await list({ state: 'dismissed' }))).toEqual([reviewed.body]);
    const bids = await allBids(markets[0]!.call(), markets[0]!.queue, 1);
    await screenRound(markets[0]!.call(), markets[0]!.queue, 1, bids, []);
    expect(itemsOf(await list({ state: 'dismissed' }))).toEqual([reviewed.body]);
  });

  it('are reviewed with a state and a note, and only where they exist', async () => {
    const id = `${markets[1]!.queue}.1.low_variation.AAAA`;
    expect(await review(id, { state: 'dismissed', note: 'x' })).toMatchObject({
      status: 404,
      body: { code: 'not_found', field: 'flag' },
    });
    for (const [body, field] of [
      [{ state: 'open', note: 'x' }, 'state'],
      [{ state: 'dismissed', note: '  ' }, 'note'],
      [{ state: 'dismissed' }, 'note'],
      [{ state: 'dismissed', note: 'x', exclude: true }, 'exclude'],
    ] as const)
      expect(await review(id, body)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    expect((await review('nonsense', { state: 'dismissed', note: 'x' })).status).toBe(400);
  });
});
