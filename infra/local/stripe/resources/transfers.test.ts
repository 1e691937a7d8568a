/** Transfers to connected accounts and back: two balances move, each by its own transactions. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Money, openMoney } from '../../../../tests/support/stripe-money.ts';

let money: Money;
beforeEach(async () => {
  money = await openMoney();
});
afterEach(() => money.stop());

/** What 2.9 % and 30 cents leave of 1,000.00. */
const LEFT = 97_070;

it('moves money from the platform to the account, with a transaction on both sides', async () => {
  const { id: destination } = await money.account();
  await money.fund(100_000);
  const transfer = await money.stripe.transfers.create({
    amount: 40_000,
    currency: 'eur',
    destination,
    transfer_group: 'run-1',
    metadata: { parley: 'provider' },
  });
  expect(transfer).toMatchObject({
    amount: 40_000,
    amount_reversed: 0,
    reversed: false,
    destination,
    transfer_group: 'run-1',
  });
  expect(await money.balance()).toEqual({ available: LEFT - 40_000, pending: 0 });
  expect(await money.balance(destination)).toEqual({ available: 40_000, pending: 0 });
  const theirs = await money.stripe.balanceTransactions.list({}, { stripeAccount: destination });
  expect(theirs.data.map((one) => [one.type, one.amount, one.source])).toEqual([
    ['payment', 40_000, transfer.destination_payment],
  ]);
  const ours = await money.stripe.balanceTransactions.list({ type: 'transfer' });
  expect(ours.data.map((one) => [one.amount, one.source])).toEqual([[-40_000, transfer.id]]);
  const group = await money.stripe.transfers.list({ transfer_group: 'run-1' });
  expect(group.data.map((one) => one.id)).toEqual([transfer.id]);
});

it('is reversed in parts as far as the account has it, newest reversal first in the list', async () => {
  const { id: destination } = await money.account();
  await money.fund(100_000);
  const { id } = await money.stripe.transfers.create({ amount: 40_000, currency: 'eur', destination });
  const first = await money.stripe.transfers.createReversal(id, { amount: 15_000, metadata: { run: '1' } });
  const rest = await money.stripe.transfers.createReversal(id);
  expect(rest.amount).toBe(25_000);
  const transfer = await money.stripe.transfers.retrieve(id);
  expect(transfer).toMatchObject({ amount_reversed: 40_000, reversed: true });
  expect(transfer.reversals.data.map((one) => one.id)).toEqual([rest.id, first.id]);
  expect(await money.balance()).toEqual({ available: LEFT, pending: 0 });
  expect(await money.balance(destination)).toEqual({ available: 0, pending: 0 });
  expect(await money.refusal(money.stripe.transfers.createReversal(id))).toMatchObject({ status: 400 });
  const types = (await money.events()).map((event) => event.type).filter((type) => type.startsWith('transfer'));
  expect(types).toEqual(['transfer.created', 'transfer.reversed', 'transfer.reversed']);
});

it('is refused without the money, without the capability and without the account', async () => {
  const { id: destination } = await money.account();
  await money.fund(100_000);
  const send = (amount: number, to: string) =>
    money.refusal(money.stripe.transfers.create({ amount, currency: 'eur', destination: to }));
  expect(await send(LEFT + 1, destination)).toMatchObject({
    status: 400,
    type: 'invalid_request_error',
    code: 'balance_insufficient',
  });
  expect(await send(1, 'acct_nobody')).toMatchObject({ status: 400, code: 'resource_missing', param: 'destination' });
  money.act('restrict_account', { account: destination });
  expect(await send(1, destination)).toMatchObject({ status: 400, code: 'insufficient_capabilities_for_transfer' });
  expect(await money.balance()).toEqual({ available: LEFT, pending: 0 });
});

it('is reversed for no more than is left of it and than the account has', async () => {
  const { id: destination } = await money.account();
  await money.fund(100_000);
  const first = await money.stripe.transfers.create({ amount: 1_000, currency: 'eur', destination });
  const second = await money.stripe.transfers.create({ amount: 500, currency: 'eur', destination });
  expect(await money.refusal(money.stripe.transfers.createReversal(first.id, { amount: 1_001 }))).toMatchObject({
    param: 'amount',
  });
  await money.stripe.transfers.createReversal(second.id);
  await money.stripe.transfers.createReversal(first.id, { amount: 999 });
  expect(await money.balance(destination)).toEqual({ available: 1, pending: 0 });
});
