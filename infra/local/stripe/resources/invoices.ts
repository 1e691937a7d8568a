/** Invoices: drafts are edited, then they are final and only paid, voided or written off. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid } from '../errors.ts';
import * as p from '../params.ts';
import { action, job, type Resource, route } from '../resource.ts';
import { settingsOf } from '../settings.ts';
import { DAY } from './balance.ts';
import { declineNext } from './charging.ts';
import { idOf } from './intents.ts';
import {
  advanceDraft,
  becomeOverdue,
  collect,
  DRAFT_SECONDS,
  finalize,
  keepDays,
  needStatus,
  pay,
} from './invoice-collect.ts';
import { addLine, dropLine, linesOf, reckon } from './invoice-lines.ts';
import { keepInvoice, paymentsOf, voidInvoice, writeOff } from './invoice-state.ts';
import { payOutside } from './payment-records.ts';

type Invoice = Stripe.Invoice;

const customFields = p.clearable(p.listOf(p.hash({ name: p.text.max(40), value: p.text.max(140) })).max(4));
const terms = {
  auto_advance: p.flag.optional(),
  automatic_tax: p.hash({ enabled: p.flag, liability: p.anything.optional() }).optional(),
  automatically_finalizes_at: p.whole.optional(),
  collection_method: p.oneOf(['charge_automatically', 'send_invoice']).optional(),
  custom_fields: customFields.optional(),
  days_until_due: p.whole.optional(),
  default_payment_method: p.text.optional(),
  description: p.text.max(1_500).optional(),
  due_date: p.whole.optional(),
  effective_at: p.whole.optional(),
  footer: p.text.optional(),
  metadata: p.metadata.optional(),
  number: p.text.max(26).optional(),
  payment_settings: p.anything.optional(),
  rendering: p.anything.optional(),
  statement_descriptor: p.text.max(22).optional(),
} satisfies p.ParamsOf<Stripe.InvoiceUpdateParams>;
const create = {
  ...terms,
  currency: p.currency.optional(),
  customer: p.text,
  pending_invoice_items_behavior: p.oneOf(['exclude', 'include']).optional(),
} satisfies p.ParamsOf<Stripe.InvoiceCreateParams>;
const list = {
  ...p.page,
  collection_method: p.oneOf(['charge_automatically', 'send_invoice']).optional(),
  created: p.created,
  customer: p.text.optional(),
  status: p.oneOf(['draft', 'open', 'paid', 'uncollectible', 'void']).optional(),
} satisfies p.ParamsOf<Stripe.InvoiceListParams>;
const payment = {
  mandate: p.text.optional(),
  off_session: p.flag.optional(),
  paid_out_of_band: p.flag.optional(),
  payment_method: p.text.optional(),
} satisfies p.ParamsOf<Stripe.InvoicePayParams>;

type Terms = {
  auto_advance?: boolean | undefined;
  automatic_tax?: { enabled: boolean } | undefined;
  automatically_finalizes_at?: number | undefined;
  collection_method?: 'charge_automatically' | 'send_invoice' | undefined;
  custom_fields?: Stripe.Invoice.CustomField[] | null | undefined;
  days_until_due?: number | undefined;
  default_payment_method?: string | undefined;
  description?: string | undefined;
  due_date?: number | undefined;
  effective_at?: number | undefined;
  footer?: string | undefined;
  metadata?: Record<string, string | null> | null | undefined;
  number?: string | undefined;
  statement_descriptor?: string | undefined;
};
/** What may still be changed of an invoice that is final. */
const LATE = new Set([
  'auto_advance',
  'metadata',
  'default_payment_method',
  'due_date',
  'effective_at',
  'footer',
  'payment_settings',
]);

function changed(context: Context, old: Invoice, given: Terms): Invoice {
  const { automatic_tax: tax, custom_fields: fields, days_until_due: days, metadata, ...rest } = given;
  const plain = Object.entries(rest)
    .filter(([key, value]) => value !== undefined && !['payment_settings', 'rendering'].includes(key))
    .map(([key, value]) => [key, value === '' ? null : value]);
  const next: Invoice = { ...old, ...Object.fromEntries(plain), metadata: p.mergeMetadata(old.metadata, metadata) };
  if (fields !== undefined) next.custom_fields = fields;
  if (tax !== undefined)
    next.automatic_tax = { ...old.automatic_tax, enabled: tax.enabled, provider: tax.enabled ? 'stripe' : null };
  needTerms(next, days, given.due_date);
  if (days !== undefined) {
    keepDays(context, old.id, days);
    next.due_date = context.now + days * DAY;
  }
  if (given.default_payment_method)
    context.need('payment_method', given.default_payment_method, 'default_payment_method');
  return next;
}

function needTerms(next: Invoice, days: number | undefined, dueDate: number | undefined): void {
  const isSent = next.collection_method === 'send_invoice';
  if (!isSent && (days !== undefined || dueDate !== undefined))
    throw invalid(
      "`days_until_due` and `due_date` can only be set for invoices with `collection_method` set to 'send_invoice'.",
      {
        param: days === undefined ? 'due_date' : 'days_until_due',
      },
    );
  if (isSent && next.status === 'draft' && next.due_date === null && days === undefined && dueDate === undefined)
    throw invalid(
      "If `collection_method` is set to 'send_invoice' you must specify either `days_until_due` or `due_date`.",
      {
        code: 'parameter_missing',
        param: 'days_until_due',
      },
    );
}

function fresh(context: Context, customer: Stripe.Customer, currency: string): Invoice {
  const { country } = settingsOf(context);
  const id = context.newId('in_1', 23);
  return {
    id,
    object: 'invoice',
    account_country: country,
    account_name: 'Parley',
    account_tax_ids: null,
    amount_due: 0,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: false,
    automatic_tax: { disabled_reason: null, enabled: false, liability: { type: 'self' }, provider: null, status: null },
    automatically_finalizes_at: null,
    billing_reason: 'manual',
    collection_method: 'charge_automatically',
    created: context.now,
    currency,
    custom_fields: customer.invoice_settings.custom_fields,
    customer: customer.id,
    customer_account: null,
    customer_address: null,
    customer_email: null,
    customer_name: null,
    customer_phone: null,
    customer_shipping: null,
    customer_tax_exempt: 'none',
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: customer.invoice_settings.footer,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: { object: 'list', data: [], has_more: false, url: `/v1/invoices/${id}/lines` },
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: context.now,
    period_start: context.now,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: 0,
    subtotal_excluding_tax: 0,
    test_clock: null,
    total: 0,
    total_discount_amounts: [],
    total_excluding_tax: 0,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: context.now,
  } satisfies Invoice;
}

/** Drafts that advance by themselves are final after an hour. */
function scheduled(context: Context, invoice: Invoice): Invoice {
  if (invoice.auto_advance !== true)
    return { ...invoice, automatically_finalizes_at: null, next_payment_attempt: null };
  const at = invoice.automatically_finalizes_at ?? invoice.created + DRAFT_SECONDS;
  context.later(at, 'advance_draft', { invoice: invoice.id });
  const isCharged = invoice.collection_method === 'charge_automatically';
  return { ...invoice, automatically_finalizes_at: at, next_payment_attempt: isCharged ? at : null };
}

const of = (context: Context, ids: Readonly<Record<string, string>>): Invoice =>
  context.need('invoice', ids.invoice ?? '');

function takePending(context: Context, invoice: Invoice): void {
  const customer = idOf(invoice.customer as string) ?? '';
  const items = context.find('invoiceitem', { customer, invoice: null, currency: invoice.currency });
  for (const item of items.reverse())
    addLine(context, invoice.id, context.put('invoiceitem', { ...item, invoice: invoice.id }));
}

export const invoices: Resource = {
  routes: [
    route('POST', '/v1/invoices', create, (context, { params }) => {
      const { customer: customerId, currency, pending_invoice_items_behavior: pending, ...given } = params;
      const customer = context.need('customer', customerId, 'customer');
      const made = fresh(context, customer, currency ?? customer.currency ?? 'usd');
      const invoice = scheduled(context, changed(context, made, given as Terms));
      context.put('invoice', invoice);
      if (pending === 'include') takePending(context, invoice);
      const kept = context.put('invoice', reckon(context, invoice));
      context.emit('invoice.created', 'invoice', kept);
      return kept;
    }),
    route('GET', '/v1/invoices', list, (context, { params }) => {
      const { collection_method, customer, status } = params;
      return context.list('invoice', params, { url: '/v1/invoices', where: { collection_method, customer, status } });
    }),
    route('GET', '/v1/invoices/:invoice', {}, (context, { ids }) => of(context, ids)),
    route('POST', '/v1/invoices/:invoice', terms, (context, { ids, params }) => {
      const old = of(context, ids);
      const late = Object.entries(params).find(([key, value]) => value !== undefined && !LATE.has(key));
      if (old.status !== 'draft' && late !== undefined)
        throw invalid(`Finalized invoices can't be updated in this way: ${late[0]} can only be changed on a draft.`, {
          code: 'invoice_not_editable',
          param: late[0],
        });
      const next = changed(context, old, params as Terms);
      if (old.status !== 'draft') return keepInvoice(context, old, advanced(context, old, next));
      return keepInvoice(context, old, reckon(context, scheduled(context, next)));
    }),
    route('DELETE', '/v1/invoices/:invoice', {}, (context, { ids }) => {
      const old = of(context, ids);
      needStatus(
        old,
        ['draft'],
        'You can only delete draft invoices. To void an invoice that is final, use the void endpoint.',
      );
      for (const line of linesOf(context, old.id)) dropLine(context, line, 'delete');
      context.emit('invoice.deleted', 'invoice', old);
      context.remove(old.id);
      return { id: old.id, object: 'invoice', deleted: true } satisfies Stripe.DeletedInvoice;
    }),
    route('POST', '/v1/invoices/:invoice/finalize', { auto_advance: p.flag.optional() }, (context, { ids, params }) =>
      finalize(context, of(context, ids), params.auto_advance),
    ),
    route('POST', '/v1/invoices/:invoice/pay', payment, (context, { ids, params }) => {
      const found = of(context, ids);
      const invoice = found.status === 'draft' ? finalize(context, found) : found;
      if (found.status === 'draft' && invoice.status === 'paid') return invoice;
      if (params.paid_out_of_band === true) return payOutside(context, invoice);
      return pay(context, invoice, params.payment_method);
    }),
    route('POST', '/v1/invoices/:invoice/send', {}, (context, { ids }) => {
      const found = of(context, ids);
      const invoice = found.status === 'draft' ? finalize(context, found) : found;
      needStatus(
        invoice,
        ['open', 'paid', 'uncollectible'],
        'You can only send invoices that are open, paid or uncollectible.',
      );
      context.emit('invoice.sent', 'invoice', invoice);
      return invoice;
    }),
    route('POST', '/v1/invoices/:invoice/void', {}, (context, { ids }) => {
      const invoice = of(context, ids);
      needStatus(
        invoice,
        ['open', 'uncollectible'],
        `You can only void open or uncollectible invoices. This one is ${invoice.status}.`,
      );
      const isPaidInPart =
        invoice.amount_paid > 0 || paymentsOf(context, invoice.id).some((one) => isOnItsWay(context, one));
      if (isPaidInPart) throw invalid('You cannot void an invoice that has payments. Issue a credit note instead.');
      return voidInvoice(context, invoice);
    }),
    route('POST', '/v1/invoices/:invoice/mark_uncollectible', {}, (context, { ids }) => {
      const invoice = of(context, ids);
      needStatus(invoice, ['open'], `You can only mark open invoices as uncollectible. This one is ${invoice.status}.`);
      return writeOff(context, invoice);
    }),
  ],
  views: {
    invoice: (context, invoice) => ({
      ...invoice,
      lines: context.list('line_item', {}, { url: invoice.lines.url, where: { invoice: invoice.id }, order: 'oldest' }),
    }),
  },
  includes: {
    invoice: {
      confirmation_secret: (context, invoice) => {
        const open = paymentsOf(context, invoice.id).find((one) => one.is_default && one.status === 'open');
        const intent = context.get('payment_intent', idOf(open?.payment.payment_intent) ?? '');
        return intent === undefined ? null : { client_secret: intent.client_secret, type: 'payment_intent' };
      },
      payments: (context, { id }) =>
        context.list('invoice_payment', {}, { url: '/v1/invoice_payments', where: { invoice: id } }),
    },
  },
  jobs: {
    advance_draft: job<{ invoice: string }>((context, { invoice }) => advanceDraft(context, invoice)),
    collect_invoice: job<{ invoice: string; at: number | null }>((context, { invoice, at }) =>
      collect(context, invoice, at),
    ),
    invoice_due: job<{ invoice: string }>((context, { invoice }) => becomeOverdue(context, invoice)),
  },
  actions: {
    pay_invoice: action('Pay an invoice', { invoice: p.text, payment_method: p.text.optional() }, (context, params) =>
      pay(context, context.need('invoice', params.invoice, 'invoice'), params.payment_method),
    ),
    decline_next: action(
      'Decline the next payments of a customer',
      {
        customer: p.text,
        code: p.text.default('card_declined'),
        decline_code: p.text.optional(),
        times: p.whole.default(1),
      },
      (context, { customer, code, decline_code, times }) =>
        declineNext(context, context.need('customer', customer, 'customer').id, { code, decline_code }, times),
    ),
  },
};

const isOnItsWay = (context: Context, payment: Stripe.InvoicePayment): boolean =>
  payment.status === 'open' &&
  context.get('payment_intent', idOf(payment.payment.payment_intent) ?? '')?.status === 'processing';

/** A final invoice that is told to advance is charged or sent now; one that is told to rest is left alone. */
function advanced(context: Context, old: Invoice, next: Invoice): Invoice {
  if (old.status !== 'open' || next.auto_advance === old.auto_advance) return next;
  if (next.auto_advance !== true) return { ...next, next_payment_attempt: null };
  const at = next.collection_method === 'charge_automatically' ? context.now : null;
  context.later(context.now, 'collect_invoice', { invoice: next.id, at });
  return { ...next, next_payment_attempt: at };
}
