import { expect, it } from 'vitest';
import { forecastSentence } from './forecast-sentence.ts';

const forecast = {
  period: '2026-01',
  currency: 'USD' as const,
  soFarMicros: 40_000_000,
  expectedMicros: 84_000_000,
  fromMicros: 80_000_000,
  toMicros: 90_500_000,
  basis: [],
  sentence: '',
};

it('says what the month came to so far and will come to, with its range', () => {
  expect(forecastSentence(forecast, 'charged', 'en-US')).toBe(
    '$40.00 charged in January 2026 so far. By its end about $84.00, between $80.00 and $90.50.',
  );
});

it('leaves a range of one amount out', () => {
  const sure = { ...forecast, fromMicros: 84_000_000, toMicros: 84_000_000 };
  expect(forecastSentence(sure, 'earned', 'en-US')).toBe(
    '$40.00 earned in January 2026 so far. By its end about $84.00.',
  );
});
