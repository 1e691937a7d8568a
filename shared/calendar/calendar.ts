/**
 * Opening hours: weekly, in a time zone, with holidays and other exceptions. By a company's hours its deadlines are
 * counted; by a provider's it is known when it works. Pure: instants and durations are milliseconds.
 */
import * as z from 'zod';
import { DAY, dayOf, HOUR, MINUTE } from '../kernel/time.ts';
import { dateIn, instantIn, isZone } from './wall-time.ts';

/** Less than this in a week would put a deadline years ahead. */
const LEAST_WEEK_MS = 4 * HOUR;
/** Days walked at the most: the longest SLA in the shortest week, and as long again for holidays. */
const MOST_DAYS = 6_000;

const TimeOfDay = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time such as 09:00, or 24:00 for the end of the day');
const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const Span = z
  .strictObject({ from: TimeOfDay, to: TimeOfDay })
  .refine((span) => minutesOf(span.from) < minutesOf(span.to), {
    path: ['to'],
    message: 'must be later than from; hours over midnight are two spans',
  });
type Span = z.infer<typeof Span>;

const Spans = z
  .array(Span)
  .max(6)
  .refine((spans) => spans.every((span, i) => i === 0 || minutesOf(spans[i - 1]!.to) <= minutesOf(span.from)), {
    message: 'must be in order and may not overlap',
  });

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const weekMs = (week: Partial<Record<(typeof WEEKDAYS)[number], Span[]>>): number =>
  Object.values(week)
    .flat()
    .reduce((sum, span) => sum + (minutesOf(span.to) - minutesOf(span.from)) * MINUTE, 0);

export const OpeningHours = z
  .strictObject({
    timeZone: z
      .string()
      .max(60)
      .refine(isZone, { message: 'must be an IANA time zone such as Europe/Berlin' })
      .meta({ description: 'IANA time zone, such as Europe/Berlin' }),
    week: z
      .strictObject({
        monday: Spans.default([]),
        tuesday: Spans.default([]),
        wednesday: Spans.default([]),
        thursday: Spans.default([]),
        friday: Spans.default([]),
        saturday: Spans.default([]),
        sunday: Spans.default([]),
      })
      .refine((week) => weekMs(week) >= LEAST_WEEK_MS, { message: 'must be open for at least four hours a week' })
      .meta({ description: 'Open spans of each day of the week; a day left out is closed' }),
    exceptions: z
      .array(z.strictObject({ date: z.iso.date(), open: Spans.default([]) }))
      .max(200)
      .default([])
      .refine((days) => new Set(days.map((day) => day.date)).size === days.length, {
        message: 'must name each date once',
      })
      .meta({ description: 'Holidays and other days with hours of their own; closed where `open` is left out' }),
  })
  .meta({ id: 'OpeningHours' });
export type OpeningHours = z.infer<typeof OpeningHours>;

/** The market's own working days, where neither party's hours may stretch a clock: Monday to Friday, whole days in UTC. */
const WHOLE_DAY = [{ from: '00:00', to: '24:00' }];
export const WORKING_DAYS: OpeningHours = OpeningHours.parse({
  timeZone: 'UTC',
  week: { monday: WHOLE_DAY, tuesday: WHOLE_DAY, wednesday: WHOLE_DAY, thursday: WHOLE_DAY, friday: WHOLE_DAY },
});

type Interval = { readonly from: number; readonly to: number };

/**
 * When it is open from an instant on: intervals of real time in order, the first cut at `at`. A wall-clock time that a
 * change of the clocks leaves out counts as long after the change as it would have been; one that comes twice, as its first. Ends after 6,000 days.
 */
export function* openIntervals(hours: OpeningHours, at: number): Generator<Interval> {
  const exceptions = new Map(hours.exceptions.map((day) => [day.date, day.open]));
  const first = dateIn(hours.timeZone, at);
  for (let i = 0; i < MOST_DAYS; i++) {
    const date = first + i * DAY;
    // getUTCDay counts from Sunday.
    const spans = exceptions.get(dayOf(date)) ?? hours.week[WEEKDAYS[(new Date(date).getUTCDay() + 6) % 7]!];
    for (const span of spans) {
      const from = Math.max(at, instantIn(hours.timeZone, date + minutesOf(span.from) * MINUTE));
      const to = instantIn(hours.timeZone, date + minutesOf(span.to) * MINUTE);
      if (from < to) yield { from, to };
    }
  }
}

/** The first instant from `at` on at which it is open; null where there is none within the days walked. */
export function nextOpen(hours: OpeningHours, at: number): number | null {
  for (const { from } of openIntervals(hours, at)) return from;
  return null;
}

export const isOpen = (hours: OpeningHours, at: number): boolean => nextOpen(hours, at) === at;

/** Whether it is open at any time from `from` to before `to`. */
export function isOpenBetween(hours: OpeningHours, from: number, to: number): boolean {
  const open = nextOpen(hours, from);
  return open !== null && open < Math.max(to, from + 1);
}

/**
 * The instant by which `durationMs` of open time have passed since `at`: never earlier than the same duration of plain
 * time. Without hours it is plain time. What lies beyond the days walked is taken as their end.
 */
export function afterOpenTime(hours: OpeningHours | null, at: number, durationMs: number): number {
  if (hours === null) return at + durationMs;
  let left = durationMs;
  let end = at;
  for (const { from, to } of openIntervals(hours, at)) {
    if (left <= to - from) return from + left;
    left -= to - from;
    end = to;
  }
  return end + left;
}

/** Open time between two instants; without hours the time between them. */
export function openTimeBetween(hours: OpeningHours | null, from: number, to: number): number {
  if (hours === null) return to - from;
  let sum = 0;
  for (const open of openIntervals(hours, from)) {
    if (open.from >= to) break;
    sum += Math.min(open.to, to) - open.from;
  }
  return sum;
}

/** A company's hours: for all its queues, or for one. */
export const CompanyHours = z
  .object({
    queue: z.string().nullable().meta({ description: 'Null: for every queue without hours of its own' }),
    hours: OpeningHours,
  })
  .meta({ id: 'CompanyHours' });
export type CompanyHours = z.infer<typeof CompanyHours>;
