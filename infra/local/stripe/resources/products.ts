/** Products and the prices that invoice lines make of them. Nothing here is bought by the month. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid, resourceMissing } from '../errors.ts';
import * as p from '../params.ts';
import { type Resource, route } from '../resource.ts';
import { idOf } from './intents.ts';

const common = {
  active: p.flag.optional(),
  description: p.text.optional(),
  images: p.clearable(p.listOf(p.text)).optional(),
  metadata: p.metadata.optional(),
  shippable: p.flag.optional(),
  statement_descriptor: p.text.max(22).optional(),
  tax_code: p.clearable(p.text).optional(),
  unit_label: p.text.optional(),
  url: p.text.optional(),
};
const createProduct = {
  ...common,
  id: p.text.optional(),
  name: p.text.min(1),
  type: p.oneOf(['good', 'service']).optional(),
} satisfies p.ParamsOf<Stripe.ProductCreateParams>;
const updateProduct = {
  ...common,
  name: p.text.min(1).optional(),
} satisfies p.ParamsOf<Stripe.ProductUpdateParams>;
const listProducts = {
  ...p.page,
  active: p.flag.optional(),
  created: p.created,
  ids: p.listOf(p.text).optional(),
} satisfies p.ParamsOf<Stripe.ProductListParams>;
const createPrice = {
  active: p.flag.optional(),
  currency: p.currency,
  metadata: p.metadata.optional(),
  nickname: p.text.optional(),
  product: p.text,
  tax_behavior: p.oneOf(['exclusive', 'inclusive', 'unspecified']).optional(),
  unit_amount: p.whole,
} satisfies p.ParamsOf<Stripe.PriceCreateParams>;
const listPrices = {
  ...p.page,
  active: p.flag.optional(),
  created: p.created,
  currency: p.currency.optional(),
  product: p.text.optional(),
} satisfies p.ParamsOf<Stripe.PriceListParams>;

type Change = { [K in keyof typeof common]?: unknown } & { name?: string | undefined; metadata?: never };

/** Decimals go over the wire as text; the SDK makes its own of them. */
export const decimal = (value: number): Stripe.Decimal => String(value) as unknown as Stripe.Decimal;

type PriceOf = {
  product: string;
  currency: string;
  unitAmount: number;
  taxBehavior: 'exclusive' | 'inclusive' | 'unspecified';
  /** One made for a single line is not for sale. */
  isActive: boolean;
  nickname?: string | undefined;
  metadata?: Record<string, string>;
};

export function makePrice(context: Context, price: PriceOf): Stripe.Price {
  return context.put('price', {
    id: context.newId('price_1', 23),
    object: 'price',
    active: price.isActive,
    billing_scheme: 'per_unit',
    created: context.now,
    currency: price.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: price.metadata ?? {},
    nickname: price.nickname ?? null,
    product: price.product,
    recurring: null,
    tax_behavior: price.taxBehavior,
    tiers_mode: null,
    transform_quantity: null,
    type: 'one_time',
    unit_amount: price.unitAmount,
    unit_amount_decimal: decimal(price.unitAmount),
  });
}

/** The product of a line; refuses one that is no longer sold. */
export function needProduct(context: Context, id: string, param: string): Stripe.Product {
  const product = context.need('product', id, param);
  if (product.active) return product;
  throw invalid(`The product ${id} is marked as inactive, and no new prices can be made of it.`, {
    code: 'product_inactive',
    param,
  });
}

function productOf(context: Context, old: Stripe.Product, change: Change): Stripe.Product {
  const { metadata, ...plain } = change;
  const cleared = Object.entries(plain)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, value === '' ? null : (value ?? (key === 'images' ? [] : null))]);
  const next = { ...old, ...Object.fromEntries(cleared), updated: context.now } as Stripe.Product;
  next.metadata = p.mergeMetadata(old.metadata, metadata);
  const code = idOf(next.tax_code);
  next.tax_details = code === null ? null : { performance_location: null, tax_code: code };
  return next;
}

const fresh = (id: string, name: string, now: number): Stripe.Product => ({
  id,
  object: 'product',
  active: true,
  created: now,
  default_price: null,
  description: null,
  images: [],
  livemode: false,
  marketing_features: [],
  metadata: {},
  name,
  package_dimensions: null,
  shippable: null,
  statement_descriptor: null,
  tax_code: null,
  tax_details: null,
  type: 'service',
  unit_label: null,
  updated: now,
  url: null,
});

export const products: Resource = {
  routes: [
    route('POST', '/v1/products', createProduct, (context, { params }) => {
      const { id = context.newId('prod_', 14), ...rest } = params;
      if (context.get('product', id) !== undefined)
        throw invalid(`Product already exists: ${id}`, { code: 'resource_already_exists', param: 'id' });
      const product = context.put('product', productOf(context, fresh(id, params.name, context.now), rest as Change));
      context.emit('product.created', 'product', product);
      return product;
    }),
    route('GET', '/v1/products', listProducts, (context, { params }) => {
      const { active, ids } = params;
      const among = ids === undefined ? {} : { among: { field: 'id', values: ids } };
      return context.list('product', params, { url: '/v1/products', where: { active, deleted: null }, ...among });
    }),
    route('GET', '/v1/products/:id', {}, (context, { ids }) => context.need('product', ids.id ?? '')),
    route('POST', '/v1/products/:id', updateProduct, (context, { ids, params }) => {
      const old = context.need('product', ids.id ?? '');
      const next = context.put('product', productOf(context, old, params as Change));
      context.emit('product.updated', 'product', next, { updated: old.updated });
      return next;
    }),
    route('DELETE', '/v1/products/:id', {}, (context, { ids }) => {
      const old = context.need('product', ids.id ?? '');
      if (context.find('price', { product: old.id }).length > 0)
        throw invalid('This product cannot be deleted because it has one or more user-created prices.', {
          param: 'id',
        });
      context.remove(old.id);
      context.emit('product.deleted', 'product', old);
      return { id: old.id, object: 'product', deleted: true } satisfies Stripe.DeletedProduct;
    }),
    route('POST', '/v1/prices', createPrice, (context, { params }) => {
      needProduct(context, params.product, 'product');
      const price = makePrice(context, {
        product: params.product,
        currency: params.currency,
        unitAmount: params.unit_amount,
        taxBehavior: params.tax_behavior ?? 'unspecified',
        isActive: params.active ?? true,
        nickname: params.nickname,
        metadata: p.mergeMetadata({}, params.metadata),
      });
      context.emit('price.created', 'price', price);
      return price;
    }),
    route('GET', '/v1/prices', listPrices, (context, { params }) => {
      const { active, currency, product } = params;
      return context.list('price', params, { url: '/v1/prices', where: { active, currency, product } });
    }),
    route('GET', '/v1/prices/:id', {}, (context, { ids }) => {
      const price = context.get('price', ids.id ?? '');
      if (price === undefined) throw resourceMissing('price', ids.id ?? '');
      return price;
    }),
  ],
};
