/**
 * The official SDK, as the market uses it: Stripe itself, or on one machine the stand-in that speaks the same protocol. It is
 * imported as `#stripe`, when it is first needed: in Lambda it lies in a file of its own beside the function's code.
 */
import Stripe from 'stripe';
import type { StripeOptions } from './stripe-access.ts';

/** A call that takes longer is tried again under the same key. */
const TIMEOUT_MS = 20_000;
/** Within one call the SDK itself repeats, under the same key, what did not arrive, was too much, or failed at Stripe. */
const REPEATS = 2;

/** A client for the process: connections are kept between calls, and nothing is reported about the calls. */
export function stripeClient({ secretKey, standIn }: StripeOptions): Stripe {
  return new Stripe(secretKey, {
    telemetry: false,
    timeout: TIMEOUT_MS,
    maxNetworkRetries: REPEATS,
    ...(standIn === undefined ? {} : { host: '127.0.0.1', port: standIn.port, protocol: 'http' as const }),
  });
}
