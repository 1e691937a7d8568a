/** What Stripe's contract and dashboard decide, as settings of the stand-in. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Money, openMoney } from '../../../../tests/support/stripe-money.ts';

let money: Money;
beforeEach(async () => {
  money = await openMoney();
});
afterEach(() => money.stop());

const typesOf = async () => (await money.events()).map((event) => event.type);

it('books a bank debit with its start and takes it back, fee and all, when the bank says no', async () => {
  money.act('change_settings', { debitBookedAt: 'start' });
  const customer = await money.customer({ method: 'pm_sepaDebit_fails' });
  const draft = await money.draft(customer.id, [10_000]);
  await money.stripe.invoices.pay(draft.id);
  // 0.8 % of 100.00.
  expect(await money.balance()).toEqual({ available: 0, pending: 9_920 });
  money.later(4);
  expect(await money.balance()).toEqual({ available: 0, pending: 0 });
  const moves = (await money.stripe.balanceTransactions.list()).data;
  expect(moves.map((move) => [move.type, move.amount, move.fee, move.net])).toEqual([
    ['payment_failure_refund', -10_000, -80, -9_920],
    ['payment', 10_000, 80, 9_920],
  ]);
  expect(await money.stripe.invoices.retrieve(draft.id)).toMatchObject({
    status: 'open',
    amount_paid: 0,
    attempt_count: 1,
  });
  expect(await typesOf()).toContain('payment_intent.payment_failed');
});

it('books a payment later and tells of it by charge.updated', async () => {
  money.act('change_settings', { bookedAfterSeconds: 3_600 });
  const customer = await money.customer();
  const draft = await money.draft(customer.id, [10_000]);
  expect(await money.stripe.invoices.pay(draft.id)).toMatchObject({ status: 'paid' });
  expect((await money.stripe.charges.list()).data).toMatchObject([{ status: 'succeeded', balance_transaction: null }]);
  expect(await typesOf()).not.toContain('charge.updated');
  money.later(1);
  const [charge] = (await money.stripe.charges.list({ expand: ['data.balance_transaction'] })).data;
  expect(charge).toMatchObject({ balance_transaction: { net: 9_680 } });
  expect(await typesOf()).toContain('charge.updated');
});

it('writes an invoice off after the last retry where the settings say so', async () => {
  money.act('change_settings', { retryDays: [1], afterRetries: 'uncollectible' });
  const customer = await money.customer({ method: 'pm_card_chargeCustomerFail' });
  const draft = await money.draft(customer.id, [10_000]);
  await money.stripe.invoices.finalizeInvoice(draft.id, { auto_advance: true });
  money.later(1);
  expect(await money.stripe.invoices.retrieve(draft.id)).toMatchObject({
    status: 'uncollectible',
    attempt_count: 2,
    amount_remaining: 10_000,
  });
  expect(await typesOf()).toContain('invoice.marked_uncollectible');
});

it('does not charge less than half a euro, but has the customer owe it until the next invoice', async () => {
  const customer = await money.customer();
  const small = await money.stripe.invoices.finalizeInvoice((await money.draft(customer.id, [49])).id);
  expect(small).toMatchObject({ status: 'paid', total: 49, amount_due: 0, amount_paid: 0, ending_balance: 49 });
  const next = await money.stripe.invoices.finalizeInvoice((await money.draft(customer.id, [1_000])).id);
  expect(next).toMatchObject({ total: 1_000, starting_balance: 49, ending_balance: 0, amount_due: 1_049 });
});

it('finalises a draft that advances by itself after an hour, and charges it', async () => {
  const customer = await money.customer();
  const draft = await money.draft(customer.id, [1_000], { auto_advance: true });
  expect(draft.automatically_finalizes_at).toBe(money.now() + 3_600);
  money.later(1 / 25);
  expect(await money.stripe.invoices.retrieve(draft.id)).toMatchObject({ status: 'draft' });
  money.later(1 / 24);
  expect(await money.stripe.invoices.retrieve(draft.id)).toMatchObject({ status: 'paid', amount_paid: 1_000 });
});

it('charges a final invoice once it is told to advance, and leaves alone one that is told to rest', async () => {
  const customer = await money.customer();
  const draft = await money.draft(customer.id, [1_000]);
  await money.stripe.invoices.finalizeInvoice(draft.id, { auto_advance: true });
  await money.stripe.invoices.update(draft.id, { auto_advance: false });
  money.later(10);
  // The charge was made before the second request.
  expect(await money.stripe.invoices.retrieve(draft.id)).toMatchObject({ status: 'paid' });
  const other = await money.draft(customer.id, [1_000]);
  await money.stripe.invoices.finalizeInvoice(other.id);
  money.later(10);
  expect(await money.stripe.invoices.retrieve(other.id)).toMatchObject({ status: 'open', attempted: false });
  await money.stripe.invoices.update(other.id, { auto_advance: true });
  expect(await money.stripe.invoices.retrieve(other.id)).toMatchObject({ status: 'paid' });
});

it('records what is said to be paid out of band', async () => {
  const customer = await money.customer({ method: null });
  const draft = await money.draft(customer.id, [1_000]);
  const paid = await money.stripe.invoices.pay(draft.id, { paid_out_of_band: true });
  expect(paid).toMatchObject({
    status: 'paid',
    amount_paid: 1_000,
    amount_paid_off_stripe: 1_000,
    amount_remaining: 0,
  });
  const payments = await money.stripe.invoicePayments.list({ invoice: draft.id, status: 'paid' });
  expect(payments.data).toMatchObject([{ amount_paid: 1_000, payment: { type: 'payment_record' } }]);
  expect(await money.balance()).toEqual({ available: 0, pending: 0 });
});
