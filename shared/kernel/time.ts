/**
 * Business time comes from a `Clock` that a handler reads once per call; machine time never mixes with it. All times are
 * milliseconds since 1970 in UTC.
 */
import * as z from 'zod';

export type Clock = { now(): number };
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The machine's own clock: on AWS it is the market clock too. */
export const machineClock: Clock = { now: () => Date.now() };

/** An instant on the wire: ISO 8601 in UTC with milliseconds. */
export const Instant = z.iso
  .datetime({ offset: true })
  .meta({ description: 'ISO 8601 instant, such as 2026-01-31T09:00:00.000Z' });

export const iso = (ms: number): string => new Date(ms).toISOString();
export const fromIso = (text: string): number => Date.parse(text);
/** The UTC day of an instant, `2026-01-31`. */
export const dayOf = (ms: number): string => iso(ms).slice(0, 10);
/** The UTC month of an instant, `2026-01`: a ledger period. */
export const monthOf = (ms: number): string => iso(ms).slice(0, 7);

export const RoundLength = z.enum(['week', 'month', 'quarter']).meta({ id: 'RoundLength' });
export type RoundLength = z.infer<typeof RoundLength>;

/** The start of the calendar period (UTC; weeks begin on Monday) that holds an instant. */
export function periodStart(ms: number, length: RoundLength): number {
  const date = new Date(ms);
  if (length === 'week') {
    const monday = date.getUTCDate() - ((date.getUTCDay() + 6) % 7);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), monday);
  }
  const month = length === 'quarter' ? date.getUTCMonth() - (date.getUTCMonth() % 3) : date.getUTCMonth();
  return Date.UTC(date.getUTCFullYear(), month, 1);
}

/** The start of the calendar period after the one that holds an instant. */
export function nextPeriodStart(ms: number, length: RoundLength): number {
  const start = new Date(periodStart(ms, length));
  if (length === 'week') return start.getTime() + 7 * DAY;
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + (length === 'quarter' ? 3 : 1), 1);
}
