import { expect, it } from 'vitest';
import { practiceMonth } from '../../../../shared/sandbox/month.ts';
import { linesOf } from './lines.ts';

it('the lines of the practice month add up to its invoice', () => {
  const lines = linesOf(practiceMonth('co_1abc'));
  const sums = lines.filter(({ what }) => what !== 'sum').map(({ sumMicros }) => sumMicros);
  expect(sums).toEqual([42_000_000, 5_880_000, -210_000, 0]);
  expect(lines.at(-1)?.sumMicros).toBe(47_670_000);
});
