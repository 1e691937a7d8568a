/** What is published of a result, and from how many companies on, worked out by hand. */
import { expect, test } from 'vitest';
import { publishedFigures, roundFigures } from './figures.ts';
import type { Result } from './round-file.ts';

type Row = { unitPriceMicros: number; awarded?: number; standalonePriceMicros?: number | null };

/** Companies that committed 10 each and are awarded 2 at a price of their own, unless said otherwise. */
function result(rows: readonly Row[], more: object = {}): Result {
  const companies = rows.map(({ awarded = 2, ...row }) => ({
    committed: 10,
    awarded,
    totalMicros: awarded * row.unitPriceMicros,
    standalonePriceMicros: null,
    ...row,
  }));
  const totals = { valueMicros: 70, epsilonMicros: 3, providerCostMicros: 1_000, proof: { method: 'm', gapMicros: 4 } };
  return { companies, providers: [{}, {}], ...totals, ...more } as unknown as Result;
}
const at = (...prices: number[]) => prices.map((unitPriceMicros) => ({ unitPriceMicros }));

test('pooled figures are sums over all companies; alone counts what is known', () => {
  const rows = [
    { unitPriceMicros: 5, standalonePriceMicros: 7 },
    { unitPriceMicros: 6 },
    { unitPriceMicros: 8, awarded: 3, standalonePriceMicros: 9 },
  ];
  expect(roundFigures(result(rows))).toEqual({
    companies: 3,
    providers: 2,
    committed: 30,
    awarded: 7,
    billingsMicros: 10 + 12 + 24,
    standaloneMicros: 14 + 27,
    valueMicros: 70,
    gapMicros: 4,
  });
});

test('figures and ε are shown from three companies on, whoever is awarded something', () => {
  const shown = (companies: number) => publishedFigures(Array(companies).fill({}), result(at(5, 6, 8)));
  expect(shown(2)).toMatchObject({ figures: null, epsilon: null });
  expect(shown(3).figures).toEqual(roundFigures(result(at(5, 6, 8))));
  // 3 of a turnover of 1,000 are 30 basis points; what does not divide is rounded up.
  expect(shown(3).epsilon).toEqual({ micros: 3, shareOfTurnoverBps: 30 });
  expect(publishedFigures([1, 2, 3], result(at(5), { providerCostMicros: 999 })).epsilon?.shareOfTurnoverBps).toBe(31);
  expect(publishedFigures([1, 2, 3], result(at(5), { providerCostMicros: 0 })).epsilon?.shareOfTurnoverBps).toBeNull();
  expect(shown(2).proof).toEqual({ method: 'm', gapMicros: 4 });
});

test('of three prices only the middle one is told, of five the lowest and highest too, in steps of 0.01', () => {
  const prices = (...all: number[]) => publishedFigures([], result(at(...all))).prices;
  expect(prices(50_000, 10_000)).toBeNull();
  expect(prices(100_000, 24_999, 9_000)).toEqual({ medianMicros: 20_000, minMicros: null, maxMicros: null });
  expect(prices(100_000, 25_000, 9_000)?.medianMicros).toBe(30_000);
  // Of four the lower of the two in the middle.
  expect(prices(40_000, 10_000, 30_000, 20_000)).toEqual({ medianMicros: 20_000, minMicros: null, maxMicros: null });
  expect(prices(51_000, 20_000, 110_000, 40_000, 19_000)).toEqual({
    medianMicros: 40_000,
    minMicros: 10_000,
    maxMicros: 110_000,
  });
  expect(prices(51_000, 20_000, 110_001, 40_000, 10_000)).toEqual({
    medianMicros: 40_000,
    minMicros: 10_000,
    maxMicros: 120_000,
  });
});

test('who is awarded nothing has no price', () => {
  const rows = [...at(10_000, 20_000), { unitPriceMicros: 0, awarded: 0 }];
  expect(publishedFigures([], result(rows)).prices).toBeNull();
});
