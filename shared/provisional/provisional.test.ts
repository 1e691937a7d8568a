import { describe, expect, it } from 'vitest';
import { clear } from '../market/clearing.ts';
import { FOUR_BIDDERS, marketOf, solver, TERMS, UNIT } from './market.oracle.ts';
import { drawOutline } from './outline.ts';
import { companyFeedback, providerFeedback, resultsOf } from './provisional.ts';
import { previewCommitment } from './what-if-company.ts';
import { previewBid } from './what-if-provider.ts';

const AT = Date.UTC(2026, 0, 28);
const RULES = { feeBps: 0, failureCostMicros: 0 };
/** 1,200 requests, all served by pr_a at 5; it asks 4 from 1,500 on. The other three ask 6, 7 and 8. */
const MARKET = marketOf(
  ['a', 'b', 'c', 'd'].map((id) => ({ id: `co_${id}`, volume: 300 })),
  FOUR_BIDDERS,
);
const outline = await drawOutline(MARKET, AT, solver);
const { companies, providers } = resultsOf(MARKET, await clear(MARKET, solver), new Map());
const companyA = companies.find(({ party }) => party === 'co_a')!;
const provider = (id: string) => providers.find(({ party }) => party === id)!;

describe('feedback', () => {
  it('tells a company price, saving and what tips the pool', () => {
    expect(companyFeedback(companyA, outline, AT)).toEqual({
      provisionalAt: '2026-01-28T00:00:00.000Z',
      served: 'in_full',
      estimatedPriceMicros: 5 * UNIT,
      savingBps: 0,
      tip: { pooledVolume: 1_500, averagePriceMicros: 4 * UNIT },
      pooled: { members: 4, committed: 1_200, asOf: '2026-01-28T00:00:00.000Z' },
    });
    const unserved = { ...companyA, awarded: 0, priceMicros: 0, alonePriceMicros: null };
    expect(companyFeedback(unserved, null, AT)).toMatchObject({
      served: 'not_at_all',
      estimatedPriceMicros: null,
      savingBps: null,
      tip: null,
      pooled: null,
    });
  });

  it('tells a provider in the running its tier and volume and nothing else', () => {
    expect(providerFeedback(provider('pr_a'), outline, RULES, AT)).toEqual({
      provisionalAt: '2026-01-28T00:00:00.000Z',
      inTheRunning: true,
      tier: 1,
      volume: 1_200,
    });
  });

  it('tells another its third and, from four bidders on, the price to win', () => {
    expect(providerFeedback(provider('pr_b'), outline, RULES, AT)).toEqual({
      provisionalAt: '2026-01-28T00:00:00.000Z',
      inTheRunning: false,
      rankBand: 'first_third',
      priceToWinMicros: 5 * UNIT,
    });
    expect(providerFeedback(provider('pr_d'), { ...outline!, prices: null }, RULES, AT)).toMatchObject({
      rankBand: 'last_third',
      priceToWinMicros: null,
    });
  });

  it('works out the price to win without the fee and for the provider’s own quality', () => {
    // 5.00 with a fee of 25 % leaves 4.00 for the provider; quality 2,000 bp above what it is told for saves 0.20 · 1.00.
    expect(providerFeedback(provider('pr_b'), outline, { feeBps: 2_500, failureCostMicros: 0 }, AT)).toMatchObject({
      priceToWinMicros: 4 * UNIT,
    });
    const better = { ...provider('pr_b'), qualityBps: 10_000 };
    expect(providerFeedback(better, outline, { feeBps: 0, failureCostMicros: UNIT }, AT)).toMatchObject({
      priceToWinMicros: 5_200_000,
    });
  });
});

describe('a company’s what-if', () => {
  const asked = { currency: 'USD' as const, volume: 300 };
  const preview = (more: object, own: typeof companyA | null = companyA) => {
    const answer = previewCommitment(outline, { ...asked, ...more }, own ?? undefined, TERMS);
    if (!answer.ok) throw new Error(answer.detail);
    return answer.value;
  };

  it('puts the hypothetical commitment in the place of its own, and finds the pool tipped', () => {
    expect(preview({})).toMatchObject({ estimatedPriceMicros: 5 * UNIT, savingBps: 0 });
    // 900 of others and 600: 1,500. Alone 600 would cost 5: a fifth is saved.
    expect(preview({ volume: 600 })).toMatchObject({ estimatedPriceMicros: 4 * UNIT, savingBps: 2_000 });
    expect(preview({ volume: 599 })).toMatchObject({ estimatedPriceMicros: 5 * UNIT });
    expect(preview({ volume: 300 }, null)).toMatchObject({ estimatedPriceMicros: 4 * UNIT });
  });

  it('says in one sentence what it would be bound to: at most its limit, at least the take-or-pay', () => {
    // 300 · 7.00 at most; 240 of 300 at half of 5.00 if nothing is sent.
    expect(preview({ reserveMicros: 7 * UNIT })).toMatchObject({
      mostMicros: 2_100 * UNIT,
      leastMicros: 600 * UNIT,
      obligation:
        '300 requests cost you 2100.00 USD at the very most; you pay for 240 of them at least, so sending none would cost about 600.00 USD.',
    });
  });

  it('names no price where the reserve is below it, and says "at least" where there are limits', () => {
    expect(preview({ reserveMicros: 4 * UNIT })).toMatchObject({ estimatedPriceMicros: null, leastMicros: null });
    const limits = { kinds: ['automation'], blocked: [], minimumQualityBps: 0, automation: 'allowed' };
    expect(preview({ limits })).toMatchObject({ estimatedPriceMicros: 5 * UNIT, isLeast: true });
  });
});

describe('a provider’s what-if', () => {
  const preview = (capacity: number, priceMicros: number, awarded = 0, minVolume = 0) => {
    const bid = { currency: 'USD' as const, capacity, tiers: [{ minVolume, priceMicros }] };
    const answer = previewBid(outline, bid, { awarded, qualityBps: 8_000 }, RULES);
    if (!answer.ok) throw new Error(answer.detail);
    return answer.value;
  };

  it('says whether the bid is in the running, in what band of volume, and the price to win only where it is not', () => {
    expect(preview(400, 5 * UNIT)).toMatchObject({
      inTheRunning: true,
      volumeFrom: 300,
      volumeTo: 400,
      priceToWinMicros: null,
    });
    expect([5_200_000, 6 * UNIT, 6_100_000].map((price) => preview(400, price).standing)).toEqual([
      'close',
      'behind',
      'far',
    ]);
    expect(preview(400, 6 * UNIT)).toMatchObject({ inTheRunning: false, volumeTo: 0, priceToWinMicros: 5 * UNIT });
  });

  it('takes account of a minimum award beyond the pool, and of less room than the least band', () => {
    expect(preview(9_000, 1, 0, 5_000)).toMatchObject({ inTheRunning: false, standing: 'far', priceToWinMicros: null });
    expect(preview(20, 4 * UNIT)).toMatchObject({ inTheRunning: true, volumeFrom: 20, volumeTo: 20 });
  });

  it('leaves to a winner what it has, and of the rest no more than the pool wants', () => {
    expect(preview(5_000, 4 * UNIT)).toMatchObject({ volumeFrom: 1_200, volumeTo: 1_200 });
    expect(preview(5_000, 4 * UNIT, 900)).toMatchObject({ volumeFrom: 1_200, volumeTo: 1_200 });
    expect(preview(1_200, 9 * UNIT, 1_200)).toMatchObject({ inTheRunning: true, volumeFrom: 1_200, volumeTo: 1_200 });
    expect(preview(1_300, 9 * UNIT, 900)).toMatchObject({ volumeFrom: 900, volumeTo: 960, priceToWinMicros: null });
  });
});
