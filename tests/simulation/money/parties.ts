/** Who does business in the model, under ids of its own, so that two runs have the same owners of accounts. */

import { putProfile } from '../../../shared/billing-profile/billing-profile.store.ts';
import { ensureCustomer } from '../../../shared/billing-profile/customer.store.ts';
import { putSettings } from '../../../shared/billing-profile/settings.store.ts';
import { timeKey } from '../../../shared/kernel/id.ts';
import type { Currency } from '../../../shared/kernel/money.ts';
import { DAY } from '../../../shared/kernel/time.ts';
import { organisationKey } from '../../../shared/organisation/organisation.store.ts';
import { onboardingLink, putPayoutProfile, refreshAccount } from '../../../shared/payout/account.store.ts';
import { PayoutProfileInput } from '../../../shared/payout/account.ts';
import { createQueue } from '../../../shared/queue/queue.store.ts';
import { PROFILE } from '../../support/billing.ts';
import { must, TERMS } from '../../support/round.ts';
import type { MoneyWorld } from './world.ts';

export type Company = { id: string; currency: Currency; method: string | null };
/** One pays by a card that brings money at once, one by a card that takes days, one whose card declines, one by invoice. */
export const COMPANIES: readonly Company[] = [
  { id: 'co_ada1', currency: 'USD', method: 'pm_card_bypassPending' },
  { id: 'co_bea1', currency: 'USD', method: 'pm_card_visa' },
  { id: 'co_cyd1', currency: 'USD', method: 'pm_card_chargeCustomerFail' },
  { id: 'co_dan1', currency: 'EUR', method: null },
];
export const PROVIDERS = ['pr_xena1', 'pr_yoel1'] as const;
export type TestQueue = { id: string; currency: Currency };

/** Registers everybody, with cards, accounts and queues, and brings the market's own money to Stripe. */
export async function settleIn(world: MoneyWorld, tax: 'none' | 'automatic'): Promise<TestQueue[]> {
  for (const { id } of COMPANIES) await register(world, id, 'company');
  for (const id of PROVIDERS) await register(world, id, 'provider');
  await putSettings(world.call(), 'maker', { tax });
  for (const company of COMPANIES) {
    const collectionMethod = company.method === null ? 'send_invoice' : 'charge_automatically';
    must(await putProfile(world.call(), company.id, { ...PROFILE, collectionMethod }));
    const customer = must(await ensureCustomer(world.call(), company.id));
    if (company.method !== null) await giveCard(world, customer, company.method);
  }
  for (const provider of PROVIDERS) {
    const profile = {
      legalName: provider,
      address: { line1: '1 Quay', city: 'Cork', country: 'IE' },
      contactEmail: 'pay@provider.example',
      // One of them has tax on its self-billed invoices.
      ...(provider === PROVIDERS[0]
        ? { taxId: { type: 'eu_vat', value: 'IE1234567FA' }, vatRegime: 'domestic', vatRateBps: 2_300 }
        : {}),
    };
    await putPayoutProfile(world.call(), provider, PayoutProfileInput.parse(profile));
    const pages = { returnUrl: 'https://parley.example/back', refreshUrl: 'https://parley.example/again' };
    must(await onboardingLink(world.call(), provider, pages));
    const account = (await refreshAccount(world.call(), provider))?.account ?? '';
    world.test.switches.act('complete_onboarding', { account });
    await refreshAccount(world.call(), provider);
  }
  for (const currency of ['usd', 'eur'])
    await world.test.stripe.topups.create({ amount: 2_000_00, currency, description: 'Own funds' });
  const queues: TestQueue[] = [];
  for (const currency of ['USD', 'EUR'] as const) {
    const serviceClass = {
      category: `money-${currency.toLowerCase()}`,
      channel: 'Web' as const,
      language: 'en-US',
      region: 'US',
      slaTier: 'standard' as const,
    };
    queues.push({
      id: must(await createQueue(world.call(), { serviceClass, currency, terms: TERMS })).queue.id,
      currency,
    });
  }
  return queues;
}

export async function giveCard(world: MoneyWorld, customer: string, method: string): Promise<void> {
  const { stripe } = world.test;
  const attached = await stripe.paymentMethods.attach(method, { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: attached.id } });
}

async function register(world: MoneyWorld, id: string, kind: 'company' | 'provider'): Promise<void> {
  const createdAt = world.now - DAY;
  await world.engine.tables.put('market', {
    ...organisationKey(id),
    id,
    kind,
    name: id,
    providerKind: kind === 'provider' ? 'agent_pool' : null,
    status: 'approved',
    creditLimitMicros: 1_000_000_000_000,
    qualityBps: null,
    createdAt,
    registeredBy: id,
    registeredWith: id,
    opk: `ORGANISATIONS#${kind}`,
    osk: `${timeKey(createdAt)}#${id}`,
  });
}
