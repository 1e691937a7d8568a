/** How Stripe is reached, and how what it tells is known to be from it. */
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
