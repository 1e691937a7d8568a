/** What a queue brings in a week, and by the hours of it. Pure. */
import type { QueueDemand } from '../../../../shared/demand/demand.ts';

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
