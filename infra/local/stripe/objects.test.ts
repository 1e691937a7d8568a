import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestStripe, type TestStripe } from '../../../tests/support/stripe.ts';

let test: TestStripe;
let stripe: Stripe;
beforeEach(async () => {
  test = await startTestStripe();
  stripe = test.stripe;
});
afterEach(() => test.stop());

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const seconds = () => test.clock.now() / 1_000;
const types = async () => (await test.events()).map(({ type }) => type);
const refused = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (thrown: Stripe.errors.StripeError) => thrown,
  );
  return error === undefined ? undefined : { status: error.statusCode, code: error.code, param: error.param };
};
const customer = () => stripe.customers.create({ name: 'Acme', email: 'billing@acme.example' });

describe('a customer', () => {
  it('is gone but not forgotten once it is deleted', async () => {
    const { id } = await customer();
    expect(await stripe.customers.del(id)).toMatchObject({ id, deleted: true });
    expect(await stripe.customers.retrieve(id)).toMatchObject({ id, deleted: true });
    expect((await stripe.customers.list()).data).toEqual([]);
    expect(await refused(stripe.customers.update(id, { name: 'x' }))).toMatchObject({ status: 404 });
  });

  it('has tax ids that are looked up after a while, and are refused in a wrong format', async () => {
    const { id } = await customer();
    const good = await stripe.customers.createTaxId(id, { type: 'eu_vat', value: 'DE123456789' });
    const bad = await stripe.customers.createTaxId(id, { type: 'eu_vat', value: 'DE111111111' });
    expect(await refused(stripe.customers.createTaxId(id, { type: 'eu_vat', value: '12' }))).toMatchObject({
      code: 'tax_id_invalid',
    });
    expect([good.country, good.verification?.status, bad.verification?.status]).toEqual(['DE', 'pending', 'pending']);
    await test.advance(test.clock.now() + MINUTE * 1_000);
    const found = await stripe.customers.listTaxIds(id);
    expect(found.data.map(({ verification }) => verification?.status)).toEqual(['unverified', 'verified']);
    expect((await types()).filter((type) => type === 'customer.tax_id.updated').length).toBe(2);
    await stripe.customers.deleteTaxId(id, good.id);
    expect((await stripe.customers.listTaxIds(id)).data.length).toBe(1);
  });

  it('has a balance by currency that moves only with its transactions', async () => {
    const { id } = await customer();
    const move = (amount: number, currency: string) =>
      stripe.customers.createBalanceTransaction(id, { amount, currency });
    expect((await move(-500, 'eur')).ending_balance).toBe(-500);
    expect((await move(200, 'eur')).ending_balance).toBe(-300);
    expect((await move(-50, 'usd')).ending_balance).toBe(-50);
    const now = (await stripe.customers.retrieve(id, { expand: ['invoice_credit_balance'] })) as Stripe.Customer;
    expect([now.balance, now.currency, now.invoice_credit_balance]).toEqual([-300, 'eur', { eur: -300, usd: -50 }]);
    expect((await stripe.customers.listBalanceTransactions(id)).data.map(({ amount }) => amount)).toEqual([
      -50, 200, -500,
    ]);
    expect(await refused(move(0, 'eur'))).toMatchObject({ status: 400, param: 'amount' });
  });

  it('keeps money that came by bank until it is applied', async () => {
    const { id } = await customer();
    for (const amount of [700, 300])
      await stripe.testHelpers.customers.fundCashBalance(id, { amount, currency: 'eur' });
    expect((await stripe.customers.retrieveCashBalance(id)).available).toEqual({ eur: 1_000 });
    expect((await types()).at(-1)).toBe('customer_cash_balance_transaction.created');
  });
});

describe('a payment method', () => {
  it('is attached, chosen, detached, and then no longer chosen nor usable', async () => {
    const { id } = await customer();
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: id });
    expect(method).toMatchObject({ customer: id, card: { brand: 'visa', last4: '4242' } });
    await stripe.customers.update(id, { invoice_settings: { default_payment_method: method.id } });
    await stripe.paymentMethods.detach(method.id);
    const now = (await stripe.customers.retrieve(id)) as Stripe.Customer;
    expect(now.invoice_settings.default_payment_method).toBeNull();
    expect(await refused(stripe.paymentMethods.attach(method.id, { customer: id }))).toMatchObject({ status: 400 });
    expect((await stripe.paymentMethods.list({ customer: id })).data).toEqual([]);
  });

  it('belongs to one customer, who alone may choose it', async () => {
    const [a, b] = [await customer(), await customer()];
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: a.id });
    expect(await refused(stripe.paymentMethods.attach(method.id, { customer: b.id }))).toMatchObject({ status: 400 });
    const choose = stripe.customers.update(b.id, { invoice_settings: { default_payment_method: method.id } });
    expect(await refused(choose)).toMatchObject({
      code: 'resource_missing',
      param: 'invoice_settings[default_payment_method]',
    });
  });

  it('is made of a test number, and of no other', async () => {
    const card = (number: string) =>
      stripe.paymentMethods.create({ type: 'card', card: { number, exp_month: 3, exp_year: 2031 } });
    expect(await card('5555555555554444')).toMatchObject({
      customer: null,
      card: { brand: 'mastercard', exp_year: 2031 },
    });
    expect(await refused(card('4111111111111111'))).toMatchObject({ status: 400, param: 'card' });
    const debit = await stripe.paymentMethods.create({
      type: 'sepa_debit',
      sepa_debit: { iban: 'DE89370400440532013000' },
      billing_details: { name: 'A' },
    });
    expect(debit).toMatchObject({ sepa_debit: { country: 'DE', last4: '3000' }, billing_details: { name: 'A' } });
  });
});

describe('Checkout', () => {
  const open = async () => {
    const { id } = await customer();
    const session = await stripe.checkout.sessions.create({
      mode: 'setup',
      currency: 'eur',
      customer: id,
      success_url: 'https://parley.example/billing?session={CHECKOUT_SESSION_ID}',
    });
    return { id, session };
  };

  it('leaves a method with the customer when its page is completed', async () => {
    const { id, session } = await open();
    expect(session).toMatchObject({ status: 'open', payment_status: 'no_payment_required' });
    test.switches.act('complete_checkout', { session: session.id, payment_method: 'pm_sepaDebit' });
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['setup_intent.payment_method'] });
    expect(done).toMatchObject({
      status: 'complete',
      url: null,
      setup_intent: { status: 'succeeded', payment_method: { customer: id, type: 'sepa_debit' } },
    });
    const { mandate } = done.setup_intent as Stripe.SetupIntent;
    expect(await stripe.mandates.retrieve(mandate as string)).toMatchObject({ status: 'active' });
    expect((await types()).slice(-4)).toEqual([
      'payment_method.attached',
      'mandate.updated',
      'setup_intent.succeeded',
      'checkout.session.completed',
    ]);
  });

  it('stays open when the card is declined', async () => {
    const { session } = await open();
    const complete = () =>
      test.switches.act('complete_checkout', { session: session.id, payment_method: 'pm_card_chargeDeclined' });
    expect(complete).toThrow('declined');
    const still = await stripe.checkout.sessions.retrieve(session.id, { expand: ['setup_intent'] });
    expect(still).toMatchObject({
      status: 'open',
      setup_intent: { status: 'requires_payment_method', last_setup_error: { code: 'card_declined' } },
    });
    expect((await types()).at(-1)).toBe('setup_intent.setup_failed');
  });

  it('expires after a day by the market clock, or when it is told to', async () => {
    const { session } = await open();
    await test.advance(test.clock.now() + (DAY - 1) * 1_000);
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
    await test.advance(test.clock.now() + 1_000);
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('expired');
    const other = (await open()).session;
    expect((await stripe.checkout.sessions.expire(other.id)).status).toBe('expired');
    expect(await refused(stripe.checkout.sessions.expire(other.id))).toMatchObject({ status: 400 });
  });

  it('has a page whose buttons do what the switches do', async () => {
    const { session } = await open();
    const html = await (await fetch(session.url ?? '')).text();
    const [, escaped = ''] = /data-steps="([^"]*pm_card_visa[^"]*)"/.exec(html) ?? [];
    const [step] = JSON.parse(escaped.replaceAll('&#34;', '"')) as { action: string; params: object }[];
    const press = (headers: Record<string, string> = {}) =>
      fetch(`${test.standIn.url}/local/actions/${step?.action}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(step?.params),
      });
    expect((await press({ origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await press({ origin: test.standIn.url })).status).toBe(200);
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('complete');
    expect(await (await fetch(`${test.standIn.url}/checkout/${session.id}`)).text()).toContain(`session=${session.id}`);
    expect(await (await fetch(test.standIn.url)).text()).toContain('Checkout sessions');
  });
});

it('the portal leads to a page with the invoices and methods of its customer', async () => {
  const { id } = await customer();
  await stripe.paymentMethods.attach('pm_card_visa', { customer: id });
  const session = await stripe.billingPortal.sessions.create({
    customer: id,
    return_url: 'https://parley.example/back',
  });
  const html = await (await fetch(session.url)).text();
  for (const words of ['Acme', 'ending in 4242', 'https://parley.example/back']) expect(html).toContain(words);
  expect((await fetch(`${test.standIn.url}/portal/bps_none`)).status).toBe(404);
});

describe('a meter', () => {
  const setUp = async () => {
    const { id } = await customer();
    const meter = await stripe.billing.meters.create({
      display_name: 'Resolutions',
      event_name: 'resolutions',
      default_aggregation: { formula: 'sum' },
    });
    const send = (value: string, identifier: string, timestamp = seconds(), who = id) =>
      stripe.billing.meterEvents.create({
        event_name: 'resolutions',
        identifier,
        timestamp,
        payload: { value, stripe_customer_id: who },
      });
    const sums = async (grouping?: 'hour' | 'day') => {
      const range = { customer: id, start_time: seconds() - DAY, end_time: seconds() + DAY };
      const found = await stripe.billing.meters.listEventSummaries(meter.id, {
        ...range,
        ...(grouping === undefined ? {} : { value_grouping_window: grouping }),
      });
      return found.data.map(({ start_time: at, aggregated_value: sum }) => [at - seconds(), sum]);
    };
    return { meter, send, sums };
  };

  it('sums what a customer used, in all and by hour or day', async () => {
    const { send, sums } = await setUp();
    await send('3', 'a', seconds() - HOUR);
    await send('4', 'b', seconds() - HOUR + 1);
    await send('5', 'c');
    expect(await sums()).toEqual([[-DAY, 12]]);
    expect(await sums('hour')).toEqual([
      [0, 5],
      [-HOUR, 7],
    ]);
    expect(await sums('day')).toEqual([
      [0, 5],
      [-DAY, 7],
    ]);
  });

  it('takes an identifier once in a day, and again afterwards', async () => {
    const { send, sums } = await setUp();
    await send('3', 'same');
    expect(await refused(send('3', 'same'))).toMatchObject({ status: 400, param: 'identifier' });
    expect(await sums()).toEqual([[-DAY, 3]]);
    await test.advance(test.clock.now() + DAY * 1_000);
    await send('3', 'same');
  });

  it('takes events of the last 35 days, and of five minutes to come', async () => {
    const { send } = await setUp();
    await send('1', 'old', seconds() - 35 * DAY);
    expect(await refused(send('1', 'older', seconds() - 35 * DAY - 1))).toMatchObject({
      code: 'timestamp_too_far_in_past',
    });
    await send('1', 'ahead', seconds() + 5 * MINUTE);
    expect(await refused(send('1', 'further', seconds() + 5 * MINUTE + 1))).toMatchObject({
      code: 'timestamp_in_future',
    });
  });

  it('forgets an event that is taken back within a day', async () => {
    const { send, sums } = await setUp();
    await send('3', 'wrong');
    const cancel = () =>
      stripe.billing.meterEventAdjustments.create({
        event_name: 'resolutions',
        type: 'cancel',
        cancel: { identifier: 'wrong' },
      });
    await cancel();
    expect(await sums()).toEqual([[-DAY, 0]]);
    await send('3', 'wrong');
    await test.advance(test.clock.now() + (DAY + 1) * 1_000);
    expect(await refused(cancel())).toMatchObject({ status: 400 });
  });

  it('reports afterwards, thinly, what it could not count', async () => {
    const { meter, send } = await setUp();
    await send('1', 'lost', seconds(), 'cus_none');
    await send('many', 'odd');
    await test.advance(test.clock.now() + MINUTE * 1_000);
    const [event] = (await stripe.v2.core.events.list({ types: ['v1.billing.meter.error_report_triggered'] })).data;
    expect(event).toMatchObject({
      related_object: { id: meter.id, type: 'billing.meter' },
      data: {
        reason: {
          error_count: 2,
          error_types: [
            { code: 'meter_event_customer_not_found', sample_errors: [{ request: { identifier: 'lost' } }] },
            { code: 'meter_event_invalid_value', sample_errors: [{ request: { identifier: 'odd' } }] },
          ],
        },
      },
    });
  });
});

describe('a connected account', () => {
  const recipient = { recipient: { capabilities: { stripe_balance: { stripe_transfers: { requested: true } } } } };
  const make = () =>
    stripe.v2.core.accounts.create({
      contact_email: 'pay@provider.example',
      display_name: 'Fixit',
      identity: { country: 'de', entity_type: 'company' },
      configuration: recipient,
      defaults: {
        currency: 'eur',
        responsibilities: { fees_collector: 'application', losses_collector: 'application' },
      },
      include: ['configuration.recipient', 'defaults', 'requirements'],
    });
  const transfers = (account: Stripe.V2.Core.Account) =>
    account.configuration?.recipient?.capabilities?.stripe_balance?.stripe_transfers?.status;

  it('shows only the parts that are asked for', async () => {
    const made = await make();
    expect(made).toMatchObject({ applied_configurations: ['recipient'], defaults: { currency: 'eur' } });
    expect(made).not.toHaveProperty('identity');
    const plain = await stripe.v2.core.accounts.retrieve(made.id);
    for (const part of ['configuration', 'defaults', 'identity', 'requirements'])
      expect(plain).not.toHaveProperty(part);
  });

  it('may receive transfers once it was onboarded by its link, and not while something is overdue', async () => {
    const made = await make();
    expect([transfers(made), made.requirements?.entries?.length]).toEqual(['restricted', 1]);
    const link = await stripe.v2.core.accountLinks.create({
      account: made.id,
      use_case: {
        type: 'account_onboarding',
        account_onboarding: {
          configurations: ['recipient'],
          refresh_url: 'https://parley.example/again',
          return_url: 'https://parley.example/back',
        } as never,
      },
    });
    expect(await (await fetch(link.url)).text()).toContain('complete_onboarding');
    test.switches.act('complete_onboarding', { account: made.id });
    const include = { include: ['configuration.recipient' as const, 'requirements' as const] };
    const open = await stripe.v2.core.accounts.retrieve(made.id, include);
    expect([transfers(open), open.requirements?.entries]).toEqual(['active', []]);
    test.switches.act('restrict_account', { account: made.id });
    expect(transfers(await stripe.v2.core.accounts.retrieve(made.id, include))).toBe('restricted');
    await test.advance(test.clock.now() + HOUR * 1_000);
    expect(await (await fetch(link.url)).text()).toContain('https://parley.example/again');
  });

  it('leads from its event to itself', async () => {
    const { id } = await make();
    const [event] = (await stripe.v2.core.events.list({ object_id: id })).data;
    const related = await (
      event as Stripe.V2.Core.Event & { fetchRelatedObject: () => Promise<unknown> }
    ).fetchRelatedObject();
    expect(related).toMatchObject({ id, object: 'v2.core.account' });
  });
});
