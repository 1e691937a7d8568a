/** Pulling work: a claim that finds nothing answers at once and says when to ask again. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { dice } from '../support/dice.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';

let engine: TestTables;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

it('asks a provider that finds nothing to come back within 1 to 20 seconds, spread over all of them', async () => {
  const market = new TestMarket(engine.tables);
  await market.open('Pull');
  await market.commit('co_pull000001', 10);
  await market.bid('pr_pull000001', 'agent_pool', { capacity: 20, tiers: [{ minVolume: 0, priceMicros: 1 }] });
  await market.advance(FEBRUARY - 23 * HOUR);
  await market.advance(FEBRUARY + MINUTE);
  market.now = SECOND_OF_FEBRUARY;
  const waitFor = async (provider: string, random: () => number): Promise<number> => {
    const { work, retryAfterMs, reason } = await claimWork(market.call(), provider, undefined, 5, random);
    expect([work, reason]).toEqual([[], 'nothing_waits']);
    return retryAfterMs;
  };
  expect(await waitFor('pr_pull000001', () => 0)).toBe(1_000);
  expect(await waitFor('pr_pull000001', () => 1 - 2 ** -53)).toBe(19_999);
  // One without any lane is asked to wait as well.
  expect(await waitFor('pr_pull000002', () => 0.5)).toBe(10_500);
  const draw = dice(7);
  const waits: number[] = [];
  for (let i = 0; i < 200; i++) waits.push(await waitFor('pr_pull000001', draw));
  for (let quarter = 0; quarter < 4; quarter++) {
    const from = 1_000 + quarter * 4_750;
    // Fifty are expected of 200; with this seed no quarter has fewer than thirty.
    expect(waits.filter((ms) => ms >= from && ms < from + 4_750).length).toBeGreaterThan(30);
  }
});
