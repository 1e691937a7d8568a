/** The client of Stripe, one per process: only the functions that call Stripe carry the SDK. */
import type Stripe from 'stripe';
import { stripeClient } from '../shared/gateways/stripe.ts';
import type { Runtime } from './runtime.ts';

const clients = new WeakMap<Runtime, Promise<Stripe>>();

/** Made when first asked for; a key that could not be read is read again the next time. */
export function stripeOf(runtime: Runtime): Promise<Stripe> {
  const known = clients.get(runtime);
  if (known !== undefined) return known;
  const making = runtime.stripeAccess().then(stripeClient);
  clients.set(runtime, making);
  making.catch(() => clients.delete(runtime));
  return making;
}
