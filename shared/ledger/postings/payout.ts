/**
 * Postings of what providers are paid: payouts, debts given up, and the tax of self-billed documents. A transfer that was
 * made, and what comes back of one, is posted with its balance transaction (`cash.ts`).
 */
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
const inputTax = { account: '1500' as const, of: null };

/** A payout is intended: from now on the amount is no longer payable, whatever becomes of the transfer. */
export const payoutLegs = (provider: string, micros: number): Leg[] =>
  moved(payable(provider), inTransit(provider), micros);

/** Its transfer cannot be made: the amount is payable again. */
export const payoutFailedLegs = (provider: string, micros: number): Leg[] =>
  moved(inTransit(provider), payable(provider), micros);

/** What a provider owes and will not pay is the market's loss. */
export const debtGivenUpLegs = (provider: string, micros: number): Leg[] =>
  moved({ account: '5200', of: null }, payable(provider), micros);

/** The tax on a self-billed invoice, paid to the provider; negative on a credit note for one, which takes it back. */
export const providerTaxLegs = (provider: string, micros: number): Leg[] => moved(inputTax, payable(provider), micros);
