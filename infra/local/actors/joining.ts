/** What organisations do about money as they join: companies say how they are billed and pay, providers how they are paid. */
import { ask, CallRefused } from './calls.ts';
import type { Member } from './directory.ts';
import type { Draw } from './draw.ts';
import { billingProfileOf, payerOf, payoutProfileOf } from './payers.ts';
import { press, stripePage } from './stripe-page.ts';

/** To be given to the directory. Everything is found done, or is taken up, after an interruption. */
export const joinsWithMoney =
  (draw: Draw, world: string) =>
  (kind: 'company' | 'provider', member: Member): Promise<void> =>
    kind === 'company' ? setUpCompany(draw, world, member) : setUpProvider(draw, member);

/** A billing profile, and a card by Checkout where the company is charged automatically. */
async function setUpCompany(draw: Draw, world: string, { name, email, client }: Member): Promise<void> {
  const body = billingProfileOf(draw, name, email);
  const profile = await ask(`say how ${name} is billed`, () => client.PUT('/v1/billing-profile', { body }));
  if (profile.collectionMethod !== 'charge_automatically' || profile.paymentMethod !== null) return;
  const headers = { 'Idempotency-Key': `${world}:checkout:${profile.company}` };
  const checkout = await askUnless('not_found', `begin the Checkout of ${name}`, () =>
    client.POST('/v1/billing-profile/checkout', { headers }),
  );
  // The session was completed, and the market learns of it by its webhook.
  if (checkout === null) return;
  const { origin, path } = stripePage(checkout.url);
  const session = await press(origin, 'complete_checkout', { session: path.split('/').at(-1) });
  if (payerOf(draw, name) === 'declined once') await press(origin, 'decline_next', { customer: session.customer });
}

/** Tax data, and an account at Stripe whose onboarding is completed on Stripe's page. */
async function setUpProvider(draw: Draw, { name, email, client }: Member): Promise<void> {
  const body = payoutProfileOf(draw, name, email);
  await ask(`say how ${name} is paid`, () => client.PUT('/v1/payout-profile', { body }));
  const before = await ask('read the payout account', () => client.GET('/v1/payout-account'));
  if (before.status === 'active') return;
  const { url } = await ask('open the payout account', () => client.POST('/v1/payout-account/link'));
  const { account } = await ask('read the payout account', () => client.GET('/v1/payout-account'));
  await press(stripePage(url).origin, 'complete_onboarding', { account });
  await ask('ask Stripe how the account stands', () => client.POST('/v1/payout-account/refresh'));
}

async function askUnless<T>(code: string, what: string, call: Parameters<typeof ask<T>>[1]): Promise<T | null> {
  try {
    return await ask(what, call);
  } catch (error) {
    if (error instanceof CallRefused && error.code === code) return null;
    throw error;
  }
}
