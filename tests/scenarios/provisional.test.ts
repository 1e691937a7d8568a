/** Provisional clearings through the tables: when they run, what parties read, what stays sealed, and what is left over. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { createMarketSolver } from '../../shared/market/market-solver.ts';
import {
  MOST_PREVIEWS,
  partitionOf,
  readCompanyResult,
  readProviderResult,
  readProvisional,
  usePreview,
} from '../../shared/provisional/provisional.store.ts';
import { clearProvisionally } from '../../shared/provisional/provisional-clearing.store.ts';
import { readQueue, readRound } from '../../shared/queue/queue.store.ts';
import { stepDueRounds } from '../../shared/round/step.store.ts';
import { untilCrash } from '../support/crash.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, must, TestMarket } from '../support/round.ts';

const HARD_CLOSE = FEBRUARY - DAY;
const [FIRST, SECOND] = [HARD_CLOSE - 72 * HOUR, HARD_CLOSE - 24 * HOUR];
const COMPANIES = ['co_aaaa000001', 'co_bbbb000002', 'co_cccc000003', 'co_dddd000004'] as const;
const PROVIDERS = ['pr_pool000001', 'pr_pool000002', 'pr_pool000003', 'pr_pool000004'] as const;
const solver = createMarketSolver();

let engine: TestTables;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

/** Four companies of 300 each; four providers, the first the cheapest and with room for all. */
async function openMarket(category: string): Promise<TestMarket> {
  const market = new TestMarket(engine.tables);
  await market.open(category);
  for (const company of COMPANIES) await market.commit(company, 300);
  for (const [place, provider] of PROVIDERS.entries())
    await market.bid(provider, 'agent_pool', {
      capacity: 2_000,
      tiers: [{ minVolume: 0, priceMicros: (4 + place) * 1_000_000 }],
    });
  return market;
}

const roundOf = (market: TestMarket) => readRound(market.tables, market.queue, 1, { consistent: true });
const keptOf = async (market: TestMarket): Promise<string[]> => {
  const pk = partitionOf(market.queue, 1);
  return (await market.tables.queryAll('market', z.object({ sk: z.string() }), { pk })).map((item) => item.sk);
};

describe('a provisional clearing', () => {
  it('runs at the terms’ times, says when it was due, and tells nobody anything before the first', async () => {
    const market = await openMarket('times');
    await market.advance(FIRST - 1);
    expect(await readProvisional(market.call(), market.queue, 1)).toMatchObject({
      code: 'no_provisional',
      extra: { nextAt: new Date(FIRST).toISOString() },
    });
    await market.advance(FIRST + 7 * MINUTE);
    expect(await roundOf(market)).toMatchObject({ provisionalAt: FIRST, dueAt: SECOND, state: 'open' });
    await market.advance(SECOND);
    expect(await roundOf(market)).toMatchObject({ provisionalAt: SECOND, dueAt: HARD_CLOSE });
    expect((await readQueue(market.tables, market.queue))?.open?.pooled).toEqual({
      members: 4,
      committed: 1_200,
      asOf: new Date(SECOND).toISOString(),
    });
  });

  it('leaves on the round what would have tipped the pool, told to everybody once the round is active and not before', async () => {
    const market = await openMarket('tip');
    // The cheapest provider asks 4; from 1,500 pooled requests on it would ask 3.
    await market.bid(PROVIDERS[0], 'agent_pool', {
      capacity: 3_000,
      tiers: [
        { minVolume: 0, priceMicros: 4_000_000 },
        { minVolume: 1_500, priceMicros: 3_000_000 },
      ],
    });
    await market.advance(SECOND);
    const open = (await readQueue(market.tables, market.queue))?.open;
    expect([open?.round, open?.pooled?.committed, open?.tip]).toEqual([1, 1_200, null]);
    await market.advance(FEBRUARY + MINUTE);
    const tip = (await readQueue(market.tables, market.queue))?.current?.tip;
    expect(tip).toMatchObject({ committed: 1_200, pooledVolume: 1_500, asOf: new Date(SECOND).toISOString() });
    expect(tip!.lowerPriceMicros).toBeLessThan(tip!.averagePriceMicros);
  });

  it('gives each party its own result: who is awarded what at this moment', async () => {
    const market = await openMarket('own results');
    await market.advance(FIRST);
    const provisional = must(await readProvisional(market.call(), market.queue, 1));
    const mine = await readCompanyResult(market.call(), provisional, COMPANIES[0], 'newest');
    expect(mine).toMatchObject({ party: COMPANIES[0], committed: 300, awarded: 300 });
    const winner = await readProviderResult(market.call(), provisional, PROVIDERS[0], 'newest');
    expect(winner).toMatchObject({ awarded: 1_200, tier: 0, rankBand: 'first_third' });
    expect(await readProviderResult(market.call(), provisional, PROVIDERS[3], 'newest')).toMatchObject({
      awarded: 0,
      rankBand: 'last_third',
    });
    expect(await readCompanyResult(market.call(), provisional, 'co_zzzz000009', 'newest')).toBeUndefined();
  });

  it('keeps the published outline where one or two members have changed their demand, and not where three have', async () => {
    const market = await openMarket('successive');
    await market.advance(FIRST);
    await market.commit(COMPANIES[0], 900);
    await market.advance(SECOND);
    const kept = must(await readProvisional(market.call(), market.queue, 1));
    expect(kept.newest).toMatchObject({ at: SECOND, outline: { asOf: FIRST, committed: 1_200 } });
    const old = await readCompanyResult(market.call(), kept, COMPANIES[0], 'outline');
    expect(old?.committed).toBe(300);
    expect((await readCompanyResult(market.call(), kept, COMPANIES[0], 'newest'))?.committed).toBe(900);

    const other = await openMarket('successive too');
    await other.advance(FIRST);
    for (const company of COMPANIES.slice(0, 3)) await other.commit(company, 400);
    await other.advance(SECOND);
    const replaced = must(await readProvisional(other.call(), other.queue, 1));
    expect(replaced.newest.outline).toMatchObject({ asOf: SECOND, committed: 1_500 });
  });

  it('is asked for again where its message was lost, and changes nothing where it comes twice', async () => {
    const market = await openMarket('lost');
    market.now = FIRST;
    const lost: unknown[] = [];
    await stepDueRounds(market.call(), async (_queue, bodies) => void lost.push(...bodies));
    expect(lost).toContainEqual({ queue: market.queue, round: 1, provisional: FIRST });
    expect((await roundOf(market))?.provisionalAt).toBeUndefined();
    await market.advance(FIRST + 5 * MINUTE);
    expect((await roundOf(market))?.provisionalAt).toBe(FIRST);
    const before = await keptOf(market);
    await market.commit(COMPANIES[1], 800);
    expect(await clearProvisionally(market.call(), market.queue, 1, FIRST, solver)).toBe('nothing to clear');
    expect(await keptOf(market)).toEqual(before);
  });

  it('shows all of one clearing or none of it, wherever its process dies', async () => {
    const market = await openMarket('crash');
    market.now = FIRST;
    for (let at = 1, crashed = true; crashed; at += 1) {
      crashed = await untilCrash(market.tables, at, at % 2 === 0 ? 'before' : 'after', (tables) =>
        clearProvisionally({ tables: tables.metered(), now: FIRST }, market.queue, 1, FIRST, solver),
      );
      const provisional = await readProvisional(market.call(), market.queue, 1);
      if (!provisional.ok) continue;
      for (const company of COMPANIES)
        expect((await readCompanyResult(market.call(), provisional.value, company, 'newest'))?.awarded).toBe(300);
    }
    expect(await readProvisional(market.call(), market.queue, 1)).toMatchObject({ ok: true });
  });

  it('leaves nothing behind once the round is cleared, and the round is cleared as it would be without it', async () => {
    const market = await openMarket('cleared');
    await market.advance(SECOND);
    expect(await keptOf(market)).not.toEqual([]);
    await market.advance(HARD_CLOSE);
    expect(await keptOf(market)).toEqual([]);
    expect((await roundOf(market))?.figures).toMatchObject({ companies: 4, committed: 1_200, awarded: 1_200 });
    expect(await readProvisional(market.call(), market.queue, 1)).toMatchObject({ code: 'no_provisional' });
  });
});

describe('what-ifs', () => {
  it('are sixty per party and provisional clearing, then refused with when there are more', async () => {
    const market = await openMarket('limit');
    await market.advance(FIRST);
    const provisional = must(await readProvisional(market.call(), market.queue, 1));
    const ask = (party: string) => usePreview(market.call(), provisional, party);
    for (let asked = 0; asked < MOST_PREVIEWS; asked++) expect((await ask(COMPANIES[0])).ok).toBe(true);
    expect(await ask(COMPANIES[0])).toMatchObject({
      code: 'preview_limit',
      extra: { resetsAt: new Date(SECOND).toISOString() },
    });
    expect((await ask(COMPANIES[1])).ok).toBe(true);
    await market.advance(SECOND);
    const next = must(await readProvisional(market.call(), market.queue, 1));
    expect((await usePreview(market.call(), next, COMPANIES[0])).ok).toBe(true);
  });
});
