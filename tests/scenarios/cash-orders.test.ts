/** What people do about cash: one enters, another approves, and only then anything moves. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../functions/api/money.ts';
import { CashWorld } from '../support/cash.ts';

const ADA = 'co_ada1';
const INVOICE = `${ADA}.USD.2025-12.v0`;
let world: CashWorld;
let maker: string;
let checker: string;
let keys = 0;
beforeEach(async () => {
  world = await CashWorld.open();
  maker = await world.edge.operator('maker', ['market.finance']);
  checker = await world.edge.operator('checker', ['market.finance']);
});
afterEach(() => world.stop());

const enter = (body: unknown, token = maker) =>
  world.edge.call(handler, 'POST /v1/cash-orders', { token, body, headers: { 'idempotency-key': `key-${++keys}` } });
const approve = (order: unknown, token = checker) =>
  world.edge.call(handler, 'POST /v1/cash-orders/{order}/approval', { token, params: { order: String(order) } });
const read = async (order: unknown) =>
  (await world.edge.call(handler, 'GET /v1/cash-orders/{order}', { token: maker, params: { order: String(order) } }))
    .body;
const done = async (body: unknown) => {
  const { status, body: entered } = await enter(body);
  expect(status).toBe(201);
  expect((await approve(entered.id)).status).toBe(200);
  expect(await world.settle()).toEqual([]);
  return read(entered.id);
};
const payment = (cents: number) => ({
  kind: 'outside_payment',
  invoice: INVOICE,
  amountMicros: cents * 10_000,
  receivedAt: new Date(world.edge.now - 60_000).toISOString(),
  reference: 'ADA 2025-12',
});

describe('a payment outside Stripe', () => {
  it('moves nothing before another person than who entered it approves, and then settles its part', async () => {
    await world.invoice(ADA, 100_00);
    const { body } = await enter(payment(40_00));
    expect(body).toMatchObject({ state: 'entered', madeBy: 'maker', currency: 'USD' });
    const own = await approve(body.id, maker);
    expect([own.status, own.body.code]).toEqual([409, 'second_person_needed']);
    await world.settle();
    expect(await world.balances()).toEqual({ '1100': -100_00, '1200': 100_00 });
    expect((await approve(body.id)).body).toMatchObject({ state: 'approved', approvedBy: 'checker' });
    expect(await world.settle()).toEqual([]);
    expect(await world.balances()).toEqual({ '1010': 40_00, '1100': -100_00, '1200': 60_00 });
    expect(await read(body.id)).toMatchObject({ state: 'done' });
    expect(await world.readInvoice(INVOICE)).toMatchObject({
      state: 'open',
      paidMicros: 40_000_000,
      remainingMicros: 60_000_000,
      availableMicros: 40_000_000,
    });
  });

  it('in parts, the last one over the invoice, makes what is over the company’s credit', async () => {
    await world.invoice(ADA, 100_00);
    await done(payment(40_00));
    await done(payment(75_00));
    expect(await world.balances('owner')).toEqual({
      '1010': 115_00,
      [`1100 ${ADA}`]: -100_00,
      [`2200 ${ADA}`]: -15_00,
    });
    const customer = await world.test.stripe.customers.retrieve(await world.customerOf(ADA));
    expect(customer).toMatchObject({ balance: -15_00 });
    expect(await world.readInvoice(INVOICE)).toMatchObject({ state: 'paid', availableMicros: 100_000_000 });
    const late = await enter(payment(1_00));
    expect([late.status, late.body.code]).toEqual([409, 'invoice_not_open']);
  });

  it('pays once, though Stripe fails after it has done what was asked', async () => {
    await world.invoice(ADA, 100_00);
    world.test.switches.fault('error_after_commit', { path: 'report_payment' });
    world.test.switches.fault('cut_after_commit', { path: 'attach_payment' });
    const { body } = await enter(payment(100_00));
    await approve(body.id);
    await world.settle();
    await world.advance(11 * 60_000);
    expect(await world.balances()).toEqual({ '1010': 100_00, '1100': -100_00 });
    const records = await world.test.stripe.paymentRecords.list({ limit: 100 });
    expect(records.data).toHaveLength(1);
  });
});

describe('a payout to the market’s bank', () => {
  it('takes only what nobody is owed', async () => {
    await world.test.stripe.topups.create({ amount: 500_00, currency: 'usd' });
    await world.settle();
    await world.advance(3 * world.day);
    await world.post('owed', 'credit_note', ADA, 'USD', [
      ['1100', ADA, 300_00],
      ['2200', ADA, -300_00],
    ]);
    const order = (amount: number) => ({
      kind: 'bank_payout',
      currency: 'USD',
      amountMicros: amount * 10_000,
      note: 'Rent',
    });
    expect(await done(order(200_01))).toMatchObject({
      state: 'refused',
      refused: expect.stringContaining('200000000'),
    });
    expect(await done(order(200_00))).toMatchObject({ state: 'done', result: expect.stringMatching(/^po_/) });
    expect(await world.balances()).toMatchObject({ '1020': 200_00, '1310': 300_00 });
    expect(await done(order(1))).toMatchObject({ state: 'refused' });
  });
});

describe('an unknown transaction', () => {
  it('leaves 1390 for where two people say that it belongs, once', async () => {
    world.test.switches.act('move_balance', { amount: -3_00, currency: 'usd', type: 'contribution' });
    await world.advance(16 * 60_000);
    const listed = await world.edge.call(handler, 'GET /v1/unknown-transactions', { token: maker });
    const items = listed.body.items as { transaction: string }[];
    expect(items).toMatchObject([{ type: 'contribution', netMicros: -3_000_000 }]);
    const explanation = {
      kind: 'explanation',
      transaction: items[0]?.transaction,
      account: '5100',
      of: null,
      note: 'A gift',
    };
    const wrong = await enter({ ...explanation, account: '2100' });
    expect([wrong.status, wrong.body.code]).toEqual([400, 'invalid_request']);
    expect(await done(explanation)).toMatchObject({ state: 'done' });
    expect(await done({ ...explanation, account: '5300' })).toMatchObject({ state: 'refused' });
    expect(await world.balances()).toEqual({ '1310': -3_00, '5100': 3_00 });
    const left = await world.edge.call(handler, 'GET /v1/unknown-transactions', { token: maker });
    expect(left.body.items).toEqual([]);
  });
});
