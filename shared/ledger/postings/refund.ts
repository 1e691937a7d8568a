/** A company's credit that is paid out. */
import { kept } from '../entry.ts';
import type { Leg } from '../ledger.ts';

/** A company's credit is paid out: 2200 to 2600, from where Stripe's transaction takes it, or to 1010 by bank. */
export const creditPaidOutLegs = (company: string, micros: number, way: 'stripe' | 'bank'): Leg[] =>
  kept([
    { account: '2200', of: company, micros },
    way === 'bank' ? { account: '1010', of: null, micros: -micros } : { account: '2600', of: company, micros: -micros },
  ]);
