/** The main job over the stores: pooled, cleared, dispatched, resolved, charged, trued up. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCompanyAward, readProviderAwards } from '../../shared/award/award.store.ts';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { leaseIdOf } from '../../shared/dispatch/lease.ts';
import { beat, resolveTurn } from '../../shared/dispatch/turn.store.ts';
import type { Call } from '../../shared/kernel/call.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';

import { allEntries, MARKET_LIST } from '../../shared/ledger/ledger.store.ts';
import { readRound } from '../../shared/queue/queue.store.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readOwnHead, viewRequest } from '../../shared/request/request.store.ts';
import { confirm, reopen } from '../../shared/resolution/resolution.store.ts';
import { readTotals } from '../../shared/round/totals.store.ts';
import { startTestTables } from '../support/engine.ts';
import { addUp } from '../support/ledger.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';

const COMPANIES = ['co_aaaa000001', 'co_bbbb000002', 'co_cccc000003'] as const;
const POOL = 'pr_pool000001';
const PROGRAM = 'pr_auto000001';

let engine: Awaited<ReturnType<typeof startTestTables>>;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

async function activeMarket(category: string): Promise<TestMarket> {
  const market = new TestMarket(engine.tables);
  await market.open(category);
  await market.commit(COMPANIES[0], 10);
  await market.commit(COMPANIES[1], 6);
  await market.commit(COMPANIES[2], 4);
  await market.bid(POOL, 'agent_pool', {
    capacity: 30,
    tiers: [
      { minVolume: 0, priceMicros: 5_000_000 },
      { minVolume: 15, priceMicros: 4_000_000 },
    ],
  });
  await market.bid(PROGRAM, 'automation', { capacity: 5, tiers: [{ minVolume: 0, priceMicros: 1_500_000 }] }, 7_000);
  await market.advance(FEBRUARY - 23 * HOUR);
  await market.advance(FEBRUARY + MINUTE);
  market.now = SECOND_OF_FEBRUARY;
  return market;
}

async function send(call: Call, company: string, queue: string, externalId: string) {
  return must(
    await acceptRequest(
      call,
      company,
      { externalId, queue, customer: `customer of ${externalId}`, text: 'Where is my money?', fields: {} },
      null,
    ),
  ).view;
}

describe('the main job', () => {
  it('carries a request from acceptance to a balanced ledger within its write and read units', async () => {
    const market = await activeMarket('units');
    expect((await readRound(engine.tables, market.queue, 1))?.state).toBe('active');
    expect((await readRound(engine.tables, market.queue, 2))?.state).toBe('open');
    const award = await readCompanyAward(engine.tables, market.queue, 1, COMPANIES[0]);
    expect(award?.awarded).toBe(10);

    // Warm what never changes, as any running function has; then count one request alone.
    await send(market.call(), COMPANIES[0], market.queue, 'warm');
    await claimWork(market.call(), POOL, undefined, 10, Math.random);
    await claimWork(market.call(), PROGRAM, undefined, 10, Math.random);

    const call = market.call();
    const view = await send(call, COMPANIES[0], market.queue, 'counted');
    expect(view.state).toBe('queued');
    expect(view.route).toBe('slot');
    const { work } = await claimWork(call, view.provider!, [market.queue], 1, Math.random);
    expect(work).toHaveLength(1);
    const lease = leaseIdOf(work[0]!.lease);
    must(await beat(call, view.provider!, lease, true));
    must(
      await resolveTurn(call, view.provider!, lease, {
        code: 'solved',
        summary: 'The payment was booked.',
        evidence: 'booking 4711',
      }),
    );
    const head = await readOwnHead(call, COMPANIES[0], view.id);
    must(await confirm(call, head!, 'customer'));
    const { writeUnits, readUnits } = call.tables.consumed;
    // words 1, slot 1, head 2, lease 1, head 2, beat 1, resolve 1, confirm 1 and the lists of head and lease 2; the entry with its two lists (3) is posted by the sweep.
    expect(writeUnits).toBe(12);
    expect(readUnits).toBeLessThanOrEqual(3.5);

    await market.advance(SECOND_OF_FEBRUARY + 8 * DAY);
    const settled = await viewRequest(market.call(), (await readOwnHead(market.call(), COMPANIES[0], view.id))!);
    expect(settled.state).toBe('settled');
    const [charge] = await allEntries(market.call(), COMPANIES[0], '2026-02');
    expect(charge?.legs.reduce((sum, leg) => sum + leg.micros, 0)).toBe(0);
  });

  it('closes the round with an empty pool, and charges each resolution once', async () => {
    const market = await activeMarket('close');
    const providers = await readProviderAwards(engine.tables, market.queue, 1);
    expect(providers.map((provider) => provider.awarded).reduce((a, b) => a + b)).toBe(20);
    for (const company of COMPANIES)
      for (let i = 0; i < 6; i++) await send(market.call(), company, market.queue, `${company} ${i}`);
    for (let turn = 0; turn < 6; turn++) {
      for (const provider of [POOL, PROGRAM]) {
        const { work } = await claimWork(market.call(), provider, [market.queue], 10, Math.random);
        for (const { lease, head } of work) {
          must(
            await resolveTurn(market.call(), provider, leaseIdOf(lease), {
              code: 'solved',
              summary: 'Done.',
              evidence: '',
            }),
          );
          const now = await readOwnHead(market.call(), head.company, head.id);
          if (head.externalId.endsWith(' 0')) must(await confirm(market.call(), now!, 'customer'));
          if (head.externalId.endsWith(' 1') && head.reopens === 0) must(await reopen(market.call(), now!, 'customer'));
        }
      }
      market.now += 10 * MINUTE;
    }
    await market.advance(SECOND_OF_FEBRUARY + 20 * DAY);
    await market.advance(Date.parse('2026-03-01T00:01:00Z'));
    await market.advance(Date.parse('2026-03-12T00:01:00Z'));
    const round = await readRound(engine.tables, market.queue, 1);
    expect(round?.state).toBe('closed');
    const totals = await readTotals(market.call(), market.queue, 1);
    expect(totals.map((total) => total.charged)).toEqual([6, 6, 6]);
    expect(totals.map((total) => total.confirmed)).toEqual([1, 1, 1]);
    expect(totals.map((total) => total.reopened)).toEqual([1, 1, 1]);
    const lists = [...COMPANIES, MARKET_LIST].flatMap((owner) =>
      ['2026-02', '2026-03'].map((period) => allEntries(market.call(), owner, period)),
    );
    const balances = addUp(
      (await Promise.all(lists)).flat().filter((entry) => JSON.stringify(entry).includes(market.queue)),
    );
    expect(balances.reduce((sum, { debitMicros, creditMicros }) => sum + debitMicros - creditMicros, 0)).toBe(0);
    const pool = balances.find((balance) => balance.account === '2400');
    expect(pool!.debitMicros - pool!.creditMicros).toBe(0);
    expect(totals[2]!.bySlot).toBe(4);
    expect(totals[2]!.byOverflow).toBe(2);
  });
});
