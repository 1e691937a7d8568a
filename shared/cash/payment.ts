/** Payments of invoices: what each one settles, and how much of an invoice's cash can be paid on. */
import * as z from 'zod';
import type { Invoice } from '../invoice/invoice.ts';
import { asMicros, Currency } from '../kernel/money.ts';
import type { EntryView } from '../ledger/ledger.ts';

/** A payment of an invoice, `I#<invoice>` / `P#<payment>`; written once, its parts never change. */
export const Payment = z.object({
  id: z.string(),
  invoice: z.string(),
  company: z.string(),
  currency: Currency,
  /** Through Stripe, or reported to it. */
  through: z.enum(['1390', '1010']),
  /** What the invoice took. */
  invoiceMicros: z.int(),
  /** What was paid over it: the customer's credit. */
  overpaidMicros: z.int(),
  paidAt: z.number(),
  /** Stripe's payment intent, or payment record. */
  paidBy: z.string().nullable(),
  /** When its cash was there to be paid on; null as long as it is pending. */
  availableAt: z.number().nullable(),
});
export type Payment = z.infer<typeof Payment>;

/** What a chargeback took away, `I#<invoice>` / `W#<transaction>`. */
export const Withdrawal = z.object({
  transaction: z.string(),
  dispute: z.string(),
  micros: z.int(),
  withdrawnAt: z.number(),
  /** When the loss was noted; never after the money had come back. */
  lostAt: z.number().nullable(),
  reinstatedAt: z.number().nullable(),
});
export type Withdrawal = z.infer<typeof Withdrawal>;

/**
 * How a payment is split. Stripe says how much of an invoice was overpaid in all; what earlier payments have not taken of
 * that is this one's, as far as it goes. So the parts sum to what Stripe says in whatever order payments come.
 */
export function splitPayment(
  micros: number,
  invoiceOverpaidMicros: number,
  earlier: readonly Payment[],
): { invoiceMicros: number; overpaidMicros: number } {
  const taken = earlier.reduce((sum, payment) => sum + payment.overpaidMicros, 0);
  const overpaidMicros = Math.min(micros, Math.max(0, invoiceOverpaidMicros - taken));
  return { invoiceMicros: micros - overpaidMicros, overpaidMicros };
}

/**
 * The cash of an invoice that can be paid on: payments whose money is available at Stripe or came by bank, less what
 * chargebacks hold or have taken for good. Never negative.
 */
export function availableMicros(payments: readonly Payment[], withdrawals: readonly Withdrawal[]): number {
  const came = payments.reduce(
    (sum, { availableAt, invoiceMicros }) => sum + (availableAt === null ? 0 : invoiceMicros),
    0,
  );
  const gone = withdrawals.reduce((sum, { reinstatedAt, micros }) => sum + (reinstatedAt === null ? micros : 0), 0);
  return Math.max(0, came - gone);
}

/** What is unpaid of an invoice by the payments that are known here, and what is written off of it then: so both are of the same moment. */
export const unpaidMicros = (
  { totalMicros, creditAppliedMicros, creditedMicros }: Invoice,
  payments: readonly Payment[],
): number =>
  asMicros(
    payments.reduce(
      (left, { invoiceMicros }) => left - invoiceMicros,
      totalMicros - creditAppliedMicros - creditedMicros,
    ),
  );

/** What the entry of a write-off says of the payments that came before it. */
export const countedFacts = (payments: readonly string[]): { paidBefore: string } => ({
  paidBefore: payments.join(' '),
});

/** Whether a payment makes so much of its invoice owed again: it came after the write-off. */
export const isReinstating = ({ id }: Payment, writeOff: EntryView | undefined): boolean =>
  writeOff !== undefined &&
  !String(writeOff.facts.paidBefore ?? '')
    .split(' ')
    .includes(id);

export const writtenOffEvent = (invoice: string): string => `written-off#${invoice}`;
export const paidEvent = (payment: string): string => `paid#${payment}`;
export const reinstatedEvent = (payment: string): string => `reinstated#${payment}`;
export const lostEvent = (transaction: string): string => `chargeback-lost#${transaction}`;
