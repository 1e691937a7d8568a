/** Chargebacks, top-ups and payouts at the stand-in. */
import type { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Money, openMoney } from '../../../../tests/support/stripe-money.ts';

let money: Money;
beforeEach(async () => {
  money = await openMoney();
});
afterEach(() => money.stop());

/** What 2.9 % and 30 cents leave of 100.00. */
const LEFT = 9_680;
const FEE = 1_500;

async function paid(): Promise<string> {
  const customer = await money.customer();
  const draft = await money.draft(customer.id, [10_000]);
  await money.stripe.invoices.pay(draft.id);
  money.later(2);
  return draft.id;
}

describe('a chargeback', () => {
  it('takes the money with a fee, and when it is won brings the money back', async () => {
    const invoice = await paid();
    const { id } = money.act<Stripe.Dispute>('chargeback', { invoice, amount: 4_000 });
    const dispute = await money.stripe.disputes.retrieve(id);
    expect(dispute).toMatchObject({ amount: 4_000, status: 'needs_response' });
    expect(dispute.balance_transactions).toMatchObject([
      { type: 'adjustment', amount: -4_000, fee: FEE, net: -4_000 - FEE, status: 'available' },
    ]);
    expect((await money.balance()).available).toBe(LEFT - 4_000 - FEE);
    expect(
      await money.refusal(money.stripe.refunds.create({ charge: dispute.charge as string, amount: 6_001 })),
    ).toMatchObject({ code: 'charge_disputed' });
    await money.stripe.disputes.update(id, { evidence: { uncategorized_text: 'The receipt' }, submit: true });
    expect((await money.stripe.disputes.retrieve(id)).status).toBe('under_review');
    money.act('win_dispute', { dispute: id });
    const won = await money.stripe.disputes.retrieve(id);
    expect(won.status).toBe('won');
    expect(won.balance_transactions.map((one) => one.net)).toEqual([-4_000 - FEE, 4_000]);
    expect((await money.balance()).available).toBe(LEFT - FEE);
    const types = (await money.events()).map((event) => event.type).filter((type) => type.startsWith('charge.dispute'));
    expect(types).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.updated',
      'charge.dispute.funds_reinstated',
      'charge.dispute.closed',
    ]);
    expect(await money.stripe.invoices.retrieve(invoice)).toMatchObject({ status: 'paid', amount_paid: 10_000 });
  });

  it('that nobody answers is lost, once, and moves no money again', async () => {
    const invoice = await paid();
    const { id } = money.act<Stripe.Dispute>('chargeback', { invoice });
    money.later(14);
    expect(await money.stripe.disputes.retrieve(id)).toMatchObject({
      status: 'lost',
      evidence_details: { past_due: true },
    });
    expect((await money.balance()).available).toBe(LEFT - 10_000 - FEE);
    expect(await money.refusal(money.stripe.disputes.close(id))).toMatchObject({ status: 400 });
    expect(() => money.act('win_dispute', { dispute: id })).toThrow('already closed');
    expect(() => money.act('chargeback', { invoice })).toThrow('left to be disputed');
  });

  it('follows by itself on the card that Stripe has for it', async () => {
    const customer = await money.customer({ method: 'pm_card_createDispute' });
    const draft = await money.draft(customer.id, [10_000]);
    await money.stripe.invoices.pay(draft.id);
    const { data } = await money.stripe.disputes.list();
    expect(data).toMatchObject([{ amount: 10_000, reason: 'fraudulent' }]);
  });
});

describe('a payout of the platform', () => {
  it('leaves the balance at once, arrives after two days, and comes back even then', async () => {
    await money.fund(10_000);
    const payout = await money.stripe.payouts.create({ amount: 5_000, currency: 'eur', metadata: { parley: 'sweep' } });
    expect(payout).toMatchObject({ status: 'pending', automatic: false });
    expect((await money.balance()).available).toBe(LEFT - 5_000);
    money.later(1);
    expect((await money.stripe.payouts.retrieve(payout.id)).status).toBe('in_transit');
    money.later(1);
    expect((await money.stripe.payouts.retrieve(payout.id)).status).toBe('paid');
    money.act('fail_payout', { payout: payout.id, code: 'account_closed' });
    const failed = await money.stripe.payouts.retrieve(payout.id, { expand: ['failure_balance_transaction'] });
    expect(failed).toMatchObject({
      status: 'failed',
      failure_code: 'account_closed',
      failure_balance_transaction: { type: 'payout_failure', amount: 5_000 },
    });
    expect((await money.balance()).available).toBe(LEFT);
    const types = (await money.events()).map((event) => event.type).filter((type) => type.startsWith('payout'));
    expect(types).toEqual(['payout.created', 'payout.updated', 'payout.paid', 'payout.failed']);
  });

  it('is refused beyond what is available, and can be called off while it is pending', async () => {
    await money.fund(10_000);
    const create = (amount: number) => money.stripe.payouts.create({ amount, currency: 'eur' });
    expect(await money.refusal(create(LEFT + 1))).toMatchObject({ status: 400, code: 'balance_insufficient' });
    const { id } = await create(LEFT);
    expect(await money.stripe.payouts.cancel(id)).toMatchObject({ status: 'canceled' });
    expect((await money.balance()).available).toBe(LEFT);
    expect(await money.refusal(money.stripe.payouts.cancel(id))).toMatchObject({ status: 400 });
  });
});

describe('the payouts of a connected account', () => {
  it('go by its schedule, above its minimum, with events that name the account', async () => {
    const { id: account } = await money.account();
    await money.stripe.balanceSettings.update(
      {
        payments: {
          payouts: {
            schedule: { interval: 'weekly', weekly_payout_days: ['friday'] },
            minimum_balance_by_currency: { eur: 2_500 },
          },
        },
      },
      { stripeAccount: account },
    );
    await money.fund(100_000);
    await money.stripe.transfers.create({ amount: 10_000, currency: 'eur', destination: account });
    // From Monday to Thursday nothing leaves.
    money.later(3);
    expect((await money.stripe.payouts.list({}, { stripeAccount: account })).data).toEqual([]);
    money.later(1);
    const [payout] = (await money.stripe.payouts.list({}, { stripeAccount: account })).data;
    expect(payout).toMatchObject({ amount: 7_500, automatic: true, status: 'pending' });
    expect(await money.balance(account)).toEqual({ available: 2_500, pending: 0 });
    expect((await money.stripe.payouts.list()).data).toEqual([]);
    money.act('fail_next_payout', { account });
    money.later(2);
    expect((await money.stripe.payouts.retrieve(payout?.id ?? '', {}, { stripeAccount: account })).status).toBe(
      'failed',
    );
    expect(await money.balance(account)).toEqual({ available: 10_000, pending: 0 });
    const events = (await money.events(account)).filter((event) => event.type.startsWith('payout'));
    expect(events.map((event) => [event.type, event.account])).toEqual([
      ['payout.created', account],
      ['payout.updated', account],
      ['payout.failed', account],
    ]);
  });
});

describe('a top-up', () => {
  it('arrives after a day, or does not', async () => {
    const create = () => money.stripe.topups.create({ amount: 9_000, currency: 'eur', description: 'Own funds' });
    const good = await create();
    const bad = await create();
    expect(await money.balance()).toEqual({ available: 0, pending: 0 });
    money.act('fail_topup', { topup: bad.id });
    money.later(1);
    expect(await money.stripe.topups.retrieve(good.id, { expand: ['balance_transaction'] })).toMatchObject({
      status: 'succeeded',
      balance_transaction: { type: 'topup', amount: 9_000, fee: 0, status: 'available' },
    });
    expect((await money.stripe.topups.retrieve(bad.id)).status).toBe('failed');
    expect(await money.balance()).toEqual({ available: 9_000, pending: 0 });
  });
});

it('tells of money that has become available, and of fees of Stripe’s own', async () => {
  await paid();
  expect((await money.events()).map((event) => event.type)).toContain('balance.available');
  money.act('stripe_fee', { amount: 123, currency: 'eur' });
  const [fee] = (await money.stripe.balanceTransactions.list({ type: 'stripe_fee' })).data;
  expect(fee).toMatchObject({ amount: -123, fee: 0, net: -123, source: null, reporting_category: 'fee' });
  expect(await money.balance()).toEqual({ available: LEFT - 123, pending: 0 });
});
