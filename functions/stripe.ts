/** The client of Stripe, one per process: the SDK is loaded when it is first asked for. */
import type Stripe from 'stripe';
import type { Runtime } from './runtime.ts';

const clients = new WeakMap<Runtime, Promise<Stripe>>();

/** Made when first asked for; a key that could not be read is read again the next time. */
export function stripeOf(runtime: Runtime): Promise<Stripe> {
  const known = clients.get(runtime);
  if (known !== undefined) return known;
  const making = makeClient(runtime);
  clients.set(runtime, making);
  making.catch(() => clients.delete(runtime));
  return making;
}

async function makeClient(runtime: Runtime): Promise<Stripe> {
  const [{ stripeClient }, access] = await Promise.all([import('#stripe'), runtime.stripeAccess()]);
  return stripeClient(access);
}
