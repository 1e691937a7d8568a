/** Taking an invoice back: dropped before it is final, void after. What it billed is unbilled again. */
import { openDisputesOf } from '../dispute/dispute.store.ts';
import { takeDisputesOutOf } from '../dispute/sweep.store.ts';
import type { Call } from '../kernel/call.ts';
import { ok, type Refusal, type Result, refuse } from '../kernel/result.ts';
import { post } from '../ledger/ledger.store.ts';
import { invoiceVoidLegs } from '../ledger/postings/invoice.ts';
import { failureOf, onceAtStripe, type StripeCall, type StripeRefusal } from '../stripe-call/stripe-call.store.ts';
import { forgetDue, noteNextStep } from './due.store.ts';
import { changeInvoice, readInvoice } from './invoice.store.ts';
import type { Invoice } from './invoice.ts';
import { carriedKeys, planKey } from './plan.store.ts';
import { endDroppedReissue } from './reissue.store.ts';

export type VoidRefusal = StripeRefusal | 'not_found' | 'invoice_state' | 'invoice_paid' | 'invoice_disputed';
const NONE = refuse('not_found', 'There is no such invoice.');

/**
 * Voids an open invoice at Stripe and in the ledger. Doing it again finishes what a crash left. Refused: `invoice_state`,
 * `invoice_paid` (something of it was paid or credited), `invoice_disputed`, and what Stripe refuses.
 */
export async function voidInvoice(call: StripeCall, id: string): Promise<Result<Invoice, VoidRefusal>> {
  const invoice = await readInvoice(call, id);
  if (invoice === undefined) return NONE;
  const { state, stripeInvoice } = invoice;
  if (state === 'void' && stripeInvoice !== null) return finishVoid(call, invoice, stripeInvoice);
  const refused = refusesVoid(invoice) ?? (await refusesDisputed(call, invoice));
  if (refused !== undefined || stripeInvoice === null) return refused ?? NONE;
  // A sweep finishes it where this call dies.
  await noteNextStep(call, id, 'void', call.now);
  return finishVoid(call, invoice, stripeInvoice);
}

async function finishVoid(
  call: StripeCall,
  invoice: Invoice,
  stripeInvoice: string,
): Promise<Result<Invoice, StripeRefusal>> {
  const { id, company, currency, period, subtotalMicros, taxMicros, creditAppliedMicros } = invoice;
  const voided = await onceAtStripe(call, {
    key: `void:${id}`,
    make: (options) => call.stripe.invoices.voidInvoice(stripeInvoice, {}, options),
    find: async () => {
      const found = await call.stripe.invoices.retrieve(stripeInvoice);
      return found.status === 'void' ? found : undefined;
    },
    read: (known) => call.stripe.invoices.retrieve(known),
  });
  if (!voided.ok) return voided;
  const occurredAt = (voided.value.status_transitions.voided_at ?? 0) * 1_000;
  const posted = await post(call, {
    event: `invoice-void#${id}`,
    kind: 'invoice_void',
    occurredAt,
    currency,
    company,
    provider: null,
    legs: invoiceVoidLegs({ company, invoice: id }, subtotalMicros, taxMicros, creditAppliedMicros),
    facts: { invoice: id, billed: period },
  });
  if (posted === 'refused') throw new Error(`the void of ${id} was posted with other content`);
  await unplan(call, invoice);
  await changeInvoice(call, id, ['open'], { state: 'void', remainingMicros: 0 });
  await forgetDue(call, id);
  return ok({ ...invoice, state: 'void', remainingMicros: 0 });
}

/** Its month is not invoiced any more: the next plan bills it. */
async function unplan(call: Call, { id, company, currency, period }: Invoice): Promise<void> {
  const set = { invoice: null, reason: 'void', ...carriedKeys({ company, currency, period }) };
  await call.tables.update('ledger', planKey(company, currency, period), { set }, [['=', 'invoice', id]]);
}

function refusesVoid(invoice: Invoice): Refusal<'invoice_state' | 'invoice_paid'> | undefined {
  const { id, state, paidMicros, creditedMicros } = invoice;
  if (state !== 'open') return refuse('invoice_state', `Invoice ${id} is ${state}: only an open one can be voided.`);
  if (paidMicros > 0 || creditedMicros > 0)
    return refuse(
      'invoice_paid',
      `Something of invoice ${id} was paid or credited already: make a credit note instead.`,
    );
  return undefined;
}

/** Refuses while a charge of the invoice is disputed. */
export async function refusesDisputed(call: Call, invoice: Invoice): Promise<Refusal<'invoice_disputed'> | undefined> {
  const open = await openDisputesOf(call, invoice.id);
  if (open.length === 0) return undefined;
  const sentence = `${open.length} of the charges of invoice ${invoice.id} are disputed (${open.slice(0, 3).join(', ')}): decide those first.`;
  return refuse('invoice_disputed', sentence);
}

/** Takes back an invoice that is not final; at Stripe its draft is deleted first, so that it never can be. */
export async function dropInvoice(
  call: StripeCall,
  id: string,
): Promise<Result<Invoice, 'not_found' | 'invoice_state' | 'stripe_unavailable'>> {
  const invoice = await readInvoice(call, id);
  if (invoice === undefined) return NONE;
  if (invoice.state === 'dropped') return undone(call, invoice);
  if (invoice.state !== 'planned' && invoice.state !== 'draft')
    return refuse('invoice_state', `Invoice ${id} is ${invoice.state}: only one that is not final can be dropped.`);
  if (invoice.stripeInvoice !== null && !(await isDeleted(call, invoice.stripeInvoice)))
    return refuse('invoice_state', `Invoice ${id} became final at Stripe: void it instead.`);
  const dropped = await changeInvoice(call, id, [invoice.state], { state: 'dropped', held: null }, true);
  if (!dropped) return dropInvoice(call, id);
  return undone(call, { ...invoice, state: 'dropped', held: null });
}

/** What a dropped invoice billed is not invoiced again, and what of it is disputed stays out of the next plan. */
async function undone(call: StripeCall, invoice: Invoice): Promise<Result<Invoice, never>> {
  await unplan(call, invoice);
  await takeDisputesOutOf(call, invoice.id);
  await endDroppedReissue(call, invoice);
  return ok(invoice);
}

/** Deletes a draft; true where it is gone already. */
async function isDeleted(call: StripeCall, stripeInvoice: string): Promise<boolean> {
  try {
    return (await call.stripe.invoices.del(stripeInvoice)).deleted;
  } catch (error) {
    const failure = failureOf(error);
    if (failure?.statusCode === 404) return true;
    if (failure?.statusCode === 400) return false;
    throw error;
  }
}
