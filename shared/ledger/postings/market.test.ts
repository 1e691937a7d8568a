import { describe, expect, it } from 'vitest';
import type { Leg } from '../ledger.ts';
import { poolOf } from './charge.ts';
import {
  accountClosedLegs,
  creditOfEndLegs,
  creditPaidOutLegs,
  ownFundsLegs,
  refundExcessLegs,
  reversalLegs,
  taxReturnLegs,
} from './market.ts';
import {
  carriedInLegs,
  carriedOutLegs,
  poolSubsidyLegs,
  releaseCreditLegs,
  shortfallLegs,
  trueUpLegs,
} from './round.ts';

const leg = (account: Leg['account'], of: string | null, micros: number): Leg => ({ account, of, micros });

describe('the market’s own money', () => {
  it.each<[string, () => Leg[], Leg[]]>([
    ['funds in', () => ownFundsLegs(500), [leg('1010', null, 500), leg('3000', null, -500)]],
    ['funds out', () => ownFundsLegs(-500), [leg('1010', null, -500), leg('3000', null, 500)]],
    [
      'a tax return that pays',
      () => taxReturnLegs(900, 400),
      [leg('2500', null, 900), leg('1500', null, -400), leg('1010', null, -500)],
    ],
    [
      'a tax return that gets back',
      () => taxReturnLegs(300, 400),
      [leg('2500', null, 300), leg('1500', null, -400), leg('1010', null, 100)],
    ],
    [
      'a company’s account closed',
      () => accountClosedLegs('1100', 'co_a', 9_999),
      [leg('5900', null, 9_999), leg('1100', 'co_a', -9_999)],
    ],
    [
      'a provider’s account closed',
      () => accountClosedLegs('2100', 'pr_b', -7),
      [leg('5900', null, -7), leg('2100', 'pr_b', 7)],
    ],
    ['a refund too much', () => refundExcessLegs('co_a', 80), [leg('1100', 'co_a', 80), leg('2600', 'co_a', -80)]],
    ['credit of an end', () => creditOfEndLegs('co_a', 80), [leg('1100', 'co_a', 80), leg('2200', 'co_a', -80)]],
    [
      'credit refunded',
      () => creditPaidOutLegs('co_a', 80, 'stripe'),
      [leg('2200', 'co_a', 80), leg('2600', 'co_a', -80)],
    ],
    [
      'credit paid by bank',
      () => creditPaidOutLegs('co_a', 80, 'bank'),
      [leg('2200', 'co_a', 80), leg('1010', null, -80)],
    ],
  ])('posts %s', (_, legs, expected) => {
    expect(legs()).toEqual(expected);
  });

  it('closes no account with a cent or more', () => {
    for (const micros of [10_000, -10_000])
      expect(() => accountClosedLegs('1100', 'co_a', micros)).toThrow('a cent or more');
  });
});

describe('a reversal', () => {
  it('negates each leg, and takes what was of a pool from what is carried', () => {
    const legs = [
      leg('1100', 'co_a', 12),
      leg('2100', 'pr_b', -10),
      leg('2400', 'cards#us#3', -3),
      leg('2410', 'cards', 1),
    ];
    const expected = [
      leg('1100', 'co_a', -12),
      leg('2100', 'pr_b', 10),
      leg('2410', 'cards#us', 3),
      leg('2410', 'cards', -1),
    ];
    expect(reversalLegs(legs)).toEqual(expected);
    expect(reversalLegs([leg('2400', null, 1)])).toEqual([leg('2400', null, -1)]);
  });
});

describe('a round’s close', () => {
  const pool = poolOf('q', 2);
  it.each<[string, () => Leg[], Leg[]]>([
    ['a surplus carried in', () => carriedInLegs('q', 2, 9), [leg('2410', 'q', 9), leg('2400', pool, -9)]],
    ['a surplus carried out', () => carriedOutLegs('q', 2, 9), [leg('2410', 'q', -9), leg('2400', pool, 9)]],
    ['a release credit', () => releaseCreditLegs('q', 2, 'co_a', 4), [leg('2400', pool, 4), leg('1100', 'co_a', -4)]],
    [
      'a shortfall',
      () => shortfallLegs('co_a', { account: '2100', of: 'pr_b' }, 6),
      [leg('1100', 'co_a', 6), leg('2100', 'pr_b', -6)],
    ],
    ['a true-up', () => trueUpLegs('q', 2, 'co_a', 5), [leg('2400', pool, 5), leg('1100', 'co_a', -5)]],
    ['a subsidy', () => poolSubsidyLegs('q', 2, 3), [leg('5400', null, 3), leg('2400', pool, -3)]],
    ['nothing', () => trueUpLegs('q', 2, 'co_a', 0), []],
  ])('posts %s', (_, legs, expected) => {
    expect(legs()).toEqual(expected);
  });
  it('has a pool of its own for each queue and round', () => {
    expect(pool).toBe('q#2');
  });
});
