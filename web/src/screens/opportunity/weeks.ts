/** A queue's demand as charts take it, and what a calculation starts from. Pure. */
import type { QueueDemand } from '../../../../shared/demand/demand.ts';

export type Week = {
  startsAt: string;
  requests: number | null;
  expected: number | null;
  range: readonly [number, number] | null;
};

/** History and forecast in one row of weeks; the running week stands among the coming ones. */
export const weeksOf = ({ history, forecast }: Pick<QueueDemand, 'history' | 'forecast'>): Week[] => [
  ...history.map(({ weekStartsAt, requests }) => ({ startsAt: weekStartsAt, requests, expected: null, range: null })),
  ...(forecast ?? []).map(({ weekStartsAt, expected, low, high }) => ({
    startsAt: weekStartsAt,
    requests: null,
    expected: Math.round(expected),
    range: [low, high] as const,
  })),
];

const FOR_MEAN = 4;

/** What a week brings: the next whole one by the forecast, else the mean of the last four that are told; null where none is. */
export function weeklyVolume(demand: Pick<QueueDemand, 'history' | 'forecast'>): number | null {
  const next = demand.forecast?.[1] ?? demand.forecast?.[0];
  if (next !== undefined) return Math.round(next.expected);
  const told = demand.history.flatMap(({ requests }) => (requests === null ? [] : [requests])).slice(-FOR_MEAN);
  return told.length === 0 ? null : Math.round(told.reduce((sum, one) => sum + one, 0) / told.length);
}

/** The hour of the week with most requests, the first of them. */
export const busiestHour = (profile: NonNullable<QueueDemand['profile']>): number =>
  profile.reduce((best, one) => (one.expected > best.expected ? one : best), profile[0]!).hour;

// The fifth of January 1970 was a Monday.
const at = (hour: number): Date => new Date((4 * 24 + hour) * 3_600_000);

export const dayName = (hour: number, locale?: string): string =>
  new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(at(hour));
export const hourName = (hour: number): string => `${String(hour % 24).padStart(2, '0')}:00`;
