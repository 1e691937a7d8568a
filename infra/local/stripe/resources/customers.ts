/** Customers: who is billed, with address, tax ids and what their invoices show. */
import type { Stripe } from 'stripe';
import { addressFields, addressOf } from '../addresses.ts';
import type { Context } from '../context.ts';
import { invalid, resourceMissing } from '../errors.ts';
import * as p from '../params.ts';
import { type Resource, route } from '../resource.ts';
import { attachMethod, useMethod } from './payment-methods.ts';
import { addTaxId, taxIdFields } from './tax-ids.ts';

const MOST_CUSTOM_FIELDS = 4;
const customFields = p.clearable(
  p.listOf(p.hash({ name: p.text.max(40), value: p.text.max(140) })).max(MOST_CUSTOM_FIELDS),
);
const invoiceSettings = p.hash({
  custom_fields: customFields.optional(),
  default_payment_method: p.text.optional(),
  footer: p.text.optional(),
  rendering_options: p
    .clearable(
      p.hash({
        amount_tax_display: p.clearable(p.oneOf(['exclude_tax', 'include_inclusive_tax'])).optional(),
        template: p.text.optional(),
      }),
    )
    .optional(),
});

const update = {
  address: addressFields.optional(),
  business_name: p.clearable(p.text.max(150)).optional(),
  description: p.text.optional(),
  email: p.text.max(512).optional(),
  invoice_prefix: p.text.regex(/^([A-Z0-9]{3,12})?$/).optional(),
  invoice_settings: invoiceSettings.optional(),
  metadata: p.metadata.optional(),
  name: p.text.max(256).optional(),
  next_invoice_sequence: p.whole.optional(),
  phone: p.text.max(20).optional(),
  preferred_locales: p.listOf(p.text).optional(),
  tax: p
    .hash({
      ip_address: p.clearable(p.text).optional(),
      validate_location: p.oneOf(['auto', 'deferred', 'immediately']).optional(),
    })
    .optional(),
  tax_exempt: p.clearable(p.oneOf(['exempt', 'none', 'reverse'])).optional(),
} satisfies p.ParamsOf<Stripe.CustomerUpdateParams>;
const create = {
  ...update,
  payment_method: p.text.optional(),
  tax_id_data: p.listOf(p.hash(taxIdFields)).max(5).optional(),
} satisfies p.ParamsOf<Stripe.CustomerCreateParams>;
const list = {
  ...p.page,
  created: p.created,
  email: p.text.optional(),
} satisfies p.ParamsOf<Stripe.CustomerListParams>;

export const customers: Resource = {
  routes: [
    route('POST', '/v1/customers', create, (context, { params }) => {
      const { tax_id_data: taxIds, payment_method: method, invoice_settings: settings, ...rest } = params;
      let customer = context.put('customer', changed(context, fresh(context), rest as Change));
      if (method !== undefined) attachMethod(context, useMethod(context, method, 'payment_method'), customer.id);
      // The default may be the method that came with the same request.
      if (settings !== undefined)
        customer = context.put('customer', changed(context, customer, { invoice_settings: settings } as Change));
      context.emit('customer.created', 'customer', customer);
      for (const taxId of taxIds ?? []) addTaxId(context, customer.id, taxId);
      return customer;
    }),
    route('GET', '/v1/customers', list, (context, { params }) =>
      context.list('customer', params, {
        url: '/v1/customers',
        where: { email: params.email, deleted: null },
      }),
    ),
    route('GET', '/v1/customers/:customer', {}, (context, { ids }) => {
      const found = context.get('customer', ids.customer ?? '');
      if (found === undefined) throw resourceMissing('customer', ids.customer ?? '');
      return found;
    }),
    route('POST', '/v1/customers/:customer', update, (context, { ids, params }) => {
      const old = context.need('customer', ids.customer ?? '');
      return context.change('customer', 'customer.updated', old, changed(context, old, params as Change));
    }),
    route('DELETE', '/v1/customers/:customer', {}, (context, { ids }) => {
      const old = context.need('customer', ids.customer ?? '');
      const gone = { id: old.id, object: 'customer', deleted: true } satisfies Stripe.DeletedCustomer;
      context.put('customer', gone as unknown as Stripe.Customer);
      context.emit('customer.deleted', 'customer', old);
      return gone;
    }),
  ],
  includes: {
    customer: {
      tax_ids: (context, customer) =>
        context.list('tax_id', {}, { url: `/v1/customers/${customer.id}/tax_ids`, where: { customer: customer.id } }),
      sources: (_, customer) => ({
        object: 'list',
        data: [],
        has_more: false,
        url: `/v1/customers/${customer.id}/sources`,
      }),
      subscriptions: (_, customer) => ({
        object: 'list',
        data: [],
        has_more: false,
        url: `/v1/customers/${customer.id}/subscriptions`,
      }),
    },
  },
};

type Change = Omit<Stripe.CustomerUpdateParams, 'metadata'> & { metadata?: Record<string, string | null> | null };

function fresh(context: Context): Stripe.Customer {
  return {
    id: context.newId('cus_', 14),
    object: 'customer',
    address: null,
    balance: 0,
    created: context.now,
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: context.newId('', 8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  } satisfies Stripe.Customer;
}

function changed(context: Context, old: Stripe.Customer, change: Change): Stripe.Customer {
  const { metadata, invoice_settings: settings, address: where, tax: _tax, tax_exempt: exempt, ...plain } = change;
  if (settings?.default_payment_method) ownMethod(context, old.id, settings.default_payment_method);
  const next: Stripe.Customer = {
    ...old,
    // An empty text takes a plain field away.
    ...(Object.fromEntries(
      Object.entries(plain).map(([key, value]) => [key, value === '' ? null : value]),
    ) as Partial<Stripe.Customer>),
    metadata: p.mergeMetadata(old.metadata, metadata),
    invoice_settings: { ...old.invoice_settings, ...nulls(settings) } as Stripe.Customer['invoice_settings'],
  };
  if (where !== undefined) next.address = addressOf(where as Partial<Stripe.Address> | null);
  if (exempt !== undefined) next.tax_exempt = exempt || 'none';
  return next;
}

const nulls = (settings: object | undefined): object =>
  Object.fromEntries(Object.entries(settings ?? {}).map(([key, value]) => [key, value === '' ? null : value]));

function ownMethod(context: Context, customer: string, method: string): void {
  const param = 'invoice_settings[default_payment_method]';
  if (context.need('payment_method', method, param).customer === customer) return;
  throw invalid(
    'The customer does not have a payment method with the ID ' +
      method +
      '. The payment method must be attached to the customer.',
    {
      code: 'resource_missing',
      param,
    },
  );
}
