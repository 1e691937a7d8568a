/** Balance transactions: what moves the market's balance at Stripe, what each one means, and how it is posted. */
import * as z from 'zod';
import { Currency, microsOfCents } from '../kernel/money.ts';
import type { AccountCode, EntryKind, Leg } from '../ledger/ledger.ts';
import {
  availableLegs,
  bankFailedLegs,
  bankPayoutLegs,
  chargebackLegs,
  chargebackReinstatedLegs,
  paymentLegs,
  processingFeeLegs,
  refundFailedLegs,
  refundLegs,
  topUpLegs,
  transferLegs,
  transferReversedLegs,
  unknownTransactionLegs,
} from '../ledger/postings/cash.ts';

/** A balance transaction as it is at Stripe. */
export const Transaction = z.object({
  id: z.string(),
  type: z.string(),
  currency: Currency,
  /** Cents, negative where money leaves; `netCents` = `amountCents` − `feeCents`. */
  amountCents: z.int(),
  feeCents: z.int(),
  netCents: z.int(),
  isAvailable: z.boolean(),
  createdAt: z.number(),
  availableAt: z.number(),
  /** What it is about, such as a charge or a payout. */
  source: z.object({ id: z.string(), object: z.string() }).nullable(),
});
export type Transaction = z.infer<typeof Transaction>;

export const Meaning = z.enum([
  'payment',
  'processing_fee',
  'chargeback',
  'chargeback_reinstated',
  'refund',
  'refund_failed',
  'transfer',
  'transfer_reversed',
  'top_up',
  'bank_payout',
  'bank_failed',
  'unknown',
]);
export type Meaning = z.infer<typeof Meaning>;

const MEANINGS: Readonly<Record<string, Meaning>> = {
  charge: 'payment',
  payment: 'payment',
  payment_failure_refund: 'payment',
  stripe_fee: 'processing_fee',
  refund: 'refund',
  payment_refund: 'refund',
  refund_failure: 'refund_failed',
  transfer: 'transfer',
  transfer_refund: 'transfer_reversed',
  transfer_cancel: 'transfer_reversed',
  transfer_failure: 'transfer_reversed',
  topup: 'top_up',
  topup_reversal: 'top_up',
  payout: 'bank_payout',
  payout_cancel: 'bank_failed',
  payout_failure: 'bank_failed',
};

/** What a transaction means, by its type; an adjustment means something only where it is a dispute's. */
export function meaningOf({ type, source, amountCents }: Transaction): Meaning {
  if (type === 'adjustment' && source?.object === 'dispute')
    return amountCents < 0 ? 'chargeback' : 'chargeback_reinstated';
  return MEANINGS[type] ?? 'unknown';
}

/** What else decides how a transaction is posted; fixed when it is first seen. */
export type Booking = {
  meaning: Meaning;
  /** Where its money stands: the status when it was first seen. */
  at: '1300' | '1310';
  /** Whose it is: of a refund, the company; of a transfer, the provider. */
  party: string | null;
  /** What it comes out of: a chargeback that was lost already, a bank payout that had arrived. */
  from: AccountCode | null;
};

/**
 * The kind and legs of a transaction's entry (BILLING.md, 'Ledger'). A refund or transfer whose party nobody knows, and
 * every type that is not known, stands in 1390.
 */
export function createdEntry(transaction: Transaction, booking: Booking): { kind: EntryKind; legs: Leg[] } {
  const amount = microsOfCents(transaction.amountCents);
  const fee = microsOfCents(transaction.feeCents);
  const net = microsOfCents(transaction.netCents);
  const { at, party, from, meaning } = booking;
  switch (meaning) {
    case 'payment':
      return { kind: 'balance_created', legs: paymentLegs(at, amount, fee) };
    case 'processing_fee':
      return { kind: 'processing_fee', legs: processingFeeLegs(at, net) };
    case 'chargeback':
      return { kind: 'chargeback', legs: chargebackLegs(at, 0 - amount, fee) };
    case 'chargeback_reinstated':
      return {
        kind: 'chargeback_reinstated',
        legs: chargebackReinstatedLegs(at, from === '5300' ? from : '1400', amount, fee),
      };
    case 'refund':
      if (party !== null) return { kind: 'refund', legs: refundLegs(at, party, 0 - amount, fee) };
      break;
    case 'refund_failed':
      if (party !== null) return { kind: 'refund_failed', legs: refundFailedLegs(at, party, amount, fee) };
      break;
    case 'top_up':
      return { kind: 'top_up', legs: topUpLegs(at, amount, fee) };
    case 'bank_payout':
      return { kind: 'bank_payout', legs: bankPayoutLegs(at, 0 - amount, fee) };
    case 'bank_failed':
      return { kind: 'bank_failed', legs: bankFailedLegs(at, from === '1010' ? from : '1020', amount, fee) };
    case 'transfer':
      if (party !== null) return { kind: 'payout_done', legs: transferLegs(at, party, 0 - net) };
      break;
    case 'transfer_reversed':
      if (party !== null) return { kind: 'transfer_reversed', legs: transferReversedLegs(at, party, net) };
      break;
    case 'unknown':
  }
  return { kind: 'unknown_transaction', legs: unknownTransactionLegs(at, net) };
}

/** The legs of a transaction whose money was pending at first, once it is available. */
export const availableEntry = (transaction: Transaction): Leg[] => availableLegs(microsOfCents(transaction.netCents));

export const createdEvent = (transaction: string): string => `bt-created#${transaction}`;
export const availableEvent = (transaction: string): string => `bt-available#${transaction}`;
