/** What Stripe's invoices sell: a product for each kind of line, with its tax code. Made once. */
import type Stripe from 'stripe';
import { cachePerOwner } from '../kernel/cache.ts';
import { ok, type Result } from '../kernel/result.ts';
import { failureOf, onceAtStripe, type StripeCall, type StripeRefusal } from '../stripe-call/stripe-call.store.ts';
import type { LineKind } from './invoice.ts';

/** Stripe's tax code for services in general. */
const SERVICES = 'txcd_20030000';
const NAMES: Readonly<Record<LineKind, string>> = {
  confirmed: 'Resolutions',
  assumed: 'Assumed resolutions',
  overflow: 'Overflow resolutions',
  shortfall: 'Shortfall fees',
  carried: 'Carried over from earlier months',
  adjustment: 'Corrections',
  queue: 'Resolutions of a queue',
};
export const productOf = (kind: LineKind): string => `parley_${kind}`;
const made = cachePerOwner<Result<{ id: string }, StripeRefusal>>(100);

/** Makes the products that these kinds need, where they are not there yet. */
export async function ensureProducts(
  call: StripeCall,
  kinds: readonly LineKind[],
): Promise<Result<null, StripeRefusal>> {
  for (const kind of new Set(kinds)) {
    const known = await ensureProduct(call, kind);
    if (!known.ok) return known;
  }
  return ok(null);
}

async function ensureProduct(call: StripeCall, kind: LineKind): Promise<Result<{ id: string }, StripeRefusal>> {
  const known = made(call.tables.owner);
  // Invoices that are worked side by side ask for it once.
  const product = await known.get(kind, () => makeProduct(call, kind));
  if (!product.ok) known.forget(kind);
  return product;
}

async function makeProduct(call: StripeCall, kind: LineKind): Promise<Result<{ id: string }, StripeRefusal>> {
  const id = productOf(kind);
  const key = `prod:${kind}`;
  const params: Stripe.ProductCreateParams = { id, name: NAMES[kind], tax_code: SERVICES, metadata: { key } };
  return onceAtStripe<{ id: string }>(call, {
    key,
    make: (options) => call.stripe.products.create(params, options),
    find: () => retrieved(call, id),
    read: async (known) => ({ id: known }),
  });
}

async function retrieved(call: StripeCall, id: string): Promise<{ id: string } | undefined> {
  return call.stripe.products.retrieve(id).catch((error: unknown) => {
    if (failureOf(error)?.statusCode === 404) return undefined;
    throw error;
  });
}
