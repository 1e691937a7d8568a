/** A company as a customer at Stripe, over the real engine and the stand-in: its tax id, whatever came between. */
import { beforeEach, expect, it } from 'vitest';
import { putProfile } from '../../shared/billing-profile/billing-profile.store.ts';
import type { TaxId } from '../../shared/billing-profile/billing-profile.ts';
import { ensureCustomer } from '../../shared/billing-profile/customer.store.ts';
import { PROFILE, TestBilling } from '../support/billing.ts';
import { untilCrash } from '../support/crash.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { must } from '../support/round.ts';
import { startTestStripe, type TestStripe } from '../support/stripe.ts';

const START = Date.parse('2026-01-12T09:00:00Z');
const IRISH: TaxId = { type: 'eu_vat', value: 'IE1234567FA' };
const GERMAN: TaxId = { type: 'eu_vat', value: 'DE123456789' };
let engine: TestTables;
let stripe: TestStripe;
let billing: TestBilling;
let calls: string[];

beforeEach(async () => {
  engine = await startTestTables();
  stripe = await startTestStripe({ nowMs: START, seed: 'customer' });
  billing = new TestBilling(engine.tables, stripe.stripe, START);
  calls = [];
  stripe.switches.faults(({ method, path }) => {
    calls.push(`${method} ${path.replace(/cus_\w+/, ':id').replace(/\?.*/, '')}`);
    return undefined;
  });
  return async () => {
    await stripe.stop();
    await engine.stop();
  };
});

async function taxIdsAtStripe(company: string): Promise<string[]> {
  const customer = must(await ensureCustomer(billing.call(), company));
  const { data } = await stripe.stripe.customers.listTaxIds(customer);
  return data.map(({ value }) => value);
}

it('is made with its tax id in three calls, and asked for again without any', async () => {
  const acme = await billing.company('acme', { taxId: IRISH });
  const customer = must(await ensureCustomer(billing.call(), acme));
  expect(calls).toEqual(['POST /v1/customers', 'POST /v1/customers/:id', 'POST /v1/customers/:id/tax_ids']);
  expect(must(await ensureCustomer(billing.call(), acme))).toBe(customer);
  expect(calls.length).toBe(3);
  expect(await taxIdsAtStripe(acme)).toEqual([IRISH.value]);
});

it('has the tax id that its profile has now, and no other', async () => {
  const acme = await billing.company('acme', { taxId: IRISH });
  expect(await taxIdsAtStripe(acme)).toEqual([IRISH.value]);
  must(await putProfile(billing.call(), acme, { ...PROFILE, taxId: GERMAN }));
  expect(await taxIdsAtStripe(acme)).toEqual([GERMAN.value]);
  must(await putProfile(billing.call(), acme, { ...PROFILE, taxId: null }));
  expect(await taxIdsAtStripe(acme)).toEqual([]);
});

it('has one tax id wherever the first attempt crashed, with the same profile or a new one', async () => {
  let at = 0;
  for (let crashed = true; crashed; at++)
    for (const when of ['before', 'after'] as const) {
      const [same, changed] = [
        await billing.company(`same-${at}-${when}`, { taxId: IRISH }),
        await billing.company(`changed-${at}-${when}`, { taxId: IRISH }),
      ];
      const attempt = (company: string) =>
        untilCrash(billing.tables, at + 1, when, (tables) => ensureCustomer(billing.call(tables), company));
      crashed = (await attempt(same)) && (await attempt(changed));
      must(await putProfile(billing.call(), changed, { ...PROFILE, taxId: GERMAN }));
      expect(await taxIdsAtStripe(same)).toEqual([IRISH.value]);
      expect(await taxIdsAtStripe(changed)).toEqual([GERMAN.value]);
    }
  expect(at).toBeGreaterThan(5);
});
