import { describe, expect, it } from 'vitest';
import type { Leg } from '../ledger.ts';
import {
  acceptedByCreditNoteLegs,
  acceptedLegs,
  givenBackByLegs,
  heldLegs,
  NO_SLA,
  openedLegs,
  outOfUnbilledLegs,
  slaMicros,
} from './dispute.ts';

const leg = (account: Leg['account'], of: string | null, micros: number): Leg => ({ account, of, micros });
const sumOf = (legs: readonly Leg[]): number => legs.reduce((sum, { micros }) => sum + micros, 0);
// P 1,200 = b 1,000 (of which 150 are a program's) + f 50 + x 150.
const held = { company: 'co_a', provider: 'pr_b', priceMicros: 1_200, ownMicros: 850, feeMicros: 50 };
const POOL = { account: '2400', of: 'cards#1' } as const;
const whole = { priceMicros: 1_200, ownMicros: 850, othersMicros: 150, feeMicros: 50, poolMicros: 150 };
// Half of each, rounded down, x the remainder.
const half = { priceMicros: 600, ownMicros: 425, othersMicros: 75, feeMicros: 25, poolMicros: 75 };

describe('a dispute', () => {
  it('holds what was charged and paid; once it is invoiced only the providers’ side', () => {
    const theirs = [leg('2100', 'pr_b', 850), leg('2110', 'pr_b', -850), leg('4100', null, 50), leg('2300', null, -50)];
    expect(openedLegs(held, true)).toEqual(theirs);
    expect(openedLegs(held, false)).toEqual([leg('1110', 'co_a', 1_200), leg('1100', 'co_a', -1_200), ...theirs]);
    expect(outOfUnbilledLegs('co_a', 1_200)).toEqual([leg('1110', 'co_a', 1_200), leg('1100', 'co_a', -1_200)]);
    expect(heldLegs('pr_c', 150)).toEqual([leg('2100', 'pr_c', 150), leg('2110', 'pr_c', -150)]);
  });

  it('accepted before it is invoiced gives all of it back: b, f and x', () => {
    const legs = acceptedLegs(held, whole, NO_SLA, POOL);
    expect(legs).toEqual([
      leg('2110', 'pr_b', 850),
      leg('2300', null, 50),
      leg('2400', 'cards#1', 150),
      leg('2105', null, 150),
      leg('1110', 'co_a', -1_200),
    ]);
    expect(sumOf(legs)).toBe(0);
    // The program's part comes through 2105.
    expect(givenBackByLegs('pr_c', 150, 150)).toEqual([leg('2110', 'pr_c', 150), leg('2105', null, -150)]);
  });

  it('accepted in part gives the part back, and the rest is paid, earned and owed again', () => {
    const legs = acceptedLegs(held, half, NO_SLA, POOL);
    expect(legs).toEqual([
      leg('2110', 'pr_b', 850),
      leg('2300', null, 50),
      leg('2400', 'cards#1', 75),
      leg('2105', null, 75),
      leg('2100', 'pr_b', -425),
      leg('4100', null, -25),
      leg('1110', 'co_a', -1_200),
      leg('1100', 'co_a', 600),
    ]);
    expect(sumOf(legs)).toBe(0);
    expect(givenBackByLegs('pr_c', 150, 75)).toEqual([
      leg('2110', 'pr_c', 150),
      leg('2100', 'pr_c', -75),
      leg('2105', null, -75),
    ]);
  });

  it('takes the SLA credit back with it: the provider’s part and the market’s are theirs again, the company owes them', () => {
    const sla = { providerMicros: 80, marketMicros: 20 };
    expect(slaMicros(sla)).toBe(100);
    const legs = acceptedLegs(held, whole, sla, { account: '2410', of: 'cards' });
    expect(legs).toEqual([
      leg('2110', 'pr_b', 850),
      leg('2300', null, 50),
      leg('2410', 'cards', 150),
      leg('2105', null, 150),
      leg('2100', 'pr_b', -80),
      leg('4190', null, -20),
      leg('1110', 'co_a', -1_200),
      leg('1100', 'co_a', 100),
    ]);
    expect(sumOf(legs)).toBe(0);
  });

  it('accepted after it was invoiced gives back by its credit note', () => {
    const note = [leg('1200', 'co_a.USD.2026-01.v0', -600)];
    const legs = acceptedByCreditNoteLegs(held, half, NO_SLA, POOL, note);
    expect(legs).toEqual([
      leg('2110', 'pr_b', 850),
      leg('2300', null, 50),
      leg('2400', 'cards#1', 75),
      leg('2105', null, 75),
      leg('2100', 'pr_b', -425),
      leg('4100', null, -25),
      ...note,
    ]);
    expect(sumOf(legs)).toBe(0);
  });
});
