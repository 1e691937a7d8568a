/**
 * Payments of invoices. What is known of an invoice's cash stands beside it: `I#<invoice>` / `P#<payment>` and
 * `W#<withdrawal>`, each written once and counted in the invoice itself under a version, so that no two writers miss each
 * other.
 */
import type Stripe from 'stripe';
import * as z from 'zod';
import { microsOfCents } from '../kernel/money.ts';
import { ABSENT, type Condition, type Key, keyText, type Write } from '../kernel/table.ts';
import { StoredEntry } from '../ledger/entry.ts';
import { entryKey, type NewEntry, post, postWith, readEntries } from '../ledger/ledger.store.ts';
import type { EntryView } from '../ledger/ledger.ts';
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

const Beside = z.looseObject({ sk: z.string() });
type Cash = { payments: Payment[]; withdrawals: Withdrawal[] };
const NO_CASH: Cash = { payments: [], withdrawals: [] };

/** All payments and withdrawals of an invoice, from one reading. */
async function readCash(call: StripeCall, invoice: string): Promise<Cash> {
  const range = { from: 'P#', to: 'W#~' };
  const found = await call.tables.queryAll('ledger', Beside, { pk: `I#${invoice}`, ...range, consistent: true });
  return {
    payments: found.filter(({ sk }) => sk.startsWith('P#')).map((one) => Payment.parse(one)),
    withdrawals: found.filter(({ sk }) => sk.startsWith('W#')).map((one) => Withdrawal.parse(one)),
  };
}

/** Our invoice that a Stripe invoice is; undefined where it was not made here. */
export const ownInvoiceOf = (invoice: Stripe.Invoice): string | undefined => invoice.metadata?.parley;
/** The company in an invoice's id. */
export const companyIn = (invoice: string): string => invoice.split('.')[0] ?? '';

/** A payment that is kept, and the version of its invoice's cash by which it was seen. */
type Kept = { payment: Payment; version: number };
/** A payment of an invoice, by which its transaction leads to it. */
export const PaymentRef = z.object({ invoice: z.string(), payment: z.string() });
export type PaymentRef = z.infer<typeof PaymentRef>;

export type TakenPayment = {
  stripeInvoice: string;
  /** The transaction that brings its cash, and its charge; null where there is none yet. */
  cash: { transaction: Stripe.BalanceTransaction | string; charge: Stripe.Charge } | null;
  /** Null where the invoice was not made here, the payment is not paid, or the charge pays more than it. */
  pays: PaymentRef | null;
};

/** Fetches an invoice payment with what brings its cash and, once it is paid, keeps it and posts it. */
export async function takePayment(call: StripeCall, id: string): Promise<TakenPayment> {
  const expand = ['invoice', 'payment.payment_intent.latest_charge.balance_transaction'];
  const paid = await call.stripe.invoicePayments.retrieve(id, { expand });
  const { kept, stripeInvoice } = await take(call, paid);
  const { payment_intent: intent } = paid.payment;
  const charge = typeof intent === 'string' ? null : (intent?.latest_charge ?? null);
  if (charge === null || typeof charge === 'string' || charge.balance_transaction === null)
    return { stripeInvoice, cash: null, pays: null };
  const isWhole = kept !== null && paid.amount_paid === charge.amount;
  return {
    stripeInvoice,
    cash: { transaction: charge.balance_transaction, charge },
    pays: isWhole ? { invoice: kept.payment.invoice, payment: paid.id } : null,
  };
}

/** Keeps and posts a payment that was just fetched, with its invoice; `kept` is null where that is not ours, or not paid. */
async function take(
  call: StripeCall,
  paid: Stripe.InvoicePayment,
): Promise<{ kept: Kept | null; stripeInvoice: string }> {
  const { invoice: found } = paid;
  if (typeof found === 'string' || found.deleted) throw new Error(`payment ${paid.id} has no invoice`);
  const invoice = ownInvoiceOf(found);
  if (invoice === undefined || paid.status !== 'paid') return { kept: null, stripeInvoice: found.id };
  const { kept, posted } = await keepPayment(call, paid, invoice, microsOfCents(found.amount_overpaid));
  await postPayment(call, kept.payment, posted);
  return { kept, stripeInvoice: found.id };
}

/** Keeps a payment and posts it with that; answers what of its entries is posted, where it was read after the payment was kept. */
async function keepPayment(
  call: StripeCall,
  paid: Stripe.InvoicePayment,
  invoice: string,
  overpaidMicros: number,
): Promise<{ kept: Kept; posted?: Posted }> {
  const isOutside = paid.payment.type === 'payment_record';
  const paidAt = msOf(paid.status_transitions.paid_at ?? paid.created);
  for (let attempt = 1; ; attempt++) {
    const { version, known, posted } = await versionWith(call, invoice, paid.id);
    if (known !== undefined) return { kept: { payment: known, version }, posted };
    // Who has kept a payment has counted it; and who has noted a withdrawal counts all anew.
    const { payments: earlier, withdrawals } = version === 0 ? NO_CASH : await readCash(call, invoice);
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
    const written = await postWith(call, paidEntry(payment), [
      { kind: 'put', table: 'ledger', item: { ...paymentKey(invoice, paid.id), ...payment }, when: ABSENT },
      countedWrite(invoice, version, { payments: [...earlier, payment], withdrawals }),
    ]);
    if (written === 'posted') return { kept: { payment, version: version + 1 } };
    if (typeof written === 'string') throw new Error(`the payment ${paid.id} was posted and is not kept`);
    if (attempt === TRIES) throw new Error(`the cash of ${invoice} kept changing`);
  }
}

/** Posts every payment that is kept of an invoice; what is posted stays. */
export async function postPayments(call: StripeCall, invoice: string): Promise<void> {
  for (const payment of await readPayments(call, invoice)) await postPayment(call, payment);
}

type Posted = ReadonlyMap<string, EntryView>;

/** What is posted by now of the entries that decide what else is. */
const readPosted = (call: StripeCall, { id, invoice }: Payment): Promise<Posted> =>
  readEntries(call, [writtenOffEvent(invoice), paidEvent(id)]);

/** Cash for an invoice that was written off before makes so much of it owed again: whether it was is read once the payment is kept. */
async function postPayment(call: StripeCall, payment: Payment, known?: Posted): Promise<void> {
  const { id, invoice, company, invoiceMicros } = payment;
  const posted = known ?? (await readPosted(call, payment));
  if (isReinstating(payment, posted.get(writtenOffEvent(invoice))))
    await mustPost(call, {
      ...commonOf(payment),
      event: reinstatedEvent(id),
      kind: 'reinstated',
      legs: reinstatedLegs({ company, invoice }, invoiceMicros),
    });
  if (!posted.has(paidEvent(id))) await mustPost(call, paidEntry(payment));
}

const commonOf = ({ id, invoice, company, currency, paidAt, paidBy }: Payment) => ({
  occurredAt: paidAt,
  currency,
  company,
  provider: null,
  facts: { invoice, payment: id, paidBy },
});

const paidEntry = (payment: Payment): NewEntry => ({
  ...commonOf(payment),
  event: paidEvent(payment.id),
  kind: 'paid',
  legs: paidLegs(payment.through, payment.invoice, payment.company, payment),
});

/** The payments of a payment intent, each kept and posted where it is paid. */
async function paymentsOf(call: StripeCall, intent: string): Promise<Kept[]> {
  const found: Kept[] = [];
  const payment = { type: 'payment_intent' as const, payment_intent: intent };
  for await (const one of call.stripe.invoicePayments.list({ payment, limit: 100, expand: ['data.invoice'] })) {
    const { kept } = await take(call, one);
    if (kept !== null) found.push(kept);
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

/**
 * The cash of an intent's payments is available since `availableAt`. `pays` is the one that its charge pays, where that is
 * known and kept; else Stripe is asked which it pays.
 */
export async function noteAvailable(
  call: StripeCall,
  intent: string,
  availableAt: number,
  pays: PaymentRef | null,
): Promise<void> {
  const known = pays === null ? undefined : await keptPayment(call, pays);
  for (const kept of known === undefined ? await paymentsOf(call, intent) : [known])
    if (kept.payment.availableAt === null) await makeAvailable(call, kept, availableAt);
}

async function keptPayment(call: StripeCall, { invoice, payment }: PaymentRef): Promise<Kept | undefined> {
  const { known, version } = await versionWith(call, invoice, payment);
  return known === undefined ? undefined : { payment: known, version };
}

/** That a payment's cash is available is noted and counted in one. */
async function makeAvailable(call: StripeCall, kept: Kept, availableAt: number): Promise<void> {
  const { id, invoice } = kept.payment;
  let { version } = kept;
  for (let attempt = 1; ; attempt++) {
    // By the first version, nothing but this payment was counted.
    const isOnly = version === 1 && attempt === 1;
    const { payments, withdrawals } = isOnly ? { ...NO_CASH, payments: [kept.payment] } : await readCash(call, invoice);
    const now = payments.map((payment) => (payment.id === id ? { ...payment, availableAt } : payment));
    const written = await call.tables.transact([
      {
        kind: 'update',
        table: 'ledger',
        key: paymentKey(invoice, id),
        change: { set: { availableAt } },
        when: [['=', 'availableAt', null]],
      },
      countedWrite(invoice, version, { payments: now, withdrawals }),
    ]);
    if (written.ok) return;
    if (attempt === TRIES) throw new Error(`the cash of ${invoice} kept changing`);
    const again = await versionWith(call, invoice, id);
    if (again.known === undefined) throw new Error(`the payment ${id} of ${invoice} is not kept`);
    if (again.known.availableAt !== null) return;
    version = again.version;
  }
}

/** Counts an invoice's available cash anew from its payments and withdrawals. */
export async function recountCash(call: StripeCall, invoice: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { version } = await versionWith(call, invoice);
    const { change, when, key } = countedWrite(invoice, version, await readCash(call, invoice));
    const written = await call.tables.update('ledger', key, change, when);
    if (written.ok) return;
    if (attempt === TRIES) throw new Error(`the cash of ${invoice} kept changing`);
  }
}

/**
 * The version that whoever counts an invoice's cash reads before the cash itself, and one of its payments where it is kept; and
 * what is posted of the entries that decide what else is: where the payment is kept, that was read after it was.
 */
async function versionWith(
  call: StripeCall,
  invoice: string,
  payment?: string,
): Promise<{ version: number; known: Payment | undefined; posted: Posted }> {
  const own = invoiceKey(invoice);
  const other = payment === undefined ? undefined : paymentKey(invoice, payment);
  const events = payment === undefined ? [] : [writtenOffEvent(invoice), paidEvent(payment)];
  const keys = [own, ...(other === undefined ? [] : [other]), ...events.map(entryKey)];
  const found = await call.tables.getMany('ledger', keys, z.looseObject({}), { consistent: true });
  const stored = found.get(keyText(own));
  if (stored === undefined) throw new Error(`there is no invoice ${invoice}`);
  const known = other === undefined ? undefined : found.get(keyText(other));
  const posted = new Map(
    events.flatMap((event): [string, EntryView][] => {
      const entry = found.get(keyText(entryKey(event)));
      return entry === undefined ? [] : [[event, StoredEntry.parse(entry)]];
    }),
  );
  return { version: CashVersion.parse(stored).cashVersion, known: Payment.optional().parse(known), posted };
}

function countedWrite(
  invoice: string,
  version: number,
  { payments, withdrawals }: Cash,
): Extract<Write, { kind: 'update' }> & { when: Condition } {
  const when: Condition = [
    ['present', 'pk'],
    version === 0 ? ['absent', 'cashVersion'] : ['=', 'cashVersion', version],
  ];
  const set = { availableMicros: availableMicros(payments, withdrawals), cashVersion: version + 1 };
  return { kind: 'update', table: 'ledger', key: invoiceKey(invoice), change: { set }, when };
}
