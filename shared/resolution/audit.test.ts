import { describe, expect, it } from 'vitest';
import { randomToken } from '../kernel/id.ts';
import { isDrawn } from './audit.ts';

const SAMPLES = 40_000;
const keys = Array.from(
  { length: SAMPLES },
  (_, i) => `00017700${String(i % 7).padStart(7, '0')}#co_aaaa000001.AAAAAAAAAAAAAAAAAAAAAA#${randomToken(16)}`,
);

describe('the draw', () => {
  it('is the same each time, draws nothing at 0 and everything at 10000', () => {
    for (const key of keys.slice(0, 500)) {
      expect(isDrawn(key, 100)).toBe(isDrawn(key, 100));
      expect(isDrawn(key, 0)).toBe(false);
      expect(isDrawn(key, 10_000)).toBe(true);
    }
  });

  it.each([100, 1_000, 5_000])('at %i of 10000 takes that share of random tokens', (bps) => {
    const drawn = keys.filter((key) => isDrawn(key, bps)).length;
    const share = bps / 10_000;
    // Six standard deviations of a binomial: a fair draw misses it once in half a billion runs.
    const bound = 6 * Math.sqrt(SAMPLES * share * (1 - share));
    expect(Math.abs(drawn - SAMPLES * share)).toBeLessThan(bound);
  });

  it('takes what a smaller share takes, so that a higher share only adds', () => {
    for (const key of keys.slice(0, 2_000)) if (isDrawn(key, 100)) expect(isDrawn(key, 700)).toBe(true);
  });
});
