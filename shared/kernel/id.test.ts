import { expect, it } from 'vitest';
import { timeKey } from './id.ts';

it('keys of instants sort as text as the instants do, and none is before the beginning of 1970', () => {
  const instants = [0, 9, 10, Date.UTC(2026, 0, 1), Date.UTC(9999, 11, 31)];
  expect(instants.map(timeKey).toSorted()).toEqual(instants.map(timeKey));
  expect(timeKey(Date.UTC(211, 0, 1))).toBe(timeKey(0));
});
