/** How a company is billed, for itself and for the market. */
import { profileView, putProfile, readProfile } from '../../shared/billing-profile/billing-profile.store.ts';
import { portalPage, setupPage } from '../../shared/billing-profile/payment-method.store.ts';
import { putSettings, readSettings } from '../../shared/billing-profile/settings.store.ts';
import { shortHash } from '../../shared/kernel/hash.ts';
import { refuse } from '../../shared/kernel/result.ts';
import type { Handler } from '../middleware/context.ts';
import { stripeCall } from '../stripe-out.ts';

export const getBillingProfile: Handler<'getBillingProfile'> = async (context) => {
  const stored = await readProfile(context, context.actor.tenant);
  if (stored === undefined)
    return refuse('not_found', 'The company has no billing profile yet: set one with PUT /v1/billing-profile.');
  return { status: 200, body: profileView(stored) };
};

export const putBillingProfile: Handler<'putBillingProfile'> = async (context, { body }) => {
  const put = await putProfile(context, context.actor.tenant, body);
  if (!put.ok) return put;
  await context.hurry('stripe-out', [{ kind: 'customer', id: context.actor.tenant }]);
  return { status: 200, body: profileView(put.value) };
};

export const getCompanyBillingProfile: Handler<'getCompanyBillingProfile'> = async (context, { params }) => {
  const stored = await readProfile(context, params.organisation);
  if (stored === undefined) return refuse('not_found', 'This company has no billing profile.');
  return { status: 200, body: profileView(stored) };
};

export const getBillingSettings: Handler<'getBillingSettings'> = async (context) => ({
  status: 200,
  body: await readSettings(context),
});

export const putBillingSettings: Handler<'putBillingSettings'> = async (context, { body }) => ({
  status: 200,
  body: await putSettings(context, context.actor.user, body),
});

export const setUpPaymentMethod: Handler<'setUpPaymentMethod'> = async (context) => {
  const { actor, runtime, idempotencyKey } = context;
  if (idempotencyKey === null) throw new Error('a call by key came without one');
  const command = await shortHash(idempotencyKey);
  const page = await setupPage(
    await stripeCall(runtime, context),
    actor.tenant,
    command,
    `${runtime.siteUrl()}/billing`,
  );
  return page.ok ? { status: 201, body: { url: page.value }, onRepeat: { run: 'again' } } : page;
};

export const openBillingPortal: Handler<'openBillingPortal'> = async (context) => {
  const { actor, runtime } = context;
  const page = await portalPage(await stripeCall(runtime, context), actor.tenant, `${runtime.siteUrl()}/billing`);
  return page.ok ? { status: 201, body: { url: page.value } } : page;
};
