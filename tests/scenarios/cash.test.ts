/** Cash between Stripe and our ledger, over the real ways: signed webhooks, the queue, the sweeps. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settleDue, settleSince, settleTransaction } from '../../shared/cash/transaction.store.ts';
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

const USD = 'usd';
const paid = async (cents = 100_00, version = 0) => {
  const invoice = await world.invoice(ADA, cents, version);
  await world.test.stripe.invoices.pay(invoice.id);
  await world.settle();
  return invoice;
};
const since = Date.UTC(2026, 0, 1);
describe('a payment whose cash is pending', () => {
  it('is left alone by whoever lists transactions, and becomes available though Stripe tells nothing of it', async () => {
    await paid();
    const { writeUnits } = world.engine.tables.consumed;
    expect(await settleSince(world.call(), since)).toEqual([]);
    expect(world.engine.tables.consumed.writeUnits).toBe(writeUnits);
    world.test.switches.webhooks(() => 'lose');
    await world.advance(3 * world.day);
    expect(await world.balances()).toEqual({ '1100': -100_00, '1310': 96_80, '5100': 3_20 });
    expect((await world.readInvoice(`${ADA}.USD.2025-12.v0`)).availableMicros).toBe(100_000_000);
  });

  it('is counted once where two hear at the same time that its cash is available', async () => {
    await paid();
    await world.advance(2 * world.day);
    const [one] = (await world.test.stripe.balanceTransactions.list({ type: 'charge' })).data;
    world.edge.now += 5 * world.day;
    world.test.switches.tick();
    const id = String(one?.id);
    await Promise.all([settleTransaction(world.call(), id), settleTransaction(world.call(), id)]);
    await world.settle();
    expect(await world.balances()).toEqual({ '1100': -100_00, '1310': 96_80, '5100': 3_20 });
    expect((await world.readInvoice(`${ADA}.USD.2025-12.v0`)).availableMicros).toBe(100_000_000);
  });
});

describe('payments of one day', () => {
  it('are each one call to Stripe when they come, and one list together when their cash is available', async () => {
    const invoices = await Promise.all([0, 1, 2].map((version) => world.invoice(ADA, 100_00, version)));
    const asked: string[] = [];
    world.test.switches.faults(({ method, path }) => {
      if (/payment_intents|invoice_payments|balance_transactions/.test(path)) asked.push(`${method} ${path}`);
      return undefined;
    });
    for (const { id } of invoices) await world.test.stripe.invoices.pay(id);
    await world.settle();
    expect(asked.map((call) => call.replace(/inpay_\w+/, ':id'))).toEqual(
      invoices.map(() => 'GET /v1/invoice_payments/:id'),
    );
    asked.splice(0);
    world.edge.now += 3 * world.day;
    const { booked } = await settleDue(world.call());
    expect(booked.map(({ isAvailable }) => isAvailable)).toEqual([true, true, true]);
    expect(asked).toEqual(['GET /v1/balance_transactions']);
    await world.sweep();
    for (const version of [0, 1, 2])
      expect((await world.readInvoice(`${ADA}.USD.2025-12.v${version}`)).availableMicros).toBe(100_000_000);
    expect(await world.balances()).toEqual({ '1100': -300_00, '1310': 290_40, '5100': 9_60 });
  });
});

const act = <T>(name: string, params: Record<string, unknown>): T => world.test.switches.act(name, params) as T;

describe('a chargeback', () => {
  it('holds the amount with its fee, and brings it back when the market wins', async () => {
    const invoice = await paid();
    const dispute = act<{ id: string }>('chargeback', { invoice: invoice.id });
    expect(await world.settle()).toEqual([]);
    await world.advance(3 * world.day);
    // 15.00 for the dispute.
    expect(await world.balances()).toEqual({
      '1100': -100_00,
      '1310': -18_20,
      '1400': 100_00,
      '5100': 3_20,
      '5110': 15_00,
    });
    expect((await world.readInvoice(`${ADA}.USD.2025-12.v0`)).availableMicros).toBe(0);
    act('win_dispute', { dispute: dispute.id });
    await world.settle();
    await world.advance(3 * world.day);
    expect(await world.balances()).toEqual({ '1100': -100_00, '1310': 81_80, '5100': 3_20, '5110': 15_00 });
    expect((await world.readInvoice(`${ADA}.USD.2025-12.v0`)).availableMicros).toBe(100_000_000);
  });

  it('is lost once, whatever Stripe repeats', async () => {
    const invoice = await paid();
    const dispute = act<{ id: string }>('chargeback', { invoice: invoice.id });
    act('lose_dispute', { dispute: dispute.id });
    await world.settle();
    await world.advance(3 * world.day);
    const lost = { '1100': -100_00, '1310': -18_20, '5100': 3_20, '5110': 15_00, '5300': 100_00 };
    expect(await world.balances()).toEqual(lost);
    expect(await world.stripeBalance()).toEqual({ available: -18_20, pending: 0 });
  });
});

describe('what goes back to a company', () => {
  it('leaves by a refund, and is owed again when the refund fails', async () => {
    const invoice = await paid();
    await world.advance(3 * world.day);
    await world.post('credit-note', 'credit_note', ADA, 'USD', [
      ['1100', ADA, 10_00],
      ['2600', ADA, -10_00],
    ]);
    const { data } = await world.test.stripe.invoicePayments.list({ invoice: invoice.id });
    const intent = data[0]?.payment.payment_intent as string;
    const refund = await world.test.stripe.refunds.create({ payment_intent: intent, amount: 10_00 });
    expect(await world.settle()).toEqual([]);
    expect(await world.balances()).toMatchObject({ '1310': 86_80 });
    expect(await world.balances()).not.toHaveProperty('2600');
    act('fail_refund', { refund: refund.id });
    await world.settle();
    expect(await world.balances('owner')).toMatchObject({ '1310': 96_80, [`2600 ${ADA}`]: -10_00 });
  });
});

describe('the market’s own money', () => {
  it('goes to Stripe by a top-up, and to the bank by a payout that may fail after it arrived', async () => {
    await world.test.stripe.topups.create({ amount: 500_00, currency: USD });
    await world.settle();
    await world.advance(3 * world.day);
    expect(await world.balances()).toEqual({ '1010': -500_00, '1310': 500_00 });
    const payout = await world.test.stripe.payouts.create({ amount: 200_00, currency: USD });
    await world.settle();
    expect(await world.balances()).toEqual({ '1010': -500_00, '1020': 200_00, '1310': 300_00 });
    await world.advance(5 * world.day);
    expect(await world.balances()).toEqual({ '1010': -300_00, '1310': 300_00 });
    act('fail_payout', { payout: payout.id });
    await world.settle();
    expect(await world.balances()).toEqual({ '1010': -500_00, '1310': 500_00 });
  });

  it('pays what Stripe takes for itself, and finds it though Stripe tells nothing of it', async () => {
    act('stripe_fee', { amount: 7_00, currency: USD });
    await world.settle();
    expect(await world.balances()).toEqual({});
    await world.advance(16 * 60_000);
    expect(await world.balances()).toEqual({ '1310': -7_00, '5100': 7_00 });
  });

  it('stands in 1390, with an alarm, where nobody knows what Stripe moved', async () => {
    act('move_balance', { amount: 12_34, currency: USD, type: 'contribution' });
    await world.advance(16 * 60_000);
    expect(await world.balances()).toEqual({ '1310': 12_34, '1390': -12_34 });
    const alarms = world.edge.lines.filter(({ fields }) => fields.alarm === 'unknown_transaction');
    expect(alarms).toHaveLength(1);
  });
});

describe('webhooks that never came', () => {
  it('are found where Stripe knows of it within 15 minutes, and else at night', async () => {
    world.test.switches.webhooks(() => 'drop');
    await paid();
    expect(await world.balances()).toEqual({ '1100': -100_00, '1200': 100_00 });
    await world.advance(16 * 60_000);
    const done = { '1100': -100_00, '1300': 96_80, '5100': 3_20 };
    expect(await world.balances()).toEqual(done);
    world.test.switches.webhooks(() => 'lose');
    await paid(50_00, 1);
    await world.advance(16 * 60_000);
    // Its transaction was found; that its invoice was paid, nobody has told.
    expect((await world.balances())['1390']).toBe(-50_00);
    await world.advance(world.day);
    expect(await world.balances()).toMatchObject({ '1100': -150_00 });
    expect(await world.balances()).not.toHaveProperty('1390');
    expect(await world.balances()).not.toHaveProperty('1200');
  });
});
