/**
 * Refunds `RF#<id>` / `-`, listed by company under `refunds#<company>` and by state under `refunds#<state>`; beside one that
 * is released and waits `due`, by which the sweep finds it.
 */
import * as z from 'zod';
import { ensureCustomer } from '../billing-profile/customer.store.ts';
import { financeDueAt } from '../dispatch/finance-due.store.ts';
import { readInvoice } from '../invoice/invoice.store.ts';
import type { Call } from '../kernel/call.ts';
import { randomToken, timeKey } from '../kernel/id.ts';
import { microsOfCents, wholeCents } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Item, type Key, keyText, type Write } from '../kernel/table.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import {
  afterEvent,
  askedAgain,
  type CreditPayoutInput,
  mayRelease,
  Refund,
  type RefundRefusal,
  type RefundState,
  type ReleaseInput,
  spreadOver,
} from './refund.ts';

export const DUE_KIND = 'refund';
/** Payments of one invoice that are looked at. */
export const MOST_PAYMENTS = 100;

const refundKey = (id: string): Key => ({ pk: `RF#${id}`, sk: '-' });
export const dueKey = (id: string): Key => ({ pk: `RF#${id}`, sk: 'due' });
const listOf = (name: string): string => `refunds#${name}`;

function refundItem(refund: Refund): Item {
  const order = `${timeKey(refund.askedAt)}#${refund.id}`;
  const lists = { cpk: listOf(refund.company), csk: order, ppk: listOf(refund.state), psk: order };
  return { ...refundKey(refund.id), ...refund, ...lists };
}

export const readRefund = (call: Call, id: string): Promise<Refund | undefined> =>
  call.tables.get('ledger', refundKey(id), Refund, { consistent: true });

/** Asks for a refund, once; answers with the one that stands. */
export async function askRefund(
  call: Call,
  refund: Omit<
    Refund,
    | 'state'
    | 'way'
    | 'bankReference'
    | 'parts'
    | 'releasedBy'
    | 'trouble'
    | 'askedAt'
    | 'releasedAt'
    | 'payingAt'
    | 'paidAt'
  >,
): Promise<Refund> {
  const fresh: Refund = {
    ...refund,
    state: 'asked',
    way: null,
    bankReference: null,
    parts: [],
    releasedBy: null,
    trouble: null,
    askedAt: call.now,
    releasedAt: null,
    payingAt: null,
    paidAt: null,
  };
  const written = await call.tables.put('ledger', refundItem(fresh), ABSENT);
  return written.ok ? fresh : Refund.parse(written.old);
}

/** Stores a refund that nobody decided since it was read; `dueAt`: when the sweep looks at it. */
export async function storeRefund(call: Call, before: Refund, after: Refund, dueAt: number | null): Promise<boolean> {
  const put: Write = {
    kind: 'put',
    table: 'ledger',
    item: refundItem(after),
    when: [['=', 'state', before.state]],
  };
  const key = dueKey(after.id);
  const due: Write =
    dueAt === null
      ? { kind: 'delete', table: 'ledger', key }
      : { kind: 'put', table: 'ledger', item: { ...key, ...financeDueAt(dueAt, DUE_KIND, after.id) } };
  return (await call.tables.transact([put, due])).ok;
}

/**
 * A person of the market asks to pay out what a company has as credit; another one releases it. `refund_not_covered` where
 * the company has not so much credit at Stripe.
 */
export async function askCreditPayout(
  call: StripeCall,
  user: string,
  input: CreditPayoutInput,
): Promise<Result<Refund, 'not_found' | 'refund_not_covered'>> {
  const invoice = await readInvoice(call, input.invoice);
  if (invoice === undefined) return refuse('not_found', 'There is no such invoice.');
  const credit = await creditAtStripe(call, invoice.company, invoice.currency);
  if (input.micros > credit || input.micros !== wholeCents(input.micros))
    return refuse('refund_not_covered', `The company’s credit is ${credit} micro-units; ask for whole cents of it.`);
  const { company, currency } = invoice;
  const id = `rf_${randomToken(12)}`;
  const { micros, reason } = input;
  return ok(
    await askRefund(call, {
      id,
      kind: 'credit',
      company,
      currency,
      invoice: invoice.id,
      micros,
      reason,
      makers: [user],
    }),
  );
}

async function creditAtStripe(call: StripeCall, company: string, currency: string): Promise<number> {
  const known = await ensureCustomer(call, company);
  if (!known.ok) return 0;
  const customer = await call.stripe.customers.retrieve(known.value);
  if (customer.deleted === true || (customer.currency ?? currency.toLowerCase()) !== currency.toLowerCase()) return 0;
  return microsOfCents(Math.max(0, 0 - customer.balance));
}

/** Another person releases a refund, and fixes from which payments it is paid. Said again by the same person, it changes nothing. */
export async function releaseRefund(
  call: StripeCall,
  id: string,
  user: string,
  input: ReleaseInput,
): Promise<Result<Refund, RefundRefusal | 'not_found'>> {
  const before = await readRefund(call, id);
  if (before === undefined) return refuse('not_found', 'There is no such refund.');
  const allowed = mayRelease(before, user);
  if (!allowed.ok) return allowed;
  const state = afterEvent(before.state, 'release');
  if (state === null) return before.releasedBy === user && before.way === input.way ? ok(before) : over(before);
  const spread = input.way === 'bank' ? ok([]) : spreadOver(before.micros, await paymentsOf(call, before));
  if (!spread.ok) return spread;
  const after: Refund = {
    ...before,
    state,
    way: input.way,
    bankReference: input.way === 'bank' ? input.bankReference : null,
    parts: spread.value,
    releasedBy: user,
    releasedAt: call.now,
  };
  // A dispute's is paid with its credit note, which the dispute's own sweep makes.
  const dueAt = before.kind === 'credit' ? call.now : null;
  return (await storeRefund(call, before, after, dueAt)) ? ok(after) : over(before);
}

/** Asks for another amount of it, or again, as long as nothing of it can have left. */
export async function askAgain(call: Call, before: Refund, micros: number, trouble: string): Promise<Refund> {
  const after = askedAgain(before, micros, trouble);
  return (await storeRefund(call, before, after, null)) ? after : ((await readRefund(call, before.id)) ?? before);
}

/** Another person declines it: it becomes, or stays, the company's credit. */
export async function declineRefund(
  call: StripeCall,
  id: string,
  user: string,
): Promise<Result<Refund, RefundRefusal | 'not_found'>> {
  const before = await readRefund(call, id);
  if (before === undefined) return refuse('not_found', 'There is no such refund.');
  const allowed = mayRelease(before, user);
  if (!allowed.ok) return allowed;
  const state = afterEvent(before.state, 'decline');
  if (state === null) return before.state === 'declined' && before.releasedBy === user ? ok(before) : over(before);
  const after: Refund = { ...before, state, releasedBy: user, releasedAt: call.now };
  if (!(await storeRefund(call, before, after, hasTaken(before) ? call.now : null))) return over(before);
  return ok(after);
}

/** Whether it may have been taken from the company's balance at Stripe, by a release that Stripe then did not carry out. */
export const hasTaken = ({ kind, trouble }: Refund): boolean => kind === 'credit' && trouble !== null;

const over = (refund: Refund) =>
  refuse('refund_over', `The refund is ${refund.state}: nobody decides it again.`, { extra: { state: refund.state } });

/** What each payment of the refund's invoice has left to pay back, oldest first. */
async function paymentsOf(call: StripeCall, refund: Refund): Promise<{ intent: string; leftMicros: number }[]> {
  const invoice = await readInvoice(call, refund.invoice);
  if (invoice?.stripeInvoice == null) return [];
  const paid = await call.stripe.invoicePayments.list({
    invoice: invoice.stripeInvoice,
    status: 'paid',
    limit: MOST_PAYMENTS,
  });
  const left: { intent: string; leftMicros: number }[] = [];
  for (const { payment } of [...paid.data].sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1))) {
    if (payment.type !== 'payment_intent' || payment.payment_intent === undefined) continue;
    const intent = typeof payment.payment_intent === 'string' ? payment.payment_intent : payment.payment_intent.id;
    const { latest_charge: charge } = await call.stripe.paymentIntents.retrieve(intent, { expand: ['latest_charge'] });
    if (charge === null || typeof charge === 'string' || charge.disputed) continue;
    left.push({ intent, leftMicros: microsOfCents(charge.amount_captured - charge.amount_refunded) });
  }
  return left;
}

const ListKey = z.object({ pk: z.string(), sk: z.string() });

/** A page of refunds in a state, oldest first. */
export async function listRefunds(
  call: Call,
  state: RefundState,
  page: { limit: number; after?: Item },
): Promise<{ items: Refund[]; after: Item | undefined }> {
  const index = { name: 'byProvider', pk: 'ppk', sk: 'psk' };
  const found = await call.tables.query('ledger', ListKey, { index, pk: listOf(state), ...page });
  const refunds = await call.tables.getMany('ledger', found.items, Refund, { consistent: true });
  return {
    items: found.items.map((key) => refunds.get(keyText(key))).filter((refund) => refund !== undefined),
    after: found.after as Item | undefined,
  };
}
