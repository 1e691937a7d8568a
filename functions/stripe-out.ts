/** A piece of work towards Stripe, begun by a message and found by a sweep where the message was lost. */
import type { StripeCall } from '../shared/stripe-call/stripe-call.store.ts';
import { hurrier, type Runtime } from './runtime.ts';
import { stripeOf } from './stripe.ts';

/** What a handler of a file under `functions/api` or `functions/queue` calls Stripe with. */
export async function stripeCall(runtime: Runtime): Promise<StripeCall> {
  return {
    tables: runtime.tables.metered(),
    now: runtime.clock.now(),
    hurry: hurrier(runtime),
    stripe: await stripeOf(runtime),
  };
}
