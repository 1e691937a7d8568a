import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { dice } from '../../tests/support/dice.ts';
import { periodStart } from '../kernel/time.ts';
import { demandOf, forecastWeeks, LEAST_WEEKS, profileOf, QueueDemand, WEEK, type WeekCounts } from './demand.ts';

const MONDAY = Date.parse('2026-01-05T00:00:00Z');
const COMPLAINTS = fileURLToPath(new URL('../../../shared/data/cfpb_complaints_20k.csv.gz', import.meta.url));

/** A week with so many requests in its first hour, then so many in its last. */
const week = (n: number, first: number, last = 0, companies = 3): WeekCounts => ({
  week: MONDAY + n * WEEK,
  companies,
  hours: Array.from({ length: 168 }, (_, hour) => (hour === 0 ? first : hour === 167 ? last : 0)),
});
const weeks = (count: number, of: (n: number) => WeekCounts): WeekCounts[] =>
  Array.from({ length: count }, (_, n) => of(n));

type Score = { tried: number; inside: number; error: number; naive: number };
const noScore = (): Score => ({ tried: 0, inside: 0, error: 0, naive: 0 });
/** Forecasts each week from what was known `ahead` weeks before, and compares with what came. */
function backtest(totals: readonly number[], ahead: number, score = noScore()): Score {
  for (let known = 26; known + ahead <= totals.length; known++) {
    const { expected, low, high } = forecastWeeks(totals.slice(0, known), ahead).at(-1)!;
    const came = totals[known + ahead - 1]!;
    score.tried += 1;
    score.inside += low <= came && came <= high ? 1 : 0;
    score.error += Math.abs(came - expected);
    score.naive += Math.abs(came - totals[known - 1]!);
  }
  return score;
}
const shown = ({ tried, inside, error, naive }: Score): string =>
  `${tried} forecasts, ${((100 * inside) / tried).toFixed(1)} % within the 80 % range, mean error ${(error / tried).toFixed(1)}, last week's value as forecast ${(naive / tried).toFixed(1)}`;

describe('too little history', () => {
  it('is said, and nothing is forecast, until thirteen weeks had three companies', () => {
    const few = demandOf(
      'q',
      weeks(LEAST_WEEKS - 1, (n) => week(n, 10)),
    );
    expect(few).toMatchObject({ forecast: null, profile: null, fromWeeks: 12 });
    expect(few.remark).toContain('12 weeks');
    expect(
      demandOf(
        'q',
        weeks(LEAST_WEEKS, (n) => week(n, 10)),
      ),
    ).toMatchObject({ fromWeeks: 13, remark: null });
    expect(demandOf('q', [])).toMatchObject({ history: [], forecast: null, fromWeeks: 0 });
  });
});

describe('a week of fewer than three companies', () => {
  it('is null in the history, and no figure depends on what it held', () => {
    const known = (hidden: number) =>
      demandOf('q', [...weeks(14, (n) => week(n, 10 + n)), week(14, hidden, hidden, 2)]);
    expect(known(5).history.at(-1)).toEqual({ weekStartsAt: '2026-04-13T00:00:00.000Z', requests: null });
    expect(known(5)).toEqual(known(5_000_000));
    expect(known(5).forecast?.[0]?.weekStartsAt).toBe('2026-04-20T00:00:00.000Z');
  });
});

describe('the forecast', () => {
  it('of a steady queue is what it always brought, with no range', () => {
    const demand = QueueDemand.parse(
      demandOf(
        'q',
        weeks(20, (n) => week(n, 30, 10)),
      ),
    );
    expect(demand.forecast).toHaveLength(6);
    for (const ahead of demand.forecast!) expect(ahead).toMatchObject({ expected: 40, low: 40, high: 40 });
    expect(demand.profile?.[0]).toEqual({ hour: 0, expected: 30, low: 30, high: 30 });
    expect(demand.profile?.[1]).toEqual({ hour: 1, expected: 0, low: 0, high: 0 });
    expect(demand.profile?.[167]).toEqual({ hour: 167, expected: 10, low: 10, high: 10 });
  });

  it('follows a lasting change of level, and its range is wide where weeks differ', () => {
    const stepped = [...Array<number>(15).fill(100), ...Array<number>(15).fill(200)];
    expect(forecastWeeks(stepped, 1)[0]?.expected).toBeGreaterThan(190);
    const jumpy = Array.from({ length: 30 }, (_, n) => (n % 2 === 0 ? 100 : 200));
    const [range] = forecastWeeks(jumpy, 1);
    expect(range!.low).toBeLessThan(120);
    expect(range!.high).toBeGreaterThan(180);
  });

  it('is right about its range on 40 seeded queues whose level wanders: four of five within it', () => {
    for (const ahead of [1, 4]) {
      const score = noScore();
      for (let seed = 1; seed <= 40; seed++) {
        const random = dice(seed);
        let level = 200;
        const totals = Array.from({ length: 78 }, () => {
          level *= 0.95 + 0.1 * random();
          return Math.round(level * (0.7 + 0.2 * (random() + random() + random())));
        });
        backtest(totals, ahead, score);
      }
      console.log(`40 seeded queues, ${ahead} weeks ahead: ${shown(score)}`);
      expect(score.inside / score.tried).toBeGreaterThan(0.7);
      expect(score.inside / score.tried).toBeLessThan(0.92);
      expect(score.error).toBeLessThan(score.naive);
    }
  });

  it('is right about its range on real complaints about mortgages, and better than last week’s value', ({ skip }) => {
    if (!existsSync(COMPLAINTS)) return skip(`the real complaints are not on this machine (${COMPLAINTS})`);
    const rows = parse(gunzipSync(readFileSync(COMPLAINTS)), { columns: true }) as Record<string, string>[];
    const mine = rows.filter((row) => row.product === 'Mortgage' && row.channel === 'Web');
    const counts = new Map<number, number>();
    for (const row of mine) {
      const at = periodStart(Date.parse(row.received_date!), 'week');
      counts.set(at, (counts.get(at) ?? 0) + 1);
    }
    const first = Math.min(...counts.keys());
    const length = Math.round((Math.max(...counts.keys()) - first) / WEEK);
    const totals = Array.from({ length }, (_, n) => counts.get(first + n * WEEK) ?? 0);
    for (const ahead of [1, 4]) {
      const score = backtest(totals, ahead);
      console.log(
        `${mine.length} complaints about mortgages in ${length} weeks, ${ahead} weeks ahead: ${shown(score)}`,
      );
      expect(score.inside / score.tried).toBeGreaterThan(0.7);
      expect(score.inside / score.tried).toBeLessThan(0.92);
      expect(score.error).toBeLessThan(score.naive);
    }
  });
});

describe('the profile', () => {
  it('holds in about four of five hours what the next week brings, on seeded weeks with a busy day', () => {
    const random = dice(7);
    const rate = (hour: number) => (hour % 24 >= 9 && hour % 24 < 17 ? 40 : 6) * (hour >= 120 ? 0.4 : 1);
    // A sum of many small chances: as good as a Poisson count.
    const draw = (mean: number) => Array.from({ length: 400 }, () => random()).filter((x) => x < mean / 400).length;
    const made = weeks(27, (n) => ({
      ...week(n, 0),
      hours: Array.from({ length: 168 }, (_, hour) => draw(rate(hour))),
    }));
    const total = (counts: WeekCounts) => counts.hours.reduce((sum, n) => sum + n, 0);
    const next = made.at(-1)!;
    const profile = profileOf(made.slice(0, -1), total(next));
    const inside = profile.filter(
      ({ hour, low, high }) => low <= next.hours[hour]! && next.hours[hour]! <= high,
    ).length;
    console.log(`profile of 26 seeded weeks (seed 7): ${inside} of 168 hours of the next week within the range`);
    expect(inside).toBeGreaterThan(168 * 0.7);
    const sum = profile.reduce((all, { expected }) => all + expected, 0);
    expect(Math.abs(sum - total(next))).toBeLessThan(1);
  });
});
