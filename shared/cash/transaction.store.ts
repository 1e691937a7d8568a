/** Everything that moves the market's balance at Stripe, from whatever object it is heard of, in one place. */
import type Stripe from 'stripe';
import { financeDue } from '../dispatch/finance-due.store.ts';
import { mapConcurrent } from '../kernel/call.ts';
import { dayOf, SECOND } from '../kernel/time.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { settleBankPayout } from './bank-payout.store.ts';
import {
  type Booked,
  book,
  fetchTransaction,
  finishBooking,
  readTransactions,
  type StoredTransaction,
  settledTransactions,
  TRANSACTION_DUE,
  transactionOf,
} from './booking.store.ts';
import { settleChargeback } from './chargeback.store.ts';
import { companyIn, invoiceOfIntent, noteAvailable, type PaymentRef, takePayment } from './payment.store.ts';
import { idOf } from './stripe-object.ts';
import { meaningOf } from './transaction.ts';

/** Transactions fetched and posted at the same time. */
const SIDE_BY_SIDE = 4;

/** Fetches a transaction and posts it as far as it has come, with all that follows from it. */
export async function settleTransaction(call: StripeCall, id: string, known?: StoredTransaction): Promise<Booked[]> {
  return settle(call, await fetchTransaction(call, id), known);
}

async function settle(
  call: StripeCall,
  found: Stripe.BalanceTransaction,
  known?: StoredTransaction,
  pays: PaymentRef | null = null,
): Promise<Booked[]> {
  const transaction = transactionOf(found);
  const source = found.source as Exclude<Stripe.BalanceTransaction['source'], string>;
  const meaning = meaningOf(transaction);
  if (source?.object === 'dispute') return settleChargeback(call, source.id);
  if (source?.object === 'payout') return settleBankPayout(call, source.id);
  if (source?.object === 'refund' && (meaning === 'refund' || meaning === 'refund_failed'))
    return settleRefund(call, source.id);
  if (source?.object === 'charge' && meaning === 'payment')
    return [await settleCharge(call, found, idOf(source.payment_intent), known, pays)];
  const party = await partyOf(call, source);
  const booked = await book(call, transaction, { party }, known);
  await finishBooking(call, booked);
  return [booked];
}

async function settleCharge(
  call: StripeCall,
  found: Stripe.BalanceTransaction,
  intent: string | null,
  known: StoredTransaction | undefined,
  pays: PaymentRef | null,
): Promise<Booked> {
  const transaction = transactionOf(found);
  const booked = await book(call, transaction, { pays, facts: { paidBy: intent } }, known);
  if (booked.isAvailable && intent !== null && transaction.amountCents > 0)
    await noteAvailable(call, intent, transaction.availableAt, booked.pays);
  await finishBooking(call, booked);
  return booked;
}

/** Fetches a refund and posts its transactions: that it left, and that it came back where it failed. */
export async function settleRefund(call: StripeCall, id: string): Promise<Booked[]> {
  const refund = await call.stripe.refunds.retrieve(id);
  const intent = idOf(refund.payment_intent);
  const invoice = intent === null ? undefined : await invoiceOfIntent(call, intent);
  const company = invoice === undefined ? null : companyIn(invoice);
  const extra = { party: company, company, facts: { refund: id, invoice: invoice ?? null } };
  const booked: Booked[] = [];
  for (const transaction of [refund.balance_transaction, refund.failure_balance_transaction]) {
    const one = idOf(transaction);
    if (one !== null) booked.push(await book(call, transactionOf(await fetchTransaction(call, one)), extra));
  }
  for (const one of booked) await finishBooking(call, one);
  return booked;
}

/** The provider that a transfer, or its reversal, is of. */
async function partyOf(
  call: StripeCall,
  source: Exclude<Stripe.BalanceTransaction['source'], string>,
): Promise<string | null> {
  if (source?.object === 'transfer') return source.metadata.provider ?? null;
  if (source?.object !== 'transfer_reversal') return null;
  const transfer = await call.stripe.transfers.retrieve(idOf(source.transfer) ?? '');
  return transfer.metadata.provider ?? null;
}

/** Takes a payment of an invoice in, and the transaction that brings its cash. */
export async function settlePayment(
  call: StripeCall,
  id: string,
): Promise<{ stripeInvoice: string; booked: Booked[] }> {
  const { stripeInvoice, cash, pays } = await takePayment(call, id);
  if (cash === null) return { stripeInvoice, booked: [] };
  const { transaction, charge } = cash;
  // Stripe fills in four levels; the charge is what the transaction is of.
  const found =
    typeof transaction === 'string' ? await fetchTransaction(call, transaction) : { ...transaction, source: charge };
  return { stripeInvoice, booked: await settle(call, found, undefined, pays) };
}

/** Posts a charge's transactions: what came, and what went again where a bank debit failed. */
export async function settleChargeOf(call: StripeCall, id: string): Promise<Booked[]> {
  const charge = await call.stripe.charges.retrieve(id);
  const booked: Booked[] = [];
  for (const transaction of [charge.balance_transaction, charge.failure_balance_transaction]) {
    const one = idOf(transaction);
    if (one !== null) booked.push(...(await settleTransaction(call, one)));
  }
  return booked;
}

/** Transactions that were not finished, or whose money should be available by now. */
export async function settleDue(call: StripeCall): Promise<{ booked: Booked[]; nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, TRANSACTION_DUE);
  const known = await readTransactions(call, due);
  const listed = await listedByDay(call, [...known.values()]);
  const booked = await mapConcurrent(due, SIDE_BY_SIDE, async ({ pk }) => {
    const id = pk.slice('BT#'.length);
    return settle(call, listed.get(id) ?? (await fetchTransaction(call, id)), known.get(id));
  });
  return { booked: booked.flat(), nextAt };
}

/** So many of one day are listed sooner than each is asked for. */
const WORTH_LISTING = 3;
const LISTED_AT_ONCE = 100;

/** Some transactions as they are now, those of a day from one list; what that does not show within as many pages is left out. */
async function listedByDay(
  call: StripeCall,
  known: readonly StoredTransaction[],
): Promise<Map<string, Stripe.BalanceTransaction>> {
  const found = new Map<string, Stripe.BalanceTransaction>();
  const days = [...Map.groupBy(known, ({ createdAt }) => dayOf(createdAt)).values()];
  await mapConcurrent(days, SIDE_BY_SIDE, async (some) => {
    if (some.length < WORTH_LISTING) return;
    const times = some.map(({ createdAt }) => Math.floor(createdAt / SECOND));
    const created = { gte: Math.min(...times), lte: Math.max(...times) };
    const wanted = new Set(some.map(({ id }) => id));
    let left = some.length * LISTED_AT_ONCE;
    const expand = ['data.source'];
    for await (const one of call.stripe.balanceTransactions.list({ created, limit: LISTED_AT_ONCE, expand })) {
      if (wanted.delete(one.id)) found.set(one.id, one);
      if (wanted.size === 0 || --left === 0) return;
    }
  });
  return found;
}

/** Every transaction made since an instant (ms) that has come further than here: many have no event of their own. */
export async function settleSince(call: StripeCall, since: number): Promise<Booked[]> {
  const booked: Booked[] = [];
  const created = { gte: Math.floor(since / 1_000) };
  let page: Stripe.BalanceTransaction[] = [];
  const work = async (): Promise<void> => {
    const settled = await settledTransactions(call, page);
    const left = page.filter(({ id }) => !settled.has(id));
    booked.push(...(await mapConcurrent(left, SIDE_BY_SIDE, ({ id }) => settleTransaction(call, id))).flat());
    page = [];
  };
  for await (const one of call.stripe.balanceTransactions.list({ created, limit: 100 })) {
    page.push(one);
    if (page.length === 100) await work();
  }
  await work();
  return booked;
}
