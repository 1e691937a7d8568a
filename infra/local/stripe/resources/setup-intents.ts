/** Setup intents: a method is tried and kept for later, with the mandate that a debit needs. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid, StripeRefusal } from '../errors.ts';
import * as p from '../params.ts';
import { type Resource, route } from '../resource.ts';
import { attachMethod, useMethod } from './payment-methods.ts';

const mandateData = p.hash({
  customer_acceptance: p.hash({
    accepted_at: p.whole.optional(),
    offline: p.anything.optional(),
    online: p.hash({ ip_address: p.text.optional(), user_agent: p.text.optional() }).optional(),
    type: p.oneOf(['offline', 'online']),
  }),
});
const create = {
  automatic_payment_methods: p
    .hash({ allow_redirects: p.oneOf(['always', 'never']).optional(), enabled: p.flag })
    .optional(),
  confirm: p.flag.optional(),
  customer: p.text.optional(),
  description: p.text.optional(),
  mandate_data: mandateData.optional(),
  metadata: p.metadata.optional(),
  payment_method: p.text.optional(),
  payment_method_types: p.listOf(p.text).optional(),
  return_url: p.text.optional(),
  usage: p.oneOf(['off_session', 'on_session']).optional(),
} satisfies p.ParamsOf<Stripe.SetupIntentCreateParams & { payment_method_types?: string[] }>;
const update = {
  customer: p.text.optional(),
  description: p.text.optional(),
  metadata: p.metadata.optional(),
  payment_method: p.text.optional(),
} satisfies p.ParamsOf<Stripe.SetupIntentUpdateParams>;
const confirm = {
  mandate_data: mandateData.optional(),
  payment_method: p.text.optional(),
  return_url: p.text.optional(),
} satisfies p.ParamsOf<Stripe.SetupIntentConfirmParams>;
const cancel = {
  cancellation_reason: p.oneOf(['abandoned', 'duplicate', 'requested_by_customer']).optional(),
} satisfies p.ParamsOf<Stripe.SetupIntentCancelParams>;
const list = {
  ...p.page,
  created: p.created,
  customer: p.text.optional(),
  payment_method: p.text.optional(),
} satisfies p.ParamsOf<Stripe.SetupIntentListParams>;

export const setupIntents: Resource = {
  routes: [
    route('POST', '/v1/setup_intents', create, (context, { params }) => {
      const intent = createSetupIntent(context, params);
      return params.confirm === true ? confirmSetupIntent(context, intent, params) : intent;
    }),
    route('GET', '/v1/setup_intents', list, (context, { params }) => {
      const where = { customer: params.customer, payment_method: params.payment_method };
      return context.list('setup_intent', params, { url: '/v1/setup_intents', where });
    }),
    route('GET', '/v1/setup_intents/:id', {}, (context, { ids }) => context.need('setup_intent', ids.id ?? '')),
    route('POST', '/v1/setup_intents/:id', update, (context, { ids, params }) => {
      const old = context.need('setup_intent', ids.id ?? '');
      const { metadata, payment_method: method, ...plain } = params;
      if (plain.customer !== undefined) context.need('customer', plain.customer, 'customer');
      const payment_method =
        method === undefined ? old.payment_method : useMethod(context, method, 'payment_method').id;
      return context.put('setup_intent', {
        ...old,
        ...plain,
        payment_method,
        metadata: p.mergeMetadata(old.metadata, metadata),
        status:
          payment_method !== null && old.status === 'requires_payment_method' ? 'requires_confirmation' : old.status,
      });
    }),
    route('POST', '/v1/setup_intents/:id/confirm', confirm, (context, { ids, params }) =>
      confirmSetupIntent(context, context.need('setup_intent', ids.id ?? ''), params),
    ),
    route('POST', '/v1/setup_intents/:id/cancel', cancel, (context, { ids, params }) => {
      const old = context.need('setup_intent', ids.id ?? '');
      if (old.status === 'succeeded' || old.status === 'canceled') throw wrongState(old, 'cancel');
      const canceled = context.put('setup_intent', {
        ...old,
        status: 'canceled',
        cancellation_reason: params.cancellation_reason ?? null,
      });
      context.emit('setup_intent.canceled', 'setup_intent', canceled);
      return canceled;
    }),
    route('GET', '/v1/mandates/:id', {}, (context, { ids }) => context.need('mandate', ids.id ?? '')),
  ],
};

type Wanted = {
  customer?: string | undefined;
  description?: string | undefined;
  metadata?: Record<string, string | null> | null | undefined;
  payment_method?: string | undefined;
  payment_method_types?: string[] | undefined;
  usage?: string | undefined;
};

export function createSetupIntent(context: Context, wanted: Wanted): Stripe.SetupIntent {
  const { customer, payment_method: method, payment_method_types: types } = wanted;
  if (customer !== undefined) context.need('customer', customer, 'customer');
  const id = context.newId('seti_1');
  const intent = context.put('setup_intent', {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: types === undefined ? { allow_redirects: 'always', enabled: true } : null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${context.newId('', 25)}`,
    created: context.now,
    customer: customer ?? null,
    customer_account: null,
    description: wanted.description ?? null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: p.mergeMetadata({}, wanted.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: method === undefined ? null : useMethod(context, method, 'payment_method').id,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: types ?? ['card', 'sepa_debit'],
    single_use_mandate: null,
    status: method === undefined ? 'requires_payment_method' : 'requires_confirmation',
    usage: wanted.usage ?? 'off_session',
  } satisfies Stripe.SetupIntent);
  context.emit('setup_intent.created', 'setup_intent', intent);
  return intent;
}

/** Tries the method; one that the bank refuses leaves the intent open, and the caller with a 402. */
export function confirmSetupIntent(
  context: Context,
  intent: Stripe.SetupIntent,
  how: { payment_method?: string | undefined },
): Stripe.SetupIntent {
  if (intent.status === 'succeeded' || intent.status === 'canceled') throw wrongState(intent, 'confirm');
  const chosen = how.payment_method ?? intent.payment_method;
  if (typeof chosen !== 'string')
    throw invalid(
      'You cannot confirm this SetupIntent because it is missing a payment method. To confirm the SetupIntent, either pass a payment method or update it to have one.',
      { code: 'setup_intent_unexpected_state' },
    );
  let method = useMethod(context, chosen, 'payment_method');
  try {
    if (typeof intent.customer === 'string') method = attachMethod(context, method, intent.customer);
  } catch (error) {
    if (error instanceof StripeRefusal && error.status === 402) throw failed(context, intent, method, error);
    throw error;
  }
  const mandate = method.type === 'card' ? null : mandateFor(context, method).id;
  const succeeded = context.put('setup_intent', {
    ...intent,
    last_setup_error: null,
    mandate,
    payment_method: method.id,
    status: 'succeeded',
  });
  context.emit('setup_intent.succeeded', 'setup_intent', succeeded);
  return succeeded;
}

function failed(
  context: Context,
  intent: Stripe.SetupIntent,
  method: Stripe.PaymentMethod,
  refusal: StripeRefusal,
): StripeRefusal {
  const { type: _type, charge: _charge, payment_intent: _payment, setup_intent: _setup, ...said } = refusal.body;
  const last_setup_error: Stripe.SetupIntent.LastSetupError = { ...said, payment_method: method, type: 'card_error' };
  const open = context.put('setup_intent', {
    ...intent,
    last_setup_error,
    payment_method: null,
    status: 'requires_payment_method',
  });
  context.emit('setup_intent.setup_failed', 'setup_intent', open);
  return new StripeRefusal(402, { ...refusal.body, setup_intent: open }, true);
}

function mandateFor(context: Context, method: Stripe.PaymentMethod): Stripe.Mandate {
  const reference = context.newId('', 16).toUpperCase();
  const mandate = context.put('mandate', {
    id: context.newId('mandate_1'),
    object: 'mandate',
    customer_acceptance: {
      accepted_at: context.now,
      online: { ip_address: '127.0.0.1', user_agent: null },
      type: 'online',
    },
    livemode: false,
    multi_use: {},
    payment_method: method.id,
    payment_method_details: {
      type: method.type,
      ...(method.type === 'sepa_debit'
        ? { sepa_debit: { reference, url: `${context.url}/mandate/${reference}` } }
        : { us_bank_account: {} }),
    },
    status: 'active',
    type: 'multi_use',
  } satisfies Stripe.Mandate);
  context.emit('mandate.updated', 'mandate', mandate);
  return mandate;
}

const wrongState = (intent: Stripe.SetupIntent, verb: string): StripeRefusal =>
  invalid(`You cannot ${verb} this SetupIntent because it has a status of ${intent.status}.`, {
    code: 'setup_intent_unexpected_state',
  });
