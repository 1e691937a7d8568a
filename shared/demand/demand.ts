/**
 * How much a queue brings and when: weekly history, the level of the coming weeks, and a profile over the hours of the
 * week, each with its range. Pure; weeks begin on Monday in UTC.
 */
import * as z from 'zod';
import { QueueId } from '../kernel/id.ts';
import { DAY, HOUR, Instant, iso } from '../kernel/time.ts';
import { MEMBERS_SHOWN_FROM } from '../queue/queue.ts';

export const WEEK = 7 * DAY;
export const HOURS_OF_WEEK = WEEK / HOUR;
/** Weeks of history that are shown and that the level is learnt from. */
export const WEEKS_SHOWN = 104;
/** Weeks that the profile is learnt from. */
const PROFILE_WEEKS = 26;
/** With fewer weeks there is no forecast: nine errors are the fewest of which a tenth can lie outside a range. */
export const LEAST_WEEKS = 13;
/** Weeks that make the first level. */
const FIRST_WEEKS = 4;
export const WEEKS_AHEAD = 6;
/** How fast the level may follow, in tenths: the one with the least error on the history is taken. */
const PACES = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** What is kept of a queue's week: accepted requests by hour, and how many companies sent any. */
export const WeekCounts = z.object({
  /** Its start in milliseconds. */
  week: z.int(),
  companies: z.int().min(0),
  hours: z.array(z.int().min(0)).length(HOURS_OF_WEEK),
});
export type WeekCounts = z.infer<typeof WeekCounts>;

const count = () => z.int().min(0);
const Range = { expected: z.number().min(0), low: count(), high: count() };

export const QueueDemand = z
  .object({
    queue: QueueId,
    history: z
      .array(z.object({ weekStartsAt: Instant, requests: count().nullable() }))
      .meta({ description: 'Accepted requests by week, oldest first; null where fewer than three companies sent any' }),
    forecast: z
      .array(z.object({ weekStartsAt: Instant, ...Range }))
      .nullable()
      .meta({
        description:
          'The coming weeks, the running one first. In eight of ten weeks of the history what came lay between `low` and `high`. Null with too little history',
      }),
    profile: z
      .array(z.object({ hour: z.int().min(0).max(167), ...Range }))
      .nullable()
      .meta({
        description:
          'Requests by hour of the coming week, UTC, hour 0 from Monday 00:00; `expected` to a hundredth. Null with too little history',
      }),
    fromWeeks: count().meta({ description: 'Weeks of history with three companies or more' }),
    remark: z.string().nullable().meta({ description: 'Why there is no forecast, where there is none' }),
  })
  .meta({ id: 'QueueDemand' });
export type QueueDemand = z.infer<typeof QueueDemand>;

const sumOf = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/**
 * What may be shown of a queue's weeks, oldest first: weeks of fewer than three companies are null and are learnt from by
 * nothing; below thirteen weeks there is no forecast and a remark says so.
 */
export function demandOf(queue: string, weeks: readonly WeekCounts[]): QueueDemand {
  const shown = weeks.filter((week) => week.companies >= MEMBERS_SHOWN_FROM);
  const totals = shown.map((week) => sumOf(week.hours));
  const history = weeks.map((week) => ({
    weekStartsAt: iso(week.week),
    requests: week.companies >= MEMBERS_SHOWN_FROM ? sumOf(week.hours) : null,
  }));
  const last = weeks.at(-1);
  if (last === undefined || shown.length < LEAST_WEEKS) {
    const remark = `Too little history: ${shown.length} weeks with at least ${MEMBERS_SHOWN_FROM} companies, and a forecast needs ${LEAST_WEEKS}. Ask again later, or plan with the volume of the queue's rounds.`;
    return { queue, history, forecast: null, profile: null, fromWeeks: shown.length, remark };
  }
  const ahead = forecastWeeks(totals, WEEKS_AHEAD);
  const forecast = ahead.map((range, i) => ({ weekStartsAt: iso(last.week + (i + 1) * WEEK), ...range }));
  const profile = profileOf(shown.slice(-PROFILE_WEEKS), ahead[0]!.expected);
  return { queue, history, forecast, profile, fromWeeks: shown.length, remark: null };
}

export type Expected = { expected: number; low: number; high: number };

/**
 * The next weeks from the totals of past ones, oldest first: at least thirteen, none of them 0. Simple exponential smoothing (Brown 1959;
 * Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 8.1) with the pace that would have erred least one week
 * ahead. The range h weeks ahead holds 80 %: it is the level times the quantiles of what h weeks later actually came over
 * the level then known, ranked as in split conformal prediction (Vovk et al. 2005).
 */
export function forecastWeeks(totals: readonly number[], ahead: number): Expected[] {
  const paced = PACES.map((pace) => levelsOf(totals, pace));
  const levels = paced.reduce((best, next) => (errorOf(totals, next) < errorOf(totals, best) ? next : best));
  const level = levels.at(-1)!;
  return Array.from({ length: ahead }, (_, i) => {
    const ratios = levels.slice(FIRST_WEEKS, -1 - i).map((known, t) => totals[FIRST_WEEKS + t + i]! / known);
    const { low, high } = rangeOf(ratios);
    return {
      expected: Math.round(level),
      low: Math.floor(Math.min(level, low * level)),
      high: Math.ceil(Math.max(level, high * level)),
    };
  });
}

/** The level known before each week and, last, before the next one. */
function levelsOf(totals: readonly number[], pace: number): number[] {
  const first = totals.slice(0, FIRST_WEEKS);
  let level = sumOf(first) / first.length;
  const levels: number[] = [];
  for (const [t, total] of totals.entries()) {
    levels.push(level);
    if (t >= FIRST_WEEKS) level += (pace * (total - level)) / 10;
  }
  return [...levels, level];
}

const errorOf = (totals: readonly number[], levels: readonly number[]): number =>
  sumOf(totals.map((total, t) => (t < FIRST_WEEKS ? 0 : Math.abs(total - levels[t]!))));

/** The tenth and the ninth tenth of some numbers by conformal rank; the least and the greatest where there are too few. */
function rangeOf(numbers: readonly number[]): { low: number; high: number } {
  const sorted = [...numbers].sort((a, b) => a - b);
  const rank = Math.max(1, Math.floor((sorted.length + 1) / 10));
  return { low: sorted[rank - 1] ?? 0, high: sorted.at(-rank) ?? 0 };
}

/** Each hour's share of past weeks, at the level of the coming one. */
export function profileOf(weeks: readonly WeekCounts[], level: number): ({ hour: number } & Expected)[] {
  const filled = weeks.map(({ hours }) => ({ hours, total: sumOf(hours) })).filter((week) => week.total > 0);
  const all = sumOf(filled.map((week) => week.total));
  return Array.from({ length: HOURS_OF_WEEK }, (_, hour) => {
    const { low, high } = rangeOf(filled.map((week) => (week.hours[hour]! * level) / week.total));
    const expected = all === 0 ? 0 : (sumOf(filled.map((week) => week.hours[hour]!)) * level) / all;
    return { hour, expected: Math.round(expected * 100) / 100, low: Math.floor(low), high: Math.ceil(high) };
  });
}
