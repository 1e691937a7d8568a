import { describe, expect, it } from 'vitest';
import { priceStep, roundPrice, roundPriceUp, roundShare, roundVolume } from './coarse.ts';
import { FOUR_BIDDERS, marketOf, solver, UNIT } from './market.oracle.ts';
import { coarsen, drawOutline, mayReplace, priceAt, priceLadder, tipOf } from './outline.ts';

const FOUR = [
  { id: 'co_a', volume: 300 },
  { id: 'co_b', volume: 300 },
  { id: 'co_c', volume: 300 },
  { id: 'co_d', volume: 300 },
];

describe('coarse figures', () => {
  it('keep prices on steps of 1 % to 2.5 %, and volumes to two digits', () => {
    expect([1_000, 1_999, 2_000, 4_999, 5_000, 9_999].map(priceStep)).toEqual([20, 20, 50, 50, 100, 100]);
    expect([5_230_000, 5_250_000, 1_009_999].map(roundPrice)).toEqual([5_200_000, 5_300_000, 1_000_000]);
    expect([5_200_000, 5_200_001, 0].map(roundPriceUp)).toEqual([5_200_000, 5_300_000, 0]);
    expect([0, 7, 99, 104, 105, 1_249, 1_250, 99_499].map(roundVolume)).toEqual([
      0, 7, 99, 100, 110, 1_200, 1_300, 99_000,
    ]);
    expect([1_234, -1_234, 99].map(roundShare)).toEqual([1_200, -1_200, 0]);
  });

  it('never fall where what they stand for rises, and stay where they are once coarse', () => {
    let [price, up, volume] = [0, 0, 0];
    for (let n = 0; n < 12_000; n++) {
      const next = [roundPrice(n), roundPriceUp(n), roundVolume(n)] as const;
      expect(next[0] >= price && next[1] >= up && next[2] >= volume && next[1] >= n, String(n)).toBe(true);
      expect([roundPrice(next[0]), roundPriceUp(next[1]), roundVolume(next[2])]).toEqual(next);
      [price, up, volume] = next;
    }
  });
});

describe('an outline', () => {
  it('is not drawn below three members, and tells no price below four bidders', async () => {
    expect(await drawOutline(marketOf(FOUR.slice(0, 2), FOUR_BIDDERS), 7, solver)).toBeNull();
    expect(await drawOutline(marketOf(FOUR, FOUR_BIDDERS.slice(0, 3)), 7, solver)).toEqual({
      asOf: 7,
      members: 4,
      committed: 1_200,
      prices: null,
    });
  });

  it('tells the average price by pooled volume, alone with a part of every capacity, and what tips the pool', async () => {
    const outline = await drawOutline(marketOf(FOUR, FOUR_BIDDERS), 7, solver);
    // 1,200 requests cost 5 at pr_a; from 1,500 on it asks 4. Alone nobody reaches 1,500.
    expect(outline?.prices?.pool.map(({ volume, priceMicros }) => [volume, (priceMicros ?? 0) / UNIT])).toEqual([
      [600, 5],
      [900, 5],
      [1_080, 5],
      [1_200, 5],
      [1_320, 5],
      [1_500, 4],
      [1_800, 4],
      [2_400, 4],
    ]);
    expect(outline?.prices?.alone.map((point) => point.priceMicros)).toEqual(Array(4).fill(5 * UNIT));
    expect(tipOf(outline)).toEqual({ nowMicros: 5 * UNIT, volume: 1_500, priceMicros: 4 * UNIT });
    expect(priceAt(outline?.prices?.pool ?? [], 1_499)).toBe(5 * UNIT);
    expect(priceAt(outline?.prices?.pool ?? [], 1)).toBe(5 * UNIT);
    // Once the inputs are published, whoever has them finds the same ladder.
    const ladder = await priceLadder(marketOf(FOUR, FOUR_BIDDERS), solver);
    expect(ladder).toEqual({ committed: 1_200, points: outline?.prices?.pool });
    expect(await priceLadder(marketOf(FOUR, FOUR_BIDDERS.slice(1)), solver)).toBeNull();
  });

  it('tells what the pool would pay for more requests at the most: what they displace', async () => {
    const outline = await drawOutline(marketOf(FOUR, FOUR_BIDDERS), 7, solver);
    // Every request that pr_a would serve costs 5, so an entrant of any size is worth 5 a request.
    expect(outline?.prices?.entry).toEqual(
      [60, 120, 300, 600, 1_200].map((volume) => ({ volume, priceMicros: 5 * UNIT })),
    );
    // Without pr_a's room 400 requests cost 6, 400 cost 7 and 400 cost 8: the dearest 60 are worth 8, the dearest 600 are worth 4,600 in all.
    const scarce = [
      { ...FOUR_BIDDERS[0]!, capacity: 1, tiers: [[0, 9 * UNIT]] as [number, number][] },
      ...FOUR_BIDDERS.slice(1),
    ];
    const dear = await drawOutline(marketOf(FOUR, scarce), 7, solver);
    expect(dear?.prices?.entry.map((point) => (point.priceMicros ?? 0) / UNIT)).toEqual([8, 8, 8, 7.7, 7]);
  });

  it('takes in no single volume, reserve price, tier price or capacity, only rounded sums, means and grids', () => {
    const coarse = coarsen(
      marketOf(
        [
          { id: 'co_a', volume: 11, reserveMicros: 8_011_000 },
          { id: 'co_b', volume: 222, reserveMicros: 7_000_000 },
          { id: 'co_c', volume: 3_333, reserveMicros: 6_000_000 },
        ],
        [
          {
            id: 'pr_a',
            capacity: 1_234,
            tiers: [
              [0, 5_234_567],
              [1_001, 5_000_001],
              [1_004, 4_321_000],
            ],
          },
        ],
      ),
    );
    expect(new Set(coarse.companies.map((company) => company.reserveMicros))).toEqual(new Set([7_000_000]));
    expect(coarse.providers[0]).toMatchObject({
      capacity: 1_200,
      tiers: [
        { minVolume: 0, priceMicros: 5_200_000 },
        { minVolume: 1_000, priceMicros: 4_300_000 },
      ],
    });
  });

  it('gives way to a new one only where the demand of nobody or of three members has changed', () => {
    const before = new Map(['a', 'b', 'c', 'd'].map((id) => [id, '1']));
    const changed = (ids: string) => new Map([...before, ...ids.split('').map((id): [string, string] => [id, '2'])]);
    expect(['', 'a', 'ab', 'abc', 'abx', 'e'].map((ids) => mayReplace(before, changed(ids)))).toEqual([
      true,
      false,
      false,
      true,
      true,
      false,
    ]);
    expect(mayReplace(before, new Map([['a', '1']]))).toBe(true);
    expect(mayReplace(before, new Map(['a', 'b', 'c'].map((id) => [id, '1'])))).toBe(false);
  });
});
