/** How a refund looks. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { idOf } from './intents.ts';

export type RefundOf = {
  charge: Stripe.Charge;
  amount: number;
  status: 'pending' | 'succeeded';
  metadata: Record<string, string>;
  reason: Stripe.Refund.Reason | null;
};

export function makeRefund(context: Context, { charge, amount, status, metadata, reason }: RefundOf): Stripe.Refund {
  const type = charge.payment_method_details?.type ?? 'card';
  const isCard = type === 'card';
  return context.put('refund', {
    id: context.newId(isCard ? 're_3' : 'pyr_1', 23),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: context.now,
    currency: charge.currency,
    customer: idOf(charge.customer),
    customer_account: null,
    destination_details: isCard
      ? {
          type,
          card: {
            reference: '7920927356385862',
            reference_status: 'available',
            reference_type: 'acquirer_reference_number',
            type: 'refund',
          },
        }
      : { type },
    metadata,
    payment_intent: idOf(charge.payment_intent),
    payment_method: charge.payment_method,
    reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status,
    transfer_reversal: null,
  });
}
