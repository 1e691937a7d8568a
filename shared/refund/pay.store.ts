/** How a released refund is paid: its parts at Stripe, or the bank's reference; credit leaves the customer's balance first. */
import type Stripe from 'stripe';
import { type CustomerRefusal, ensureCustomer } from '../billing-profile/customer.store.ts';
import { financeDue } from '../dispatch/finance-due.store.ts';
import type { Call } from '../kernel/call.ts';
import { centsOf } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { HOUR } from '../kernel/time.ts';
import { post } from '../ledger/ledger.store.ts';
import { refundByBankLegs } from '../ledger/postings/cash.ts';
import { creditPaidOutLegs, refundExcessLegs } from '../ledger/postings/market.ts';
import { onceAtStripe, type StripeCall, type StripeRefusal } from '../stripe-call/stripe-call.store.ts';
import { askAgain, DUE_KIND, dueKey, hasTaken, MOST_PAYMENTS, readRefund, storeRefund } from './refund.store.ts';
import type { Refund } from './refund.ts';

const RETRY_MS = HOUR;

/**
 * Makes a released refund's parts at Stripe, each once; by bank nothing is made. Answers with what was made: less than was
 * released where Stripe refused a part. `refund_waits` where it refused all: a second person decides again.
 */
export async function payParts(
  call: StripeCall,
  released: Refund,
): Promise<Result<Refund, StripeRefusal | 'refund_waits'>> {
  if (released.way !== 'stripe' || released.parts.every(({ stripeRefund }) => stripeRefund !== null))
    return ok(released);
  const refund: Refund = { ...released, payingAt: released.payingAt ?? call.now };
  const dueAt = refund.kind === 'credit' ? call.now : null;
  if (!(await storeRefund(call, released, refund, dueAt)))
    return refuse('refund_waits', 'Somebody else has changed it.');
  const parts: Refund['parts'] = [];
  for (const part of refund.parts) {
    const made = await payPart(call, refund, part);
    if (!made.ok && made.code !== 'stripe_refused') return made;
    if (made.ok) parts.push({ ...part, stripeRefund: made.value.id });
    else if (parts.length === 0) {
      await askAgain(call, refund, refund.micros, made.detail);
      return refuse('refund_waits', `${made.detail} Release it by bank, or decline it.`, { retryable: true });
    } else break;
  }
  const paid: Refund = { ...refund, parts, micros: parts.reduce((sum, { micros }) => sum + micros, 0) };
  if (paid.micros < refund.micros && refund.kind === 'credit') {
    const back = await moveBalance(call, refund, 'back', paid.micros - refund.micros);
    if (!back.ok) return refuse('stripe_unavailable', back.detail, { retryable: true });
  }
  await storeRefund(call, refund, paid, dueAt);
  return ok(paid);
}

function payPart(
  call: StripeCall,
  refund: Refund,
  part: Refund['parts'][number],
): Promise<Result<Stripe.Refund, StripeRefusal>> {
  const key = `rf:${refund.id}:${part.intent}`;
  const { id, company } = refund;
  return onceAtStripe<Stripe.Refund>(call, {
    key,
    make: (options) =>
      call.stripe.refunds.create(
        {
          payment_intent: part.intent,
          amount: centsOf(part.micros),
          metadata: { parley: id, company, key },
        },
        options,
      ),
    find: async () => {
      const made = await call.stripe.refunds.list({ payment_intent: part.intent, limit: MOST_PAYMENTS });
      return made.data.find(({ metadata }) => metadata?.key === key);
    },
    read: (made) => call.stripe.refunds.retrieve(made),
  });
}

/**
 * The refund was paid, or its credit note says so: by bank it is posted here, through Stripe when its transaction comes.
 * `excessMicros`, what was paid beyond what its credit note came to, is owed by the company and on its next invoice.
 */
export async function finishRefund(call: Call, refund: Refund, excessMicros = 0): Promise<void> {
  const { id, company, currency, micros, invoice } = refund;
  if (refund.way === 'bank') {
    const isCredit = refund.kind === 'credit';
    await mustPost(call, {
      event: `refund-bank#${id}`,
      kind: isCredit ? 'credit_paid_out' : 'refund',
      occurredAt: refund.releasedAt ?? call.now,
      currency,
      company,
      provider: null,
      legs: isCredit ? creditPaidOutLegs(company, micros, 'bank') : refundByBankLegs(company, micros),
      facts: { refund: id, invoice, bankReference: refund.bankReference },
    });
  }
  if (excessMicros > 0)
    await mustPost(call, {
      event: `refund-excess#${id}`,
      kind: 'adjustment',
      occurredAt: refund.releasedAt ?? call.now,
      currency,
      company,
      provider: null,
      legs: refundExcessLegs(company, excessMicros),
      facts: { refund: id, invoice },
    });
  await storeRefund(call, refund, { ...refund, state: 'paid', paidAt: call.now }, null);
}

async function mustPost(call: Call, entry: Parameters<typeof post>[1]): Promise<void> {
  if ((await post(call, entry)) === 'refused') throw new Error(`${entry.event} was posted with other content`);
}

/** Pays out released credit: it leaves the customer's balance at Stripe first, then it is paid back. */
export async function sweepRefunds(call: StripeCall): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, DUE_KIND);
  const failures: unknown[] = [];
  for (const { pk } of due)
    await payCredit(call, pk.slice('RF#'.length)).catch((error: unknown) => failures.push(error));
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} refunds failed: ${String(failures[0])}`);
  return { nextAt };
}

/** Pays out one that is released; where Stripe does not answer it stays due. */
export async function payCredit(call: StripeCall, id: string): Promise<void> {
  const refund = await readRefund(call, id);
  if (refund === undefined) throw new Error(`the refund ${id} is due and not there`);
  if (refund.state !== 'released') {
    // What was taken for a release that Stripe refused is credit again.
    const back = refund.state === 'declined' && hasTaken(refund) ? await giveBack(call, refund) : ok(null);
    if (back.ok) await call.tables.delete('ledger', dueKey(id));
    else await storeRefund(call, refund, refund, call.now + RETRY_MS);
    return;
  }
  const taken = await moveBalance(call, refund, 'taken', refund.micros);
  const paid = taken.ok ? await payParts(call, refund) : taken;
  if (!paid.ok) {
    if (paid.code !== 'refund_waits') await later(call, id);
    return;
  }
  if (refund.way === 'stripe')
    await mustPost(call, {
      event: `credit-paid-out#${id}`,
      kind: 'credit_paid_out',
      occurredAt: refund.releasedAt ?? call.now,
      currency: refund.currency,
      company: refund.company,
      provider: null,
      legs: creditPaidOutLegs(refund.company, paid.value.micros, 'stripe'),
      facts: { refund: id, invoice: refund.invoice },
    });
  await finishRefund(call, paid.value);
}

async function later(call: Call, id: string): Promise<void> {
  const refund = await readRefund(call, id);
  if (refund !== undefined) await storeRefund(call, refund, refund, call.now + RETRY_MS);
}

/** What left the customer's balance goes back to it; where nothing had left, nothing does. */
async function giveBack(call: StripeCall, refund: Refund): Promise<Result<unknown, CustomerRefusal>> {
  const taken = await movedAtStripe(call, refund, 'taken');
  return taken ? moveBalance(call, refund, 'back', 0 - refund.micros) : ok(null);
}

const balanceKey = (refund: Refund, what: 'taken' | 'back'): string =>
  what === 'taken' ? `cb:${refund.id}` : `cb:${refund.id}:back`;

async function movedAtStripe(call: StripeCall, refund: Refund, what: 'taken' | 'back'): Promise<boolean> {
  const known = await ensureCustomer(call, refund.company);
  return known.ok && (await listedMove(call, known.value, balanceKey(refund, what))) !== undefined;
}

async function listedMove(
  call: StripeCall,
  customer: string,
  key: string,
): Promise<Stripe.CustomerBalanceTransaction | undefined> {
  const made = await call.stripe.customers.listBalanceTransactions(customer, { limit: MOST_PAYMENTS });
  return made.data.find(({ metadata }) => metadata?.key === key);
}

/** Takes credit from the customer's balance at Stripe, or, negative, puts it back; once each. */
async function moveBalance(
  call: StripeCall,
  refund: Refund,
  what: 'taken' | 'back',
  micros: number,
): Promise<Result<unknown, CustomerRefusal>> {
  const known = await ensureCustomer(call, refund.company);
  if (!known.ok) return known;
  const customer = known.value;
  const key = balanceKey(refund, what);
  return onceAtStripe<Stripe.CustomerBalanceTransaction>(call, {
    key,
    make: (options) =>
      call.stripe.customers.createBalanceTransaction(
        customer,
        {
          amount: centsOf(micros),
          currency: refund.currency.toLowerCase(),
          description: what === 'taken' ? 'Credit paid out' : 'Credit that could not be paid out',
          metadata: { parley: refund.id, key },
        },
        options,
      ),
    find: () => listedMove(call, customer, key),
    read: (id) => call.stripe.customers.retrieveBalanceTransaction(customer, id),
  });
}
