/**
 * What each of Stripe's events sets off. An event only says which object to look at: every handler fetches that again, and
 * doing it twice, late or in another order comes to the same. Each noun has its lines here.
 */

import { taxIdLookedUp } from '../shared/billing-profile/customer.store.ts';
import { intentSucceeded, mandateChanged, methodSetUp } from '../shared/billing-profile/payment-method.store.ts';
import { settleBankPayout } from '../shared/cash/bank-payout.store.ts';
import type { Booked } from '../shared/cash/booking.store.ts';
import { settleChargeback } from '../shared/cash/chargeback.store.ts';
import { idOf } from '../shared/cash/stripe-object.ts';
import {
  settleChargeOf,
  settleDue,
  settlePayment,
  settleRefund,
  settleSince,
  settleTransaction,
} from '../shared/cash/transaction.store.ts';
import { type SyncOutcome, syncInvoice, tellOverdue, tellPaymentFailed } from '../shared/invoice/sync.store.ts';
import { readOnce } from '../shared/kernel/call.ts';
import { HOUR } from '../shared/kernel/time.ts';
import { accountChanged, providerBankPayout } from '../shared/payout/account.store.ts';
import { transferChanged } from '../shared/payout/payout.store.ts';
import type { StripeCall } from '../shared/stripe-call/stripe-call.store.ts';
import type { StripeEvent } from '../shared/stripe-event/stripe-event.ts';
import { meterErrors } from '../shared/witness/witness.store.ts';
import type { Runtime } from './runtime.ts';

/** `later`: what it is about is not so far here yet; the event stays open, and is looked for again. */
export type StripeEventHandler = (call: StripeCall, event: StripeEvent, runtime: Runtime) => Promise<unknown>;

/** Of an event that names an object; `id` is that one's. */
type Handle = (call: StripeCall, id: string, runtime: Runtime, event: StripeEvent) => Promise<unknown>;

/** One handler for several types, of the market's own account. */
const each = (types: readonly string[], handle: Handle): Record<string, StripeEventHandler> =>
  Object.fromEntries(
    types.map((type): [string, StripeEventHandler] => [
      type,
      async (call, event, runtime) => {
        if (event.object === null || event.account !== null) return;
        if ((await handle(call, event.object, runtime, event)) === 'later') return 'later';
      },
    ]),
  );

/** Transactions of an unknown type stand in 1390 until people say what they are: whoever is on duty hears of it. */
export function alarmUnknown(runtime: Runtime, booked: readonly Booked[]): void {
  for (const { isNew, isUnknown, transaction } of booked)
    if (isNew && isUnknown)
      runtime.log('error', 'a balance transaction of an unknown type stands in 1390', {
        alarm: 'unknown_transaction',
        transaction: transaction.id,
        type: transaction.type,
      });
}

const cash =
  (settle: (call: StripeCall, id: string) => Promise<Booked[]>): Handle =>
  async (call, id, runtime) =>
    alarmUnknown(runtime, await settle(call, id));

type Synced = Exclude<SyncOutcome, string>;

/** One look for all that a batch of events says of an invoice: each of them happened before the batch came. */
const syncOnce = (call: StripeCall, id: string): Promise<SyncOutcome> =>
  readOnce(call, `invoice ${id}`, () => syncInvoice(call, id));

/** Brings an invoice of ours to what it has come to; `then` what else follows. */
const invoice =
  (then: (call: StripeCall, synced: Synced, event: StripeEvent) => Promise<void> = async () => undefined): Handle =>
  async (call, id, _runtime, event) => {
    const synced = await syncOnce(call, id);
    if (synced === 'not_final') return 'later';
    if (synced !== 'foreign') await then(call, synced, event);
  };

/**
 * Each change of an invoice once: that a payment succeeded is told as `invoice_payment.paid` and `invoice.paid`, and of what else
 * is updated there is an event with a name of its own. That one was sent changes nothing of it.
 */
const INVOICES: Record<string, StripeEventHandler> = {
  // One that is not final here yet is on the list of its close, which goes on by itself.
  ...each(['invoice.finalized'], async (call, id) => void (await syncOnce(call, id))),
  ...each(
    [
      'invoice.marked_uncollectible',
      'invoice.overpaid',
      'invoice.paid',
      'invoice.payment_action_required',
      'invoice.voided',
    ],
    invoice(),
  ),
  ...each(
    ['invoice.overdue'],
    invoice((call, synced) => tellOverdue(call, synced.invoice)),
  ),
  ...each(
    ['invoice.payment_failed'],
    invoice((call, { invoice: ours, stripe }, { createdAt }) =>
      tellPaymentFailed(call, ours, stripe.attempt_count, createdAt),
    ),
  ),
  ...each(['invoice.finalization_failed'], async (call, id, runtime) => {
    const { metadata, last_finalization_error: failure } = await call.stripe.invoices.retrieve(id);
    const ours = metadata?.parley;
    const about = { alarm: 'finalization_failed', invoice: ours, code: failure?.code };
    runtime.log('error', 'Stripe could not make an invoice final', about);
    if (ours !== undefined) await call.hurry?.('stripe-out', [{ kind: 'invoice', id: ours }]);
  }),
};

/**
 * Credit notes are made and posted here before Stripe tells of them; what is left open of their invoice follows. One that
 * somebody made or voided at Stripe stands in no entry of ours: people have to see to it, and reconciliation stops the close.
 */
const CREDIT_NOTES: Record<string, StripeEventHandler> = each(
  ['credit_note.created', 'credit_note.updated', 'credit_note.voided'],
  async (call, id, runtime) => {
    const note = await call.stripe.creditNotes.retrieve(id);
    const isOurs = note.metadata?.key !== undefined;
    if (!isOurs || note.status === 'void')
      runtime.log('error', 'a credit note at Stripe is not in the ledger', {
        alarm: 'foreign_credit_note',
        creditNote: id,
        isVoid: note.status === 'void',
      });
    const credited = idOf(note.invoice);
    if (credited !== null && (await syncOnce(call, credited)) === 'not_final') return 'later';
    return undefined;
  },
);

/** A company’s own pages at Stripe, and what Stripe finds of it. */
const PROFILES: Record<string, StripeEventHandler> = {
  ...each(['checkout.session.completed'], methodSetUp),
  // One that fails is told to whoever sets it up, at once, by the page itself.
  ...each(['setup_intent.succeeded'], intentSucceeded),
  ...each(['mandate.updated'], mandateChanged),
  ...each(['customer.tax_id.updated'], async (call, id, _runtime, { customer }) => {
    if (customer !== null) await taxIdLookedUp(call, customer, id);
  }),
};

const CASH: Record<string, StripeEventHandler> = {
  ...each(['invoice_payment.paid'], async (call, id, runtime) => {
    const { booked, stripeInvoice } = await settlePayment(call, id);
    alarmUnknown(runtime, booked);
    return (await syncOnce(call, stripeInvoice)) === 'not_final' ? 'later' : undefined;
  }),
  ...each(['payment_intent.processing', 'payment_intent.payment_failed'], async (call, id) => {
    const payment = { type: 'payment_intent' as const, payment_intent: id };
    const { data } = await call.stripe.invoicePayments.list({ payment, limit: 1 });
    const paid = idOf(data[0]?.invoice);
    if (paid !== null) await syncOnce(call, paid);
  }),
  ...each(['charge.updated', 'charge.failed'], cash(settleChargeOf)),
  ...each(
    [
      'charge.dispute.created',
      'charge.dispute.updated',
      'charge.dispute.closed',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.funds_reinstated',
    ],
    cash(settleChargeback),
  ),
  ...each(['refund.created', 'refund.updated', 'refund.failed'], cash(settleRefund)),
  ...each(
    ['topup.created', 'topup.succeeded', 'topup.failed', 'topup.reversed', 'topup.canceled'],
    cash(async (call, id) => {
      const transaction = idOf((await call.stripe.topups.retrieve(id)).balance_transaction);
      return transaction === null ? [] : settleTransaction(call, transaction);
    }),
  ),
  ...each(
    ['payout.created', 'payout.updated', 'payout.paid', 'payout.failed', 'payout.canceled'],
    cash(settleBankPayout),
  ),
  ...each(
    ['transfer.created', 'transfer.updated', 'transfer.reversed'],
    cash(async (call, id) => {
      const transfer = await call.stripe.transfers.retrieve(id);
      await transferChanged(call, transfer);
      const booked: Booked[] = [];
      for (const { balance_transaction: moved } of [transfer, ...transfer.reversals.data]) {
        const transaction = idOf(moved);
        if (transaction !== null) booked.push(...(await settleTransaction(call, transaction)));
      }
      return booked;
    }),
  ),
  'balance.available': async (call, event, runtime) => {
    if (event.account === null) alarmUnknown(runtime, (await settleDue(call)).booked);
  },
  // A bank transfer of a company: what it did to the balance has no event of its own.
  'customer_cash_balance_transaction.created': async (call, event, runtime) =>
    alarmUnknown(runtime, await settleSince(call, event.createdAt - HOUR)),
};

/** What the meter could not count. It is sent again by the next reconciliation, where its time is not over. */
const METER: Record<string, StripeEventHandler> = {
  'v1.billing.meter.error_report_triggered': async (call, { event }, runtime) => {
    for (const { code, count } of await meterErrors(call, event))
      runtime.log('error', 'Stripe could not count what was settled', { alarm: 'meter_errors', code, count });
  },
};

/** Of providers' own accounts. What carries an account is about the provider's bank, never the market's cash. */
const PROVIDERS: Record<string, StripeEventHandler> = Object.fromEntries([
  ...['payout.created', 'payout.updated', 'payout.paid', 'payout.failed', 'payout.canceled'].map(
    (type): [string, StripeEventHandler] => [
      type,
      async (call, event, runtime) =>
        event.account === null ? CASH[type]?.(call, event, runtime) : providerBankPayout(call, event),
    ],
  ),
  ...[
    'v2.core.account.updated',
    'v2.core.account.closed',
    'v2.core.account[requirements].updated',
    'v2.core.account[configuration.recipient].updated',
    'v2.core.account[configuration.recipient].capability_status_updated',
  ].map((type): [string, StripeEventHandler] => [
    type,
    async (call, { object, account }) => void (await accountChanged(call, object ?? account ?? '')),
  ]),
]);

const HANDLERS: Readonly<Record<string, StripeEventHandler>> = {
  ...PROFILES,
  ...INVOICES,
  ...CREDIT_NOTES,
  ...CASH,
  ...PROVIDERS,
  ...METER,
};

/** The types that set something off; of others it is kept that they came. */
export const HANDLED_TYPES: readonly string[] = Object.keys(HANDLERS);

export const handlerOf = (type: string): StripeEventHandler | undefined =>
  Object.hasOwn(HANDLERS, type) ? HANDLERS[type] : undefined;
