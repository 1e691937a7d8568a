/** Cash between Stripe and our ledger, over the real ways: signed webhooks, the queue, the sweeps. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CashWorld } from '../support/cash.ts';

const ADA = 'co_ada1';
let world: CashWorld;
beforeEach(async () => {
  world = await CashWorld.open();
});
afterEach(() => world.stop());

describe('an invoice that is paid by card', () => {
  it('settles its receivable, and its cash is pending less the fee of Stripe, then available', async () => {
    const invoice = await world.invoice(ADA, 100_00);
    await world.test.stripe.invoices.pay(invoice.id);
    expect(await world.settle()).toEqual([]);
    // 2.9 % and 30 cents of 100.00 is 3.20.
    expect(await world.balances()).toEqual({ '1100': -100_00, '1300': 96_80, '5100': 3_20 });
    const id = `${ADA}.USD.2025-12.v0`;
    expect(await world.readInvoice(id)).toMatchObject({
      state: 'paid',
      paidMicros: 100_000_000,
      remainingMicros: 0,
      availableMicros: 0,
    });
    await world.advance(3 * world.day);
    expect(await world.balances()).toEqual({ '1100': -100_00, '1310': 96_80, '5100': 3_20 });
    expect((await world.readInvoice(id)).availableMicros).toBe(100_000_000);
    expect(await world.stripeBalance()).toEqual({ available: 96_80, pending: 0 });
  });
});
