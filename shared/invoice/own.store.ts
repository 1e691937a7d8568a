/** Which of our invoices one at Stripe is, as far as this process knows: that never changes. */
import { cachePerOwner } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';

const own = cachePerOwner<string>(5_000);

/** Notes which of ours an invoice at Stripe is. */
export const noteOwn = (call: Call, stripeInvoice: string, id: string): void =>
  own(call.tables.owner).set(stripeInvoice, id);

/** The id of ours; undefined where this process does not know it. */
export const knownOwn = async (call: Call, stripeInvoice: string): Promise<string | undefined> =>
  own(call.tables.owner).peek(stripeInvoice);
