/** Markets whose answer is known: worked out by hand, each with the guarantee it stands for. */
import { describe, expect, test } from 'vitest';
import { clear } from './clearing.ts';
import type { ClearingInput } from './input.ts';
import { company, market, provider } from './market.examples.ts';
import { createMarketSolver } from './market-solver.ts';

const solver = createMarketSolver();

test('three companies of which any two would rather stand alone: the pair that is served gains 2 in all', async () => {
  const tiers = [
    { minVolume: 0, priceMicros: 2 },
    { minVolume: 2, priceMicros: 1 },
  ];
  const clearing = await clear(
    market(
      [
        { id: '1', reserveMicros: 2, eligibleProviders: ['A', 'B'] },
        { id: '2', reserveMicros: 2, eligibleProviders: ['A', 'C'] },
        { id: '3', reserveMicros: 2, eligibleProviders: ['B', 'C'] },
      ],
      ['A', 'B', 'C'].map((id) => ({ id, capacity: 3, tiers })),
    ),
    solver,
  );
  expect(clearing.valueMicros).toBe(2);
  const gains = clearing.companies.filter((each) => each.awarded > 0).map((each) => each.surplusMicros);
  expect(gains.toSorted((a, b) => a - b)).toEqual(gains.length === 2 ? [1, 1] : [0, 1, 1]);
});

test('rising prices are refused, because pooling could lose', async () => {
  const rising = [
    { minVolume: 0, priceMicros: 1 },
    { minVolume: 11, priceMicros: 2 },
  ];
  await expect(clear(market([{ id: 'a' }], [{ id: 'P', tiers: rising }]), solver)).rejects.toThrow(/guarantee/);
});

test('two small companies reach a tier that neither reaches alone, and share the difference by volume', async () => {
  const tiers = [
    { minVolume: 0, priceMicros: 10 },
    { minVolume: 7, priceMicros: 7 },
  ];
  const clearing = await clear(
    market(
      [
        { id: 'a', volume: 3, reserveMicros: 20 },
        { id: 'b', volume: 4, reserveMicros: 20 },
      ],
      [{ id: 'P', capacity: 7, tiers }],
    ),
    solver,
  );
  expect(clearing.valueMicros).toBe(7 * 13);
  expect(company(clearing, 'a')).toMatchObject({
    awarded: 3,
    standaloneMicros: 30,
    surplusMicros: 39,
    totalMicros: 21,
    unitPriceMicros: 7,
    standalonePriceMicros: 10,
  });
  expect(company(clearing, 'b')).toMatchObject({
    awarded: 4,
    standaloneMicros: 40,
    surplusMicros: 52,
    totalMicros: 28,
    unitPriceMicros: 7,
    standalonePriceMicros: 10,
  });
  expect(provider(clearing, 'P')).toMatchObject({ awarded: 7, tier: 1, priceMicros: 7, capacityLeft: 0 });
});

test('the fee is on top of the bid, the failure cost counts against the provider, and both show in the price', async () => {
  const clearing = await clear(
    market(
      [{ id: 'a', volume: 10, reserveMicros: 2_000_000, chargesLastRound: 8 }],
      [{ id: 'P', tiers: [{ minVolume: 0, priceMicros: 1_000_000 }], qualityBps: 9_000 }],
      { feeBps: 500, ceilingMicros: 3_000_000, failureCostMicros: 1_000_000 },
    ),
    solver,
  );
  // Worth 10 · (2.00 − 0.10), cost 10 · 1.05.
  expect(clearing).toMatchObject({ valueMicros: 8_500_000, providerCostMicros: 10_500_000, proof: { gapMicros: 0 } });
  expect(company(clearing, 'a')).toMatchObject({
    capacityShareBase: 10,
    floorMicros: 8_500_000,
    unitPriceMicros: 1_050_000,
    releaseCreditMicros: 0,
  });
  expect(provider(clearing, 'P')).toMatchObject({ priceMicros: 1_000_000, feeMicros: 50_000, allInMicros: 1_050_000 });
});

test('a company whose share of capacity others use is credited what it would have gained with it', async () => {
  const clearing = await clear(
    market(
      [
        { id: 'low', reserveMicros: 5_000_000, chargesLastRound: 1 },
        { id: 'high', reserveMicros: 20_000_000, chargesLastRound: 1 },
      ],
      [{ id: 'P', capacity: 1, tiers: [{ minVolume: 0, priceMicros: 4_000_000 }] }],
      { ceilingMicros: 30_000_000 },
    ),
    solver,
  );
  expect(company(clearing, 'low')).toMatchObject({
    awarded: 0,
    capacityShareBase: 1,
    releaseCreditMicros: 500_000,
    totalMicros: -500_000,
    standalonePriceMicros: null,
  });
  expect(company(clearing, 'high')).toMatchObject({
    awarded: 1,
    floorMicros: 8_000_000,
    surplusMicros: 15_500_000,
    unitPriceMicros: 4_500_000,
  });
});

test('without a record an unserved company has no share and gets no credit, however much it commits', async () => {
  const clearing = await clear(
    market(
      [
        { id: 'phantom', volume: 1_000_000, reserveMicros: 5 },
        { id: 'real', reserveMicros: 20, chargesLastRound: 1 },
      ],
      [{ id: 'P', capacity: 1, tiers: [{ minVolume: 0, priceMicros: 4 }] }],
    ),
    solver,
  );
  expect(company(clearing, 'phantom')).toMatchObject({
    awarded: 0,
    capacityShareBase: 0,
    floorMicros: 0,
    surplusMicros: 0,
    releaseCreditMicros: 0,
  });
  expect(company(clearing, 'real')).toMatchObject({ unitPriceMicros: 4 });
});

test('what does not divide is paid by the first requests, one micro-unit more each', async () => {
  // Two providers at 10 and 11 serve one request each: T = 21 for two requests.
  const clearing = await clear(
    market(
      [{ id: 'a', volume: 2, reserveMicros: 20 }],
      [
        { id: 'P', capacity: 1 },
        { id: 'Q', capacity: 1, tiers: [{ minVolume: 0, priceMicros: 11 }] },
      ],
    ),
    solver,
  );
  expect(company(clearing, 'a')).toMatchObject({ totalMicros: 21, unitPriceMicros: 10, dearerRequests: 1 });
});

test('the share limit caps what one provider is awarded, and its standing bid too', async () => {
  const clearing = await clear(
    market([{ id: 'a', volume: 4 }], [{ id: 'cheap' }, { id: 'dear', tiers: [{ minVolume: 0, priceMicros: 50 }] }], {
      shareLimitBps: 5_000,
    }),
    solver,
  );
  expect(provider(clearing, 'cheap')).toMatchObject({ awarded: 2, capacityLeft: 0 });
  expect(provider(clearing, 'dear')).toMatchObject({ awarded: 2, capacityLeft: 0 });
});

test('nobody is served below the best price a provider can reach, even where that would lift the others to a tier', async () => {
  const tiers = [
    { minVolume: 0, priceMicros: 20 },
    { minVolume: 3, priceMicros: 10 },
  ];
  const clearing = await clear(
    market(
      [
        { id: 'keen', volume: 2, reserveMicros: 30 },
        { id: 'low', volume: 1, reserveMicros: 9 },
      ],
      [{ id: 'P', tiers }],
    ),
    solver,
  );
  // With the low company aboard the pool would gain 2·20 − 1 = 39.
  expect(clearing.valueMicros).toBe(20);
  expect(company(clearing, 'low').awarded).toBe(0);
});

test('a missing reserve, and one above the ceiling, are read as the ceiling', async () => {
  const clearing = await clear(market([{ id: 'none' }, { id: 'above', reserveMicros: 500 }], [{ id: 'P' }]), solver);
  expect(clearing.valueMicros).toBe(2 * (100 - 10));
});

describe('edges', () => {
  const nothing: [string, ClearingInput][] = [
    ['no companies', market([], [{ id: 'P' }])],
    ['no providers', market([{ id: 'a' }], [])],
    ['nobody at all', market([], [])],
    ['capacity 0', market([{ id: 'a' }], [{ id: 'P', capacity: 0 }])],
    ['volume 0', market([{ id: 'a', volume: 0 }], [{ id: 'P' }])],
    [
      'less volume than the minimum award',
      market([{ id: 'a', volume: 4 }], [{ id: 'P', tiers: [{ minVolume: 5, priceMicros: 1 }] }]),
    ],
    [
      'less capacity than the minimum award',
      market([{ id: 'a', volume: 9 }], [{ id: 'P', capacity: 4, tiers: [{ minVolume: 5, priceMicros: 1 }] }]),
    ],
    ['a reserve below every price', market([{ id: 'a', reserveMicros: 9 }], [{ id: 'P' }])],
    [
      'a worth below 0',
      market(
        [{ id: 'a', reserveMicros: 20, failureCostMicros: 90 }],
        [{ id: 'P', qualityBps: 0, tiers: [{ minVolume: 0, priceMicros: 0 }] }],
      ),
    ],
    ['no eligible provider', market([{ id: 'a', eligibleProviders: ['elsewhere'] }], [{ id: 'P' }])],
  ];
  test.each(nothing)('%s: nobody is awarded or pays anything', async (_, input) => {
    const clearing = await clear(input, solver);
    expect(clearing).toMatchObject({ valueMicros: 0, providerCostMicros: 0, proof: { gapMicros: 0 } });
    for (const each of clearing.companies)
      expect(each).toMatchObject({
        awarded: 0,
        byProvider: [],
        totalMicros: 0,
        unitPriceMicros: 0,
        releaseCreditMicros: 0,
        standalonePriceMicros: null,
      });
    for (const each of clearing.providers)
      expect(each).toMatchObject({ awarded: 0, tier: null, priceMicros: null, feeMicros: null, allInMicros: null });
  });

  test('a volume exactly on a threshold has the price from it on', async () => {
    const tiers = [
      { minVolume: 0, priceMicros: 10 },
      { minVolume: 5, priceMicros: 8 },
      { minVolume: 6, priceMicros: 5 },
    ];
    const clearing = await clear(market([{ id: 'a', volume: 5 }], [{ id: 'P', tiers }]), solver);
    expect(provider(clearing, 'P')).toMatchObject({ awarded: 5, tier: 1, priceMicros: 8 });
  });

  test('a tier at the same price as the one before is reported by the volume reached', async () => {
    const tiers = [
      { minVolume: 0, priceMicros: 10 },
      { minVolume: 2, priceMicros: 10 },
    ];
    const clearing = await clear(market([{ id: 'a', volume: 3 }], [{ id: 'P', tiers }]), solver);
    expect(provider(clearing, 'P')).toMatchObject({ awarded: 3, tier: 1, priceMicros: 10 });
  });

  test('a price exactly at the reserve is served', async () => {
    const clearing = await clear(market([{ id: 'a', reserveMicros: 10 }], [{ id: 'P' }]), solver);
    expect(company(clearing, 'a')).toMatchObject({ awarded: 1, unitPriceMicros: 10, surplusMicros: 0 });
  });

  test('the same id twice is refused', async () => {
    await expect(clear(market([{ id: 'a' }, { id: 'a' }], []), solver)).rejects.toThrow(/a appears twice/);
  });
});
