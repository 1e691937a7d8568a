import { describe, expect, it } from 'vitest';
import type { Leg } from '../ledger.ts';
import { debtGivenUpLegs, payoutFailedLegs, payoutLegs, providerTaxLegs } from './payout.ts';

const leg = (account: Leg['account'], of: string | null, micros: number): Leg => ({ account, of, micros });

describe('what a provider is paid', () => {
  it.each<[string, () => Leg[], Leg[]]>([
    ['a payout intended', () => payoutLegs('pr_b', 50), [leg('2100', 'pr_b', 50), leg('2120', 'pr_b', -50)]],
    ['a payout failed', () => payoutFailedLegs('pr_b', 50), [leg('2120', 'pr_b', 50), leg('2100', 'pr_b', -50)]],
    ['a debt given up', () => debtGivenUpLegs('pr_b', 50), [leg('5200', null, 50), leg('2100', 'pr_b', -50)]],
    ['tax', () => providerTaxLegs('pr_b', 19), [leg('1500', null, 19), leg('2100', 'pr_b', -19)]],
    ['tax taken back', () => providerTaxLegs('pr_b', -19), [leg('1500', null, -19), leg('2100', 'pr_b', 19)]],
    ['nothing', () => payoutLegs('pr_b', 0), []],
  ])('posts %s', (_, legs, expected) => {
    expect(legs()).toEqual(expected);
  });

  it('is whole micro-units', () => {
    expect(() => payoutLegs('pr_b', 0.5)).toThrow(RangeError);
  });
});
