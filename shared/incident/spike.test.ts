import { describe, expect, it } from 'vitest';
import { dice } from '../../tests/support/dice.ts';
import { HOUR, MINUTE } from '../kernel/time.ts';
import { binomialTail, busier, judgeSpike, WATCH_EVERY_MS, watchTime } from './spike.ts';

const UNTIL = Date.parse('2026-02-03T10:15:00Z');
const isSpike = (seen: number, requests: number, hours: number): boolean =>
  judgeSpike(seen, { requests, hours }, UNTIL) !== null;

describe('the tail of a binomial', () => {
  // Worked out in exact fractions.
  it.each([
    [8, 8, 1 / 25, 6.5536e-12],
    [10, 40, 1 / 25, 2.9415236462531804e-6],
    [12, 36, 1 / 7, 0.003171774779762313],
    [20, 44, 1 / 25, 7.630911616026914e-17],
    [100, 700, 1 / 25, 1.0083423927690497e-27],
    [3, 10, 1 / 2, 0.9453125],
    [1, 5, 1 / 4, 0.7626953125],
  ])('P(X ≥ %i) of %i tries at %f is exact to ten digits', (least, tries, chance, expected) => {
    expect(Math.abs(binomialTail(least, tries, chance) / expected - 1)).toBeLessThan(1e-10);
  });

  it('is one for nothing and more than nothing where it is too small to be told', () => {
    expect(binomialTail(0, 10, 0.1)).toBe(1);
    expect(binomialTail(4_000, 4_000, 0.04)).toBe(1e-300);
  });
});

describe('a spike', () => {
  // The fewest of which the exact tail is one in a million, for a usual one, two and ten an hour over 24 hours, and ten over six.
  it.each([
    [10, 24, 24],
    [13, 48, 24],
    [30, 240, 24],
    [32, 60, 6],
    [8, 0, 24],
  ])('begins at %i requests where %i came in %i like hours, and not with one less', (least, requests, hours) => {
    expect(isSpike(least, requests, hours)).toBe(true);
    expect(isSpike(least - 1, requests, hours)).toBe(false);
  });

  it('is three times what is usual, however sure a smaller change is', () => {
    expect(isSpike(2_999, 24_000, 24)).toBe(false);
    expect(isSpike(3_000, 24_000, 24)).toBe(true);
  });

  it('is judged against the busier of two pasts, and against the one that is known', () => {
    const [weeks, day, none] = [
      { requests: 6, hours: 6 },
      { requests: 30, hours: 24 },
      { requests: 0, hours: 0 },
    ];
    expect(busier(weeks, day)).toBe(day);
    expect(busier(day, weeks)).toBe(day);
    expect(busier(none, weeks)).toBe(weeks);
    expect(busier(weeks, none)).toBe(weeks);
  });

  it('is never found in a past of which nothing is known', () => {
    expect(isSpike(500, 0, 0)).toBe(false);
  });

  it('says its hour, what came in it, and against what it was judged', () => {
    expect(judgeSpike(10, { requests: 24, hours: 24 }, UNTIL)).toMatchObject({
      from: '2026-02-03T09:15:00.000Z',
      until: '2026-02-03T10:15:00.000Z',
      seen: 10,
      usual: { requests: 24, hours: 24 },
    });
  });

  it('is hardly ever told where nothing happens, and told in most hours that bring five times as much', () => {
    const random = dice(11);
    const poisson = (mean: number): number => {
      let count = 0;
      for (let product = random(); product > Math.exp(-mean); product *= random()) count += 1;
      return count;
    };
    const alarms = (times: number, hours: number): number =>
      Array.from({ length: hours }, () => isSpike(poisson(6 * times), poisson(6 * 24), 24)).filter(Boolean).length;
    const [quiet, busy] = [alarms(1, 50_000), alarms(5, 1_000)];
    console.log(
      `six an hour: ${quiet} false alarms in 50,000 hours; ${busy} of 1,000 hours with five times as much told`,
    );
    // One in a million each: with a chance above 99.8 % none or one.
    expect(quiet).toBeLessThanOrEqual(1);
    expect(busy).toBeGreaterThan(900);
  });
});

describe('a queue', () => {
  it('is looked at four times an hour, at its own times', () => {
    for (const queue of ['a', 'b', 'mortgage-web-en-us-us-standard']) {
      const first = watchTime(queue, UNTIL);
      expect(first).toBeGreaterThanOrEqual(UNTIL);
      expect(first - UNTIL).toBeLessThan(WATCH_EVERY_MS);
      expect(watchTime(queue, first)).toBe(first);
      expect(watchTime(queue, first + 1) - first).toBe(15 * MINUTE);
    }
    expect(watchTime('a', UNTIL) % HOUR).not.toBe(watchTime('b', UNTIL) % HOUR);
  });
});
