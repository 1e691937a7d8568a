/** How handlers call Stripe: with the meter of the API call they serve, or of the message they work. */
import type { Call } from '../shared/kernel/call.ts';
import type { StripeCall } from '../shared/stripe-call/stripe-call.store.ts';
import { hurrier, type Runtime } from './runtime.ts';
import { stripeOf } from './stripe.ts';

/** A call that may use Stripe; of an API call it has tables and time. */
export async function stripeCall(runtime: Runtime, of?: Call): Promise<StripeCall> {
  const { tables, now } = of ?? { tables: runtime.tables.metered(), now: runtime.clock.now() };
  return { tables, now, hurry: hurrier(runtime), stripe: await stripeOf(runtime) };
}
