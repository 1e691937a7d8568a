import { describe, expect, it } from 'vitest';
import { allInMicros, bidOf, curveOf, earningsOf, nextTier, priceAt } from './tiers.ts';

const TIERS = [
  { minVolume: 0, priceMicros: 3_000_000 },
  { minVolume: 100, priceMicros: 2_000_000 },
];

describe('a bid that is typed', () => {
  it('is a bid only once it is whole and its prices do not rise', () => {
    const values = { capacity: 200, tiers: TIERS, rollOver: false };
    expect(bidOf(values, 'USD')).toEqual({ ...values, currency: 'USD' });
    expect(bidOf({ ...values, capacity: null }, 'USD')).toBeNull();
    expect(bidOf({ ...values, tiers: [...TIERS].reverse() }, 'USD')).toBeNull();
  });

  it('has the price of the tier that is reached, and none below the least award', () => {
    expect(priceAt(TIERS, 99)).toBe(3_000_000);
    expect(priceAt(TIERS, 100)).toBe(2_000_000);
    expect(priceAt([{ minVolume: 10, priceMicros: 1 }], 9)).toBeNull();
  });

  it('draws each tier from where it begins, up to the capacity', () => {
    expect(curveOf(TIERS, 150)).toEqual([
      { volume: 1, priceMicros: 3_000_000 },
      { volume: 100, priceMicros: 2_000_000 },
      { volume: 150, priceMicros: 2_000_000 },
    ]);
    expect(curveOf(TIERS, 50)).toEqual([
      { volume: 1, priceMicros: 3_000_000 },
      { volume: 50, priceMicros: 3_000_000 },
    ]);
  });

  it('earns between all assumed at the dearest volume for it and all confirmed at the best', () => {
    // 90 to 120 requests: 90 earn 270, 99 earn 297, 100 earn 200, 120 earn 240; assumed ones 70 % of that.
    expect(earningsOf(TIERS, { from: 90, to: 120 }, { assumedRateBps: 7_000 })).toEqual({
      lowMicros: 140_000_000,
      highMicros: 297_000_000,
      from: 90,
      to: 120,
    });
    expect(earningsOf([{ minVolume: 10, priceMicros: 1 }], { from: 0, to: 5 }, { assumedRateBps: 7_000 })).toBeNull();
  });

  it('costs companies the fee on top', () => {
    expect(allInMicros(2_000_000, 500)).toBe(2_100_000);
  });

  it('goes on with a cheaper tier between the last one and the capacity', () => {
    expect(nextTier(TIERS, 200)).toEqual({ minVolume: 150, priceMicros: 1_800_000 });
  });
});
