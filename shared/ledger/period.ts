/** Accounting periods: UTC months that go open → closing → closed, in order, and the month that an entry is posted into. */
import * as z from 'zod';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { HOUR, Instant, iso, MINUTE, monthOf, nextPeriodStart, SECOND } from '../kernel/time.ts';

/** `closing`: takes no new entries, and waits for writers that do not know it yet. `closed`: its balances are final. */
export const PeriodState = z.enum(['open', 'closing', 'closed']).meta({ id: 'PeriodState' });
export type PeriodState = z.infer<typeof PeriodState>;

export const Period = z
  .object({
    period: z.string().meta({ description: 'UTC month, such as 2026-01' }),
    state: PeriodState,
    closingAt: Instant.nullable(),
    closedAt: Instant.nullable(),
    entries: z.int().nullable().meta({ description: 'Entries posted in it; known once it is closed' }),
  })
  .meta({ id: 'Period' });
export type Period = z.infer<typeof Period>;

/** No call runs longer: the longest time-out of any function. */
export const LONGEST_CALL_MS = 5 * MINUTE;
/** What a process knows of the periods may be so old. */
export const KNOWN_FOR_MS = 5 * SECOND;
/** What a call that began so long ago has posted is in every list by now. */
export const LONGEST_WRITER_MS = LONGEST_CALL_MS + 30 * SECOND;
/** From the begin of a closing: its own call may be slow to say so, and whoever read just before may be slow to post. */
export const CLOSING_WAITS_MS = LONGEST_CALL_MS + LONGEST_WRITER_MS;

const startOf = (period: string): number => Date.parse(`${period}-01T00:00:00Z`);
/** The first instant after a month. */
export const endOf = (period: string): number => nextPeriodStart(startOf(period), 'month');
export const monthAfter = (period: string): string => monthOf(endOf(period));
export const monthBefore = (period: string): string => monthOf(startOf(period) - HOUR);

/** The months from one through another, both inclusive. */
export function months(since: string, through: string): string[] {
  const all: string[] = [];
  for (let month = since; month <= through; month = monthAfter(month)) all.push(month);
  return all;
}

/**
 * The month that an entry is posted into: its own, or the first open one where its own is closing or closed; `closedPeriod`
 * then names its own. `openFrom` is the first month that is open; null where none was ever closed.
 */
export function periodOf(occurredAt: number, openFrom: string | null): { period: string; closedPeriod: string | null } {
  const own = monthOf(occurredAt);
  return openFrom === null || own >= openFrom
    ? { period: own, closedPeriod: null }
    : { period: openFrom, closedPeriod: own };
}

/**
 * Whether a month may begin to close: it is over, and the one before it is closed. The first one ever takes with it
 * whatever was posted before. `newest` is the newest month that is not open.
 */
export function mayBeginClosing(
  period: string,
  newest: Period | null,
  now: number,
): Result<null, 'period_not_over' | 'period_out_of_order'> {
  if (now < endOf(period))
    return refuse('period_not_over', `${period} ends at ${iso(endOf(period))}; it can be closed after that.`);
  if (newest === null || (newest.state === 'closed' && monthAfter(newest.period) === period)) return ok(null);
  const next = newest.state === 'closed' ? monthAfter(newest.period) : newest.period;
  return refuse('period_out_of_order', `Months close in order: ${next} is the next to be closed.`);
}

/** Whether every writer that may not have known of the closing is done by now. */
export function mayFinishClosing(period: Period, now: number): Result<null, 'period_open' | 'period_closing'> {
  if (period.closingAt === null)
    return refuse('period_open', `${period.period} is open; begin to close it before you finish.`);
  const at = Date.parse(period.closingAt) + CLOSING_WAITS_MS;
  if (now >= at) return ok(null);
  return refuse(
    'period_closing',
    `${period.period} can be closed from ${iso(at)} on, when its last writers are done.`,
    {
      retryable: true,
      extra: { retryAt: iso(at) },
    },
  );
}
