/**
 * Takes one piece of work towards Stripe a step further: what the message names decides by its own state, so that a message
 * that comes twice or late does no harm. Each kind has a line here; its work stands with its noun.
 */
import * as z from 'zod';
import { ensureCustomer } from '../../shared/billing-profile/customer.store.ts';
import { workOrder } from '../../shared/cash/order-work.store.ts';
import { InvoiceId } from '../../shared/invoice/invoice.ts';
import { runInvoice } from '../../shared/invoice/run.store.ts';
import { OrganisationId } from '../../shared/kernel/id.ts';
import type { Result } from '../../shared/kernel/result.ts';
import { workRun } from '../../shared/payout/run.store.ts';
import { consumer } from '../middleware/consumer.ts';
import { detailUrlBy, stripeCall } from '../stripe-out.ts';

const Message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('customer'), id: OrganisationId }),
  z.object({ kind: z.literal('invoice'), id: InvoiceId }),
  z.object({ kind: z.literal('cash_order'), id: z.string() }),
  z.object({ kind: z.literal('payout'), id: z.string().max(60) }),
]);

export const handler = consumer(Message, async (runtime, message) => {
  const call = await stripeCall(runtime);
  try {
    switch (message.kind) {
      case 'customer':
        return done(await ensureCustomer(call, message.id));
      case 'invoice':
        return done(await runInvoice(call, message.id, detailUrlBy(runtime)));
      case 'cash_order':
        return done(await workOrder(call, message.id));
      case 'payout':
        return await workRun(call, message.id);
    }
  } finally {
    runtime.recordConsumption(`stripe-out:${message.kind}`, call.tables.consumed);
  }
});

/** What may succeed later fails the message, so that it comes again; what Stripe refuses is written down with its noun. */
function done(result: Result<unknown>): void {
  if (!result.ok && result.retryable) throw new Error(`${result.code}: ${result.detail}`);
}
