/** How Stripe is reached, and how what it tells is known to be from it. */
import * as z from 'zod';
import { StripeDestination } from '../stripe-event/stripe-event.ts';

export type StripeOptions = {
  secretKey: string;
  /** Where the stand-in listens on this machine; Stripe itself where left out. */
  standIn?: { port: number };
};

/** The secrets of each destination; during a rotation there are two. */
export const StripeSecrets = z.record(StripeDestination, z.array(z.string().startsWith('whsec_')).min(1));
export type StripeSecrets = z.infer<typeof StripeSecrets>;
