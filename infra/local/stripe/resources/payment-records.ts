/** Payments of invoices: by payment intent, or reported as made outside Stripe (payment records). */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid, parameterMissing } from '../errors.ts';
import * as p from '../params.ts';
import { type Resource, route } from '../resource.ts';
import { idOf, isOpenIntent } from './intents.ts';
import { needPayable } from './invoice-collect.ts';
import { credit, makePayment } from './invoice-state.ts';

const money = p.hash({ currency: p.currency, value: p.whole });
const report = {
  amount_requested: money,
  canceled: p.hash({ canceled_at: p.whole }).optional(),
  customer_details: p
    .hash({ customer: p.text.optional(), email: p.text.optional(), name: p.text.optional(), phone: p.text.optional() })
    .optional(),
  customer_presence: p.oneOf(['off_session', 'on_session']).optional(),
  description: p.text.optional(),
  failed: p.hash({ failed_at: p.whole }).optional(),
  guaranteed: p.hash({ guaranteed_at: p.whole }).optional(),
  initiated_at: p.whole,
  metadata: p.metadata.optional(),
  outcome: p.oneOf(['canceled', 'failed', 'guaranteed']).optional(),
  payment_method_details: p.hash({
    billing_details: p.anything.optional(),
    custom: p.hash({ display_name: p.text.optional(), type: p.text.optional() }).optional(),
    payment_method: p.text.optional(),
    type: p.oneOf(['custom', 'custom']).optional(),
  }),
  processor_details: p
    .hash({ custom: p.hash({ payment_reference: p.text }).optional(), type: p.oneOf(['custom', 'custom']) })
    .optional(),
} satisfies p.ParamsOf<Stripe.PaymentRecordReportPaymentParams>;
const reportRefund = {
  amount: money.optional(),
  initiated_at: p.whole.optional(),
  metadata: p.metadata.optional(),
  outcome: p.oneOf(['refunded', 'refunded']),
  processor_details: p.anything,
  refunded: p.hash({ refunded_at: p.whole }).optional(),
} satisfies p.ParamsOf<Stripe.PaymentRecordReportRefundParams>;
const listPayments = {
  ...p.page,
  created: p.created,
  invoice: p.text.optional(),
  payment: p
    .hash({
      payment_intent: p.text.optional(),
      payment_record: p.text.optional(),
      type: p.oneOf(['payment_intent', 'payment_record']),
    })
    .optional(),
  status: p.oneOf(['canceled', 'open', 'paid']).optional(),
} satisfies p.ParamsOf<Stripe.InvoicePaymentListParams>;
const attach = {
  payment_intent: p.text.optional(),
  payment_record: p.text.optional(),
} satisfies p.ParamsOf<Stripe.InvoiceAttachPaymentParams>;

type Reported = {
  amount: { currency: string; value: number };
  outcome: 'canceled' | 'failed' | 'guaranteed' | undefined;
  customer: Stripe.PaymentRecord.CustomerDetails | null;
  presence: 'off_session' | 'on_session' | null;
  description: string | null;
  metadata: Record<string, string>;
  custom: { display_name?: string | undefined; type?: string | undefined };
  reference: string | null;
};

function makeRecord(context: Context, of: Reported): Stripe.PaymentRecord {
  const { currency, value } = of.amount;
  const part = (is: boolean) => ({ currency, value: is ? value : 0 });
  return context.put('payment_record', {
    id: context.newId('pr_test_6', 40),
    object: 'payment_record',
    amount: of.amount,
    amount_authorized: part(of.outcome === 'guaranteed'),
    amount_canceled: part(of.outcome === 'canceled'),
    amount_failed: part(of.outcome === 'failed'),
    amount_guaranteed: part(of.outcome === 'guaranteed'),
    amount_refunded: part(false),
    amount_requested: of.amount,
    application: null,
    created: context.now,
    customer_details: of.customer,
    customer_presence: of.presence,
    description: of.description,
    latest_payment_attempt_record: context.newId('par_test_6', 40),
    livemode: false,
    metadata: of.metadata,
    payment_method_details: {
      billing_details: null,
      custom: { display_name: of.custom.display_name ?? null, type: of.custom.type ?? null } as never,
      payment_method: null,
      type: 'custom',
    },
    processor_details: {
      type: 'custom',
      ...(of.reference === null ? {} : { custom: { payment_reference: of.reference } }),
    },
    reported_by: 'self',
    shipping_details: null,
  });
}

/** Gives an invoice another payment; one that was made already is credited at once. */
function attachPayment(
  context: Context,
  invoice: Stripe.Invoice,
  by: { intent?: string | undefined; record?: string | undefined },
) {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible')
    throw invalid(`Payments can only be attached to open invoices. This one is ${invoice.status}.`);
  if ((by.intent === undefined) === (by.record === undefined))
    throw by.intent === undefined
      ? parameterMissing('payment_intent')
      : invalid('You may only specify one of payment_intent and payment_record.', { code: 'parameters_exclusive' });
  if (by.intent !== undefined) return attachIntent(context, invoice, by.intent);
  const record = context.need('payment_record', by.record ?? '', 'payment_record');
  sameCurrency(record.amount.currency, invoice, 'payment_record');
  isFree(context, { 'payment.payment_record': record.id }, 'payment_record');
  const amount = record.amount_guaranteed.value - record.amount_refunded.value;
  if (amount <= 0) throw invalid('The payment record has no guaranteed amount.', { param: 'payment_record' });
  return credit(context, makePayment(context, invoice, { payment_record: record.id }, false, amount), amount);
}

function attachIntent(context: Context, invoice: Stripe.Invoice, id: string): Stripe.Invoice {
  const intent = context.need('payment_intent', id, 'payment_intent');
  sameCurrency(intent.currency, invoice, 'payment_intent');
  isFree(context, { 'payment.payment_intent': intent.id, invoice: invoice.id }, 'payment_intent');
  if (intent.status === 'canceled')
    throw invalid('A canceled PaymentIntent cannot be attached.', { param: 'payment_intent' });
  const spent = context
    .find('invoice_payment', { 'payment.payment_intent': intent.id, status: 'paid' })
    .reduce((sum, one) => sum + (one.amount_paid ?? 0), 0);
  const payment = makePayment(context, invoice, { payment_intent: intent.id }, false, intent.amount - spent);
  if (isOpenIntent(intent)) return invoice;
  if (intent.amount_received <= spent)
    throw invalid('The PaymentIntent is already spent on other invoices.', { param: 'payment_intent' });
  return credit(context, payment, intent.amount_received - spent);
}

/** All that an invoice lacks, paid outside Stripe as somebody says: with a record of it. */
export function payOutside(context: Context, invoice: Stripe.Invoice): Stripe.Invoice {
  needPayable(invoice);
  const record = makeRecord(context, {
    amount: { currency: invoice.currency, value: invoice.amount_remaining },
    outcome: 'guaranteed',
    customer: null,
    presence: null,
    description: null,
    metadata: {},
    custom: { display_name: 'Paid out of band' },
    reference: null,
  });
  const payment = makePayment(context, invoice, { payment_record: record.id }, false, invoice.amount_remaining);
  return credit(context, payment, invoice.amount_remaining);
}

function sameCurrency(currency: string, invoice: Stripe.Invoice, param: string): void {
  if (currency !== invoice.currency)
    throw invalid(`The payment's currency (${currency}) is not that of the invoice (${invoice.currency}).`, { param });
}

function isFree(context: Context, where: Record<string, string>, param: string): void {
  if (context.find('invoice_payment', where).length > 0)
    throw invalid('This payment is already attached to an invoice.', { param });
}

export const paymentRecords: Resource = {
  routes: [
    route('POST', '/v1/payment_records/report_payment', report, (context, { params }) => {
      const { customer_details: customer, outcome } = params;
      if (outcome === 'guaranteed' && params.guaranteed === undefined) throw parameterMissing('guaranteed');
      if (params.amount_requested.value < 1)
        throw invalid('Invalid positive integer', {
          code: 'parameter_invalid_integer',
          param: 'amount_requested[value]',
        });
      if (customer?.customer !== undefined)
        context.need('customer', String(customer.customer), 'customer_details[customer]');
      return makeRecord(context, {
        amount: { currency: String(params.amount_requested.currency), value: Number(params.amount_requested.value) },
        outcome,
        customer:
          customer === undefined
            ? null
            : { customer: null, email: null, name: null, phone: null, ...(customer as object) },
        presence: params.customer_presence ?? null,
        description: params.description ?? null,
        metadata: p.mergeMetadata({}, params.metadata),
        custom: (params.payment_method_details.custom ?? {}) as Reported['custom'],
        reference:
          (params.processor_details as { custom?: { payment_reference: string } } | undefined)?.custom
            ?.payment_reference ?? null,
      });
    }),
    route('GET', '/v1/payment_records', { ...p.page, created: p.created }, (context, { params }) =>
      context.list('payment_record', params, { url: '/v1/payment_records' }),
    ),
    route('GET', '/v1/payment_records/:id', {}, (context, { ids }) => context.need('payment_record', ids.id ?? '')),
    route('POST', '/v1/payment_records/:id/report_refund', reportRefund, (context, { ids, params }) => {
      const old = context.need('payment_record', ids.id ?? '');
      const left = old.amount_guaranteed.value - old.amount_refunded.value;
      const value = params.amount === undefined ? left : Number(params.amount.value);
      if (value < 1 || value > left)
        throw invalid(`The refund (${value}) is more than what is left (${left}).`, { param: 'amount' });
      const { currency } = old.amount;
      return context.put('payment_record', {
        ...old,
        amount_refunded: { currency, value: old.amount_refunded.value + value },
      });
    }),
    route('GET', '/v1/invoice_payments', listPayments, (context, { params }) => {
      const { invoice, payment, status } = params;
      const by = payment as { type: string; payment_intent?: string; payment_record?: string } | undefined;
      const where = {
        invoice,
        status,
        'payment.type': by?.type,
        'payment.payment_intent': by?.payment_intent,
        'payment.payment_record': by?.payment_record,
      };
      return context.list('invoice_payment', params, { url: '/v1/invoice_payments', where });
    }),
    route('GET', '/v1/invoice_payments/:id', {}, (context, { ids }) => context.need('invoice_payment', ids.id ?? '')),
    route('POST', '/v1/invoices/:invoice/attach_payment', attach, (context, { ids, params }) => {
      const invoice = context.need('invoice', ids.invoice ?? '');
      attachPayment(context, invoice, { intent: params.payment_intent, record: params.payment_record });
      return context.need('invoice', idOf(invoice) ?? '');
    }),
  ],
};
