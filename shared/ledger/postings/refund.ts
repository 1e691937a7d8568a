/** A company's credit that is paid out. */
import { kept } from '../entry.ts';
import type { Leg } from '../ledger.ts';

/** A company's credit is paid out: 2200 to 2600, from where Stripe's transaction takes it, or to 1010 by bank. */
export const creditPaidOutLegs = (company: string, micros: number, way: 'stripe' | 'bank'): Leg[] =>
  kept([
    { account: '2200', of: company, micros },
    way === 'bank' ? { account: '1010', of: null, micros: -micros } : { account: '2600', of: company, micros: -micros },
  ]);

/** More was paid back than its credit note came to in the end: the company owes it, 1100 to 2600. */
export const refundExcessLegs = (company: string, micros: number): Leg[] =>
  kept([
    { account: '1100', of: company, micros },
    { account: '2600', of: company, micros: 0 - micros },
  ]);
