/** Days in files of tickets, however they are written. */

const DAY_MS = 86_400_000;
/** Whether `3/4/2025` is the third of April or the fourth of March. */
export type DayOrder = 'day first' | 'month first';

const NUMBERS = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})/;
const ISO = /^(\d{4})-(\d{2})-(\d{2})/;
/** `4 Mar 2025`, `Tue, 4 March 2025 10:00`: a month by its name and a year. Date.parse alone finds dates in any words. */
const WRITTEN = /^(?=.*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b)(?=.*\b\d{4}\b)/i;
/** Between 2000 and 2100, in seconds and in milliseconds. */
const EPOCH = { from: 946_684_800, to: 4_102_444_800 };

/** The order that a column keeps to: told by any number above twelve, else by its points or the person's language. */
export function dayOrderOf(values: readonly string[], locale: string): DayOrder {
  for (const value of values) {
    const [, first = '', second = ''] = NUMBERS.exec(value.trim()) ?? [];
    if (Number(first) > 12) return 'day first';
    if (Number(second) > 12) return 'month first';
  }
  if (values.some((value) => /^\d{1,2}\.\d{1,2}\.\d{4}/.test(value.trim()))) return 'day first';
  return new Intl.Locale(locale).maximize().region === 'US' ? 'month first' : 'day first';
}

/** The day of a value, counted from 1970-01-01; null where it is no date. */
export function dayOf(value: string, order: DayOrder): number | null {
  const text = value.trim();
  const iso = ISO.exec(text);
  if (iso !== null) return dayAt(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const numbers = NUMBERS.exec(text);
  if (numbers !== null) {
    const [, a, b, year] = numbers.map(Number) as [number, number, number, number];
    return order === 'day first' ? dayAt(year, b, a) : dayAt(year, a, b);
  }
  if (/^\d{10,13}$/.test(text)) {
    const seconds = text.length > 11 ? Number(text) / 1_000 : Number(text);
    if (seconds >= EPOCH.from && seconds < EPOCH.to) return Math.floor((seconds * 1_000) / DAY_MS);
  }
  const ms = WRITTEN.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : Math.floor(ms / DAY_MS);
}

function dayAt(year: number, month: number, day: number): number | null {
  const ms = Date.UTC(year, month - 1, day);
  const date = new Date(ms);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? ms / DAY_MS : null;
}

export const dayText = (day: number): string => new Date(day * DAY_MS).toISOString();
