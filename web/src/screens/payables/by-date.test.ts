import { expect, it } from 'vitest';
import { byDate } from './by-date.ts';

it('what waits is added up by day, what has no date last', () => {
  const at = (micros: number, expectedAt: string | null) => ({ micros, expectedAt });
  expect(
    byDate([
      at(5, null),
      at(1, '2026-03-02T06:00:00.000Z'),
      at(2, '2026-02-01T00:00:00.000Z'),
      at(4, '2026-03-02T23:00:00.000Z'),
    ]),
  ).toEqual([
    { day: '2026-02-01', micros: 2 },
    { day: '2026-03-02', micros: 5 },
    { day: null, micros: 5 },
  ]);
  expect(byDate([])).toEqual([]);
});
