/** What Stripe finds of a company and of what it pays with, over its webhooks, on the company's billing profile. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putProfile, readProfile } from '../../shared/billing-profile/billing-profile.store.ts';
import { ensureCustomer } from '../../shared/billing-profile/customer.store.ts';
import { readInvoice } from '../../shared/invoice/invoice.store.ts';
import { registerOrganisation } from '../../shared/organisation/organisation.store.ts';
import { PROFILE } from '../support/billing.ts';
import { CashWorld } from '../support/cash.ts';
import { must } from '../support/round.ts';

const MINUTE = 60_000;
let world: CashWorld;
let company: string;
beforeEach(async () => {
  world = await CashWorld.open();
  const person = { user: 'ada', email: 'ada@example.com' };
  const kind = { kind: 'company', name: 'Ada' } as const;
  company = (await registerOrganisation(world.engine.tables, person, kind, 'register-ada', world.edge.now)).id;
});
afterEach(() => world.stop());

const profile = async () => (await readProfile(world.call(), company))!;
const customerWith = async (taxId: { type: string; value: string } | null): Promise<string> => {
  must(await putProfile(world.call(), company, { ...PROFILE, taxId }));
  const customer = must(await ensureCustomer(world.call(), company));
  await world.settle();
  return customer;
};

describe('a tax id', () => {
  it('is pending until Stripe has looked it up, and then what that came to; another one begins anew', async () => {
    await customerWith({ type: 'eu_vat', value: 'DE123456789' });
    expect((await profile()).taxIdVerification).toBe('pending');
    await world.advance(2 * MINUTE);
    expect((await profile()).taxIdVerification).toBe('verified');
    must(await putProfile(world.call(), company, { ...PROFILE, taxId: { type: 'us_ein', value: '12-3456789' } }));
    expect((await profile()).taxIdVerification).toBeNull();
    must(await ensureCustomer(world.call(), company));
    expect((await profile()).taxIdVerification).toBe('unavailable');
    must(await putProfile(world.call(), company, { ...PROFILE, taxId: null }));
    expect((await profile()).taxIdVerification).toBeNull();
  });
});

describe('what is charged', () => {
  it('is what was set up outside Checkout only where nothing is yet', async () => {
    const customer = await customerWith(null);
    const setUp = async (method: string) => {
      const { id } = await world.test.stripe.paymentMethods.attach(method, { customer });
      await world.test.stripe.setupIntents.create({
        customer,
        payment_method: id,
        confirm: true,
        usage: 'off_session',
      });
      expect(await world.settle()).toEqual([]);
    };
    await setUp('pm_card_visa');
    expect((await profile()).paymentMethod).toBe('visa ending in 4242');
    await setUp('pm_card_mastercard');
    expect((await profile()).paymentMethod).toBe('visa ending in 4242');
  });
});

describe('a credit note that somebody makes at Stripe', () => {
  it('raises an alarm, and what is open of its invoice follows', async () => {
    const invoice = await world.invoice(company, 100_00);
    await world.test.stripe.creditNotes.create({ invoice: invoice.id, amount: 40_00 });
    expect(await world.settle()).toEqual([]);
    const alarms = world.edge.lines.filter(({ fields }) => fields.alarm === 'foreign_credit_note');
    expect(alarms.length).toBe(1);
    expect(await readInvoice(world.call(), `${company}.USD.2025-12.v0`)).toMatchObject({ remainingMicros: 60_000_000 });
  });
});
