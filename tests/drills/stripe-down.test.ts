/** Stripe answers nothing but 500 for a day, in the middle of a month's close: the market goes on, and sends all of it once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reconcile } from '../../functions/reconciliation.ts';
import { allEntries } from '../../shared/ledger/ledger.store.ts';
import { ADA, BEA, DrillMoney, JANUARY } from './money.ts';

let drill: DrillMoney;
beforeAll(async () => {
  drill = await DrillMoney.open(1);
}, 60_000);
afterAll(() => drill.stop());

describe('Stripe down for a day', () => {
  it('while a month is closed: nothing is lost, nothing happens twice, and people hear of it', async () => {
    for (let n = 0; n < 5; n++) await drill.charge(ADA, 10_000_000);
    for (let n = 0; n < 3; n++) await drill.charge(BEA, 20_000_000);
    await drill.reach(Date.UTC(2026, 1, 1, 4));
    await drill.beginClose();
    expect(await drill.closeState()).toBe('approve');
    expect(drill.ringing()).toEqual([]);

    const { switches } = drill.world.test;
    switches.faults(() => 'error_before');
    await drill.approveClose();
    for (let hour = 0; hour < 24; hour += 3) {
      await drill.pass(180);
      // What needs no Stripe goes on.
      if (hour === 12) await drill.charge(ADA, 1_000_000);
    }
    expect(await drill.closeState()).not.toBe('done');
    expect(await allEntries(drill.world.call(), ADA, '2026-02')).toHaveLength(1);
    expect(drill.ringing()).toEqual(expect.arrayContaining(['dead-letters', 'functions-fail', 'unsent-to-stripe']));
    expect(drill.dead).toEqual(drill.dead.map(() => expect.objectContaining({ kind: 'invoice' })));

    switches.faults(undefined);
    const { length } = drill.failedRuns;
    // Nobody brings the dead letters back: the sweeps find what they were about.
    await drill.pass(60, 10, 10, 60, 60, 24 * 60, 60);
    expect(drill.failedRuns.slice(length)).toEqual([]);
    expect(await drill.closeState()).toBe('done');
    expect(await drill.invoicesAtStripe(ADA)).toEqual([[`${ADA}.USD.${JANUARY}.v0`, 50_00, 'paid']]);
    expect(await drill.invoicesAtStripe(BEA)).toEqual([[`${BEA}.USD.${JANUARY}.v0`, 60_00, 'paid']]);
    expect(await reconcile(drill.world.edge.runtime, drill.world.call(), JANUARY, { mayGoOn: () => true })).toBeNull();
  }, 120_000);
});
