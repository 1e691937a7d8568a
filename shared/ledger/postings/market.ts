/** The postings of the market's own money, of credit that is paid out, and of corrections that people make. */
import { MICROS_PER_CENT } from '../../kernel/money.ts';
import { kept, reversed } from '../entry.ts';
import type { Leg } from '../ledger.ts';

/** Own funds come in (1010 to 3000), or go out where the amount is negative. */
export const ownFundsLegs = (micros: number): Leg[] =>
  kept([
    { account: '1010', of: null, micros },
    { account: '3000', of: null, micros: 0 - micros },
  ]);

/** A tax return: what was charged (2500) less what was paid to providers (1500) is paid, or comes back where that is more. */
export const taxReturnLegs = (taxMicros: number, inputTaxMicros: number): Leg[] =>
  kept([
    { account: '2500', of: null, micros: taxMicros },
    { account: '1500', of: null, micros: 0 - inputTaxMicros },
    { account: '1010', of: null, micros: inputTaxMicros - taxMicros },
  ]);

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

/** Credit that is unbilled as an account ends, and that no invoice can take, becomes credit at Stripe: 1100 to 2200. */
export const creditOfEndLegs = (company: string, micros: number): Leg[] =>
  kept([
    { account: '1100', of: company, micros },
    { account: '2200', of: company, micros: 0 - micros },
  ]);

/**
 * An account ends with less than a cent, which no invoice and no transfer can carry: 5900, either sign. `micros` is what
 * it stands at, debit positive. Throws from a cent on: that is money.
 */
export function accountClosedLegs(account: '1100' | '2100', owner: string, micros: number): Leg[] {
  if (Math.abs(micros) >= MICROS_PER_CENT) throw new RangeError(`${micros} micro-units are a cent or more`);
  return kept([
    { account: '5900', of: null, micros },
    { account, of: owner, micros: 0 - micros },
  ]);
}

/**
 * The exact reverse of an entry. What was of a round's pool goes to the queue's carried account: the pool was, or will be,
 * closed by what was charged in the round, and ends at nothing whatever comes later. A shortfall that was wrong and is not invoiced goes back to the company so.
 */
export const reversalLegs = (legs: readonly Leg[]): Leg[] => reversed(legs).map(carried);

function carried(leg: Leg): Leg {
  if (leg.account !== '2400' || leg.of === null) return leg;
  return { ...leg, account: '2410', of: leg.of.slice(0, leg.of.lastIndexOf('#')) };
}
