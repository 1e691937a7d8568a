/**
 * Providers as connected accounts at Stripe: `PA#<provider>` / `-`, and their tax data, `PP#<provider>` / `-`. What Stripe
 * says of an account is read from Stripe, whatever told of it.
 */
import type Stripe from 'stripe';
import * as z from 'zod';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { Currency, centsOf, microsOfCents } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { type LedgerWrite, writeTogether } from '../ledger/together.ts';
import { failureOf, onceAtStripe, type StripeCall, type StripeRefusal } from '../stripe-call/stripe-call.store.ts';
import {
  type AccountFacts,
  AccountStatus,
  BANK_SCHEDULE,
  MINIMUM_BALANCE_MICROS,
  needsOf,
  PayoutAccount,
  type PayoutProfile,
  PayoutProfileInput,
  statusOf,
} from './account.ts';

const StoredProfile = z.object({
  provider: z.string(),
  ...PayoutProfileInput.shape,
  version: z.int(),
  updatedAt: z.number(),
});
type StoredProfile = z.infer<typeof StoredProfile>;

const StoredAccount = z.object({
  provider: z.string(),
  /** What it is opened with: fixed before Stripe is asked, so that asking again says the same. */
  opening: z.object({ name: z.string(), email: z.string(), country: z.string(), entityType: z.string() }),
  account: z.string().nullable(),
  status: AccountStatus,
  needs: z.array(z.string()),
  checkedAt: z.number().nullable(),
  /** Whether Stripe knows when to pay on to the bank. */
  isScheduled: z.boolean(),
  bank: PayoutAccount.shape.bank.default(null),
  bankCreatedAt: z.number().default(0),
});
export type StoredAccount = z.infer<typeof StoredAccount>;

const profileKey = (provider: string): Key => ({ pk: `PP#${provider}`, sk: '-' });
const accountKey = (provider: string): Key => ({ pk: `PA#${provider}`, sk: '-' });
/** Whose an account is: `PAS#<account>` / `-`. */
const ownerKey = (account: string): Key => ({ pk: `PAS#${account}`, sk: '-' });
const MOST_LISTED = 1_000;
const MOST_TRIES = 4;
/** Accounts that Stripe is asked about side by side. */
const WIDTH = 4;

export async function readPayoutProfile(call: Call, provider: string): Promise<PayoutProfile | undefined> {
  const stored = await readStored(call, provider);
  return stored === undefined ? undefined : { ...stored, updatedAt: iso(stored.updatedAt) };
}

/** The tax data of some providers, by provider; who has said none is absent. */
export async function readPayoutProfiles(
  call: Call,
  providers: readonly string[],
): Promise<Map<string, PayoutProfile>> {
  const found = await call.tables.getMany('ledger', providers.map(profileKey), StoredProfile, { consistent: true });
  return new Map(
    [...found.values()].map((stored) => [stored.provider, { ...stored, updatedAt: iso(stored.updatedAt) }]),
  );
}

const readStored = (call: Call, provider: string): Promise<StoredProfile | undefined> =>
  call.tables.get('ledger', profileKey(provider), StoredProfile, { consistent: true });

/** Sets or replaces a provider's tax data. Documents that are made already keep what they say. */
export async function putPayoutProfile(
  call: Call,
  provider: string,
  input: PayoutProfileInput,
): Promise<PayoutProfile> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const before = await readStored(call, provider);
    const next: StoredProfile = { provider, ...input, version: (before?.version ?? 0) + 1, updatedAt: call.now };
    const when = before === undefined ? ABSENT : ([['=', 'version', before.version]] as const);
    const written = await call.tables.put('ledger', { ...profileKey(provider), ...next }, when);
    if (written.ok) return { ...next, updatedAt: iso(next.updatedAt) };
  }
  throw new Error('a payout profile kept changing');
}

export const readAccount = (call: Call, provider: string): Promise<StoredAccount | undefined> =>
  call.tables.get('ledger', accountKey(provider), StoredAccount, { consistent: true });

/** The accounts of some providers, those that have one. */
export async function readAccounts(call: Call, providers: readonly string[]): Promise<Map<string, StoredAccount>> {
  const found = await call.tables.getMany('ledger', providers.map(accountKey), StoredAccount, { consistent: true });
  return new Map([...found.values()].map((stored) => [stored.provider, stored]));
}

export function accountView(provider: string, stored: StoredAccount | undefined): PayoutAccount {
  return {
    provider,
    status: stored?.account == null ? 'none' : stored.status,
    account: stored?.account ?? null,
    needs: stored?.needs ?? [],
    checkedAt: stored?.checkedAt == null ? null : iso(stored.checkedAt),
    bank: stored?.bank ?? null,
    schedule: BANK_SCHEDULE,
  };
}

/**
 * A link to the page at Stripe on which a provider says what Stripe asks for; its account is opened with the first one.
 * Refuses `payout_profile_missing`, and what Stripe refuses.
 */
export async function onboardingLink(
  call: StripeCall,
  provider: string,
  pages: { returnUrl: string; refreshUrl: string },
): Promise<Result<{ url: string; expiresAt: string }, StripeRefusal | 'payout_profile_missing'>> {
  const account = await ensureAccount(call, provider);
  if (!account.ok) return account;
  try {
    const link = await call.stripe.v2.core.accountLinks.create({
      account: account.value,
      use_case: {
        type: 'account_onboarding',
        account_onboarding: {
          refresh_url: pages.refreshUrl,
          return_url: pages.returnUrl,
          collection_options: { fields: 'eventually_due' },
        },
      },
    });
    return ok({ url: link.url, expiresAt: link.expires_at });
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    return refuse('stripe_unavailable', `Stripe gave no link (${failure.message}); ask again.`, { retryable: true });
  }
}

async function ensureAccount(
  call: StripeCall,
  provider: string,
): Promise<Result<string, StripeRefusal | 'payout_profile_missing'>> {
  const known = await readAccount(call, provider);
  if (known?.account != null) return ok(known.account);
  const opening = known?.opening ?? (await openingOf(call, provider));
  if (opening === undefined)
    return refuse('payout_profile_missing', 'Say first who is paid, with PUT /v1/payout-profile.');
  const fresh: StoredAccount = {
    provider,
    opening,
    account: null,
    status: 'none',
    needs: [],
    checkedAt: null,
    isScheduled: false,
    bank: null,
    bankCreatedAt: 0,
  };
  const written = await call.tables.put('ledger', { ...accountKey(provider), ...fresh }, ABSENT);
  const stored = written.ok ? fresh : StoredAccount.parse(written.old);
  const key = `acc:${provider}`;
  const made = await onceAtStripe<{ id: string }>(call, {
    key,
    make: (options) => call.stripe.v2.core.accounts.create(accountParams(provider, key, stored.opening), options),
    find: () => amongNewest(call, key),
    read: async (id) => ({ id }),
  });
  if (!made.ok) return made;
  await call.tables.put('ledger', { ...ownerKey(made.value.id), provider });
  await call.tables.update('ledger', accountKey(provider), { set: { account: made.value.id, status: 'incomplete' } }, [
    ['=', 'account', null],
  ]);
  return ok(made.value.id);
}

async function openingOf(call: Call, provider: string): Promise<StoredAccount['opening'] | undefined> {
  const profile = await readStored(call, provider);
  if (profile === undefined) return undefined;
  const { legalName, contactEmail, address, entityType } = profile;
  return { name: legalName, email: contactEmail, country: address.country, entityType };
}

const accountParams = (
  provider: string,
  key: string,
  { name, email, country, entityType }: StoredAccount['opening'],
): Stripe.V2.Core.AccountCreateParams => ({
  display_name: name,
  contact_email: email,
  dashboard: 'express',
  identity: {
    country: country.toLowerCase(),
    entity_type: entityType as Stripe.V2.Core.AccountCreateParams.Identity.EntityType,
  },
  configuration: { recipient: { capabilities: { stripe_balance: { stripe_transfers: { requested: true } } } } },
  defaults: { responsibilities: { fees_collector: 'application', losses_collector: 'application' } },
  metadata: { parley: provider, key },
});

async function amongNewest(call: StripeCall, key: string): Promise<{ id: string } | undefined> {
  let seen = 0;
  for await (const account of call.stripe.v2.core.accounts.list({ limit: 20 })) {
    if (account.metadata?.key === key) return account;
    if (++seen === MOST_LISTED) return undefined;
  }
  return undefined;
}

/** Asks Stripe how a provider's account stands, and keeps it. Once it may be paid, Stripe is told when to pay its bank. */
export async function refreshAccount(call: StripeCall, provider: string): Promise<StoredAccount | undefined> {
  const stored = await readAccount(call, provider);
  if (stored === undefined) return undefined;
  const seen = await askOf(call, [stored]);
  return { ...stored, ...seen[0] };
}

/** The same of accounts that were just read; who has none is left out. */
export async function askOf(call: StripeCall, accounts: readonly StoredAccount[]): Promise<Seen[]> {
  const opened = accounts.flatMap(({ account, ...rest }) => (account === null ? [] : [{ ...rest, account }]));
  const seen = await mapConcurrent(opened, WIDTH, (one) => ask(call, one));
  const keep = opened.map(
    ({ provider, account }, at): LedgerWrite => ({
      kind: 'update',
      key: accountKey(provider),
      change: { set: { ...seen[at] } },
      when: [['=', 'account', account]],
    }),
  );
  await writeTogether(call, keep);
  return seen;
}

/** What Stripe says of an account. */
type Seen = Pick<StoredAccount, 'status' | 'needs' | 'checkedAt' | 'isScheduled'>;

async function ask(call: StripeCall, stored: StoredAccount & { account: string }): Promise<Seen> {
  const include: Stripe.V2.Core.AccountRetrieveParams['include'] = ['configuration.recipient', 'requirements'];
  const facts = factsOf(await call.stripe.v2.core.accounts.retrieve(stored.account, { include }));
  const status = statusOf(facts);
  const isScheduled = stored.isScheduled || (status === 'active' && (await schedule(call, stored.account)));
  return { status, needs: needsOf(facts), checkedAt: call.now, isScheduled };
}

/** Whose a connected account is, and how it stands now; undefined where it is none of the market's. */
export async function accountChanged(call: StripeCall, account: string): Promise<StoredAccount | undefined> {
  const owner = await call.tables.get('ledger', ownerKey(account), z.object({ provider: z.string() }));
  return owner === undefined ? undefined : refreshAccount(call, owner.provider);
}

/** How the newest payment from a provider's account to its bank stands; fetched, whatever the event says. Nothing is posted. */
export async function providerBankPayout(
  call: StripeCall,
  event: { account: string | null; object: string | null },
): Promise<void> {
  const { account, object } = event;
  if (account === null || object === null) return;
  const owner = await call.tables.get('ledger', ownerKey(account), z.object({ provider: z.string() }));
  if (owner === undefined) return;
  const payout = await call.stripe.payouts.retrieve(object, {}, { stripeAccount: account });
  const currency = Currency.safeParse(payout.currency.toUpperCase());
  if (!currency.success) return;
  const bank: PayoutAccount['bank'] = {
    state: payout.status,
    currency: currency.data,
    micros: microsOfCents(payout.amount),
    arrivesAt: iso(payout.arrival_date * 1_000),
    failure: payout.failure_message,
  };
  await call.tables.update('ledger', accountKey(owner.provider), { set: { bank, bankCreatedAt: payout.created } }, [
    ['=', 'account', account],
    ['<=', 'bankCreatedAt', payout.created],
  ]);
}

function factsOf(account: Stripe.V2.Core.Account): AccountFacts {
  const capabilities = account.configuration?.recipient?.capabilities;
  return {
    isClosed: account.closed === true,
    capability: capabilities?.stripe_balance?.stripe_transfers?.status,
    requirements: (account.requirements?.entries ?? []).map(({ description, awaiting_action_from }) => ({
      description,
      awaits: awaiting_action_from,
    })),
  };
}

/** Weekly, with a minimum that stays; asked again the next time where Stripe does not take it now. */
async function schedule(call: StripeCall, account: string): Promise<boolean> {
  const minimum = Object.fromEntries(
    Currency.options.map((currency) => [currency.toLowerCase(), centsOf(MINIMUM_BALANCE_MICROS)]),
  );
  const set = await onceAtStripe<{ id: string }>(call, {
    key: `bs:${account}`,
    make: async (options) => {
      const payouts = {
        schedule: { interval: 'weekly' as const, weekly_payout_days: ['friday' as const] },
        minimum_balance_by_currency: minimum,
      };
      await call.stripe.balanceSettings.update({ payments: { payouts } }, { ...options, stripeAccount: account });
      return { id: account };
    },
    find: async () => undefined,
    read: async (id) => ({ id }),
  });
  return set.ok;
}
