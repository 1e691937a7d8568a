/** Payment methods: made of Stripe's test cards and accounts, kept by a customer. */
import type { Stripe } from 'stripe';
import { addressFields, addressOf } from '../addresses.ts';
import type { Context } from '../context.ts';
import { declined, invalid, parameterMissing } from '../errors.ts';
import * as p from '../params.ts';
import { type Resource, route } from '../resource.ts';
import { type Behaviour, methodOfNumber, shownOf, type TestMethod, testMethod } from '../test-methods.ts';

const billingDetails = p.hash({
  address: addressFields.optional(),
  email: p.clearable(p.text).optional(),
  name: p.clearable(p.text).optional(),
  phone: p.clearable(p.text).optional(),
  tax_id: p.text.optional(),
});
const create = {
  allow_redisplay: p.oneOf(['always', 'limited', 'unspecified']).optional(),
  billing_details: billingDetails.optional(),
  card: p
    .hash({
      cvc: p.text.optional(),
      exp_month: p.whole.optional(),
      exp_year: p.whole.optional(),
      number: p.text.optional(),
      token: p.text.optional(),
    })
    .optional(),
  metadata: p.metadata.optional(),
  sepa_debit: p.hash({ iban: p.text }).optional(),
  type: p.oneOf(['card', 'sepa_debit', 'us_bank_account']).optional(),
  us_bank_account: p
    .hash({
      account_holder_type: p.oneOf(['company', 'individual']).optional(),
      account_number: p.text.optional(),
      account_type: p.oneOf(['checking', 'savings']).optional(),
      routing_number: p.text.optional(),
    })
    .optional(),
} satisfies p.ParamsOf<Stripe.PaymentMethodCreateParams>;
const update = {
  allow_redisplay: create.allow_redisplay,
  billing_details: create.billing_details,
  card: p.hash({ exp_month: p.whole.optional(), exp_year: p.whole.optional() }).optional(),
  metadata: p.metadata.optional(),
} satisfies p.ParamsOf<Stripe.PaymentMethodUpdateParams>;
const list = {
  ...p.page,
  customer: p.text.optional(),
  type: p.text.optional(),
} satisfies p.ParamsOf<Stripe.PaymentMethodListParams>;
const attach = { customer: p.text } satisfies p.ParamsOf<Stripe.PaymentMethodAttachParams>;

type Details = Partial<Omit<Stripe.PaymentMethod.BillingDetails, 'address'>> & {
  address?: Partial<Stripe.Address> | null;
};

export const paymentMethods: Resource = {
  routes: [
    route('POST', '/v1/payment_methods', create, (context, { params }) => {
      const { type } = params;
      if (type === undefined) throw parameterMissing('type');
      const found = asked(type, params);
      if (found === undefined)
        throw invalid(
          'The stand-in knows the numbers and tokens of https://docs.stripe.com/testing that its README lists.',
          {
            param: type,
          },
        );
      const { exp_month: month, exp_year: year } = params.card ?? {};
      const made = make(context, found, month === undefined || year === undefined ? undefined : { month, year });
      return context.put('payment_method', {
        ...made,
        allow_redisplay: params.allow_redisplay ?? 'unspecified',
        billing_details: detailsOf(made.billing_details, params.billing_details as Details | undefined),
        metadata: p.mergeMetadata({}, params.metadata),
      });
    }),
    route('GET', '/v1/payment_methods', list, (context, { params }) => {
      const { customer, type } = params;
      if (customer !== undefined) context.need('customer', customer, 'customer');
      return context.list('payment_method', params, { url: '/v1/payment_methods', where: { customer, type } });
    }),
    route(
      'GET',
      '/v1/customers/:customer/payment_methods',
      { ...p.page, type: p.text.optional() },
      (context, { ids, params }) => {
        const { id } = context.need('customer', ids.customer ?? '');
        const where = { customer: id, type: params.type };
        return context.list('payment_method', params, { url: `/v1/customers/${id}/payment_methods`, where });
      },
    ),
    route('GET', '/v1/payment_methods/:id', {}, (context, { ids }) => useMethod(context, ids.id ?? '', 'id')),
    route('POST', '/v1/payment_methods/:id', update, (context, { ids, params }) => {
      const old = context.need('payment_method', ids.id ?? '');
      if (old.customer === null)
        throw invalid('You must save this PaymentMethod to a customer before you can update it.');
      const next = context.put('payment_method', {
        ...old,
        ...(params.allow_redisplay === undefined ? {} : { allow_redisplay: params.allow_redisplay }),
        ...(old.card === undefined ? {} : { card: { ...old.card, ...params.card } }),
        billing_details: detailsOf(old.billing_details, params.billing_details as Details | undefined),
        metadata: p.mergeMetadata(old.metadata, params.metadata),
      });
      context.emit('payment_method.updated', 'payment_method', next);
      return next;
    }),
    route('POST', '/v1/payment_methods/:id/attach', attach, (context, { ids, params }) =>
      attachMethod(context, useMethod(context, ids.id ?? '', 'id'), params.customer),
    ),
    route('POST', '/v1/payment_methods/:id/detach', {}, (context, { ids }) =>
      detachMethod(context, context.need('payment_method', ids.id ?? '')),
    ),
  ],
};

type Note = { id: string; object: 'local.note'; behaviour: Behaviour; isRefused: boolean; isSpent: boolean };
const noteOf = (context: Context, method: string): Note | undefined =>
  context.get('local.note', `method:${method}`) as Note | undefined;

/** How a method behaves when it is charged. */
export const behaviourOf = (context: Context, method: string): Behaviour =>
  noteOf(context, method)?.behaviour ?? 'succeeds';

/** The method of an id; one of Stripe's test ids makes a new one. */
export function useMethod(context: Context, id: string, param: string): Stripe.PaymentMethod {
  const test = testMethod(id);
  return test === undefined ? context.need('payment_method', id, param) : make(context, test);
}

/** Gives a method to a customer; one that the bank refuses is declined. */
export function attachMethod(context: Context, method: Stripe.PaymentMethod, customer: string): Stripe.PaymentMethod {
  context.need('customer', customer, 'customer');
  if (method.customer === customer) return method;
  if (method.customer !== null)
    throw invalid('The payment method you provided has already been attached to a customer.', {
      param: 'payment_method',
    });
  const note = noteOf(context, method.id);
  if (note?.isSpent === true)
    throw invalid(
      'This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.',
      { param: 'payment_method' },
    );
  if (note?.isRefused === true) throw declineOf(note.behaviour);
  const attached = context.put('payment_method', { ...method, customer });
  context.emit('payment_method.attached', 'payment_method', attached);
  return attached;
}

export function detachMethod(context: Context, method: Stripe.PaymentMethod): Stripe.PaymentMethod {
  const { customer } = method;
  if (typeof customer !== 'string')
    throw invalid('The payment method you provided is not attached to a customer so detachment is impossible.');
  const detached = context.put('payment_method', { ...method, customer: null });
  const note = noteOf(context, method.id);
  if (note !== undefined) context.put('local.note', { ...note, isSpent: true });
  const owner = context.get('customer', customer);
  if (owner?.invoice_settings?.default_payment_method === method.id)
    context.change('customer', 'customer.updated', owner, {
      ...owner,
      invoice_settings: { ...owner.invoice_settings, default_payment_method: null },
    });
  context.emit('payment_method.detached', 'payment_method', detached, { customer });
  return detached;
}

const MESSAGES = {
  generic_decline: 'Your card was declined.',
  insufficient_funds: 'Your card has insufficient funds.',
  lost_card: 'Your card was declined.',
  expired_card: 'Your card has expired.',
};

/** The refusal of a bank, in Stripe's words. */
export function declineOf(behaviour: Behaviour): ReturnType<typeof declined> {
  const reason = typeof behaviour === 'object' ? behaviour.declines : 'generic_decline';
  if (reason === 'expired_card')
    return declined({ code: 'expired_card', message: MESSAGES.expired_card, param: 'exp_month' });
  return declined({ decline_code: reason, message: MESSAGES[reason] });
}

function asked(
  type: string,
  params: {
    card?: { number?: string | undefined; token?: string | undefined } | undefined;
    sepa_debit?: { iban: string } | undefined;
    us_bank_account?: { account_number?: string | undefined } | undefined;
  },
): TestMethod | undefined {
  if (type === 'card' && params.card?.token !== undefined) return testMethod(params.card.token);
  const number = {
    card: params.card?.number,
    sepa_debit: params.sepa_debit?.iban,
    us_bank_account: params.us_bank_account?.account_number,
  };
  const given = number[type as keyof typeof number];
  if (given === undefined) throw parameterMissing(type);
  const found = methodOfNumber(given);
  return found?.type === type ? found : undefined;
}

const YEARS_VALID = 4;

function make(context: Context, test: TestMethod, expires?: { month: number; year: number }): Stripe.PaymentMethod {
  const year = new Date(context.now * 1_000).getUTCFullYear() + YEARS_VALID;
  const method = context.put('payment_method', {
    id: context.newId('pm_1'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    created: context.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: test.type,
    ...shownOf(test, expires ?? { month: 12, year }),
  } satisfies Stripe.PaymentMethod);
  const { behaviour, isRefused = false } = test;
  context.put('local.note', {
    id: `method:${method.id}`,
    object: 'local.note',
    behaviour,
    isRefused,
    isSpent: false,
  } satisfies Note);
  return method;
}

function detailsOf(
  old: Stripe.PaymentMethod.BillingDetails,
  change: Details | undefined,
): Stripe.PaymentMethod.BillingDetails {
  if (change === undefined) return old;
  const { address, ...plain } = change;
  return { ...old, ...plain, address: address === undefined ? old.address : addressOf(address) };
}
