/** How a charge looks: of a payment, and of a transfer as the connected account sees it. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { idOf } from './intents.ts';

const base = (context: Context) => ({
  object: 'charge' as const,
  amount_captured: 0,
  amount_refunded: 0,
  application: null,
  application_fee: null,
  application_fee_amount: null,
  balance_transaction: null,
  billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
  calculated_statement_descriptor: null,
  captured: false,
  created: context.now,
  customer: null,
  description: null,
  disputed: false,
  failure_balance_transaction: null,
  failure_code: null,
  failure_message: null,
  fraud_details: {},
  livemode: false,
  metadata: {},
  on_behalf_of: null,
  outcome: null,
  paid: false,
  payment_intent: null,
  payment_method: null,
  payment_method_details: null,
  receipt_email: null,
  receipt_number: null,
  receipt_url: null,
  refunded: false,
  review: null,
  shipping: null,
  source: null,
  source_transfer: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  transfer_data: null,
  transfer_group: null,
});

/** A charge that is about to be paid (`pending`), was paid, or failed. */
export function makeCharge(
  context: Context,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  status: 'pending' | 'succeeded' | 'failed',
): Stripe.Charge {
  // Stripe says `py_` of what is not a card.
  const id = context.newId(method.type === 'card' ? 'ch_3' : 'py_3', 23);
  return context.put('charge', {
    ...base(context),
    id,
    amount: intent.amount,
    billing_details: billingOf(method),
    currency: intent.currency,
    customer: idOf(intent.customer),
    description: intent.description,
    metadata: { ...intent.metadata },
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: 'approved_by_network',
      reason: null,
      risk_level: 'normal',
      seller_message: 'Payment complete.',
      type: 'authorized',
    },
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: detailsOf(method),
    receipt_url: `${context.url}/receipts/${id}`,
    status,
    transfer_group: intent.transfer_group,
  });
}

/** What a connected account sees of a transfer. */
export const makeTransferPayment = (
  context: Context,
  transfer: { id: string; amount: number; currency: string },
): Stripe.Charge =>
  context.put('charge', {
    ...base(context),
    id: context.newId('py_1', 23),
    amount: transfer.amount,
    amount_captured: transfer.amount,
    captured: true,
    currency: transfer.currency,
    paid: true,
    payment_method_details: { type: 'stripe_account', stripe_account: {} },
    source_transfer: transfer.id,
    status: 'succeeded',
  });

const billingOf = ({ billing_details: details }: Stripe.PaymentMethod): Stripe.Charge.BillingDetails => ({
  address: details?.address ?? null,
  email: details?.email ?? null,
  name: details?.name ?? null,
  phone: details?.phone ?? null,
  tax_id: null,
});

/** What is known of the method, in the shape that a charge has; what only the network would know is left out. */
function detailsOf(method: Stripe.PaymentMethod): Stripe.Charge.PaymentMethodDetails {
  const own = (method as unknown as Record<string, unknown>)[method.type];
  return { type: method.type, [method.type]: own ?? {} } as unknown as Stripe.Charge.PaymentMethodDetails;
}
