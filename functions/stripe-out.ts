/** How handlers call Stripe: with the meter of the API call they serve, or of the message they work. */
import { type DetailUrl, signDetailLink } from '../shared/invoice/detail-link.ts';
import type { Call } from '../shared/kernel/call.ts';
import type { StripeCall } from '../shared/stripe-call/stripe-call.store.ts';
import { hurrier, type Runtime } from './runtime.ts';
import { stripeOf } from './stripe.ts';

/** A call that may use Stripe; of an API call it has tables and time. */
export async function stripeCall(runtime: Runtime, of?: Call): Promise<StripeCall> {
  const { tables, now } = of ?? { tables: runtime.tables.metered(), now: runtime.clock.now() };
  return { tables, now, hurry: hurrier(runtime), stripe: await stripeOf(runtime) };
}

/** Where the detail of a long invoice is, for whoever has the invoice. */
export const detailUrlBy =
  (runtime: Runtime): DetailUrl =>
  async (invoice) =>
    `${runtime.siteUrl()}/v1/invoice-details/${await signDetailLink(runtime.signingKey, invoice)}/csv`;
