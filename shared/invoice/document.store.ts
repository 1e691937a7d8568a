/** Asks Stripe for the page and the PDF of an invoice; nothing of it is kept, since the links end. */
import { ok, type Result, refuse } from '../kernel/result.ts';
import { failureOf, type StripeCall } from '../stripe-call/stripe-call.store.ts';
import type { InvoiceDocument } from './document.ts';
import type { Invoice } from './invoice.ts';

/** Refuses `invoice_state` before the invoice is final: Stripe makes its page then. */
export async function documentOf(
  call: StripeCall,
  { id, stripeInvoice, finalizedAt }: Pick<Invoice, 'id' | 'stripeInvoice' | 'finalizedAt'>,
): Promise<Result<InvoiceDocument, 'invoice_state' | 'stripe_unavailable'>> {
  const notFinal = refuse('invoice_state', `Invoice ${id} is not final: Stripe has its page and PDF once it is.`);
  if (stripeInvoice === null || finalizedAt === null) return notFinal;
  try {
    const found = await call.stripe.invoices.retrieve(stripeInvoice);
    const { hosted_invoice_url: url = null, invoice_pdf: pdf = null } = found;
    return url === null ? notFinal : ok({ url, pdf });
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    return refuse('stripe_unavailable', `Stripe gave no link (${failure.message}); ask again.`, { retryable: true });
  }
}
