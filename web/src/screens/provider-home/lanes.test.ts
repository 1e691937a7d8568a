import { expect, it } from 'vitest';
import { waitsIn } from './lanes.ts';

it('adds up what waits, and names the first that is due', () => {
  const lane = (count: number, earliestDeadline: string | null, more: object = {}) => ({
    waiting: { count, isAtLeast: false },
    earliestDeadline,
    isLate: false,
    ...more,
  });
  const lanes = [
    lane(3, '2026-10-06T00:00:00.000Z'),
    lane(0, null),
    lane(100, '2026-10-05T00:00:00.000Z', { waiting: { count: 100, isAtLeast: true } }),
  ];
  expect(waitsIn(lanes)).toEqual({
    count: 103,
    isAtLeast: true,
    earliest: '2026-10-05T00:00:00.000Z',
    isLate: false,
  });
  expect(waitsIn([])).toEqual({ count: 0, isAtLeast: false, earliest: null, isLate: false });
});
