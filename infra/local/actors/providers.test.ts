import { describe, expect, it } from 'vitest';
import { BidInput } from '../../../shared/bid/bid.ts';
import { drawsOf } from './draw.ts';
import { BUILT_IN_RANGES, rangesFromRows } from './price-points.ts';
import { bidOf, providerProfiles, termsOf } from './providers.ts';

const occasion = { queue: 'mortgage-web', channel: 'Web', round: 3, expectedVolume: 400 };

describe('a simulated provider', () => {
  it('bids what the API takes: three to five tiers, each 2 to 8 % lower, within the range of its kind', () => {
    for (let seed = 0; seed < 50; seed++) {
      const draw = drawsOf(seed);
      for (const profile of providerProfiles(draw)) {
        const bid = BidInput.parse(bidOf(profile, occasion, BUILT_IN_RANGES, draw));
        expect(bid.tiers.length).toBeGreaterThanOrEqual(3);
        expect(bid.tiers.length).toBeLessThanOrEqual(5);
        for (const [i, tier] of bid.tiers.entries()) {
          const before = bid.tiers[i - 1];
          if (before === undefined) continue;
          const ratio = tier.priceMicros / before.priceMicros;
          expect(ratio).toBeGreaterThan(0.9199);
          expect(ratio).toBeLessThan(0.9801);
        }
        const range =
          profile.kind === 'automation'
            ? BUILT_IN_RANGES.automation
            : profile.kind === 'community'
              ? BUILT_IN_RANGES.community
              : BUILT_IN_RANGES.agentPool;
        expect(bid.tiers[0]!.priceMicros).toBeGreaterThanOrEqual(range.low * 1e6 * 0.97 - 1);
        expect(bid.tiers[0]!.priceMicros).toBeLessThanOrEqual(range.high * 1e6 * 1.03 + 1);
      }
    }
  });

  it('is the same for the same seed and another for another', () => {
    const bids = (seed: number) =>
      providerProfiles(drawsOf(seed)).map((p) => bidOf(p, occasion, BUILT_IN_RANGES, drawsOf(seed)));
    expect(bids(7)).toEqual(bids(7));
    expect(bids(7)).not.toEqual(bids(8));
  });

  it('has all three kinds', () => {
    const kinds = providerProfiles(drawsOf(1)).map((p) => p.kind);
    expect(kinds.filter((k) => k === 'agent_pool')).toHaveLength(4);
    expect(kinds.filter((k) => k === 'automation')).toHaveLength(3);
    expect(kinds.filter((k) => k === 'community')).toHaveLength(2);
  });
});

describe('price points', () => {
  it('come from the rows of the table where they are there, else from the built-in figures', () => {
    const row = {
      unit: 'per_resolution',
      price_low: 1,
      price_high: 3,
      currency: 'USD' as const,
      subject: 'x',
      source_url: 'https://x.example',
    };
    const ranges = rangesFromRows([row]);
    expect(ranges.automation).toEqual({ low: 1, high: 3, sources: ['https://x.example'] });
    expect(ranges.ownWritten).toEqual(BUILT_IN_RANGES.ownWritten);
  });

  it('give a higher ceiling by telephone than in writing', () => {
    expect(termsOf('Phone', 'month', BUILT_IN_RANGES).ceilingMicros).toBe(25_000_000);
    expect(termsOf('Web', 'month', BUILT_IN_RANGES).ceilingMicros).toBe(13_500_000);
  });
});
