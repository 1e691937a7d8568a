/** Postings of what providers are paid: payouts, their reversals, debts given up, and the tax of self-billed documents. */
import { asMicros } from '../../kernel/money.ts';
import type { Leg } from '../ledger.ts';

const moved = (debit: Omit<Leg, 'micros'>, credit: Omit<Leg, 'micros'>, micros: number): Leg[] =>
  micros === 0
    ? []
    : [
        { ...debit, micros: asMicros(micros) },
        { ...credit, micros: asMicros(-micros) },
      ];

const payable = (provider: string) => ({ account: '2100' as const, of: provider });
const inTransit = (provider: string) => ({ account: '2120' as const, of: provider });
const available = { account: '1310' as const, of: null };
const inputTax = { account: '1500' as const, of: null };

/** A payout is intended: from now on the amount is no longer payable, whatever becomes of the transfer. */
export const payoutLegs = (provider: string, micros: number): Leg[] =>
  moved(payable(provider), inTransit(provider), micros);

/** Its transfer is made: it has left what is available at Stripe. */
export const payoutDoneLegs = (provider: string, micros: number): Leg[] =>
  moved(inTransit(provider), available, micros);

/** Its transfer cannot be made: the amount is payable again. */
export const payoutFailedLegs = (provider: string, micros: number): Leg[] =>
  moved(inTransit(provider), payable(provider), micros);

/** A part of a transfer came back from the provider's account, against what it owes. */
export const transferReversedLegs = (provider: string, micros: number): Leg[] =>
  moved(available, payable(provider), micros);

/** What a provider owes and will not pay is the market's loss. */
export const debtGivenUpLegs = (provider: string, micros: number): Leg[] =>
  moved({ account: '5200', of: null }, payable(provider), micros);

/** The tax on a self-billed invoice, paid to the provider; negative on a credit note for one, which takes it back. */
export const providerTaxLegs = (provider: string, micros: number): Leg[] =>
  moved(inputTax, payable(provider), micros);
