/** Checkout in `setup` mode: a page where a customer leaves a payment method for later. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid } from '../errors.ts';
import * as p from '../params.ts';
import { action, job, type Resource, route } from '../resource.ts';
import { confirmSetupIntent, createSetupIntent } from './setup-intents.ts';

const create = {
  cancel_url: p.text.optional(),
  client_reference_id: p.text.max(200).optional(),
  currency: p.currency.optional(),
  customer: p.text.optional(),
  customer_email: p.text.optional(),
  expires_at: p.whole.optional(),
  locale: p.text.optional(),
  metadata: p.metadata.optional(),
  mode: p.oneOf(['payment', 'setup', 'subscription']).optional(),
  payment_method_types: p.listOf(p.text).optional(),
  setup_intent_data: p.hash({ description: p.text.optional(), metadata: p.metadata.optional() }).optional(),
  success_url: p.text.optional(),
} satisfies p.ParamsOf<Stripe.Checkout.SessionCreateParams & { payment_method_types?: string[] }>;
const list = {
  ...p.page,
  created: p.created,
  customer: p.text.optional(),
  status: p.oneOf(['complete', 'expired', 'open']).optional(),
} satisfies p.ParamsOf<Stripe.Checkout.SessionListParams>;

const MINUTE = 60;
const DAY = 1_440 * MINUTE;

export const checkout: Resource = {
  routes: [
    route('POST', '/v1/checkout/sessions', create, (context, { params }) => {
      const { mode, success_url: successUrl, expires_at: expires } = params;
      if (mode !== 'setup') throw invalid('The stand-in serves Checkout in setup mode only.', { param: 'mode' });
      if (successUrl === undefined)
        throw invalid('You must provide success_url.', { code: 'parameter_missing', param: 'success_url' });
      if (params.currency === undefined && params.payment_method_types === undefined)
        throw invalid('You must provide a currency (or payment_method_types) when the mode is setup.', {
          code: 'parameter_missing',
          param: 'currency',
        });
      if (expires !== undefined && (expires < context.now + 30 * MINUTE || expires > context.now + DAY))
        throw invalid(
          'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.',
          {
            param: 'expires_at',
          },
        );
      return openSession(context, { ...params, success_url: successUrl });
    }),
    route('GET', '/v1/checkout/sessions', list, (context, { params }) => {
      const where = { customer: params.customer, status: params.status };
      return context.list('checkout.session', params, { url: '/v1/checkout/sessions', where });
    }),
    route('GET', '/v1/checkout/sessions/:id', {}, (context, { ids }) => context.need('checkout.session', ids.id ?? '')),
    route('POST', '/v1/checkout/sessions/:id', { metadata: p.metadata.optional() }, (context, { ids, params }) => {
      const old = context.need('checkout.session', ids.id ?? '');
      return context.put('checkout.session', { ...old, metadata: p.mergeMetadata(old.metadata, params.metadata) });
    }),
    route('POST', '/v1/checkout/sessions/:id/expire', {}, (context, { ids }) => {
      const old = context.need('checkout.session', ids.id ?? '');
      if (old.status !== 'open')
        throw invalid(
          `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${old.status}.`,
        );
      return expire(context, old);
    }),
  ],
  jobs: {
    expire_checkout: job<{ id: string }>((context, { id }) => {
      const session = context.get('checkout.session', id);
      if (session?.status === 'open') expire(context, session);
    }),
  },
  actions: {
    complete_checkout: action(
      'Completes a Checkout session, as its page does, with one of the test methods.',
      { session: p.text, payment_method: p.text.default('pm_card_visa') },
      (context, { session, payment_method: method }) =>
        complete(context, context.need('checkout.session', session), method),
    ),
  },
};

function complete(context: Context, session: Stripe.Checkout.Session, method: string): Stripe.Checkout.Session {
  if (session.status !== 'open') throw invalid(`The session is ${session.status ?? 'gone'}.`, { param: 'session' });
  const { customer, setup_intent: setup } = session;
  const open = context.need('setup_intent', typeof setup === 'string' ? setup : '');
  const intent = confirmSetupIntent(context, open, { payment_method: method });
  const owner = typeof customer === 'string' ? context.get('customer', customer) : undefined;
  const done = context.put('checkout.session', {
    ...session,
    customer_details: {
      address: owner?.address ?? null,
      business_name: null,
      email: owner?.email ?? session.customer_email,
      individual_name: null,
      name: owner?.name ?? null,
      phone: owner?.phone ?? null,
      tax_exempt: owner?.tax_exempt ?? 'none',
      tax_ids: null,
    },
    setup_intent: intent.id,
    status: 'complete',
    url: null,
  });
  context.emit('checkout.session.completed', 'checkout.session', done);
  return done;
}

function expire(context: Context, session: Stripe.Checkout.Session): Stripe.Checkout.Session {
  const expired = context.put('checkout.session', { ...session, status: 'expired', url: null });
  context.emit('checkout.session.expired', 'checkout.session', expired);
  return expired;
}

type Wanted = {
  cancel_url?: string | undefined;
  client_reference_id?: string | undefined;
  currency?: string | undefined;
  customer?: string | undefined;
  customer_email?: string | undefined;
  expires_at?: number | undefined;
  locale?: string | undefined;
  metadata?: Record<string, string | null> | null | undefined;
  payment_method_types?: string[] | undefined;
  setup_intent_data?:
    | { description?: string | undefined; metadata?: Record<string, string | null> | null | undefined }
    | undefined;
  success_url: string;
};

function openSession(context: Context, wanted: Wanted): Stripe.Checkout.Session {
  const types = wanted.payment_method_types ?? ['card', 'sepa_debit'];
  const { customer } = wanted;
  const intent = createSetupIntent(context, { ...wanted.setup_intent_data, customer, payment_method_types: types });
  const id = context.newId('cs_test_a1', 48);
  const expires = wanted.expires_at ?? context.now + DAY;
  const session = context.put('checkout.session', {
    id,
    object: 'checkout.session',
    adaptive_pricing: null,
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: null,
    amount_total: null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: wanted.cancel_url ?? null,
    client_reference_id: wanted.client_reference_id ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: context.now,
    currency: wanted.currency ?? null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: customer ?? null,
    customer_account: null,
    customer_creation: null,
    customer_details: null,
    customer_email: wanted.customer_email ?? null,
    discounts: null,
    expires_at: expires,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: (wanted.locale as Stripe.Checkout.Session.Locale | undefined) ?? null,
    managed_payments: null,
    metadata: p.mergeMetadata({}, wanted.metadata),
    mode: 'setup',
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: 'always',
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: types,
    payment_status: 'no_payment_required',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: intent.id,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: null,
    subscription: null,
    success_url: wanted.success_url,
    total_details: null,
    ui_mode: 'hosted_page',
    url: `${context.url}/checkout/${id}`,
    wallet_options: null,
  } satisfies Stripe.Checkout.Session);
  context.later(expires, 'expire_checkout', { id });
  return session;
}
