/** The points of a forecast's picture: what the month came to so far, and where it ends, with its range. Pure. */
import type { Forecast } from '../../../../shared/finance-report/forecast.ts';
import { endOfMonth } from '../../ui/months.ts';

const UNIT = 1_000_000;

const DAY_MS = 86_400_000;

/** In units of the currency, at days of the month from its begin; null where a series has no point. */
export type Point = {
  day: number;
  soFar: number | null;
  expected: number | null;
  range: readonly [number, number] | null;
};

/** `now` in milliseconds: an instant of the month. */
export function pointsOf(
  { period, soFarMicros, expectedMicros, fromMicros, toMicros }: Forecast,
  now: number,
): Point[] {
  const start = Date.parse(`${period}-01T00:00:00Z`);
  const days = (endOfMonth(period) - start) / DAY_MS;
  const today = Math.min(days, Math.max(0, (now - start) / DAY_MS));
  const soFar = soFarMicros / UNIT;
  return [
    { day: 0, soFar: 0, expected: null, range: null },
    { day: today, soFar, expected: soFar, range: [soFar, soFar] },
    { day: days, soFar: null, expected: expectedMicros / UNIT, range: [fromMicros / UNIT, toMicros / UNIT] },
  ];
}
