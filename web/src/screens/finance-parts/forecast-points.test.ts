import { expect, it } from 'vitest';
import { pointsOf } from './forecast-points.ts';

it('a forecast runs from what there is now to what is expected, within its range', () => {
  const forecast = {
    period: '2026-01',
    currency: 'USD' as const,
    soFarMicros: 10_000_000,
    expectedMicros: 25_000_000,
    fromMicros: 20_000_000,
    toMicros: 40_500_000,
    basis: [],
    sentence: '',
  };
  expect(pointsOf(forecast, Date.parse('2026-01-11T12:00:00Z'))).toEqual([
    { day: 0, soFar: 0, expected: null, range: null },
    { day: 10.5, soFar: 10, expected: 10, range: [10, 10] },
    { day: 31, soFar: null, expected: 25, range: [20, 40.5] },
  ]);
});
