/** Shards: a lane that takes no new work is drawn together, and tomorrow's leases get their partitions today. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lanePartition } from '../../shared/dispatch/due.ts';
import { forgetLane, laneKey, readLanes } from '../../shared/dispatch/lane.store.ts';
import { drawTogether } from '../../shared/dispatch/lane-shards.store.ts';
import { fixShardsOfDay, leasePartitions, shardsOfDay } from '../../shared/dispatch/lease.store.ts';
import { fixTomorrow } from '../../shared/dispatch/lease-days.store.ts';
import { DAY, HOUR, iso, MINUTE } from '../../shared/kernel/time.ts';
import { MAX_VOLUME } from '../../shared/market/tiers.ts';
import { type Terms, windowClassOf } from '../../shared/terms/terms.ts';
import { startTestTables } from '../support/engine.ts';
import { FEBRUARY, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';

const COMPANY = 'co_aaaa000001';
const POOL = 'pr_pool000001';

let engine: Awaited<ReturnType<typeof startTestTables>>;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

async function open(category: string, volume: number, terms?: Terms): Promise<TestMarket> {
  const market = new TestMarket(engine.tables);
  market.terms = terms ?? market.terms;
  await market.open(category);
  await market.commit(COMPANY, volume);
  await market.bid(POOL, 'agent_pool', { capacity: volume, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] });
  return market;
}

/** Draws a lane together as a process does that has just read it; answers its two counts. */
async function draw(market: TestMarket, place: { queue: string; round: number; provider: string }) {
  forgetLane(market.call(), place);
  await drawTogether(market.call(), place.queue, place.round, place.provider);
  const [lane] = await readLanes(market.call(), place.queue, place.round);
  return [lane!.put, lane!.look];
}

describe('a lane', () => {
  it('of a settling round puts into one shard, and looks into one when the others are empty, a minute later', async () => {
    const market = await open('drawn together', 10);
    await market.advance(FEBRUARY - 23 * HOUR);
    await market.advance(FEBRUARY + MINUTE);
    const place = { queue: market.queue, round: 1, provider: POOL };
    const key = laneKey(place.queue, 1, POOL);
    await market.tables.update('market', key, { set: { put: 4, look: 4 } });
    const waiting = { pk: 'R#test#shard', sk: '-', wpk: lanePartition({ ...place, shard: 3 }), wsk: 'x' };
    await market.tables.put('requests', waiting);
    market.now = SECOND_OF_FEBRUARY;
    expect(await draw(market, place)).toEqual([4, 4]);
    await market.tables.update('market', { pk: `Q#${place.queue}`, sk: 'R#000001' }, { set: { state: 'settling' } });
    const again = new TestMarket(engine.tables);
    Object.assign(again, { queue: market.queue, now: market.now });
    expect(await draw(again, place)).toEqual([1, 4]);
    again.now += 30_000;
    expect(await draw(again, place)).toEqual([1, 4]);
    again.now += 30_000;
    expect(await draw(again, place)).toEqual([1, 4]);
    await market.tables.delete('requests', waiting);
    expect(await draw(again, place)).toEqual([1, 1]);
    expect(await draw(again, place)).toEqual([1, 1]);
  });
});

describe('tomorrow’s leases', () => {
  it('get their partitions in the hour before midnight, by what is awarded for the day, and never other ones', async () => {
    const terms: Terms = { ...new TestMarket(engine.tables).terms, roundLength: 'week' };
    const [market, ...others] = [
      await open('busy days', MAX_VOLUME, terms),
      await open('busy nights', MAX_VOLUME, terms),
      await open('busy mornings', MAX_VOLUME, terms),
    ] as const;
    const week = Date.parse('2026-01-19T00:00:00Z');
    for (const one of [market, ...others]) await one.advance(week - 23 * HOUR);
    market.now = week - 2 * HOUR;
    expect(iso((await fixTomorrow(market.call())).nextAt!)).toBe('2026-01-18T23:00:00.000Z');
    const windowClass = windowClassOf(market.terms);
    expect(await leasePartitions(market.call(), windowClass, '2026-01-19')).toEqual([]);
    market.now = week - HOUR;
    expect(iso((await fixTomorrow(market.call())).nextAt!)).toBe('2026-01-19T23:00:00.000Z');
    // Three times fifty million in a week are 248 a second; with four units each, 350 a partition: 2.8, so four.
    const expected = 4;
    expect(await leasePartitions(market.call(), windowClass, '2026-01-19')).toHaveLength(expected);
    await fixShardsOfDay(new TestMarket(engine.tables).call(), windowClass, '2026-01-19', 2 * expected);
    expect(await shardsOfDay(market.call(), windowClass, '2026-01-19')).toBe(expected);
  });

  it('wait for nothing where no round is cleared', async () => {
    const market = new TestMarket(engine.tables);
    market.now = SECOND_OF_FEBRUARY + 400 * DAY;
    expect(await fixTomorrow(market.call())).toEqual({ nextAt: null });
  });
});
