/**
 * An attempt to take the money of a payment intent: by card at once, by bank debit in days. What the bank says can be
 * told beforehand by the action `decline_next`, and follows else from the method (Stripe's test cards decline as there).
 */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { type ErrorBody, StripeRefusal } from '../errors.ts';
import { type Settings, settingsOf } from '../settings.ts';
import { book, DAY, feeOf } from './balance.ts';
import { makeCharge } from './charge-object.ts';
import { idOf } from './intents.ts';
import { countAttempt, creditIntent, failIntent } from './invoice-state.ts';
import { behaviourOf, useMethod } from './payment-methods.ts';

type Intent = Stripe.PaymentIntent;
/** What a bank says against a payment, in Stripe's words. */
export type Decline = { code: string; decline_code?: string | undefined; message?: string | undefined };

/** Bank debits take days; everything else is done at once. */
const SLOW = new Set(['us_bank_account', 'sepa_debit', 'bacs_debit', 'acss_debit', 'au_becs_debit']);
const MESSAGES: Readonly<Record<string, string>> = {
  card_declined: 'Your card was declined.',
  expired_card: 'Your card has expired.',
  insufficient_funds: 'Your card has insufficient funds.',
};

const nextName = (customer: string): string => `next:${customer}`;

/** The next payments of a customer meet this. */
export function declineNext(context: Context, customer: string, decline: Decline, times: number): void {
  const id = nextName(customer);
  const planned = (context.get('local.note', id)?.planned ?? []) as Decline[];
  context.put('local.note', { id, object: 'local.note', planned: [...planned, ...Array(times).fill(decline)] });
}

function plannedFor(context: Context, customer: string | null, method: Stripe.PaymentMethod): Decline | undefined {
  const note = customer === null ? undefined : context.get('local.note', nextName(customer));
  const [first, ...rest] = (note?.planned ?? []) as Decline[];
  if (note !== undefined && first !== undefined) {
    context.put('local.note', { ...note, planned: rest });
    return first;
  }
  const behaviour = behaviourOf(context, method.id);
  if (behaviour === 'fails_later')
    return { code: 'payment_intent_payment_attempt_failed', message: 'The bank account has insufficient funds.' };
  if (typeof behaviour !== 'object') return undefined;
  const { declines } = behaviour;
  return declines === 'expired_card' ? { code: declines } : { code: 'card_declined', decline_code: declines };
}

export type Attempted = { intent: Intent; refusal: StripeRefusal | undefined };

/** Tries; what comes of it stands in the intent, its charge and the invoices it pays. */
export function attempt(context: Context, given: Intent, methodId: string, isAutomatic: boolean): Attempted {
  const method = useMethod(context, methodId, 'payment_method');
  countAttempt(context, given, isAutomatic);
  const decline = plannedFor(context, idOf(given.customer), method);
  const intent: Intent = { ...given, payment_method: method.id, last_payment_error: null };
  if (SLOW.has(method.type)) return { intent: begin(context, intent, method, decline), refusal: undefined };
  if (decline !== undefined) return fail(context, intent, makeCharge(context, intent, method, 'failed'), decline);
  const charge = makeCharge(context, intent, method, 'succeeded');
  return { intent: succeed(context, intent, charge), refusal: undefined };
}

/** A bank debit: the bank answers in some days. */
function begin(context: Context, intent: Intent, method: Stripe.PaymentMethod, decline: Decline | undefined): Intent {
  const settings = settingsOf(context);
  const made = makeCharge(context, intent, method, 'pending');
  const charge = settings.debitBookedAt === 'start' ? bookCharge(context, made, settings) : made;
  const next = context.put('payment_intent', {
    ...intent,
    status: 'processing',
    latest_charge: charge.id,
    next_action: null,
  });
  context.emit('charge.pending', 'charge', charge);
  context.emit('payment_intent.processing', 'payment_intent', next);
  context.later(context.now + settings.debitDays * DAY, 'finish_payment', {
    intent: next.id,
    charge: charge.id,
    decline: decline ?? null,
  });
  return next;
}

/** The bank's answer to a debit; nothing where it has answered before. */
export function finish(context: Context, intentId: string, chargeId: string | null, decline: Decline | null): Intent {
  const intent = context.need('payment_intent', intentId);
  const charge = context.need('charge', idOf(intent.latest_charge) ?? '');
  if (intent.status !== 'processing' || (chargeId !== null && charge.id !== chargeId)) return intent;
  if (decline === null) return succeed(context, intent, charge);
  return fail(context, intent, charge, decline).intent;
}

function succeed(context: Context, intent: Intent, made: Stripe.Charge): Intent {
  const { balance_transaction: booked } = made;
  const paid: Stripe.Charge = {
    ...made,
    status: 'succeeded',
    paid: true,
    captured: true,
    amount_captured: made.amount,
  };
  const settings = settingsOf(context);
  const isLate = booked === null && settings.bookedAfterSeconds > 0;
  const charge = context.put('charge', booked === null && !isLate ? bookCharge(context, paid, settings) : paid);
  if (isLate) context.later(context.now + settings.bookedAfterSeconds, 'book_charge', { charge: charge.id });
  const next = context.put('payment_intent', {
    ...intent,
    status: 'succeeded',
    amount_received: intent.amount,
    latest_charge: charge.id,
    next_action: null,
  });
  context.emit('charge.succeeded', 'charge', charge);
  context.emit('payment_intent.succeeded', 'payment_intent', next);
  creditIntent(context, next);
  if (behaviourOf(context, charge.payment_method ?? '') === 'is_disputed')
    context.later(context.now, 'open_dispute', { charge: charge.id });
  return next;
}

/** The balance transaction of a payment that Stripe makes a while after it. */
export function bookLate(context: Context, id: string): void {
  const charge = bookCharge(context, context.need('charge', id), settingsOf(context));
  context.emit('charge.updated', 'charge', charge, { balance_transaction: null });
}

function bookCharge(context: Context, charge: Stripe.Charge, settings: Settings): Stripe.Charge {
  const isCard = charge.payment_method_details?.type === 'card';
  const transaction = book(context, {
    type: isCard ? 'charge' : 'payment',
    amount: charge.amount,
    currency: charge.currency,
    source: charge.id,
    description: charge.description,
    fee: {
      amount: feeOf(charge.amount, isCard ? settings.cardFee : settings.debitFee),
      description: 'Stripe processing fees',
    },
    settlementDays: behaviourOf(context, charge.payment_method ?? '') === 'skips_pending' ? 0 : settings.settlementDays,
  });
  return context.put('charge', { ...charge, balance_transaction: transaction.id });
}

function fail(context: Context, intent: Intent, made: Stripe.Charge, decline: Decline): Attempted {
  const message =
    decline.message ?? MESSAGES[decline.decline_code ?? ''] ?? MESSAGES[decline.code] ?? 'The payment failed.';
  const booked = idOf(made.balance_transaction);
  const takenBack = booked === null ? null : takeBack(context, made, booked);
  const charge = context.put('charge', {
    ...made,
    status: 'failed',
    paid: false,
    captured: false,
    failure_balance_transaction: takenBack,
    failure_code: decline.code,
    failure_message: message,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: 'declined_by_network',
      reason: decline.decline_code ?? decline.code,
      risk_level: 'normal',
      seller_message: 'The bank did not return any further details with this decline.',
      type: 'issuer_declined',
    },
  });
  const error: ErrorBody = {
    type: 'card_error',
    code: decline.code,
    ...(decline.decline_code === undefined ? {} : { decline_code: decline.decline_code }),
    message,
    charge: charge.id,
  };
  const method = context.get('payment_method', charge.payment_method ?? '');
  const next = context.put('payment_intent', {
    ...intent,
    status: 'requires_payment_method',
    payment_method: null,
    latest_charge: charge.id,
    last_payment_error: { ...error, type: 'card_error', ...(method === undefined ? {} : { payment_method: method }) },
  });
  context.emit('charge.failed', 'charge', charge);
  context.emit('payment_intent.payment_failed', 'payment_intent', next);
  failIntent(context, next);
  return { intent: next, refusal: new StripeRefusal(402, { ...error, payment_intent: next }, true) };
}

/** A debit that stood in the balance and was not honoured: with its fee, as it came. */
function takeBack(context: Context, charge: Stripe.Charge, booked: string): string {
  const came = context.need('balance_transaction', booked);
  return book(context, {
    type: 'payment_failure_refund',
    amount: -came.amount,
    currency: came.currency,
    source: charge.id,
    description: charge.description,
    ...(came.fee === 0 ? {} : { fee: { amount: -came.fee, description: 'Stripe processing fees' } }),
    notBefore: came.available_on,
  }).id;
}
