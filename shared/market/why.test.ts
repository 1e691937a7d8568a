/** Why a provider lost or won: hand-worked markets, and the price to win held against clearing again. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clear } from './clearing.ts';
import type { ClearingInput } from './input.ts';
import { anyMarket, holds, TINY, tryEveryAllocation } from './market.oracle.ts';
import { createMarketSolver } from './market-solver.ts';
import { type ProviderWhy, roundToPercentStep, sentenceOf, whyAsTold, whyProvider } from './why.ts';

const solver = createMarketSolver();

type Provider = { id: string; capacity?: number; tiers: [number, number][]; qualityBps?: number };

/** One company of 300 requests worth 3.00 each, with a record, unless said otherwise; no fee, no failure cost. */
function market(providers: Provider[], more: Partial<ClearingInput['terms']> = {}, volumes = [300]): ClearingInput {
  return {
    seed: 'seed',
    queue: 'queue-1',
    round: 'round-1',
    terms: { feeBps: 0, ceilingMicros: 3_000_000, failureCostMicros: 0, shareLimitBps: 10_000, ...more },
    companies: volumes.map((volume, i) => ({
      id: `company-${i}`,
      volume,
      reserveMicros: null,
      failureCostMicros: null,
      eligibleProviders: providers.map(({ id }) => id).filter((id) => id !== 'unwanted'),
      chargesLastRound: 0,
    })),
    providers: providers.map(({ id, capacity = 100, tiers, qualityBps = 10_000 }) => ({
      id,
      capacity,
      tiers: tiers.map(([minVolume, priceMicros]) => ({ minVolume, priceMicros })),
      qualityBps,
    })),
  };
}

async function why(input: ClearingInput, id: string): Promise<ProviderWhy> {
  return whyProvider(input, await clear(input, solver), id, solver);
}

/** The same input with no tier of one bid above a price. */
function atMost(input: ClearingInput, id: string, most: number): ClearingInput {
  const cut = (tiers: ClearingInput['providers'][number]['tiers']) =>
    tiers.map((tier) => ({ ...tier, priceMicros: Math.min(tier.priceMicros, most) }));
  return { ...input, providers: input.providers.map((p) => (p.id === id ? { ...p, tiers: cut(p.tiers) } : p)) };
}

const awardedOf = async (input: ClearingInput, id: string) =>
  (await clear(input, solver)).providers.find((provider) => provider.id === id)!.awarded;

describe('a provider that lost', () => {
  const four: Provider[] = [
    { id: 'a', tiers: [[0, 1_000_000]] },
    { id: 'b', tiers: [[0, 1_200_000]] },
    { id: 'c', tiers: [[0, 1_500_000]] },
    { id: 'd', tiers: [[0, 1_800_000]] },
  ];

  test('hears the last price that would have won: that of the dearest winner, or one micro-unit below it where the order is against it', async () => {
    // The dearest of three winners asks 1.50; at the same price the round's order decides.
    for (const [seed, price] of [
      ['seed-0', 1_500_000],
      ['seed-2', 1_499_999],
    ] as const) {
      const input = { ...market(four), seed };
      expect(await why(input, 'd')).toEqual({
        outcome: 'outbid',
        priceToWin: { told: true, micros: price, isRounded: false },
      });
      expect(await awardedOf(atMost(input, 'd', price), 'd')).toBeGreaterThan(0);
      expect(await awardedOf(atMost(input, 'd', price + 1), 'd')).toBe(0);
    }
  });

  test('hears the price as bid: failures and the fee are taken off what the dearest winner costs', async () => {
    // d's failures cost 0.10; with a fee of 10 % on 1.50 the dearest winner costs 1.65: 1.55 / 1.1 = 1.409090…
    const input = market(
      four.map((each) => (each.id === 'd' ? { ...each, qualityBps: 9_000 } : each)),
      { feeBps: 1_000, failureCostMicros: 1_000_000 },
    );
    expect(await why(input, 'd')).toMatchObject({ outcome: 'outbid', priceToWin: { micros: 1_409_090 } });
  });

  test('is told that no price would have won where it can only serve what others need to reach their tier', async () => {
    // Both companies at big cost 2 · 100; with helper at niche for nothing, leader alone would cost 300.
    const input = market(
      [
        {
          id: 'big',
          capacity: 400,
          tiers: [
            [0, 3_000_000],
            [200, 1_000_000],
          ],
        },
        { id: 'niche', capacity: 100, tiers: [[0, 900_000]] },
      ],
      { ceilingMicros: 4_000_000 },
      [100, 100],
    );
    input.companies[0]!.eligibleProviders = ['big'];
    const found = await why(input, 'niche');
    expect(found).toEqual({ outcome: 'outbid', priceToWin: { told: true, micros: null, isRounded: false } });
    expect(sentenceOf(found)).toBe(
      'Others serve the demand better than you at your prices. No price of yours would have won anything.',
    );
  });

  test('hears that no company accepts it', async () => {
    const found = await why(market([{ id: 'unwanted', tiers: [[0, 1]] }]), 'unwanted');
    expect(found).toEqual({ outcome: 'no_eligible_demand' });
    expect(sentenceOf(found)).toBe('No company that committed requests accepts you within its limits.');
  });

  test('hears that its minimum award is above the eligible demand, or above its capacity under the share limit', async () => {
    const large = { id: 'large', capacity: 900, tiers: [[301, 1_000_000]] satisfies [number, number][] };
    const found = await why(market([large]), 'large');
    expect(found).toEqual({ outcome: 'below_minimum', minVolume: 301, capacity: 900, eligibleVolume: 300 });
    expect(sentenceOf(found)).toBe(
      'Your minimum award of 301 requests is above the 300 requests that companies that accept you have committed.',
    );
    expect(sentenceOf(whyAsTold(found, { bidders: 9, companies: 2 }))).toBe(
      'Your minimum award of 301 requests is above what companies that accept you have committed.',
    );
    const limited = await why(market([{ ...large, tiers: [[200, 1]] }], { shareLimitBps: 5_000 }), 'large');
    expect(limited).toEqual({ outcome: 'below_minimum', minVolume: 200, capacity: 150, eligibleVolume: 300 });
    expect(sentenceOf(limited)).toBe('Your minimum award of 200 requests is above the 150 that you can be awarded.');
    const nothing = await why(market([{ id: 'none', capacity: 0, tiers: [[0, 1]] }]), 'none');
    expect(nothing).toMatchObject({ outcome: 'below_minimum', capacity: 0 });
    expect(sentenceOf(nothing)).toBe('You offered no requests, or the terms let you have none.');
    const exact = await why(market([{ ...large, tiers: [[300, 1_000_000]] }]), 'large');
    expect(exact).toMatchObject({ outcome: 'awarded', awarded: 300 });
  });

  test('hears which price lacks the least demand, and what would have won', async () => {
    // Worth 3.00 to 300 requests and 2.00 to 100: none at 3.50, 300 of the 400 needed at 2.50; all 400 at 2.00.
    const input = market(
      [
        {
          id: 'p',
          capacity: 500,
          tiers: [
            [0, 3_500_000],
            [400, 2_500_000],
            [600, 1],
          ],
        },
      ],
      {},
      [300, 100],
    );
    input.companies[1]!.reserveMicros = 2_000_000;
    const found = await why(input, 'p');
    expect(found).toEqual({
      outcome: 'too_dear',
      tier: { minVolume: 0, priceMicros: 3_500_000 },
      worthVolume: 0,
      priceToWin: { told: true, micros: 3_000_000, isRounded: false },
    });
    expect(sentenceOf(found)).toBe(
      'At 3.50 only 0 requests of companies that accept you are worth their price. At 3.00 or less for every request you would have been awarded some.',
    );
    const bulk = market(
      [
        {
          id: 'p',
          capacity: 500,
          tiers: [
            [390, 2_500_000],
            [400, 2_400_000],
          ],
        },
      ],
      {},
      [300, 100],
    );
    bulk.companies[1]!.reserveMicros = 2_000_000;
    const missing = await why(bulk, 'p');
    expect(missing).toEqual({
      outcome: 'too_dear',
      tier: { minVolume: 390, priceMicros: 2_500_000 },
      worthVolume: 300,
      priceToWin: { told: true, micros: 2_000_000, isRounded: false },
    });
    expect(sentenceOf(whyAsTold(missing, { bidders: 3, companies: 3 }))).toBe(
      'At 2.50 only 300 requests of companies that accept you are worth their price, and that price needs 390. What would have won is told from 4 bidders on.',
    );
    expect(sentenceOf(whyAsTold(missing, { bidders: 4, companies: 2 }))).toBe(
      'At 2.50 too few requests of companies that accept you are worth their price, and that price needs 390. ' +
        'At 1.993381 (rounded down to a step of 1 %) or less for every request you would have been awarded some.',
    );
  });

  test('hears of the price that lacks the least within its capacity, of equal ones the first', async () => {
    // Worth 3.00 to 300 requests: one lacks at 3.20 and at 3.10, 100 at 2.90 and 102 at 2.80; 2.70 is beyond its capacity.
    const bid = (tiers: [number, number][]) => market([{ id: 'p', capacity: 402, tiers }]);
    const input = bid([
      [0, 3_200_000],
      [1, 3_100_000],
      [400, 2_900_000],
      [402, 2_800_000],
      [403, 2_700_000],
    ]);
    expect(await why(input, 'p')).toMatchObject({
      outcome: 'too_dear',
      tier: { minVolume: 0, priceMicros: 3_200_000 },
    });
    // 300 lack at 3.20, one at 2.90, two at 2.80.
    const third = bid([
      [300, 3_200_000],
      [301, 2_900_000],
      [302, 2_800_000],
      [403, 2_700_000],
    ]);
    expect(await why(third, 'p')).toMatchObject({ tier: { minVolume: 301 }, worthVolume: 300 });
  });

  test('hears no price to win where there is nobody to clear again, with the reason', async () => {
    const input = market(four);
    const found = await whyProvider(input, await clear(input, solver), 'd', null);
    expect(found).toEqual({ outcome: 'outbid', priceToWin: { told: false, because: 'too_large' } });
    expect(whyAsTold(found, { bidders: 4, companies: 3 })).toEqual(found);
    expect(sentenceOf(found)).toBe(
      'Others serve the demand better than you at your prices. What would have won is not told: this market is too large to be cleared again while you wait.',
    );
  });

  test('hears nothing of a next price where there is none', async () => {
    const found = await why(market([{ id: 'p', capacity: 400, tiers: [[0, 1_000_000]] }]), 'p');
    expect(sentenceOf(found)).toBe(
      'You are awarded 300 of the 400 requests that you offered, at 1.00 each: others serve the rest better or it is not worth your price.',
    );
  });

  test('asking about a provider without a bid is a bug', async () => {
    const input = market(four);
    const clearing = await clear(input, solver);
    await expect(whyProvider(input, clearing, 'e', solver)).rejects.toThrow('e has no bid in this clearing');
    await expect(whyProvider(market(four.slice(1)), clearing, 'a', solver)).rejects.toThrow('a has no bid');
    const before = { providers: clearing.providers.filter(({ id }) => id !== 'd') };
    await expect(whyProvider(input, before, 'd', solver)).rejects.toThrow('d has no bid');
  });
});

describe('a provider that won', () => {
  test.each([
    [
      'its own capacity',
      market([{ id: 'p', tiers: [[0, 1_000_000]] }]),
      { outcome: 'awarded', awarded: 100, capacity: 100, priceMicros: 1_000_000, limit: 'capacity', nextTier: null },
      'You are awarded all 100 requests that you offered, at 1.00 each.',
    ],
    [
      'the share limit',
      market(
        [
          {
            id: 'p',
            capacity: 500,
            tiers: [
              [0, 1_000_000],
              [151, 900_000],
            ],
          },
        ],
        { shareLimitBps: 5_000 },
      ),
      {
        outcome: 'awarded',
        awarded: 150,
        capacity: 500,
        priceMicros: 1_000_000,
        limit: 'share_limit',
        nextTier: { minVolume: 151, priceMicros: 900_000, missing: 1 },
      },
      'You are awarded 150 of the 500 requests that you offered, at 1.00 each: the terms let no provider have more. Your next price, 0.90 from 151 requests on, takes 1 more.',
    ],
    [
      'the demand, at a price that begins exactly there',
      market([
        {
          id: 'p',
          capacity: 500,
          tiers: [
            [0, 1_000_000],
            [300, 900_000],
            [400, 800_000],
          ],
        },
      ]),
      {
        outcome: 'awarded',
        awarded: 300,
        capacity: 500,
        priceMicros: 900_000,
        limit: 'demand',
        nextTier: { minVolume: 400, priceMicros: 800_000, missing: 100 },
      },
      'You are awarded 300 of the 500 requests that you offered, at 0.90 each: others serve the rest better or it is not worth your price. Your next price, 0.80 from 400 requests on, takes 100 more.',
    ],
  ])('hears what kept it from more: %s', async (_, input, expected, sentence) => {
    const found = await why(input as ClearingInput, 'p');
    expect(found).toEqual(expected);
    expect(sentenceOf(found)).toBe(sentence);
    expect(whyAsTold(found, { bidders: 0, companies: 0 })).toEqual(found);
  });
});

test('at the price to win it is awarded something, one micro-unit above it nothing, and below it it never loses', {
  timeout: 60_000,
}, async () => {
  const property = fc.asyncProperty(anyMarket(TINY), fc.nat(), async (input, draw) => {
    const clearing = await clear(input, solver);
    for (const { id, awarded } of clearing.providers) {
      if (awarded > 0) continue;
      const found = await whyProvider(input, clearing, id, solver);
      if (found.outcome !== 'too_dear' && found.outcome !== 'outbid') {
        expect(await awardedOf(atMost(input, id, 0), id)).toBe(0);
        continue;
      }
      if (!found.priceToWin.told) throw new Error('the whole answer tells the price');
      const { micros } = found.priceToWin;
      if (micros === null) {
        expect(await awardedOf(atMost(input, id, 0), id)).toBe(0);
        continue;
      }
      expect(await awardedOf(atMost(input, id, micros), id)).toBeGreaterThan(0);
      expect(await awardedOf(atMost(input, id, micros + 1), id)).toBe(0);
      const lower = atMost(input, id, draw % (micros + 1));
      const without = { ...input, providers: input.providers.filter((provider) => provider.id !== id) };
      // Where both gain the same, the order decides; nobody gains by leaving it out.
      if (tryEveryAllocation(lower) > tryEveryAllocation(without))
        expect(await awardedOf(lower, id)).toBeGreaterThan(0);
    }
  });
  await holds('price to win', 120, property);
});

describe('what the bidder may be told', () => {
  const outbid: ProviderWhy = {
    outcome: 'outbid',
    priceToWin: { told: true, micros: 1_234_567 as never, isRounded: false },
  };

  test('the price to win only from four independent bidders on, and then rounded', () => {
    expect(whyAsTold(outbid, { bidders: 3, companies: 9 })).toEqual({
      outcome: 'outbid',
      priceToWin: { told: false, because: 'few_bidders' },
    });
    const told = whyAsTold(outbid, { bidders: 4, companies: 0 });
    expect(told).toEqual({
      outcome: 'outbid',
      priceToWin: { told: true, micros: roundToPercentStep(1_234_567), isRounded: true },
    });
    const never: ProviderWhy = { outcome: 'outbid', priceToWin: { told: true, micros: null, isRounded: false } };
    expect(whyAsTold(never, { bidders: 4, companies: 0 })).toMatchObject({ priceToWin: { told: true, micros: null } });
    expect(whyAsTold(never, { bidders: 3, companies: 0 })).toMatchObject({ priceToWin: { told: false } });
  });

  test('a rounded price is never above the exact one, less than 1 % or a micro-unit below it, and on steps all share', () => {
    expect([0, 1, 2, 99, 199, 200, 201, 202, 203, 204].map(roundToPercentStep)).toEqual([
      0, 1, 2, 99, 199, 200, 200, 202, 202, 204,
    ]);
    const property = fc.property(fc.integer({ min: 1, max: 1_000_000_000_000 }), (micros) => {
      const rounded = roundToPercentStep(micros);
      expect(rounded).toBeLessThanOrEqual(micros);
      expect(rounded + Math.max(1, Math.floor(rounded / 100))).toBeGreaterThan(micros);
      expect(roundToPercentStep(rounded)).toBe(rounded);
    });
    fc.assert(property);
  });
});
