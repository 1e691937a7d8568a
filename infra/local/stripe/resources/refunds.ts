/** Refunds: of a card at once, to a bank account in days; what fails comes back. The fee of the payment is not returned. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid, parameterMissing } from '../errors.ts';
import * as p from '../params.ts';
import { action, job, type Resource, route } from '../resource.ts';
import { settingsOf } from '../settings.ts';
import { book, DAY } from './balance.ts';
import { idOf } from './intents.ts';
import { makeRefund } from './refund-object.ts';

const create = {
  amount: p.whole.optional(),
  charge: p.text.optional(),
  metadata: p.metadata.optional(),
  payment_intent: p.text.optional(),
  reason: p.oneOf(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  refund_application_fee: p.flag.optional(),
  reverse_transfer: p.flag.optional(),
} satisfies p.ParamsOf<Stripe.RefundCreateParams>;
const list = {
  ...p.page,
  charge: p.text.optional(),
  created: p.created,
  payment_intent: p.text.optional(),
} satisfies p.ParamsOf<Stripe.RefundListParams>;

export type RefundAsked = {
  amount: number | undefined;
  metadata: Record<string, string>;
  reason: Stripe.Refund.Reason | null;
};

/** The charge that a refund is of: given, or the one of a payment intent. */
function needCharge(context: Context, charge: string | undefined, intent: string | undefined): Stripe.Charge {
  if (charge !== undefined) return context.need('charge', charge, 'charge');
  if (intent === undefined) throw parameterMissing('payment_intent');
  const { latest_charge: latest, id } = context.need('payment_intent', intent, 'payment_intent');
  if (latest === null)
    throw invalid(`This PaymentIntent (${id}) does not have a successful charge to refund.`, {
      param: 'payment_intent',
    });
  return context.need('charge', idOf(latest) ?? '', 'payment_intent');
}

/** What may still be given back of a charge, in cents: not what was refunded, nor what the bank took back. */
export function refundable(context: Context, charge: Stripe.Charge): number {
  if (charge.status !== 'succeeded') return 0;
  const disputed = context
    .find('dispute', { charge: charge.id })
    .filter((dispute) => dispute.status !== 'won')
    .reduce((sum, dispute) => sum + dispute.amount, 0);
  return charge.amount_captured - charge.amount_refunded - disputed;
}

function refuse(context: Context, charge: Stripe.Charge, amount: number): void {
  if (charge.refunded)
    throw invalid(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  const left = refundable(context, charge);
  if (charge.disputed && amount > left)
    throw invalid(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' });
  if (amount < 1) throw invalid('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' });
  if (amount > left)
    throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left}).`, {
      param: 'amount',
    });
}

/** Gives money of a charge back; the money leaves the balance now, wherever it is. */
export function refund(context: Context, charge: Stripe.Charge, asked: RefundAsked): Stripe.Refund {
  const amount = asked.amount ?? refundable(context, charge);
  refuse(context, charge, amount);
  const isCard = charge.payment_method_details?.type === 'card';
  const { metadata, reason } = asked;
  const made = makeRefund(context, { charge, amount, status: isCard ? 'succeeded' : 'pending', metadata, reason });
  const came = context.get('balance_transaction', idOf(charge.balance_transaction) ?? '');
  const transaction = book(context, {
    type: isCard ? 'refund' : 'payment_refund',
    amount: -amount,
    currency: charge.currency,
    source: made.id,
    description: `REFUND FOR CHARGE (${charge.description ?? charge.id})`,
    notBefore: came?.available_on ?? 0,
  });
  const kept = context.put('refund', { ...made, balance_transaction: transaction.id });
  const refunded = countRefunded(context, charge.id, amount);
  context.emit('refund.created', 'refund', kept);
  context.emit('charge.refunded', 'charge', refunded);
  if (!isCard)
    context.later(context.now + settingsOf(context).bankRefundDays * DAY, 'finish_refund', { refund: kept.id });
  return kept;
}

function countRefunded(context: Context, id: string, amount: number): Stripe.Charge {
  const charge = context.need('charge', id);
  const total = charge.amount_refunded + amount;
  return context.put('charge', { ...charge, amount_refunded: total, refunded: total === charge.amount });
}

function changeRefund(context: Context, old: Stripe.Refund, change: Partial<Stripe.Refund>): Stripe.Refund {
  const next = context.put('refund', { ...old, ...change });
  const previous = Object.fromEntries(Object.keys(change).map((key) => [key, old[key as keyof Stripe.Refund] ?? null]));
  context.emit('refund.updated', 'refund', next, previous);
  context.emit('charge.refund.updated', 'refund', next, previous);
  return next;
}

/** The bank has it. */
function arrive(context: Context, id: string): void {
  const old = context.need('refund', id);
  if (old.status === 'pending') changeRefund(context, old, { status: 'succeeded' });
}

/** The bank could not take it: the money is in the balance again, and the charge can be refunded anew. */
function failRefund(context: Context, id: string, reason: string): Stripe.Refund {
  const old = context.need('refund', id, 'refund');
  if (old.status !== 'pending' && old.status !== 'succeeded') throw invalid(`The refund is already ${old.status}.`);
  const back = book(context, { type: 'refund_failure', amount: old.amount, currency: old.currency, source: old.id });
  const failure = { status: 'failed', failure_reason: reason, failure_balance_transaction: back.id };
  const failed = changeRefund(context, old, failure);
  countRefunded(context, idOf(old.charge) ?? '', -old.amount);
  context.emit('refund.failed', 'refund', failed);
  return failed;
}

export const refunds: Resource = {
  routes: [
    route('POST', '/v1/refunds', create, (context, { params }) => {
      const charge = needCharge(context, params.charge, params.payment_intent);
      if (charge.status !== 'succeeded')
        throw invalid(`Charge ${charge.id} has not succeeded and cannot be refunded.`, {
          code: 'charge_not_refundable',
        });
      const metadata = p.mergeMetadata({}, params.metadata);
      return refund(context, charge, { amount: params.amount, metadata, reason: params.reason ?? null });
    }),
    route('GET', '/v1/refunds', list, (context, { params }) => {
      const { charge, payment_intent } = params;
      return context.list('refund', params, { url: '/v1/refunds', where: { charge, payment_intent } });
    }),
    route('GET', '/v1/refunds/:refund', {}, (context, { ids }) => context.need('refund', ids.refund ?? '')),
    route('POST', '/v1/refunds/:refund', { metadata: p.metadata.optional() }, (context, { ids, params }) => {
      const old = context.need('refund', ids.refund ?? '');
      return changeRefund(context, old, { metadata: p.mergeMetadata(old.metadata, params.metadata) });
    }),
  ],
  jobs: { finish_refund: job<{ refund: string }>((context, { refund: id }) => arrive(context, id)) },
  actions: {
    fail_refund: action(
      'Has the bank send a refund back.',
      { refund: p.text, reason: p.text.default('expired_or_canceled_card') },
      (context, { refund: id, reason }) => failRefund(context, id, reason),
    ),
  },
};
