import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBalanced } from '../entry.ts';
import { chargeLegs, rate, slaCreditLegs } from './charge.ts';

const parties = { company: 'co_a', provider: 'pr_b', queue: 'q', round: 1, isRoundClosed: false };
const micros = fc.integer({ min: 0, max: 50_000_000 });

describe('rating a resolution', () => {
  it('splits a confirmed price into bid, fee and pool: 1.20 = 1.00 + 0.05 + 0.15', () => {
    const rated = rate({
      outcome: 'confirmed',
      route: 'slot',
      priceMicros: 1_200_000,
      bidMicros: 1_000_000,
      offeredBidMicros: null,
      feeBps: 500,
      assumedRateBps: 7_000,
    });
    expect(rated).toEqual({ priceMicros: 1_200_000, bidMicros: 1_000_000, feeMicros: 50_000, poolMicros: 150_000 });
  });

  it('takes 70 % of price and bid when the customer stayed silent, the fee following the bid', () => {
    const rated = rate({
      outcome: 'assumed',
      route: 'slot',
      priceMicros: 1_200_001,
      bidMicros: 1_000_001,
      offeredBidMicros: null,
      feeBps: 500,
      assumedRateBps: 7_000,
    });
    // ⌊1,200,001·0.7⌋ = 840,000; ⌊1,000,001·0.7⌋ = 700,000; 5 % of it 35,000; the rest 105,000.
    expect(rated).toEqual({ priceMicros: 840_000, bidMicros: 700_000, feeMicros: 35_000, poolMicros: 105_000 });
  });

  it('leaves nothing in the pool for overflow that has not moved, confirmed or assumed', () => {
    fc.assert(
      fc.property(
        micros,
        fc.integer({ min: 0, max: 2_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        fc.constantFrom('confirmed' as const, 'assumed' as const),
        (bid, feeBps, assumedRateBps, outcome) => {
          const allIn = bid + Math.floor((bid * feeBps) / 10_000);
          const rated = rate({
            outcome,
            route: 'overflow',
            priceMicros: allIn,
            bidMicros: bid,
            offeredBidMicros: bid,
            feeBps,
            assumedRateBps,
          });
          expect(rated.poolMicros).toBe(0);
        },
      ),
    );
  });

  it('puts the difference into the pool where overflow moved to a dearer provider', () => {
    const rated = rate({
      outcome: 'confirmed',
      route: 'overflow',
      priceMicros: 1_050_000,
      bidMicros: 1_400_000,
      offeredBidMicros: 1_000_000,
      feeBps: 500,
      assumedRateBps: 7_000,
    });
    expect(rated.priceMicros).toBe(1_050_000);
    expect(rated.poolMicros).toBe(1_050_000 - 1_400_000 - 70_000);
  });
});

describe('legs', () => {
  it('balance for every price, bid and fee, and name the company, the provider and the pool', () => {
    fc.assert(
      fc.property(micros, micros, fc.integer({ min: 0, max: 2_000 }), (priceMicros, bidMicros, feeBps) => {
        const rated = rate({
          outcome: 'confirmed',
          route: 'slot',
          priceMicros,
          bidMicros,
          offeredBidMicros: null,
          feeBps,
          assumedRateBps: 7_000,
        });
        expect(isBalanced(chargeLegs(rated, parties))).toBe(true);
        expect(isBalanced(slaCreditLegs(rated, 1_000, parties))).toBe(true);
      }),
    );
  });

  it('credit a late resolution with 10 % of its price, the provider bearing 10 % of its bid', () => {
    const legs = slaCreditLegs(
      { priceMicros: 1_200_000, bidMicros: 1_000_000, feeMicros: 50_000, poolMicros: 150_000 },
      1_000,
      parties,
    );
    expect(legs).toEqual([
      { account: '2100', of: 'pr_b', micros: 100_000 },
      { account: '4190', of: null, micros: 20_000 },
      { account: '1100', of: 'co_a', micros: -120_000 },
    ]);
  });
});
