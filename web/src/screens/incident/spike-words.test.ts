import { expect, it } from 'vitest';
import { oddsOf, usualRate } from './spike-words.ts';

it('a spike’s odds are said in round words, never rarer than they are', () => {
  expect([oddsOf(9e-7), oddsOf(1e-9), oddsOf(1.1e-9), oddsOf(1e-12), oddsOf(1e-300)]).toEqual([
    'a million',
    'a billion',
    'a million',
    'a trillion',
    'a trillion',
  ]);
});

it('what is usual is requests by hours, to a tenth', () => {
  expect(usualRate({ usual: { requests: 10, hours: 24 } })).toBe(0.4);
  expect(usualRate({ usual: { requests: 0, hours: 24 } })).toBe(0);
});
