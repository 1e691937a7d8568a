/** Carries out what two people have decided about cash. Each step may be done again; what is done ends the order. */
import type Stripe from 'stripe';
import * as z from 'zod';
import { Invoice } from '../invoice/invoice.ts';
import { syncInvoice } from '../invoice/sync.store.ts';
import { centsOf, microsOfCents } from '../kernel/money.ts';
import type { Result } from '../kernel/result.ts';
import { fromIso, SECOND } from '../kernel/time.ts';
import { explainedLegs } from '../ledger/postings/cash.ts';
import { standings } from '../ledger/standing.store.ts';
import { onceAtStripe, type StripeCall, type StripeRefusal } from '../stripe-call/stripe-call.store.ts';
import { settleBankPayout } from './bank-payout.store.ts';
import { readTransaction, transactionKey } from './booking.store.ts';
import { endOrder, readOrder } from './order.store.ts';
import { type CashOrder, type CashOrderInput, explains, mayLeaveMicros } from './order.ts';
import { invoiceKey, mustPost } from './payment.store.ts';
import { settlePayment } from './transaction.store.ts';

type OrderOf<K extends CashOrderInput['kind']> = CashOrder & { order: Extract<CashOrderInput, { kind: K }> };
type Ended = Result<string, StripeRefusal>;
/** An attempt that may have made something is at most a day old. */
const MOST_LISTED = 1_000;

/** Takes an approved order to its end; `stripe_unavailable` where Stripe has to be asked again later. */
export async function workOrder(call: StripeCall, id: string): Promise<Result<null, 'stripe_unavailable'>> {
  const stored = await readOrder(call, id);
  if (stored?.state !== 'approved') return { ok: true, value: null };
  const ended = await carryOut(call, stored);
  if (!ended.ok && ended.code === 'stripe_unavailable') return { ...ended, code: ended.code };
  await endOrder(
    call,
    id,
    ended.ok
      ? { state: 'done', refused: null, result: ended.value }
      : { state: 'refused', refused: ended.detail, result: null },
  );
  return { ok: true, value: null };
}

function carryOut(call: StripeCall, stored: CashOrder): Promise<Ended> {
  switch (stored.order.kind) {
    case 'explanation':
      return explain(call, stored as OrderOf<'explanation'>);
    case 'outside_payment':
      return reportPayment(call, stored as OrderOf<'outside_payment'>);
    case 'bank_payout':
      return payOut(call, stored as OrderOf<'bank_payout'>);
  }
}

/** The transaction leaves 1390 for where it belongs; once, whoever else explains it. */
async function explain(
  call: StripeCall,
  { id, order, approvedAt, madeBy, approvedBy }: OrderOf<'explanation'>,
): Promise<Ended> {
  const { account, of, transaction, note } = order;
  const fits = explains(account, of);
  const stored = await readTransaction(call, transaction);
  if (!fits.ok || stored === undefined) throw new Error(`order ${id} explains nothing`);
  const key = transactionKey(transaction);
  const claimed = await call.tables.update('ledger', key, { set: { explainedBy: id }, remove: ['cpk', 'csk'] }, [
    ['absent or =', 'explainedBy', id],
  ]);
  if (!claimed.ok)
    return {
      ok: false,
      code: 'stripe_refused',
      detail: 'Another order has explained this transaction.',
      retryable: false,
    };
  await mustPost(call, {
    event: `explained#${transaction}`,
    kind: 'explained',
    occurredAt: fromIso(approvedAt ?? ''),
    currency: stored.currency,
    ...fits.value,
    legs: explainedLegs({ account, of }, microsOfCents(stored.netCents)),
    facts: { transaction, order: id, note, madeBy, approvedBy },
  });
  return { ok: true, value: `explained#${transaction}` };
}

/** Reports a payment to Stripe and attaches it to its invoice; both once. */
async function reportPayment(call: StripeCall, { id, order, currency }: OrderOf<'outside_payment'>): Promise<Ended> {
  const invoice = await call.tables.get('ledger', invoiceKey(order.invoice), Invoice, { consistent: true });
  if (invoice === undefined || invoice.stripeInvoice === null)
    throw new Error(`order ${id} pays no invoice of Stripe's`);
  const stripeInvoice = invoice.stripeInvoice;
  const reported = await onceAtStripe<{ id: string }>(call, {
    key: `pr:${id}`,
    make: (options) => call.stripe.paymentRecords.reportPayment(recordOf(id, order, currency), options),
    find: () => amongNewest(call.stripe.paymentRecords.list({ limit: 100 }), `pr:${id}`),
    read: async (record) => ({ id: record }),
  });
  if (!reported.ok) return reported;
  const payment_record = reported.value.id;
  const paymentOf = async () =>
    (await call.stripe.invoicePayments.list({ payment: { type: 'payment_record', payment_record }, limit: 1 })).data[0];
  const attached = await onceAtStripe<{ id: string }>(call, {
    key: `ap:${id}`,
    make: (options) => call.stripe.invoices.attachPayment(stripeInvoice, { payment_record }, options),
    find: async () => ((await paymentOf()) === undefined ? undefined : { id: stripeInvoice }),
    read: async (one) => ({ id: one }),
  });
  if (!attached.ok) return attached;
  const payment = await paymentOf();
  if (payment === undefined) throw new Error(`the payment record ${payment_record} was attached and pays nothing`);
  await settlePayment(call, payment.id);
  await syncInvoice(call, stripeInvoice);
  return { ok: true, value: payment.id };
}

function recordOf(
  id: string,
  { amountMicros, receivedAt, reference }: OrderOf<'outside_payment'>['order'],
  currency: string,
): Stripe.PaymentRecordReportPaymentParams {
  const at = Math.floor(fromIso(receivedAt) / SECOND);
  return {
    amount_requested: { currency: currency.toLowerCase(), value: centsOf(amountMicros) },
    initiated_at: at,
    guaranteed: { guaranteed_at: at },
    outcome: 'guaranteed',
    payment_method_details: { type: 'custom', custom: { display_name: 'Bank transfer', type: 'bank_transfer' } },
    processor_details: { type: 'custom', custom: { payment_reference: reference } },
    metadata: { parley: id, key: `pr:${id}` },
  };
}

/** Sends the market's own money to its bank, as far as nobody else's would leave; one payout of a currency at a time. */
async function payOut(call: StripeCall, { id, order, currency }: OrderOf<'bank_payout'>): Promise<Ended> {
  const lock = { pk: `BPL#${currency}`, sk: '-' };
  const locked = await call.tables.update('ledger', lock, { set: { current: id } }, [['absent or =', 'current', id]]);
  if (!locked.ok)
    return {
      ok: false,
      code: 'stripe_unavailable',
      detail: 'Another payout in this currency is on its way; it is tried again.',
      retryable: true,
    };
  const ended = await payOutLocked(call, id, order.amountMicros, currency);
  if (ended.ok || ended.code !== 'stripe_unavailable') await call.tables.delete('ledger', lock, [['=', 'current', id]]);
  return ended;
}

async function payOutLocked(
  call: StripeCall,
  id: string,
  micros: number,
  currency: CashOrder['currency'],
): Promise<Ended> {
  const key = `po:${id}`;
  if (!(await wasBegun(call, key))) {
    const lines = await standings(call, currency);
    if (!lines.ok) return { ...lines, code: 'stripe_unavailable' };
    const most = mayLeaveMicros(lines.value);
    if (micros > most)
      return {
        ok: false,
        code: 'stripe_refused',
        detail: `Only ${most} micro-units may leave: the rest at Stripe is owed to companies, providers or the state.`,
        retryable: false,
      };
  }
  const made = await onceAtStripe<{ id: string }>(call, {
    key,
    make: (options) =>
      call.stripe.payouts.create(
        { amount: centsOf(micros), currency: currency.toLowerCase(), metadata: { parley: id, key } },
        options,
      ),
    find: () => amongNewest(call.stripe.payouts.list({ limit: 100 }), key),
    read: async (payout) => ({ id: payout }),
  });
  if (!made.ok) return made;
  await settleBankPayout(call, made.value.id);
  return { ok: true, value: made.value.id };
}

/** Whether Stripe may have been asked already: then what may leave was looked at before. */
async function wasBegun(call: StripeCall, key: string): Promise<boolean> {
  const stored = await call.tables.get('ledger', { pk: `K#${key}`, sk: '-' }, z.unknown(), { consistent: true });
  return stored !== undefined;
}

async function amongNewest<T extends { id: string; metadata: Stripe.Metadata | null }>(
  listed: AsyncIterable<T>,
  key: string,
): Promise<T | undefined> {
  let seen = 0;
  for await (const one of listed) {
    if (one.metadata?.key === key) return one;
    if (++seen === MOST_LISTED) return undefined;
  }
  return undefined;
}
