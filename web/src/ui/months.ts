/** UTC months as the books name them, `2026-01`, and as people read them. Pure. */

const startOf = (period: string): number => Date.parse(`${period}-01T00:00:00Z`);

/** The UTC month of an instant in milliseconds. */
export const monthOf = (ms: number): string => new Date(ms).toISOString().slice(0, 7);

export function monthBefore(period: string): string {
  const start = new Date(startOf(period));
  return monthOf(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() - 1, 1));
}

/** So many months through one, the newest first. */
export function monthsThrough(period: string, count: number): string[] {
  const months = [period];
  while (months.length < count) months.push(monthBefore(months.at(-1)!));
  return months;
}

/** `January 2026`, whatever the person's zone. */
export const monthText = (period: string, locale?: string): string =>
  new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(startOf(period));

/** `Jan 2026`. */
export const shortMonthText = (period: string, locale?: string): string =>
  new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(startOf(period));

/** The first instant after a month, in milliseconds. */
export function endOfMonth(period: string): number {
  const start = new Date(startOf(period));
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1);
}
