import { expect, it } from 'vitest';
import { busiestHour, dayName, hourName, weeklyVolume } from './weeks.ts';

const WEEK = '2026-10-05T00:00:00.000Z';
const past = (requests: number | null) => ({ weekStartsAt: WEEK, requests });

it('takes the next whole week for what a week brings, else the mean of the last four that are told', () => {
  const one = (expected: number) => ({ weekStartsAt: WEEK, expected, low: 0, high: 99 });
  expect(weeklyVolume({ history: [past(7)], forecast: [one(3), one(20)] })).toBe(20);
  expect(weeklyVolume({ history: [99, 10, null, 20, 30, 40].map(past), forecast: null })).toBe(25);
  expect(weeklyVolume({ history: [past(null)], forecast: null })).toBeNull();
});

it('names the hours of the week from Monday on, in UTC', () => {
  expect([dayName(0, 'en-US'), hourName(0)]).toEqual(['Mon', '00:00']);
  expect([dayName(167, 'en-US'), hourName(167)]).toEqual(['Sun', '23:00']);
  const hour = (n: number, expected: number) => ({ hour: n, expected, low: 0, high: 9 });
  expect(busiestHour([hour(0, 1), hour(1, 3), hour(2, 3)])).toBe(1);
});
