/** Payment intents and the charges they make, and what the bank says later. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid } from '../errors.ts';
import * as p from '../params.ts';
import { action, job, type Resource, route } from '../resource.ts';
import { attempt, bookLate, type Decline, finish } from './charging.ts';
import { cancelIntent, idOf, isOpenIntent, makeIntent } from './intents.ts';
import { useMethod } from './payment-methods.ts';

const confirmation = {
  off_session: p.anything.optional(),
  payment_method: p.text.optional(),
  return_url: p.text.optional(),
};
const create = {
  ...confirmation,
  allowed_payment_method_types: p.listOf(p.text).optional(),
  amount: p.whole,
  automatic_payment_methods: p.anything.optional(),
  confirm: p.flag.optional(),
  currency: p.currency,
  customer: p.text.optional(),
  description: p.text.optional(),
  metadata: p.metadata.optional(),
  setup_future_usage: p.oneOf(['off_session', 'on_session']).optional(),
  transfer_group: p.text.optional(),
} satisfies p.ParamsOf<Stripe.PaymentIntentCreateParams>;
const update = {
  amount: p.whole.optional(),
  description: p.text.optional(),
  metadata: p.metadata.optional(),
  payment_method: p.text.optional(),
  transfer_group: p.text.optional(),
} satisfies p.ParamsOf<Stripe.PaymentIntentUpdateParams>;
const reason = p.oneOf(['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer']);
const listIntents = {
  ...p.page,
  created: p.created,
  customer: p.text.optional(),
} satisfies p.ParamsOf<Stripe.PaymentIntentListParams>;
const listCharges = {
  ...listIntents,
  payment_intent: p.text.optional(),
  transfer_group: p.text.optional(),
} satisfies p.ParamsOf<Stripe.ChargeListParams>;
const updateCharge = {
  description: p.text.optional(),
  metadata: p.metadata.optional(),
  transfer_group: p.text.optional(),
} satisfies p.ParamsOf<Stripe.ChargeUpdateParams>;

type Intent = Stripe.PaymentIntent;

const needIntent = (context: Context, ids: Readonly<Record<string, string>>): Intent =>
  context.need('payment_intent', ids.intent ?? '');

function wrongState(intent: Intent, verb: string): Error {
  return invalid(`You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}.`, {
    code: 'payment_intent_unexpected_state',
  });
}

function confirm(context: Context, intent: Intent, given: string | undefined): Intent {
  if (!isOpenIntent(intent) || intent.status === 'processing') throw wrongState(intent, 'confirm');
  const method = given ?? idOf(intent.payment_method);
  if (method === null)
    throw invalid(
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
      { code: 'payment_intent_unexpected_state' },
    );
  const { refusal } = attempt(context, intent, method, false);
  if (refusal !== undefined) throw refusal;
  return context.need('payment_intent', intent.id);
}

/** Whether an invoice made it: then only the invoice may call it off. */
const isOfInvoice = (context: Context, intent: Intent): boolean =>
  context.find('invoice_payment', { 'payment.payment_intent': intent.id, is_default: true }).length > 0;

const refundsOf = (context: Context, charge: Stripe.Charge) =>
  context.list('refund', {}, { url: `/v1/charges/${charge.id}/refunds`, where: { charge: charge.id } });

export const payments: Resource = {
  routes: [
    route('POST', '/v1/payment_intents', create, (context, { params }) => {
      if (params.amount < 1)
        throw invalid('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' });
      if (params.customer !== undefined) context.need('customer', params.customer, 'customer');
      const given = params.payment_method;
      const method = given === undefined ? undefined : useMethod(context, given, 'payment_method').id;
      const intent = makeIntent(context, {
        amount: params.amount,
        currency: params.currency,
        customer: params.customer ?? null,
        description: params.description ?? null,
        metadata: p.mergeMetadata({}, params.metadata),
        method: method ?? null,
        ...(params.allowed_payment_method_types === undefined ? {} : { types: params.allowed_payment_method_types }),
        setupFutureUsage: params.setup_future_usage ?? null,
        transferGroup: params.transfer_group ?? null,
      });
      return params.confirm === true ? confirm(context, intent, method) : intent;
    }),
    route('GET', '/v1/payment_intents', listIntents, (context, { params }) =>
      context.list('payment_intent', params, { url: '/v1/payment_intents', where: { customer: params.customer } }),
    ),
    route('GET', '/v1/payment_intents/:intent', {}, (context, { ids }) => needIntent(context, ids)),
    route('POST', '/v1/payment_intents/:intent', update, (context, { ids, params }) => {
      const old = needIntent(context, ids);
      const { amount = old.amount, description = old.description, metadata, payment_method: given } = params;
      if (amount !== old.amount && (!isOpenIntent(old) || old.status === 'processing')) throw wrongState(old, 'update');
      const method = given === undefined ? undefined : useMethod(context, given, 'payment_method').id;
      return context.put('payment_intent', {
        ...old,
        amount,
        description,
        metadata: p.mergeMetadata(old.metadata, metadata),
        transfer_group: params.transfer_group ?? old.transfer_group,
        ...(method === undefined || !isOpenIntent(old)
          ? {}
          : { payment_method: method, status: 'requires_confirmation' }),
      });
    }),
    route('POST', '/v1/payment_intents/:intent/confirm', confirmation, (context, { ids, params }) =>
      confirm(context, needIntent(context, ids), params.payment_method),
    ),
    route(
      'POST',
      '/v1/payment_intents/:intent/cancel',
      { cancellation_reason: reason.optional() },
      (context, { ids, params }) => {
        const intent = needIntent(context, ids);
        if (!isOpenIntent(intent) || intent.status === 'processing') throw wrongState(intent, 'cancel');
        if (isOfInvoice(context, intent))
          throw invalid(
            'You cannot cancel this PaymentIntent because it is the default payment of an invoice. Void the invoice instead.',
          );
        return cancelIntent(context, intent, params.cancellation_reason ?? null);
      },
    ),
    route('GET', '/v1/charges', listCharges, (context, { params }) => {
      const { customer, payment_intent, transfer_group } = params;
      return context.list('charge', params, {
        url: '/v1/charges',
        where: { customer, payment_intent, transfer_group },
      });
    }),
    route('GET', '/v1/charges/:charge', {}, (context, { ids }) => context.need('charge', ids.charge ?? '')),
    route('POST', '/v1/charges/:charge', updateCharge, (context, { ids, params }) => {
      const old = context.need('charge', ids.charge ?? '');
      const next = context.put('charge', {
        ...old,
        description: params.description ?? old.description,
        metadata: p.mergeMetadata(old.metadata, params.metadata),
        transfer_group: params.transfer_group ?? old.transfer_group,
      });
      context.emit('charge.updated', 'charge', next, { metadata: old.metadata });
      return next;
    }),
  ],
  includes: { charge: { refunds: refundsOf } },
  jobs: {
    book_charge: job<{ charge: string }>((context, { charge }) => bookLate(context, charge)),
    finish_payment: job<{ intent: string; charge: string; decline: Decline | null }>((context, data) => {
      finish(context, data.intent, data.charge, data.decline);
    }),
  },
  actions: {
    finish_payment: action(
      'Let the bank answer a debit now; with a code it says no',
      { payment_intent: p.text, code: p.text.optional(), decline_code: p.text.optional() },
      (context, { payment_intent: intent, code, decline_code }) => {
        context.need('payment_intent', intent, 'payment_intent');
        return finish(context, intent, null, code === undefined ? null : { code, decline_code });
      },
    ),
  },
};
