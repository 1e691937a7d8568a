/**
 * What happens to an invoice once it is final: payments come in, fail, are too much; it is paid, voided or written off.
 * Draft → open → paid, void or uncollectible; of these only uncollectible can still be paid or voided.
 */
import type { Stripe } from 'stripe';
import { type Context, isSame } from '../context.ts';
import { settingsOf } from '../settings.ts';
import { DAY } from './balance.ts';
import { moveBalance } from './customer-balance.ts';
import { cancelIntent, idOf, isOpenIntent } from './intents.ts';

type Invoice = Stripe.Invoice;
type Payment = Stripe.InvoicePayment;

/** Keeps a changed invoice and says what changed. */
export function keepInvoice(context: Context, old: Invoice, next: Invoice): Invoice {
  const changed = Object.entries(old).filter(([key, value]) => !isSame(value, next[key as keyof Invoice]));
  context.put('invoice', next);
  if (changed.length > 0) context.emit('invoice.updated', 'invoice', next, Object.fromEntries(changed));
  return next;
}

export const paymentsOf = (context: Context, invoice: string): Payment[] =>
  context.find('invoice_payment', { invoice });

export type PaidBy = { payment_intent: string } | { payment_record: string };

export function makePayment(
  context: Context,
  invoice: Invoice,
  by: PaidBy,
  isDefault: boolean,
  amount: number,
): Payment {
  return context.put('invoice_payment', {
    id: context.newId('inpay_1', 23),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: amount,
    created: context.now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: isDefault,
    livemode: false,
    payment: 'payment_intent' in by ? { type: 'payment_intent', ...by } : { type: 'payment_record', ...by },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  });
}

/** Money that came by a payment intent goes to the invoices it was meant for, in their order. */
export function creditIntent(context: Context, intent: Stripe.PaymentIntent): void {
  const payments = context.find('invoice_payment', { 'payment.payment_intent': intent.id, status: 'open' });
  let left = intent.amount_received;
  for (const [at, payment] of payments.entries()) {
    const remaining = context.need('invoice', idOf(payment.invoice) ?? '').amount_remaining;
    const amount = at === payments.length - 1 ? left : Math.min(left, remaining);
    left -= amount;
    if (amount > 0) credit(context, payment, amount);
  }
}

/**
 * A payment is credited: what the invoice still lacks to the invoice, what is more to the customer's balance
 * (`amount_overpaid`). The payment's `amount_paid` is all of it.
 */
export function credit(context: Context, payment: Payment, amount: number): Invoice {
  const old = context.need('invoice', idOf(payment.invoice) ?? '');
  const isOpen = old.status === 'open' || old.status === 'uncollectible';
  const credited = isOpen ? Math.min(amount, old.amount_remaining) : 0;
  const over = amount - credited;
  const paid = context.put('invoice_payment', {
    ...payment,
    amount_paid: amount,
    status: 'paid',
    status_transitions: { canceled_at: null, paid_at: context.now },
  });
  const isOffStripe = payment.payment.type === 'payment_record';
  const next: Invoice = {
    ...old,
    amount_paid: old.amount_paid + credited,
    amount_remaining: old.amount_remaining - credited,
    amount_overpaid: old.amount_overpaid + over,
    ...(isOffStripe ? { amount_paid_off_stripe: (old.amount_paid_off_stripe ?? 0) + amount } : {}),
  };
  if (over > 0) {
    const customer = idOf(old.customer as string) ?? '';
    moveBalance(context, customer, {
      amount: -over,
      currency: old.currency,
      type: 'invoice_overpaid',
      invoice: old.id,
    });
  }
  const isDone = isOpen && next.amount_remaining === 0;
  const kept = isDone ? becomePaid(context, old, next) : keepInvoice(context, old, next);
  context.emit('invoice_payment.paid', 'invoice_payment', paid);
  if (!isDone && isOpen) askForTheRest(context, kept);
  if (over > 0 && (isDone || old.status === 'paid')) context.emit('invoice.overpaid', 'invoice', kept);
  return kept;
}

/** Nothing remains: whatever else was to bring money is called off. */
export function becomePaid(context: Context, old: Invoice, next: Invoice): Invoice {
  const paid = keepInvoice(context, old, {
    ...next,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...next.status_transitions, paid_at: context.now },
  });
  callOffPayments(context, paid);
  context.emit('invoice.paid', 'invoice', paid);
  context.emit('invoice.payment_succeeded', 'invoice', paid);
  return paid;
}

/** The payment that Stripe made with the invoice asks for what remains. */
export function askForTheRest(context: Context, invoice: Invoice): void {
  const payment = paymentsOf(context, invoice.id).find((one) => one.is_default && one.status === 'open');
  if (payment === undefined || payment.amount_requested === invoice.amount_remaining) return;
  context.put('invoice_payment', { ...payment, amount_requested: invoice.amount_remaining });
  const intent = context.get('payment_intent', idOf(payment.payment.payment_intent) ?? '');
  if (intent !== undefined && isOpenIntent(intent) && intent.status !== 'processing')
    context.put('payment_intent', { ...intent, amount: invoice.amount_remaining });
}

/** Payments that brought nothing are canceled; one that is on its way still arrives. */
export function callOffPayments(context: Context, invoice: Invoice): void {
  for (const payment of paymentsOf(context, invoice.id)) {
    if (payment.status !== 'open') continue;
    const intent = context.get('payment_intent', idOf(payment.payment.payment_intent) ?? '');
    if (intent?.status === 'processing') continue;
    if (intent !== undefined && payment.is_default && isOpenIntent(intent))
      cancelIntent(context, intent, invoice.status === 'void' ? 'void_invoice' : 'automatic');
    context.put('invoice_payment', {
      ...payment,
      status: 'canceled',
      status_transitions: { canceled_at: context.now, paid_at: null },
    });
  }
}

/** Counts an attempt: any as the first, then only those that Stripe makes by itself. */
export function countAttempt(context: Context, intent: Stripe.PaymentIntent, isAutomatic: boolean): void {
  for (const invoice of openInvoicesOf(context, intent)) {
    const isCounted = isAutomatic || invoice.attempt_count === 0;
    context.put('invoice', {
      ...invoice,
      attempted: true,
      attempt_count: invoice.attempt_count + (isCounted ? 1 : 0),
      next_payment_attempt: isCounted ? null : invoice.next_payment_attempt,
    });
  }
}

function openInvoicesOf(context: Context, intent: Stripe.PaymentIntent): Invoice[] {
  return context
    .find('invoice_payment', { 'payment.payment_intent': intent.id, status: 'open' })
    .map((payment) => context.need('invoice', idOf(payment.invoice) ?? ''))
    .filter((invoice) => invoice.status === 'open' || invoice.status === 'uncollectible');
}

/** After an attempt that failed: the next one, or the end that the settings want. */
export function failIntent(context: Context, intent: Stripe.PaymentIntent): void {
  for (const invoice of openInvoicesOf(context, intent)) failAttempt(context, invoice);
}

export function failAttempt(context: Context, invoice: Invoice): Invoice {
  const { retryDays, afterRetries } = settingsOf(context);
  const isRetried =
    invoice.status === 'open' && invoice.auto_advance === true && invoice.collection_method === 'charge_automatically';
  const days = retryDays[invoice.attempt_count - 1];
  const isWaiting = invoice.next_payment_attempt !== null && invoice.next_payment_attempt > context.now;
  const at = !isRetried
    ? null
    : isWaiting
      ? invoice.next_payment_attempt
      : days === undefined
        ? null
        : context.now + days * DAY;
  const next = context.put('invoice', { ...invoice, next_payment_attempt: at });
  if (at !== null && !isWaiting) context.later(at, 'collect_invoice', { invoice: invoice.id, at });
  context.emit('invoice.updated', 'invoice', next, { next_payment_attempt: invoice.next_payment_attempt });
  context.emit('invoice.payment_failed', 'invoice', next);
  return isRetried && at === null && afterRetries === 'uncollectible' ? writeOff(context, next) : next;
}

export function writeOff(context: Context, invoice: Invoice): Invoice {
  const next = keepInvoice(context, invoice, {
    ...invoice,
    status: 'uncollectible',
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...invoice.status_transitions, marked_uncollectible_at: context.now },
  });
  context.emit('invoice.marked_uncollectible', 'invoice', next);
  return next;
}

/** Voided: the customer's credit that it took goes back. */
export function voidInvoice(context: Context, invoice: Invoice): Invoice {
  const applied = (invoice.ending_balance ?? 0) - invoice.starting_balance;
  const next = keepInvoice(context, invoice, {
    ...invoice,
    status: 'void',
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...invoice.status_transitions, voided_at: context.now },
  });
  if (applied !== 0) {
    const customer = idOf(invoice.customer as string) ?? '';
    const move = { amount: -applied, currency: invoice.currency, invoice: invoice.id };
    moveBalance(context, customer, { ...move, type: 'unapplied_from_invoice' });
  }
  callOffPayments(context, next);
  context.emit('invoice.voided', 'invoice', next);
  return next;
}
