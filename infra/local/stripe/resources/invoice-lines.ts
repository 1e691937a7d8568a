/** Lines of draft invoices, and what they come to: subtotal, tax and total follow from the lines and nothing else. */
import type { Stripe } from 'stripe';
import type * as z from 'zod';
import type { Context } from '../context.ts';
import { invalid } from '../errors.ts';
import * as p from '../params.ts';
import { settingsOf } from '../settings.ts';
import { balanceOf } from './customer-balance.ts';
import { idOf } from './intents.ts';
import { decimal, makePrice, needProduct } from './products.ts';
import { lineTaxes, sumOfTaxes, type TaxParty, taxRule, totalTaxes } from './tax.ts';

/** Stripe's cap on the lines of one invoice. */
export const MOST_LINES = 250;

const period = p.hash({ end: p.whole, start: p.whole });
const priceData = p.hash({
  currency: p.currency.optional(),
  product: p.text.optional(),
  tax_behavior: p.oneOf(['exclusive', 'inclusive', 'unspecified']).optional(),
  unit_amount: p.integer.optional(),
  unit_amount_decimal: p.text.regex(/^-?\d{1,16}(\.\d{1,12})?$/).optional(),
});
/** What a line and an invoice item have in common. */
export const lineFields = {
  amount: p.integer.optional(),
  description: p.text.max(500).optional(),
  discountable: p.flag.optional(),
  metadata: p.metadata.optional(),
  period: period.optional(),
  price_data: priceData.optional(),
  pricing: p.hash({ price: p.text.optional() }).optional(),
  quantity: p.whole.optional(),
};
export type LineInput = {
  amount?: number | undefined;
  description?: string | undefined;
  discountable?: boolean | undefined;
  metadata?: z.infer<typeof p.metadata> | undefined;
  period?: { start: number; end: number } | undefined;
  price_data?:
    | {
        currency?: string | undefined;
        product?: string | undefined;
        tax_behavior?: 'exclusive' | 'inclusive' | 'unspecified' | undefined;
        unit_amount?: number | undefined;
        unit_amount_decimal?: string | undefined;
      }
    | undefined;
  pricing?: { price?: string | undefined } | undefined;
  quantity?: number | undefined;
};

type Priced = { amount: number; pricing: Stripe.InvoiceItem['pricing']; quantity: number };

/** What a line comes to. `at` names the parameter in refusals. */
function priced(context: Context, currency: string, input: LineInput, at: string): Priced {
  const { amount, price_data: data, pricing, quantity = 1 } = input;
  const ways = [amount, data, pricing].filter((way) => way !== undefined).length;
  if (ways !== 1)
    throw invalid('You must specify exactly one of amount, price_data or pricing for a line.', {
      code: ways === 0 ? 'parameter_missing' : 'parameters_exclusive',
      param: `${at}[amount]`,
    });
  if (amount !== undefined) {
    if (quantity !== 1) throw invalid('quantity can only be set together with a price.', { param: `${at}[quantity]` });
    const product = context.get('product', 'prod_line') ?? lineProduct(context);
    const price = makePrice(context, {
      product: product.id,
      currency,
      unitAmount: amount,
      taxBehavior: 'unspecified',
      isActive: false,
    });
    return { amount, quantity, pricing: details(price, decimal(amount)) };
  }
  if (pricing !== undefined) {
    const price = context.need('price', pricing.price ?? '', `${at}[pricing][price]`);
    sameCurrency(price.currency, currency, at);
    const unit = price.unit_amount ?? 0;
    return { amount: unit * quantity, quantity, pricing: details(price, decimal(unit)) };
  }
  sameCurrency(data?.currency ?? '', currency, at);
  const product = needProduct(context, data?.product ?? '', `${at}[price_data][product]`);
  const unit = data?.unit_amount_decimal ?? (data?.unit_amount === undefined ? undefined : String(data.unit_amount));
  if (unit === undefined)
    throw invalid('Missing required param: unit_amount.', {
      code: 'parameter_missing',
      param: `${at}[price_data][unit_amount]`,
    });
  const price = makePrice(context, {
    product: product.id,
    currency,
    unitAmount: Number(timesDecimal(unit, 1)),
    taxBehavior: data?.tax_behavior ?? 'unspecified',
    isActive: false,
  });
  return { amount: timesDecimal(unit, quantity), quantity, pricing: details(price, unit as unknown as Stripe.Decimal) };
}

const details = (price: Stripe.Price, unit: Stripe.Decimal): NonNullable<Stripe.InvoiceItem['pricing']> => ({
  price_details: { price: price.id, product: idOf(price.product) ?? '' },
  type: 'price_details',
  unit_amount_decimal: unit,
});

/** What stands on a line that was given as a bare amount. */
const lineProduct = (context: Context): Stripe.Product =>
  context.put('product', {
    id: 'prod_line',
    object: 'product',
    active: true,
    created: context.now,
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: {},
    name: 'Invoice line',
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: context.now,
    url: null,
  });

function sameCurrency(given: string, wanted: string, at: string): void {
  if (given === wanted) return;
  throw invalid(`The currency of the line (${given}) must be that of the invoice (${wanted}).`, {
    param: `${at}[price_data][currency]`,
  });
}

/** A price with up to twelve decimals, so many times, in whole cents, half away from zero. */
export function timesDecimal(unit: string, quantity: number): number {
  const [, sign = '', whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(unit) ?? [];
  const scale = 10n ** BigInt(part.length);
  const exact = BigInt(whole + part) * BigInt(quantity);
  const cents = Number((exact * 2n + scale) / (scale * 2n));
  return sign === '-' && cents !== 0 ? -cents : cents;
}

type ItemOf = { customer: string; currency: string; invoice: string | null; input: LineInput; at: string };

export function makeItem(context: Context, { customer, currency, invoice, input, at }: ItemOf): Stripe.InvoiceItem {
  const { amount, pricing, quantity } = priced(context, currency, input, at);
  const item = context.put('invoiceitem', {
    id: context.newId('ii_1', 23),
    object: 'invoiceitem',
    amount,
    currency,
    customer,
    customer_account: null,
    date: context.now,
    description: input.description ?? productName(context, pricing),
    discountable: input.discountable ?? amount >= 0,
    discounts: [],
    invoice,
    livemode: false,
    metadata: p.mergeMetadata({}, input.metadata),
    net_amount: amount,
    parent: null,
    period: input.period ?? { start: context.now, end: context.now },
    pricing,
    proration: false,
    quantity,
    quantity_decimal: decimal(quantity),
    tax_rates: [],
    test_clock: null,
  });
  context.emit('invoiceitem.created', 'invoiceitem', item);
  return item;
}

function productName(context: Context, pricing: Stripe.InvoiceItem['pricing']): string | null {
  const id = pricing?.price_details?.product;
  return id === undefined || id === 'prod_line' ? null : (context.get('product', id)?.name ?? null);
}

const LINES = 'line_item';

export const linesOf = (context: Context, invoice: string): Stripe.InvoiceLineItem[] =>
  context.find(LINES, { invoice });

/** Puts an item onto an invoice as a line. */
export function addLine(context: Context, invoice: string, item: Stripe.InvoiceItem): Stripe.InvoiceLineItem {
  return context.put(LINES, {
    id: context.newId('il_1', 23),
    object: LINES,
    discount_amounts: [],
    discounts: [],
    invoice,
    livemode: false,
    parent: {
      invoice_item_details: { invoice_item: item.id, proration: false, proration_details: null, subscription: null },
      subscription_item_details: null,
      type: 'invoice_item_details',
    },
    pretax_credit_amounts: [],
    subscription: null,
    taxes: [],
    ...shared(item),
  });
}

const shared = (item: Stripe.InvoiceItem) => ({
  amount: item.amount,
  currency: item.currency,
  description: item.description,
  discountable: item.discountable,
  metadata: item.metadata ?? {},
  period: item.period,
  pricing: item.pricing,
  quantity: item.quantity,
  quantity_decimal: item.quantity_decimal,
  subtotal: item.amount,
});

export const itemOf = (context: Context, line: Stripe.InvoiceLineItem): Stripe.InvoiceItem =>
  context.need('invoiceitem', line.parent?.invoice_item_details?.invoice_item ?? '');

/** Changes an item, and the line that stands for it. */
export function changeItem(
  context: Context,
  item: Stripe.InvoiceItem,
  input: LineInput,
  at: string,
): Stripe.InvoiceItem {
  const isPriced = [input.amount, input.price_data, input.pricing].some((way) => way !== undefined);
  const next: Stripe.InvoiceItem = {
    ...item,
    ...(isPriced ? priced(context, item.currency, { ...input, quantity: input.quantity ?? undefined }, at) : {}),
    ...(input.description === undefined ? {} : { description: input.description }),
    ...(input.discountable === undefined ? {} : { discountable: input.discountable }),
    ...(input.period === undefined ? {} : { period: input.period }),
    metadata: p.mergeMetadata(item.metadata, input.metadata),
  };
  if (!isPriced && input.quantity !== undefined) {
    next.quantity = input.quantity;
    next.amount = timesDecimal(String(item.pricing?.unit_amount_decimal ?? '0'), input.quantity);
  }
  next.net_amount = next.amount;
  next.quantity_decimal = decimal(next.quantity);
  context.put('invoiceitem', next);
  const invoice = idOf(next.invoice);
  const line = invoice === null ? undefined : linesOf(context, invoice).find((one) => itemIdOf(one) === item.id);
  if (line !== undefined) context.put(LINES, { ...line, ...shared(next) });
  return next;
}

const itemIdOf = (line: Stripe.InvoiceLineItem): string | undefined => line.parent?.invoice_item_details?.invoice_item;

/** Takes a line away; its item with it, or back among those that wait for an invoice. */
export function dropLine(context: Context, line: Stripe.InvoiceLineItem, behavior: 'delete' | 'unassign'): void {
  const item = itemOf(context, line);
  context.remove(line.id);
  if (behavior === 'unassign') {
    context.put('invoiceitem', { ...item, invoice: null });
    return;
  }
  context.remove(item.id);
  context.emit('invoiceitem.deleted', 'invoiceitem', item);
}

/** Who is taxed on an invoice, as the customer stands now. */
export function taxParty(context: Context, customer: Stripe.Customer): TaxParty {
  return {
    country: customer.address?.country ?? customer.shipping?.address?.country ?? null,
    exempt: (customer.tax_exempt as TaxParty['exempt'] | null) ?? 'none',
    hasTaxId: context.find('tax_id', { customer: customer.id }).length > 0,
    home: settingsOf(context).country,
  };
}

/** A draft with the sums that its lines and its customer make. */
export function reckon(context: Context, draft: Stripe.Invoice): Stripe.Invoice {
  const customer = context.need('customer', idOf(draft.customer as string) ?? '', 'customer');
  const party = taxParty(context, customer);
  const isTaxed = draft.automatic_tax.enabled;
  const codes = new Map<string, string | null>();
  const codeOf = (product: string): string | null => {
    if (!codes.has(product)) codes.set(product, idOf(context.get('product', product)?.tax_code) ?? null);
    return codes.get(product) ?? null;
  };
  const lines = linesOf(context, draft.id).map((line) => {
    const rule = taxRule(party, codeOf(line.pricing?.price_details?.product ?? ''));
    const taxes = isTaxed ? lineTaxes(line.amount, rule, party.country) : [];
    if (JSON.stringify(taxes) === JSON.stringify(line.taxes)) return line;
    return context.put(LINES, { ...line, taxes });
  });
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0);
  const taxes = totalTaxes(lines);
  const total = subtotal + sumOfTaxes(taxes);
  const starting = balanceOf(customer, draft.currency);
  const due = Math.max(0, total + starting);
  return {
    ...draft,
    ...snapshot(context, customer),
    automatic_tax: {
      ...draft.automatic_tax,
      status: isTaxed ? (party.country === null ? 'requires_location_inputs' : 'complete') : null,
    },
    subtotal,
    subtotal_excluding_tax: subtotal,
    total,
    total_excluding_tax: subtotal,
    total_taxes: taxes,
    starting_balance: starting,
    amount_due: due,
    amount_remaining: due,
  };
}

const snapshot = (context: Context, customer: Stripe.Customer) => ({
  customer_address: customer.address ?? null,
  customer_email: customer.email,
  customer_name: customer.name ?? null,
  customer_phone: customer.phone ?? null,
  customer_shipping: null,
  customer_tax_exempt: customer.tax_exempt ?? 'none',
  customer_tax_ids: context.find('tax_id', { customer: customer.id }).map(({ type, value }) => ({ type, value })),
});
