import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestStripe, type TestStripe } from '../../../tests/support/stripe.ts';
import { hasFixtures, wrongKeys } from '../../../tests/support/stripe-types.ts';

let test: TestStripe;
beforeAll(async () => {
  test = await startTestStripe();
});
afterAll(() => test.stop());

const customer = (stripe: Stripe) => stripe.customers.create({ name: 'Acme', email: 'billing@acme.example' });
const setup = async (stripe: Stripe) =>
  stripe.checkout.sessions.create({
    mode: 'setup',
    currency: 'eur',
    customer: (await customer(stripe)).id,
    success_url: 'https://parley.example/done',
  });
let meters = 0;
const meter = (stripe: Stripe) =>
  stripe.billing.meters.create({
    display_name: 'Resolutions',
    event_name: `resolutions_${++meters}`,
    default_aggregation: { formula: 'sum' },
  });

type Made = { kind: string; file: string; name: string; make: (stripe: Stripe) => Promise<object> };
const MADE: readonly Made[] = [
  { kind: 'customer', file: 'Customers.d.ts', name: 'Customer', make: customer },
  {
    kind: 'customer_balance_transaction',
    file: 'CustomerBalanceTransactions.d.ts',
    name: 'CustomerBalanceTransaction',
    make: async (stripe) =>
      stripe.customers.createBalanceTransaction((await customer(stripe)).id, { amount: -500, currency: 'eur' }),
  },
  {
    kind: 'cash_balance',
    file: 'CashBalances.d.ts',
    name: 'CashBalance',
    make: async (stripe) => stripe.customers.retrieveCashBalance((await customer(stripe)).id),
  },
  {
    kind: 'customer_cash_balance_transaction',
    file: 'CustomerCashBalanceTransactions.d.ts',
    name: 'CustomerCashBalanceTransaction',
    make: async (stripe) =>
      stripe.testHelpers.customers.fundCashBalance((await customer(stripe)).id, { amount: 100, currency: 'eur' }),
  },
  {
    kind: 'tax_id',
    file: 'TaxIds.d.ts',
    name: 'TaxId',
    make: async (stripe) =>
      stripe.customers.createTaxId((await customer(stripe)).id, { type: 'eu_vat', value: 'DE123456789' }),
  },
  {
    kind: 'payment_method',
    file: 'PaymentMethods.d.ts',
    name: 'PaymentMethod',
    make: async (stripe) => stripe.paymentMethods.attach('pm_card_visa', { customer: (await customer(stripe)).id }),
  },
  {
    kind: 'setup_intent',
    file: 'SetupIntents.d.ts',
    name: 'SetupIntent',
    make: async (stripe) => stripe.setupIntents.create({ customer: (await customer(stripe)).id }),
  },
  {
    kind: 'mandate',
    file: 'Mandates.d.ts',
    name: 'Mandate',
    make: async (stripe) => {
      const { id } = await customer(stripe);
      const intent = await stripe.setupIntents.create({ customer: id, payment_method: 'pm_sepaDebit', confirm: true });
      return stripe.mandates.retrieve(intent.mandate as string);
    },
  },
  { kind: 'checkout.session', file: 'Checkout/Sessions.d.ts', name: 'Session', make: setup },
  {
    kind: 'billing_portal.session',
    file: 'BillingPortal/Sessions.d.ts',
    name: 'Session',
    make: async (stripe) => stripe.billingPortal.sessions.create({ customer: (await customer(stripe)).id }),
  },
  {
    kind: 'billing_portal.configuration',
    file: 'BillingPortal/Configurations.d.ts',
    name: 'Configuration',
    make: async (stripe) => (await stripe.billingPortal.configurations.list()).data[0] ?? {},
  },
  { kind: 'billing.meter', file: 'Billing/Meters.d.ts', name: 'Meter', make: meter },
  {
    kind: 'billing.meter_event',
    file: 'Billing/MeterEvents.d.ts',
    name: 'MeterEvent',
    make: async (stripe) => {
      const { event_name } = await meter(stripe);
      const payload = { value: '3', stripe_customer_id: (await customer(stripe)).id };
      return stripe.billing.meterEvents.create({ event_name, payload });
    },
  },
  {
    kind: 'event',
    file: 'Events.d.ts',
    name: 'EventBase',
    make: async (stripe) => {
      await customer(stripe);
      return (await stripe.events.list({ limit: 1 })).data[0] ?? {};
    },
  },
  {
    kind: 'v2.core.event',
    file: 'V2/Core/Events.d.ts',
    name: 'EventBase',
    make: async (stripe) => {
      await stripe.v2.core.accounts.create({ contact_email: 'pay@provider.example' });
      const [event = {}] = (await stripe.v2.core.events.list({ limit: 1 })).data;
      // Only some types of events have them.
      const more = ['related_object', 'fetchRelatedObject'];
      return Object.fromEntries(Object.entries(event).filter(([key]) => !more.includes(key)));
    },
  },
  {
    kind: 'v2.core.account',
    file: 'V2/Core/Accounts.d.ts',
    name: 'Account',
    make: (stripe) => stripe.v2.core.accounts.create({ contact_email: 'pay@provider.example' }),
  },
];

it.each(MADE)('$kind has the keys of the SDK and of the published object', async ({ kind, file, name, make }) => {
  expect(wrongKeys(await make(test.stripe), kind, file, name)).toEqual([]);
});

it.skipIf(hasFixtures)('compares with the published objects (skipped where ../shared/data is absent)', () => {
  console.warn('skipped: ../shared/data/stripe/fixtures3.json is not here; keys were held against the SDK only');
});
