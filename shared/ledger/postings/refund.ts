/** Money that leaves to a company: what a bank paid back, and credit that is paid out. What Stripe pays comes with its transaction. */
import { kept } from '../entry.ts';
import type { Leg } from '../ledger.ts';

/** Paid back by bank: 2600 | 1010. */
export const bankRefundLegs = (company: string, micros: number): Leg[] =>
  kept([
    { account: '2600', of: company, micros },
    { account: '1010', of: null, micros: -micros },
  ]);

/** A company's credit is paid out: 2200 to 2600, from where Stripe's transaction takes it, or to 1010 by bank. */
export const creditPaidOutLegs = (company: string, micros: number, way: 'stripe' | 'bank'): Leg[] =>
  kept([
    { account: '2200', of: company, micros },
    way === 'bank' ? { account: '1010', of: null, micros: -micros } : { account: '2600', of: company, micros: -micros },
  ]);
