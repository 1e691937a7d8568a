/** From draft to money: finalising, paying, sending, and what Stripe does by itself when an invoice advances. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid, StripeRefusal } from '../errors.ts';
import { settingsOf } from '../settings.ts';
import { DAY } from './balance.ts';
import { attempt } from './charging.ts';
import { balanceOf, moveBalance } from './customer-balance.ts';
import { idOf, makeIntent } from './intents.ts';
import { reckon } from './invoice-lines.ts';
import { becomePaid, failAttempt, keepInvoice, makePayment, paymentsOf } from './invoice-state.ts';

type Invoice = Stripe.Invoice;

/** Stripe finalises a draft that advances by itself an hour after it was made. */
export const DRAFT_SECONDS = 3_600;

const noteName = (invoice: string): string => `terms:${invoice}`;

/** The terms that Stripe remembers of a draft and does not show. */
export function keepDays(context: Context, invoice: string, daysUntilDue: number): void {
  context.put('local.note', { id: noteName(invoice), object: 'local.note', daysUntilDue });
}

function dueDate(context: Context, invoice: Invoice): number | null {
  if (invoice.collection_method !== 'send_invoice') return null;
  const days = context.get('local.note', noteName(invoice.id))?.daysUntilDue;
  return typeof days === 'number' ? context.now + days * DAY : Math.max(invoice.due_date ?? context.now, context.now);
}

export const needStatus = (invoice: Invoice, allowed: readonly string[], refusal: string): void => {
  if (!allowed.includes(invoice.status ?? '')) throw invalid(refusal);
};

/** Makes a draft final: its number, its sums, the customer's credit taken, and whom to ask for the rest. */
export function finalize(context: Context, draft: Invoice, autoAdvance?: boolean): Invoice {
  needStatus(draft, ['draft'], "This invoice is already finalized, you can't re-finalize a non-draft invoice.");
  const reckoned = reckon(context, draft);
  if (reckoned.automatic_tax.status === 'requires_location_inputs') throw cannotBeTaxed(context, reckoned);
  const customer = context.need('customer', idOf(draft.customer as string) ?? '');
  const starting = balanceOf(customer, draft.currency);
  const lacking = Math.max(0, reckoned.total + starting);
  const isTooSmall = lacking > 0 && lacking < settingsOf(context).smallestCharge;
  const ending = isTooSmall ? lacking : Math.min(0, reckoned.total + starting);
  const due = isTooSmall ? 0 : lacking;
  takeCredit(context, draft, { starting, lacking, ending, total: reckoned.total, isTooSmall });
  const open: Invoice = {
    ...reckoned,
    amount_due: due,
    amount_remaining: due,
    auto_advance: autoAdvance ?? draft.auto_advance ?? false,
    automatically_finalizes_at: null,
    due_date: dueDate(context, draft),
    effective_at: draft.effective_at ?? context.now,
    ending_balance: ending,
    hosted_invoice_url: `${context.url}/invoices/${draft.id}`,
    invoice_pdf: `${context.url}/invoices/${draft.id}/pdf`,
    next_payment_attempt: null,
    number: draft.number ?? nextNumber(context, customer.id),
    starting_balance: starting,
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: context.now },
  };
  const advances = open.auto_advance === true && due > 0;
  if (advances && open.collection_method === 'charge_automatically') open.next_payment_attempt = context.now;
  const kept = keepInvoice(context, draft, open);
  context.emit('invoice.finalized', 'invoice', kept);
  if (due === 0) return becomePaid(context, kept, kept);
  askForPayment(context, kept);
  if (advances) context.later(context.now, 'collect_invoice', { invoice: kept.id, at: kept.next_payment_attempt });
  if (kept.due_date !== null)
    context.later(kept.due_date + settingsOf(context).overdueDays * DAY, 'invoice_due', { invoice: kept.id });
  return kept;
}

type Credit = { starting: number; lacking: number; ending: number; total: number; isTooSmall: boolean };

/** The customer's balance pays what it can; what is too little to be charged is owed for the next time. */
function takeCredit(context: Context, draft: Invoice, credit: Credit): void {
  const customer = idOf(draft.customer as string) ?? '';
  const move = { currency: draft.currency, invoice: draft.id };
  const applied = (credit.isTooSmall ? 0 : credit.ending) - credit.starting;
  if (applied !== 0) moveBalance(context, customer, { ...move, amount: applied, type: 'applied_to_invoice' });
  if (credit.isTooSmall) moveBalance(context, customer, { ...move, amount: credit.lacking, type: 'invoice_too_small' });
}

function nextNumber(context: Context, id: string): string {
  const customer = context.need('customer', id);
  const sequence = customer.next_invoice_sequence ?? 1;
  context.put('customer', { ...customer, next_invoice_sequence: sequence + 1 });
  return `${customer.invoice_prefix ?? 'PARLEY'}-${String(sequence).padStart(4, '0')}`;
}

function cannotBeTaxed(context: Context, invoice: Invoice): StripeRefusal {
  const message =
    "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.";
  const error = { type: 'invalid_request_error', code: 'customer_tax_location_invalid', message } as const;
  const kept = keepInvoice(context, invoice, { ...invoice, last_finalization_error: error });
  context.emit('invoice.finalization_failed', 'invoice', kept);
  return new StripeRefusal(400, error, true);
}

/** The payment that stands with every invoice that asks for money. */
function askForPayment(context: Context, invoice: Invoice): void {
  const method = methodOf(context, invoice);
  const type = method === null ? undefined : context.get('payment_method', method)?.type;
  const intent = makeIntent(context, {
    amount: invoice.amount_remaining,
    currency: invoice.currency,
    customer: idOf(invoice.customer as string),
    description: `Invoice ${invoice.number ?? invoice.id}`,
    metadata: {},
    method: null,
    types: type === undefined ? ['card'] : [type],
  });
  makePayment(context, invoice, { payment_intent: intent.id }, true, invoice.amount_remaining);
}

/** What an invoice is paid with, where nobody says otherwise. */
function methodOf(context: Context, invoice: Invoice): string | null {
  const customer = context.need('customer', idOf(invoice.customer as string) ?? '');
  return idOf(invoice.default_payment_method) ?? idOf(customer.invoice_settings.default_payment_method);
}

/** Tries to take what an open invoice lacks; the refusal of the bank is thrown and its facts are kept. */
export function pay(context: Context, invoice: Invoice, given: string | undefined, isAutomatic = false): Invoice {
  needPayable(invoice);
  const method = given ?? methodOf(context, invoice);
  if (method === null)
    throw invalid(
      'This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.',
      { code: 'resource_missing' },
    );
  const payment = paymentsOf(context, invoice.id).find((one) => one.is_default && one.status === 'open');
  const intent = context.need('payment_intent', idOf(payment?.payment.payment_intent) ?? '');
  if (intent.status === 'processing')
    throw invalid('This invoice has a payment that is being processed. Wait until it succeeds or fails.', {
      code: 'payment_intent_unexpected_state',
    });
  const { refusal } = attempt(context, intent, method, isAutomatic);
  if (refusal !== undefined) throw refusal;
  return context.need('invoice', invoice.id);
}

export function needPayable(invoice: Invoice): void {
  if (invoice.status === 'paid') throw invalid('Invoice is already paid');
  if (invoice.status === 'void') throw invalid('Invoice is void and cannot be paid.');
  needStatus(invoice, ['open', 'uncollectible'], 'Invoice is not open and cannot be paid.');
}

/** What Stripe does by itself with an open invoice that advances: charges it, or sends it. */
export function collect(context: Context, id: string, at: number | null): void {
  const invoice = context.get('invoice', id);
  if (invoice?.status !== 'open' || invoice.auto_advance !== true || invoice.next_payment_attempt !== at) return;
  if (invoice.collection_method === 'send_invoice') {
    context.emit('invoice.sent', 'invoice', invoice);
    return;
  }
  if (methodOf(context, invoice) === null) {
    const counted = {
      ...invoice,
      attempted: true,
      attempt_count: invoice.attempt_count + 1,
      next_payment_attempt: null,
    };
    failAttempt(context, context.put('invoice', counted));
    return;
  }
  try {
    pay(context, invoice, undefined, true);
  } catch (error) {
    if (!(error instanceof StripeRefusal)) throw error;
  }
}

/** A draft whose hour is over. */
export function advanceDraft(context: Context, id: string): void {
  const draft = context.get('invoice', id);
  if (draft?.status !== 'draft' || draft.auto_advance !== true) return;
  if (draft.automatically_finalizes_at === null || draft.automatically_finalizes_at > context.now) return;
  try {
    finalize(context, draft);
  } catch (error) {
    if (!(error instanceof StripeRefusal)) throw error;
  }
}

export function becomeOverdue(context: Context, id: string): void {
  const invoice = context.get('invoice', id);
  if (invoice?.status === 'open' && invoice.amount_remaining > 0) context.emit('invoice.overdue', 'invoice', invoice);
}
