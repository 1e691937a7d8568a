/** Postings of cash: what comes from companies, what Stripe takes, and what goes to and from the market's own bank. */
import { kept } from '../entry.ts';
import type { AccountCode, Leg } from '../ledger.ts';

/** Money at Stripe: pending or available, as the balance transaction said when it was first seen. */
export type StripeAccount = '1300' | '1310';

const market = (account: AccountCode, micros: number): Leg => ({ account, of: null, micros });

/**
 * An invoice was paid: through Stripe 1390, outside of it 1010, to 1200 what the invoice took; what was paid over it is
 * the customer's credit.
 */
export const paidLegs = (
  through: '1390' | '1010',
  invoice: string,
  company: string,
  parts: { invoiceMicros: number; overpaidMicros: number },
): Leg[] =>
  kept([
    market(through, parts.invoiceMicros + parts.overpaidMicros),
    { account: '1200', of: invoice, micros: 0 - parts.invoiceMicros },
    { account: '2200', of: company, micros: 0 - parts.overpaidMicros },
  ]);

/** A payment's balance transaction: what arrives, and what Stripe takes of it. A bank debit that failed has a negative gross. */
export const paymentLegs = (at: StripeAccount, grossMicros: number, feeMicros: number): Leg[] =>
  kept([market(at, grossMicros - feeMicros), market('5100', feeMicros), market('1390', 0 - grossMicros)]);

/** What was pending is available. */
export const availableLegs = (netMicros: number): Leg[] =>
  kept([market('1310', netMicros), market('1300', 0 - netMicros)]);

/** Stripe's own fee; `netMicros` is negative where Stripe takes it. */
export const processingFeeLegs = (at: StripeAccount, netMicros: number): Leg[] =>
  kept([market('5100', 0 - netMicros), market(at, netMicros)]);

/** A chargeback: the amount is taken away while it is decided, with a fee for the dispute. */
export const chargebackLegs = (at: StripeAccount, micros: number, feeMicros: number): Leg[] =>
  kept([market('1400', micros), market('5110', feeMicros), market(at, 0 - (micros + feeMicros))]);

/** The bank has decided against the market. */
export const chargebackLostLegs = (micros: number): Leg[] => kept([market('5300', micros), market('1400', 0 - micros)]);

/** The amount comes back: out of 1400, or out of the loss where it was counted as lost already. Fees come back where negative. */
export const chargebackReinstatedLegs = (
  at: StripeAccount,
  from: '1400' | '5300',
  micros: number,
  feeMicros: number,
): Leg[] => kept([market(at, micros - feeMicros), market('5110', feeMicros), market(from, 0 - micros)]);

/** What a company is to get back leaves. */
export const refundLegs = (at: StripeAccount, company: string, micros: number, feeMicros: number): Leg[] =>
  kept([{ account: '2600', of: company, micros }, market('5100', feeMicros), market(at, 0 - (micros + feeMicros))]);

/** A refund did not arrive: it is owed again. */
export const refundFailedLegs = (at: StripeAccount, company: string, micros: number, feeMicros: number): Leg[] =>
  kept([
    market(at, micros - feeMicros),
    market('5100', feeMicros),
    { account: '2600', of: company, micros: 0 - micros },
  ]);

/** A refund that was paid by bank. */
export const refundByBankLegs = (company: string, micros: number): Leg[] =>
  kept([{ account: '2600', of: company, micros }, market('1010', 0 - micros)]);

/** From the bank to Stripe; negative where Stripe takes a top-up back. */
export const topUpLegs = (at: StripeAccount, micros: number, feeMicros: number): Leg[] =>
  kept([market(at, micros - feeMicros), market('5100', feeMicros), market('1010', 0 - micros)]);

/** From Stripe on the way to the bank. */
export const bankPayoutLegs = (at: StripeAccount, micros: number, feeMicros: number): Leg[] =>
  kept([market('1020', micros), market('5100', feeMicros), market(at, 0 - (micros + feeMicros))]);

/** It has arrived at the bank. */
export const bankArrivedLegs = (micros: number): Leg[] => kept([market('1010', micros), market('1020', 0 - micros)]);

/** It came back: from the way to the bank, or after the bank had said that it arrived. */
export const bankFailedLegs = (at: StripeAccount, from: '1020' | '1010', micros: number, feeMicros: number): Leg[] =>
  kept([market(at, micros - feeMicros), market('5100', feeMicros), market(from, 0 - micros)]);

/** A transfer to a provider has left. */
export const transferLegs = (at: StripeAccount, provider: string, micros: number): Leg[] =>
  kept([{ account: '2120', of: provider, micros }, market(at, 0 - micros)]);

/** A transfer, or a part of it, came back: it is owed to the provider again. */
export const transferReversedLegs = (at: StripeAccount, provider: string, micros: number): Leg[] =>
  kept([market(at, micros), { account: '2100', of: provider, micros: 0 - micros }]);

/** A transaction of a type that is not known: its cash is posted at once, and stands in 1390 until people explain it. */
export const unknownTransactionLegs = (at: StripeAccount, netMicros: number): Leg[] =>
  kept([market(at, netMicros), market('1390', 0 - netMicros)]);

/** What an unknown transaction of `netMicros` was. */
export const explainedLegs = (to: { account: AccountCode; of: string | null }, netMicros: number): Leg[] =>
  kept([market('1390', netMicros), { ...to, micros: 0 - netMicros }]);
