/** Tax ids of customers. Those of the European Union, Britain and Australia are looked up, which takes a while. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid, resourceMissing } from '../errors.ts';
import * as p from '../params.ts';
import { job, type Resource, route } from '../resource.ts';

export const taxIdFields = { type: p.text, value: p.text } satisfies p.ParamsOf<Stripe.CustomerCreateTaxIdParams>;

/** Others are taken as they are; Stripe knows more formats than these. */
const FORMATS: Readonly<Record<string, RegExp>> = {
  au_abn: /^\d{11}$/,
  ch_vat: /^CHE-?\d{3}\.?\d{3}\.?\d{3}( ?(MWST|TVA|IVA))?$/,
  eu_vat: /^(AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)[0-9A-Z]{2,12}$/,
  gb_vat: /^GB(\d{9}|\d{12}|(GD|HA)\d{3})$/,
  us_ein: /^\d{2}-?\d{7}$/,
};
const LOOKED_UP = ['au_abn', 'eu_vat', 'gb_vat'];
const LOOK_UP_SECONDS = 60;

export const taxIds: Resource = {
  routes: [
    route('POST', '/v1/customers/:customer/tax_ids', taxIdFields, (context, { ids, params }) =>
      addTaxId(context, context.need('customer', ids.customer ?? '').id, params),
    ),
    route('GET', '/v1/customers/:customer/tax_ids', p.page, (context, { ids, params }) => {
      const { id } = context.need('customer', ids.customer ?? '');
      return context.list('tax_id', params, { url: `/v1/customers/${id}/tax_ids`, where: { customer: id } });
    }),
    route('GET', '/v1/customers/:customer/tax_ids/:id', {}, (context, { ids }) => ofCustomer(context, ids)),
    route('DELETE', '/v1/customers/:customer/tax_ids/:id', {}, (context, { ids }) => {
      const taxId = ofCustomer(context, ids);
      context.remove(taxId.id);
      context.emit('customer.tax_id.deleted', 'tax_id', taxId);
      return { id: taxId.id, object: 'tax_id', deleted: true } satisfies Stripe.DeletedTaxId;
    }),
  ],
  jobs: {
    look_up_tax_id: job<{ id: string }>((context, { id }) => {
      const old = context.get('tax_id', id);
      const status = old === undefined ? 'pending' : foundAs(old.value);
      if (old === undefined || status === 'pending') return;
      const verified = status === 'verified' ? { verified_address: '123 Test St', verified_name: 'Test' } : {};
      const next = context.put('tax_id', { ...old, verification: { ...nothingKnown(status), ...verified } });
      context.emit('customer.tax_id.updated', 'tax_id', next, { verification: old.verification });
    }),
  },
};

/** Gives a customer a tax id, in the format that its type has. */
export function addTaxId(
  context: Context,
  customer: string,
  { type, value }: { type: string; value: string },
): Stripe.TaxId {
  if (FORMATS[type]?.test(value) === false)
    throw invalid(`Invalid value for ${type}.`, { code: 'tax_id_invalid', param: 'value' });
  const isLookedUp = LOOKED_UP.includes(type);
  const taxId = context.put('tax_id', {
    id: context.newId('txi_1'),
    object: 'tax_id',
    country: countryOf(type, value),
    created: context.now,
    customer,
    customer_account: null,
    livemode: false,
    owner: { customer, customer_account: null, type: 'customer' },
    type,
    value,
    verification: nothingKnown(isLookedUp ? 'pending' : 'unavailable'),
  } satisfies Stripe.TaxId);
  context.emit('customer.tax_id.created', 'tax_id', taxId);
  if (isLookedUp) context.later(context.now + LOOK_UP_SECONDS, 'look_up_tax_id', { id: taxId.id });
  return taxId;
}

function ofCustomer(context: Context, ids: Readonly<Record<string, string>>): Stripe.TaxId {
  const taxId = context.need('tax_id', ids.id ?? '');
  if (taxId.customer !== context.need('customer', ids.customer ?? '').id) throw resourceMissing('tax_id', taxId.id);
  return taxId;
}

const nothingKnown = (status: Stripe.TaxId.Verification.Status): Stripe.TaxId.Verification => ({
  status,
  verified_address: null,
  verified_name: null,
});

/** Stripe's magic values: nine ones are not found, nine twos never looked up; everything else is found. */
function foundAs(value: string): 'verified' | 'unverified' | 'pending' {
  if (value.endsWith('111111111')) return 'unverified';
  return value.endsWith('222222222') ? 'pending' : 'verified';
}

function countryOf(type: string, value: string): string | null {
  const country = type === 'eu_vat' ? value.slice(0, 2) : type.slice(0, 2).toUpperCase();
  return country === 'EL' ? 'GR' : country;
}
