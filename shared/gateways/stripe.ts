/** The official SDK, as the market uses it: Stripe itself, or on one machine the stand-in that speaks the same protocol. */
import Stripe from 'stripe';
import * as z from 'zod';

export type StripeOptions = {
  secretKey: string;
  /** Where the stand-in listens on this machine; Stripe itself where left out. */
  standIn?: { port: number };
};

/** Stripe tells of what happens at four destinations, each signed with its own secret; during a rotation with one of two. */
export const STRIPE_DESTINATIONS = [
  'snapshot-platform',
  'snapshot-accounts',
  'thin-platform',
  'thin-accounts',
] as const;
export const StripeSecrets = z.record(z.enum(STRIPE_DESTINATIONS), z.array(z.string().startsWith('whsec_')).min(1));
export type StripeSecrets = z.infer<typeof StripeSecrets>;

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
