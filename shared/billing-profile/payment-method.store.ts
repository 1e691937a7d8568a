/** How a company says what is charged: Stripe's pages take it, and what was set up there becomes the default. */
import type Stripe from 'stripe';
import { idOf } from '../cash/stripe-object.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { type LedgerWrite, writeTogether } from '../ledger/together.ts';
import { onceAtStripe, type StripeCall, type StripeRefusal } from '../stripe-call/stripe-call.store.ts';
import { profileKey, readProfile, type StoredProfile } from './billing-profile.store.ts';
import { companyOf, customerOf } from './customer.store.ts';

const NO_PROFILE = refuse('not_found', 'Set a billing profile first, with PUT /v1/billing-profile.');
type PageRefusal = StripeRefusal | 'not_found';

/**
 * The page at Stripe where the company sets up what is charged. `command` names the wish: the same one leads to the same page.
 * Stripe brings people back to `backUrl`.
 */
export async function setupPage(
  call: StripeCall,
  company: string,
  command: string,
  backUrl: string,
): Promise<Result<string, PageRefusal>> {
  const profile = await readProfile(call, company);
  if (profile === undefined) return NO_PROFILE;
  const customer = await customerOf(call, company, profile);
  if (!customer.ok) return customer;
  const key = `cs:${company}:${command}`;
  const params: Stripe.Checkout.SessionCreateParams = {
    mode: 'setup',
    customer: customer.value,
    currency: 'usd',
    success_url: `${backUrl}?payment-method=set-up`,
    cancel_url: backUrl,
    metadata: { parley: company, key },
  };
  const made = await onceAtStripe(call, {
    key,
    make: (options) => call.stripe.checkout.sessions.create(params, options),
    find: async () => {
      const { data } = await call.stripe.checkout.sessions.list({ customer: customer.value, limit: 100 });
      return data.find((session) => session.metadata?.key === key);
    },
    read: (id) => call.stripe.checkout.sessions.retrieve(id),
  });
  if (!made.ok) return made;
  return made.value.url === null
    ? refuse('not_found', 'This page was used or has expired: ask for another one with a new Idempotency-Key.')
    : ok(made.value.url);
}

/** The page at Stripe where the company sees its invoices and changes what is charged; for one visit. */
export async function portalPage(
  call: StripeCall,
  company: string,
  backUrl: string,
): Promise<Result<string, PageRefusal>> {
  const profile = await readProfile(call, company);
  if (profile === undefined) return NO_PROFILE;
  const customer = await customerOf(call, company, profile);
  if (!customer.ok) return customer;
  const session = await call.stripe.billingPortal.sessions.create({ customer: customer.value, return_url: backUrl });
  return ok(session.url);
}

/**
 * What a completed Checkout of ours set up becomes the customer's default, and the profile names it. Other sessions are left
 * alone. The session is fetched again, so that it may be told of twice or late.
 */
export async function methodSetUp(call: StripeCall, sessionId: string): Promise<void> {
  const session = await call.stripe.checkout.sessions.retrieve(sessionId, { expand: ['setup_intent.payment_method'] });
  const company = session.metadata?.parley;
  const intent = session.setup_intent;
  if (company === undefined || session.status !== 'complete' || intent === null || typeof intent === 'string') return;
  await becomesDefault(call, company, await readProfile(call, company), intent);
}

/** What was set up in another way, as in the portal, becomes the default only where there is none. */
export async function intentSucceeded(call: StripeCall, intentId: string): Promise<void> {
  const intent = await call.stripe.setupIntents.retrieve(intentId, { expand: ['payment_method'] });
  const customer = idOf(intent.customer);
  const company = intent.status === 'succeeded' && customer !== null ? await companyOf(call, customer) : null;
  const profile = company === null ? undefined : await readProfile(call, company);
  if (company === null || profile?.paymentMethod !== null) return;
  await becomesDefault(call, company, profile, intent);
}

async function becomesDefault(
  call: StripeCall,
  company: string,
  profile: StoredProfile | undefined,
  intent: Stripe.SetupIntent,
): Promise<void> {
  const method = intent.payment_method;
  if (method === null || typeof method === 'string') return;
  if (profile?.customer == null || method.customer === null) return;
  const { customer } = profile;
  const waiting: LedgerWrite[] = [];
  const updated = await onceAtStripe<{ id: string }>(call, {
    key: `cus:${company}:${intent.id}`,
    make: (options) =>
      call.stripe.customers.update(customer, { invoice_settings: { default_payment_method: method.id } }, options),
    find: async () => undefined,
    read: async (id) => ({ id }),
    waiting,
  });
  if (!updated.ok) throw new Error(updated.detail);
  await writeTogether(call, [...waiting, methodWrite(company, methodText(method))]);
}

/** A mandate that no longer holds: what it was for is not charged any more, and the profile names nothing. */
export async function mandateChanged(call: StripeCall, mandateId: string): Promise<void> {
  const mandate = await call.stripe.mandates.retrieve(mandateId, { expand: ['payment_method'] });
  const method = mandate.payment_method;
  if (mandate.status !== 'inactive' || typeof method === 'string') return;
  const customer = idOf(method.customer);
  if (customer === null) return;
  const found = await call.stripe.customers.retrieve(customer);
  if (found.deleted || found.metadata.parley === undefined) return;
  if (idOf(found.invoice_settings.default_payment_method) === method.id)
    await writeTogether(call, [methodWrite(found.metadata.parley, null)]);
}

const methodWrite = (company: string, paymentMethod: string | null): LedgerWrite => ({
  kind: 'update',
  key: profileKey(company),
  change: { set: { paymentMethod } },
  when: [['present', 'pk']],
});

/** `visa ending in 4242`. */
function methodText(method: Stripe.PaymentMethod): string {
  const { type, card, sepa_debit: sepa, us_bank_account: bank } = method;
  const last4 = card?.last4 ?? sepa?.last4 ?? bank?.last4;
  const name = card?.brand ?? (type === 'sepa_debit' ? 'SEPA direct debit' : type.replaceAll('_', ' '));
  return last4 == null ? name : `${name} ending in ${last4}`;
}
