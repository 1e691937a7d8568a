import { describe, expect, it } from 'vitest';
import { iso } from '../kernel/time.ts';
import { alertsReached, daysToCount, nextLook } from './budget.ts';

const at = (text: string): number => Date.parse(text);

describe('alerts', () => {
  it.each([
    [49_999, 100_000, []],
    [50_000, 100_000, [50]],
    [79_999, 100_000, [50]],
    [80_000, 100_000, [50, 80]],
    [100_000, 100_000, [50, 80, 100]],
    [0, 0, [50, 80, 100]],
    // Beyond what a double counts exactly.
    [500_000_000_000_000 - 1, 1_000_000_000_000_000, []],
  ])('of %i used of %i are %j', (used, cap, expected) => {
    expect(alertsReached(used, cap)).toEqual(expected);
  });
});

describe('a cap', () => {
  it.each([
    ['2026-02-10T13:00:00Z', '2026-02-11T00:10:00.000Z'],
    ['2026-02-10T00:00:00Z', '2026-02-11T00:10:00.000Z'],
    ['2026-02-28T23:59:59Z', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T00:00:00Z', '2026-03-02T00:10:00.000Z'],
  ])('is looked at after %s at %s: shortly after midnight, and as the month turns', (now, expected) => {
    expect(iso(nextLook(at(now)))).toBe(expected);
  });

  it('counts again the days before today that are not final', () => {
    expect(daysToCount('2026-02', undefined, at('2026-02-04T00:10:00Z'))).toEqual([
      '2026-02-01',
      '2026-02-02',
      '2026-02-03',
    ]);
    expect(daysToCount('2026-02', '2026-02-02', at('2026-02-04T00:10:00Z'))).toEqual(['2026-02-03']);
    expect(daysToCount('2026-02', '2026-02-26', at('2026-03-04T00:10:00Z'))).toEqual(['2026-02-27', '2026-02-28']);
  });
});
