/** Payment intents as objects: made, changed and given up, without anybody being charged. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';

export type IntentOf = {
  amount: number;
  currency: string;
  customer: string | null;
  description: string | null;
  metadata: Record<string, string>;
  method: string | null;
  types?: readonly string[];
  setupFutureUsage?: 'on_session' | 'off_session' | null;
  transferGroup?: string | null;
};

export function makeIntent(context: Context, of: IntentOf): Stripe.PaymentIntent {
  const id = context.newId('pi_3', 23);
  const intent = context.put('payment_intent', {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: of.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: `${id}_secret_${context.newId('', 25)}`,
    confirmation_method: 'automatic',
    created: context.now,
    currency: of.currency,
    customer: of.customer,
    customer_account: null,
    description: of.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: of.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: of.method,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: [...(of.types ?? ['card'])],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: of.setupFutureUsage ?? null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: of.method === null ? 'requires_payment_method' : 'requires_confirmation',
    transfer_data: null,
    transfer_group: of.transferGroup ?? null,
  });
  context.emit('payment_intent.created', 'payment_intent', intent);
  return intent;
}

/** Whether money may still come by it. */
export const isOpenIntent = (intent: Stripe.PaymentIntent): boolean =>
  intent.status !== 'succeeded' && intent.status !== 'canceled';

type Reason = Stripe.PaymentIntent.CancellationReason;

export function cancelIntent(
  context: Context,
  intent: Stripe.PaymentIntent,
  reason: Reason | null,
): Stripe.PaymentIntent {
  const canceled = context.put('payment_intent', {
    ...intent,
    status: 'canceled',
    canceled_at: context.now,
    cancellation_reason: reason,
  });
  context.emit('payment_intent.canceled', 'payment_intent', canceled);
  return canceled;
}

/** An id, whether or not somebody put the object in its place. */
export const idOf = (value: string | { id: string } | null | undefined): string | null =>
  value === null || value === undefined ? null : typeof value === 'string' ? value : value.id;
