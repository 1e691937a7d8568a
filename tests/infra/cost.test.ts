/** The arithmetic of `npm run bench:cost`, against the formula of the design and sums done by hand. */
import { describe, expect, it } from 'vitest';
import { type Counted, gigabyteSecondsOf, PRICES, usdOf } from '../bench/cost/prices.ts';

const MILLION = 1_000_000;
const usdPerMillion = (amounts: Record<Counted, number>): number =>
  (Object.keys(PRICES) as Counted[]).reduce((sum, name) => sum + MILLION * usdOf(PRICES[name], amounts[name]), 0);

describe('what a million requests cost', () => {
  it.each([
    // 9.375 + 0.4375 + 5 + 1 + 1.000005 + 1
    ['one at a time', [15, 3.5, 5, 5, 0.075, 0, 2_000], 17.8125],
    // 9.375 + 0.4375 + 3.1 + 0.62 + 0.62667 + 0.6
    ['in batches', [15, 3.5, 3.1, 3.1, 0.047, 0, 1_200], 14.7592],
    ['of messages alone', [0, 0, 0, 0, 0, 3, 0], 1.2],
  ])('adds up to what the design’s formula gives: %s', (_, [w, r, h, l, gbs, q, log], usd) => {
    const amounts = {
      writeUnits: w!,
      readUnits: r!,
      httpCalls: h!,
      invocations: l!,
      gigabyteSeconds: gbs!,
      queueRequests: q!,
      logBytes: log!,
    };
    expect(usdPerMillion(amounts)).toBeCloseTo(usd as number, 3);
  });
});

describe('gigabyte-seconds', () => {
  it('count waits at their length and processor time at the share of a processor that the memory gives', () => {
    // Half of 1,769 MB is half a processor: 10 ms take 20, and two waits of 5 ms ten more; 884.5 / 1,024 GB for 30 ms.
    expect(gigabyteSecondsOf({ memoryMb: 884.5, processorMs: 10, waits: 2 })).toBeCloseTo(0.025913, 6);
    // More memory makes one thread no faster.
    expect(gigabyteSecondsOf({ memoryMb: 2_048, processorMs: 10, waits: 0 })).toBeCloseTo(0.02, 9);
  });
});
