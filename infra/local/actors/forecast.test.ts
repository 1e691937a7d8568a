import { describe, expect, it } from 'vitest';
import { bestVolume, demandDistribution, type TakeOrPay, volumeToCommit } from './forecast.ts';

const rule: TakeOrPay = { takeOrPayBps: 8_000, shortfallRateBps: 5_000, poolPrice: 10, beyondPrice: 11 };

describe('a company without a long past commits its mean so far, or nothing', () => {
  it.each([
    [[], 0],
    [[7], 0],
    [[7, 4], 5],
    [[1, 0, 0], 0],
    [[1, 2, 2], 1],
  ])('after %j it commits %i', (past, volume) => {
    expect(volumeToCommit(past, rule)).toBe(volume);
  });
});

describe('with four past rounds or more the volume is the cheapest under take-or-pay', () => {
  // Worked out by hand over the distribution 0, 10, 20 requests with a third each, in steps that matter.
  const thirds = Array.from({ length: 21 }, (_, n) => (n % 10 === 0 ? 1 / 3 : 0));

  it('commits what is cheapest between paying for what is missing and paying more for what comes beyond', () => {
    // Each unit committed owes 0.8 more, and a missing one costs 5. Up to ten owed only 'nothing comes' is short of it, a
    // third: 5 × 0.8 × 1/3 = 4/3 per unit; beyond, two thirds: 8/3. What it saves: (beyond − pool) × Pr(D > n), which is
    // two thirds below ten and one third from ten on.
    // At 1 more it saves 2/3 and 1/3: never worth it.
    expect(bestVolume(thirds, rule)).toBe(0);
    // At 3 more it saves 2, then 1: worth it up to ten.
    expect(bestVolume(thirds, { ...rule, beyondPrice: 13 })).toBe(10);
    // At 10 more it saves 20/3, then 10/3: worth it up to twenty.
    expect(bestVolume(thirds, { ...rule, beyondPrice: 20 })).toBe(20);
  });

  it('commits nothing where what comes beyond is cheaper than the pool', () => {
    expect(bestVolume(thirds, { ...rule, beyondPrice: 9 })).toBe(0);
  });

  it('covers at least what is certain: a steady demand is committed up to where the obligation meets it', () => {
    // Always exactly 8: any volume up to 8 saves, and up to ⌊8 / 0.8⌋ = 10 nothing is owed; the smallest best one is 8.
    const steady = [0, 0, 0, 0, 0, 0, 0, 0, 1];
    expect(bestVolume(steady, rule)).toBe(8);
  });

  it('forgets what is older than eight rounds', () => {
    const recent = [4, 5, 6, 5, 4, 6, 5, 5];
    expect(volumeToCommit([900, 800, ...recent], rule)).toBe(volumeToCommit(recent, rule));
  });

  it('commits nothing after rounds without any request', () => {
    expect(volumeToCommit([1, 0, 0, 0, 0, 0, 0, 0, 0], rule)).toBe(0);
  });
});

describe('the fitted distribution', () => {
  it.each([
    [3, 2],
    [5, 5],
    [8, 40],
    [400, 9_000],
    [2_000, 2_100],
  ])('has the mean %d it was fitted to, variance %d', (mean, variance) => {
    const p = demandDistribution(mean, variance);
    const sum = p.reduce((a, b) => a + b, 0);
    const first = p.reduce((a, b, n) => a + b * n, 0);
    const second = p.reduce((a, b, n) => a + b * (n - mean) ** 2, 0);
    expect(sum).toBeCloseTo(1, 4);
    expect(first / mean).toBeCloseTo(1, 2);
    expect(second / Math.max(variance, mean)).toBeCloseTo(1, 1);
  });
});
