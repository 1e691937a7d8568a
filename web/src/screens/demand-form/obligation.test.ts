import { describe, expect, it } from 'vitest';
import { boundBy } from './obligation.ts';

const terms = { ceilingMicros: 5_000_000, takeOrPayBps: 8_000, shortfallRateBps: 5_000 };

describe('what a commitment binds one to', () => {
  it('is at most its volume at the reserve price, and half the price of four fifths where nothing is sent', () => {
    expect(boundBy({ volume: 1_001, reserveMicros: 2_000_000 }, terms)).toEqual({
      limitMicros: 2_000_000,
      mostMicros: 2_002_000_000,
      leastRequests: 801,
      noneMicros: 801_000_000,
    });
  });

  it('reads no reserve price, and one above the ceiling, as the ceiling', () => {
    expect(boundBy({ volume: 2, reserveMicros: null }, terms).mostMicros).toBe(10_000_000);
    expect(boundBy({ volume: 2, reserveMicros: 9_000_000 }, terms).limitMicros).toBe(5_000_000);
  });
});
