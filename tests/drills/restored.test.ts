/** The region's tables are restored to an hour ago while Stripe goes on from now: what is lost, what repeats, what people are told. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reconcile } from '../../functions/reconciliation.ts';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { leaseIdOf } from '../../shared/dispatch/lease.ts';
import { resolveTurn } from '../../shared/dispatch/turn.store.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { allEntries } from '../../shared/ledger/ledger.store.ts';
import { approveRun, makeRun, readRun } from '../../shared/payout/run.store.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readOwnHead } from '../../shared/request/request.store.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';
import { type Copy, copyOf, restoredFrom } from './copy.ts';
import { ADA, BEA, DrillMoney, JANUARY } from './money.ts';

describe('money, restored to an hour ago', () => {
  let drill: DrillMoney;
  beforeAll(async () => {
    drill = await DrillMoney.open(2);
    for (let n = 0; n < 5; n++) await drill.charge(ADA, 10_000_000);
    for (let n = 0; n < 3; n++) await drill.charge(BEA, 20_000_000);
    await drill.reach(Date.UTC(2026, 1, 1, 4));
    await drill.beginClose();
  }, 60_000);
  afterAll(() => drill.stop());

  it('is told by an alarm, and repaired by deciding the same again: no invoice and no payment is made twice', async () => {
    const anHourAgo = await drill.copy();
    await drill.approveClose();
    await drill.pass(10, 10, 10, 30);
    expect(await drill.closeState()).toBe('done');
    const before = [await drill.invoicesAtStripe(ADA), await drill.invoicesAtStripe(BEA)];
    expect(before).toEqual([
      [[`${ADA}.USD.${JANUARY}.v0`, 50_00, 'paid']],
      [[`${BEA}.USD.${JANUARY}.v0`, 60_00, 'paid']],
    ]);
    const entries = (await allEntries(drill.world.call(), ADA, '2026-02')).map(({ event }) => event).sort();

    await drill.restore(anHourAgo);
    expect(await drill.closeState()).toBe('approve');
    expect(drill.ringing()).toEqual([]);
    expect(await reconcile(drill.world.edge.runtime, drill.world.call(), JANUARY, { mayGoOn: () => true })).toContain(
      `${ADA}.USD`,
    );
    expect(drill.ringing()).toContain('reconciliation-break');

    // The approval was lost with the hour: the same person gives it again.
    await drill.approveClose();
    await drill.pass(10, 10, 10, 30, 24 * 60, 60);
    expect(await drill.closeState()).toBe('done');
    expect([await drill.invoicesAtStripe(ADA), await drill.invoicesAtStripe(BEA)]).toEqual(before);
    const again = (await allEntries(drill.world.call(), ADA, '2026-02')).map(({ event }) => event).sort();
    expect(again).toEqual(expect.arrayContaining(entries));
    expect(await reconcile(drill.world.edge.runtime, drill.world.call(), JANUARY, { mayGoOn: () => true })).toBeNull();
  }, 120_000);

  it('pays no provider twice, though the run that paid it was forgotten', async () => {
    await drill.reach(Date.UTC(2026, 2, 24, 9));
    await makeRun(drill.world.call(), 'march', 'maker');
    for (let step = 0; step < 5; step++) await drill.pass(10);
    const anHourAgo = await drill.copy();
    const pay = async () => {
      must(await approveRun(drill.world.call(), 'march', 'checker'));
      await drill.pass(5, 10, 45);
      return drill.world.test.stripe.transfers.list({ limit: 100 });
    };
    const first = await pay();
    // Nine tenths of 110.00, in whole cents.
    expect(first.data.map(({ amount }) => amount)).toEqual([99_00]);
    await drill.restore(anHourAgo);
    expect((await readRun(drill.world.call(), 'march'))?.state).toBe('proposed');
    const second = await pay();
    expect(second.data.map(({ id }) => id)).toEqual(first.data.map(({ id }) => id));
    await drill.pass(24 * 60, 60);
    expect(await reconcile(drill.world.edge.runtime, drill.world.call(), JANUARY, { mayGoOn: () => true })).toBeNull();
  }, 120_000);
});

const COMPANY = 'co_aaaa000001';
const POOL = 'pr_pool000001';
const DONE = { code: 'solved', summary: 'Booked.', evidence: '' } as const;

describe('work, restored to an hour ago', () => {
  let engines: TestTables[] = [];
  let market: TestMarket;
  beforeAll(async () => {
    engines = [await startTestTables()];
    market = new TestMarket(engines[0]!.tables);
    await market.open('restored');
    await market.commit(COMPANY, 10);
    await market.bid(POOL, 'agent_pool', { capacity: 20, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] });
    await market.advance(FEBRUARY - 23 * HOUR);
    await market.advance(FEBRUARY + MINUTE);
    market.now = SECOND_OF_FEBRUARY;
  });
  afterAll(() => Promise.all(engines.map((engine) => engine.stop())));

  const send = async (externalId: string) => {
    const request = { externalId, queue: market.queue, customer: externalId, text: 'Hello', fields: {} };
    return must(await acceptRequest(market.call(), COMPANY, request, null)).view.id;
  };
  const work = async () => {
    const claimed = await claimWork(market.call(), POOL, [market.queue], 10, () => 0);
    for (const { lease } of claimed.work) must(await resolveTurn(market.call(), POOL, leaseIdOf(lease), DONE));
    return claimed.work;
  };
  /** The market over tables that hold a copy. */
  const restore = async (copy: Copy) => {
    const restored = await restoredFrom(copy);
    engines.push(restored);
    const again = new TestMarket(restored.tables, market.terms);
    Object.assign(again, { now: market.now, queue: market.queue });
    market = again;
  };

  it('forgets what came in that hour, takes it again under the same names, and charges each request once', async () => {
    const settledBefore = await send('resolved before');
    await work();
    const known = await send('accepted before');
    const copy = await copyOf(market.tables);
    market.now += HOUR;
    const [lost] = await work();
    expect(lost?.head.id).toBe(known);
    const forgotten = await send('accepted after');
    await restore(copy);

    expect(await readOwnHead(market.call(), COMPANY, forgotten)).toBeUndefined();
    const refused = await resolveTurn(market.call(), POOL, leaseIdOf(lost!.lease), DONE);
    expect(refused).toMatchObject({ ok: false, code: 'not_found' });
    // Companies send what they did not see settled; the names they gave make it the same request.
    expect(await send('accepted after')).toBe(forgotten);
    expect(await send('accepted before')).toBe(known);
    expect((await work()).map(({ head }) => head.id).sort()).toEqual([known, forgotten].sort());
    for (const days of [8, 1]) await market.advance(market.now + days * DAY);
    const charged = await allEntries(market.call(), COMPANY, '2026-02');
    const requests = charged.map(({ facts }) => String((facts as { request?: unknown }).request));
    expect(requests.sort()).toEqual([settledBefore, known, forgotten].sort());
  });
});
