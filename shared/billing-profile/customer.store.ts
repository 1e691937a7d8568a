/** A company as a customer at Stripe: made once, then kept as its profile says. */
import type Stripe from 'stripe';
import { beginCreditReviews } from '../credit/night.store.ts';
import { ok, type Result } from '../kernel/result.ts';
import { type LedgerWrite, writeTogether } from '../ledger/together.ts';
import { readOrganisation } from '../organisation/organisation.store.ts';
import { onceAtStripe, type StripeCall, type StripeRefusal } from '../stripe-call/stripe-call.store.ts';
import { beginWitness } from '../witness/mark.store.ts';
import { profileKey, readProfile, type StoredProfile } from './billing-profile.store.ts';
import { type BillingProfile, holdsOn, type TaxId } from './billing-profile.ts';

/** An attempt that may have made a customer is at most a day old. */
const MOST_LISTED = 1_000;

type Shown = Pick<StoredProfile, 'legalName' | 'address' | 'billingEmail' | 'purchaseOrder'>;
export type CustomerRefusal = StripeRefusal | 'not_found';

/**
 * The company's customer at Stripe as its profile says, made or changed only where that is needed: no call where Stripe has
 * the profile's version. A company without a profile is a customer by its name alone. `stripe_refused` is kept on the
 * profile, where the company reads it.
 */
export async function ensureCustomer(call: StripeCall, company: string): Promise<Result<string, CustomerRefusal>> {
  return customerOf(call, company, await readProfile(call, company));
}

/** The same, with a profile that was just read. */
export async function customerOf(
  call: StripeCall,
  company: string,
  profile: StoredProfile | undefined,
): Promise<Result<string, CustomerRefusal>> {
  if (profile?.customer != null && profile.syncedVersion === profile.version) return ok(profile.customer);
  // Who can be billed can owe: from now on that is looked at every night; and what is settled is counted there too.
  await beginCreditReviews(call);
  await beginWitness(call);
  const waiting: LedgerWrite[] = [];
  try {
    return await brought(call, company, profile, waiting);
  } finally {
    await writeTogether(call, waiting);
  }
}

/** Makes the customer and brings it to its profile; what is to be noted of that is left in `waiting`. */
async function brought(
  call: StripeCall,
  company: string,
  profile: StoredProfile | undefined,
  waiting: LedgerWrite[],
): Promise<Result<string, CustomerRefusal>> {
  const customer = await madeCustomer(call, company, profile, waiting);
  if (!customer.ok || profile === undefined) return customer.ok ? ok(customer.value.id) : customer;
  const { id } = customer.value;
  const changed = await asProfiled(call, company, id, profile, waiting);
  if (changed.ok) waiting.push(noting(profile, { customer: id, syncedVersion: profile.version, refused: null }));
  else if (changed.code === 'stripe_refused') waiting.push(noting(profile, { refused: changed.detail }));
  return changed.ok ? ok(id) : changed;
}

async function madeCustomer(
  call: StripeCall,
  company: string,
  profile: StoredProfile | undefined,
  waiting: LedgerWrite[],
): Promise<Result<{ id: string }, CustomerRefusal>> {
  if (profile?.customer != null) return ok({ id: profile.customer });
  // Who has a profile is there.
  if (profile === undefined && (await readOrganisation(call.tables, company)) === undefined)
    return { ok: false, code: 'not_found', detail: 'There is no such company.', retryable: false };
  const key = `cus:${company}`;
  return onceAtStripe<{ id: string }>(call, {
    key,
    // Only what never changes: the same key must always say the same.
    make: (options) => call.stripe.customers.create({ metadata: { parley: company, key } }, options),
    find: () => amongNewest(call, key),
    read: async (id) => ({ id }),
    waiting,
  });
}

/** Searching at Stripe lags behind its writes, so the newest customers are listed. */
async function amongNewest(call: StripeCall, key: string): Promise<{ id: string } | undefined> {
  let seen = 0;
  for await (const customer of call.stripe.customers.list({ limit: 100 })) {
    if (customer.metadata.key === key) return customer;
    if (++seen === MOST_LISTED) return undefined;
  }
  return undefined;
}

/** Brings a customer to its profile: repeating it changes nothing. */
async function asProfiled(
  call: StripeCall,
  company: string,
  customer: string,
  profile: StoredProfile,
  waiting: LedgerWrite[],
): Promise<Result<null, StripeRefusal>> {
  const updated = await onceAtStripe<{ id: string }>(call, {
    key: `cus:${company}:p${profile.version}`,
    make: (options) => call.stripe.customers.update(customer, customerParams(profile, call.now), options),
    find: async () => undefined,
    read: async (id) => ({ id }),
    waiting,
  });
  if (!updated.ok) return updated;
  return keepTaxId(call, company, customer, profile, waiting);
}

function customerParams(profile: Shown, now: number): Stripe.CustomerUpdateParams {
  const { line1, line2, city, postalCode, state, country } = profile.address;
  const order = profile.purchaseOrder;
  return {
    name: profile.legalName,
    email: profile.billingEmail,
    address: { line1, line2: line2 ?? '', city, postal_code: postalCode ?? '', state: state ?? '', country },
    invoice_settings: {
      custom_fields: order !== null && holdsOn(order, now) ? [{ name: 'PO number', value: order.number }] : '',
    },
  };
}

/** The one tax id of the profile, and no other. A first profile finds none at its new customer, and lists nothing. */
async function keepTaxId(
  call: StripeCall,
  company: string,
  customer: string,
  profile: StoredProfile,
  waiting: LedgerWrite[],
): Promise<Result<null, StripeRefusal>> {
  const wanted = profile.taxId;
  const list = async () => (await call.stripe.customers.listTaxIds(customer, { limit: 100 })).data;
  const listed = profile.version === 1 ? [] : await list();
  const has = (one: Stripe.TaxId): boolean => wanted !== null && one.type === wanted.type && one.value === wanted.value;
  for (const old of listed) if (!has(old)) await call.stripe.customers.deleteTaxId(customer, old.id);
  const known = listed.find(has);
  if (known !== undefined) await noteTaxId(call, company, known);
  if (wanted === null || known !== undefined) return ok(null);
  const made = await onceAtStripe<Stripe.TaxId>(call, {
    key: `txi:${company}:p${profile.version}`,
    make: (options) => call.stripe.customers.createTaxId(customer, taxIdParams(wanted), options),
    find: async () => (await list()).find(has),
    read: (id) => call.stripe.customers.retrieveTaxId(customer, id),
    waiting,
  });
  if (!made.ok) return made;
  await noteTaxId(call, company, made.value);
  return ok(null);
}

/** Keeps on the profile what Stripe found of its tax id; of one that is not the profile's any more nothing. */
async function noteTaxId(
  call: StripeCall,
  company: string,
  { type, value, verification }: Stripe.TaxId,
): Promise<void> {
  const profile = await readProfile(call, company);
  if (profile?.taxId?.type !== type || profile.taxId.value !== value) return;
  const taxIdVerification = verification?.status ?? 'unavailable';
  if (profile.taxIdVerification === taxIdVerification) return;
  await call.tables.update('ledger', profileKey(company), { set: { taxIdVerification } }, [
    ['=', 'version', profile.version],
  ]);
}

/** Looks again at a tax id that Stripe has looked up. */
export async function taxIdLookedUp(call: StripeCall, customer: string, id: string): Promise<void> {
  const company = await companyOf(call, customer);
  if (company === null) return;
  const { data } = await call.stripe.customers.listTaxIds(customer, { limit: 100 });
  const found = data.find((one) => one.id === id);
  if (found !== undefined) await noteTaxId(call, company, found);
}

/** Whose customer it is; null where it is none of ours. */
export async function companyOf(call: StripeCall, customer: string): Promise<string | null> {
  const found = await call.stripe.customers.retrieve(customer);
  return found.deleted ? null : (found.metadata.parley ?? null);
}

const taxIdParams = ({ type, value }: TaxId): Stripe.CustomerCreateTaxIdParams => ({
  type: type as Stripe.CustomerCreateTaxIdParams.Type,
  value,
});

/** The write of what Stripe knows, unless the profile has changed meanwhile: then the next call does it. */
const noting = (
  { company, version }: StoredProfile,
  set: { customer?: string; syncedVersion?: number; refused: BillingProfile['refused'] },
): LedgerWrite => ({ kind: 'update', key: profileKey(company), change: { set }, when: [['=', 'version', version]] });
