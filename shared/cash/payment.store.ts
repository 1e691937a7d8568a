/**
 * Payments of invoices. What is known of an invoice's cash stands beside it: `I#<invoice>` / `P#<payment>` and
 * `W#<withdrawal>`, each written once and counted in the invoice itself under a version, so that no two writers miss each
 * other.
 */
import type Stripe from 'stripe';
import * as z from 'zod';
import { microsOfCents } from '../kernel/money.ts';
import { ABSENT, type Condition, type Key } from '../kernel/table.ts';
import { type NewEntry, post, readEntry } from '../ledger/ledger.store.ts';
import { paidLegs } from '../ledger/postings/cash.ts';
import { reinstatedLegs } from '../ledger/postings/invoice.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import {
  availableMicros,
  isReinstating,
  Payment,
  paidEvent,
  reinstatedEvent,
  splitPayment,
  Withdrawal,
  writtenOffEvent,
} from './payment.ts';
import { currencyOf, idOf, msOf } from './stripe-object.ts';

/** Writers of one invoice's cash meet so often at the most. */
const TRIES = 20;

export const invoiceKey = (invoice: string): Key => ({ pk: `I#${invoice}`, sk: '-' });
const paymentKey = (invoice: string, payment: string): Key => ({ pk: `I#${invoice}`, sk: `P#${payment}` });
const CashVersion = z.object({ cashVersion: z.int().default(0) });

/** Posts, and throws where the same event was posted with other content: a bug that a person has to see. */
export async function mustPost(call: StripeCall, entry: NewEntry): Promise<void> {
  if ((await post(call, entry)) === 'refused')
    throw new Error(`the entry ${entry.event} was posted before with other content`);
}

export async function readPayments(call: StripeCall, invoice: string): Promise<Payment[]> {
  return call.tables.queryAll('ledger', Payment, { pk: `I#${invoice}`, prefix: 'P#', consistent: true });
}

/** Our invoice that a Stripe invoice is; undefined where it was not made here. */
export const ownInvoiceOf = (invoice: Stripe.Invoice): string | undefined => invoice.metadata?.parley;
/** The company in an invoice's id. */
export const companyIn = (invoice: string): string => invoice.split('.')[0] ?? '';

export type TakenPayment = {
  /** Ours; null where the invoice was not made here, or the payment is not paid. */
  invoice: string | null;
  stripeInvoice: string;
  intent: string | null;
};

/** Fetches an invoice payment and, once it is paid, keeps it and posts it. */
export async function takePayment(call: StripeCall, id: string): Promise<TakenPayment> {
  const paid = await call.stripe.invoicePayments.retrieve(id, { expand: ['invoice'] });
  const { invoice: found, payment } = paid;
  if (typeof found === 'string' || found.deleted) throw new Error(`payment ${id} has no invoice`);
  const taken = { stripeInvoice: found.id, intent: idOf(payment.payment_intent) };
  const invoice = ownInvoiceOf(found);
  if (invoice === undefined || paid.status !== 'paid') return { ...taken, invoice: null };
  await postPayment(call, await keepPayment(call, paid, invoice, microsOfCents(found.amount_overpaid)));
  return { ...taken, invoice };
}

async function keepPayment(
  call: StripeCall,
  paid: Stripe.InvoicePayment,
  invoice: string,
  overpaidMicros: number,
): Promise<Payment> {
  const isOutside = paid.payment.type === 'payment_record';
  const paidAt = msOf(paid.status_transitions.paid_at ?? paid.created);
  for (let attempt = 1; ; attempt++) {
    const version = await cashVersion(call, invoice);
    const earlier = await readPayments(call, invoice);
    const known = earlier.find((payment) => payment.id === paid.id);
    if (known !== undefined) return known;
    const payment: Payment = {
      id: paid.id,
      invoice,
      company: companyIn(invoice),
      currency: currencyOf(paid.currency),
      through: isOutside ? '1010' : '1390',
      ...splitPayment(microsOfCents(paid.amount_paid ?? 0), overpaidMicros, earlier),
      paidAt,
      paidBy: idOf(paid.payment.payment_intent ?? paid.payment.payment_record ?? null),
      availableAt: isOutside ? paidAt : null,
    };
    const all = [...earlier, payment];
    const written = await call.tables.transact([
      { kind: 'put', table: 'ledger', item: { ...paymentKey(invoice, paid.id), ...payment }, when: ABSENT },
      await countedWrite(call, invoice, version, all),
    ]);
    if (written.ok) return payment;
    if (attempt === TRIES) throw new Error(`the cash of ${invoice} kept changing`);
  }
}

/** Posts every payment that is kept of an invoice; what is posted stays. */
export async function postPayments(call: StripeCall, invoice: string): Promise<void> {
  for (const payment of await readPayments(call, invoice)) await postPayment(call, payment);
}

/** Cash for an invoice that was written off before makes so much of it owed again. */
async function postPayment(call: StripeCall, payment: Payment): Promise<void> {
  const { id, invoice, company, currency, paidAt: occurredAt, invoiceMicros } = payment;
  const common = {
    occurredAt,
    currency,
    company,
    provider: null,
    facts: { invoice, payment: id, paidBy: payment.paidBy },
  };
  if (isReinstating(payment, await readEntry(call, writtenOffEvent(invoice))))
    await mustPost(call, {
      ...common,
      event: reinstatedEvent(id),
      kind: 'reinstated',
      legs: reinstatedLegs({ company, invoice }, invoiceMicros),
    });
  await mustPost(call, {
    ...common,
    event: paidEvent(id),
    kind: 'paid',
    legs: paidLegs(payment.through, invoice, company, payment),
  });
}

/** The payments of a payment intent, each kept and posted where it is paid. */
export async function paymentsOf(call: StripeCall, intent: string): Promise<{ id: string; invoice: string }[]> {
  const found: { id: string; invoice: string }[] = [];
  const payment = { type: 'payment_intent' as const, payment_intent: intent };
  for await (const one of call.stripe.invoicePayments.list({ payment, limit: 100 })) {
    const { invoice } = await takePayment(call, one.id);
    if (invoice !== null) found.push({ id: one.id, invoice });
  }
  return found;
}

/** Our invoice that a payment intent is for, whether it is paid yet or not. */
export async function invoiceOfIntent(call: StripeCall, intent: string): Promise<string | undefined> {
  const payment = { type: 'payment_intent' as const, payment_intent: intent };
  const found = await call.stripe.invoicePayments.list({ payment, limit: 1, expand: ['data.invoice'] });
  const invoice = found.data[0]?.invoice;
  return invoice === undefined || typeof invoice === 'string' || invoice.deleted ? undefined : ownInvoiceOf(invoice);
}

/** The cash of an intent's payments is available since `availableAt`. */
export async function noteAvailable(call: StripeCall, intent: string, availableAt: number): Promise<void> {
  for (const { id, invoice } of await paymentsOf(call, intent)) {
    const written = await call.tables.update('ledger', paymentKey(invoice, id), { set: { availableAt } }, [
      ['present', 'pk'],
      ['=', 'availableAt', null],
    ]);
    if (!written.ok && written.old === null) throw new Error(`the payment ${id} of ${invoice} is not kept`);
    await recountCash(call, invoice);
  }
}

/** Counts an invoice's available cash anew from its payments and withdrawals. */
export async function recountCash(call: StripeCall, invoice: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const version = await cashVersion(call, invoice);
    const { change, when, key } = await countedWrite(call, invoice, version, await readPayments(call, invoice));
    const written = await call.tables.update('ledger', key, change, when);
    if (written.ok) return;
    if (attempt === TRIES) throw new Error(`the cash of ${invoice} kept changing`);
  }
}

async function cashVersion(call: StripeCall, invoice: string): Promise<number> {
  const stored = await call.tables.get('ledger', invoiceKey(invoice), CashVersion, { consistent: true });
  if (stored === undefined) throw new Error(`there is no invoice ${invoice}`);
  return stored.cashVersion;
}

async function countedWrite(call: StripeCall, invoice: string, version: number, payments: readonly Payment[]) {
  const pk = `I#${invoice}`;
  const withdrawals = await call.tables.queryAll('ledger', Withdrawal, { pk, prefix: 'W#', consistent: true });
  const when: Condition = [
    ['present', 'pk'],
    version === 0 ? ['absent', 'cashVersion'] : ['=', 'cashVersion', version],
  ];
  const set = { availableMicros: availableMicros(payments, withdrawals), cashVersion: version + 1 };
  return { kind: 'update' as const, table: 'ledger' as const, key: invoiceKey(invoice), change: { set }, when };
}
