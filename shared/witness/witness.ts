/**
 * An independent witness of how much was settled: a meter at Stripe that no price looks at. The UTC hour of a resolution is
 * the one in which its charge was posted, which is its place in the ledger's lists, so that an hour that is over never changes.
 */
import * as z from 'zod';
import { DAY, HOUR, iso } from '../kernel/time.ts';
import { LONGEST_WRITER_MS } from '../ledger/period.ts';

/** What the meter's events are called at Stripe. */
export const METER_EVENT = 'parley_settled_resolutions';
/** Stripe takes an identifier for the same event for so long; after that the same one would count again. */
export const SENT_AGAIN_MS = 24 * HOUR;
/** Stripe takes events of the last 35 days; one hour less, for the way. */
const OLDEST_MS = 35 * 24 * HOUR - HOUR;

/** What is sent of an hour of a company; `n` counts what was found in that hour after it had been sent. */
export const MeterPart = z.object({
  company: z.string(),
  customer: z.string(),
  /** The beginning of the hour, in milliseconds. */
  hour: z.number(),
  n: z.int(),
  count: z.int(),
  /** When it was first about to be sent. */
  firstAt: z.number(),
});
export type MeterPart = z.infer<typeof MeterPart>;

/** `mtr:co_a:2026-01-05T09:0`. */
export const identifierOf = ({ company, hour, n }: Pick<MeterPart, 'company' | 'hour' | 'n'>): string =>
  `mtr:${company}:${iso(hour).slice(0, 13)}:${n}`;

export const hourOf = (ms: number): number => Math.floor(ms / HOUR) * HOUR;

/** The end (ms) of the last hour in which no writer can still post. */
export const settledThrough = (now: number): number => hourOf(now - LONGEST_WRITER_MS);

/** Hours are counted every night at one (UTC), an hour before both sides are compared. */
const COUNTED_AT_MS = HOUR;

/** When the hours after `through` are counted: the night after the UTC day that it ends in. */
export const nextCountAt = (through: number): number => (Math.floor(through / DAY) + 1) * DAY + COUNTED_AT_MS;

/** How far back (ms) a witness that begins now may still send. */
export const firstHour = (now: number): number => hourOf(now - OLDEST_MS) + HOUR;

/** Whether something may be sent under its identifier: for the first time, or again. */
export const maySend = (part: Pick<MeterPart, 'firstAt' | 'hour'>, now: number): boolean =>
  now - part.firstAt < SENT_AGAIN_MS && now - part.hour < OLDEST_MS;

/** What of some hours was settled and stands in no part yet: each its next part. */
export function missingParts(
  counts: ReadonlyMap<number, number>,
  parts: readonly MeterPart[],
): { hour: number; n: number; count: number }[] {
  return [...counts].flatMap(([hour, count]) => {
    const sent = parts.filter((part) => part.hour === hour);
    const missing = count - sent.reduce((sum, part) => sum + part.count, 0);
    return missing <= 0 ? [] : [{ hour, n: sent.length, count: missing }];
  });
}

/** Which parts of hours Stripe counts short of may be sent again; `atStripe` by hour. */
export function shortParts(
  parts: readonly MeterPart[],
  atStripe: ReadonlyMap<number, number>,
  now: number,
): MeterPart[] {
  const sent = new Map<number, number>();
  for (const { hour, count } of parts) sent.set(hour, (sent.get(hour) ?? 0) + count);
  return parts.filter((part) => (atStripe.get(part.hour) ?? 0) < (sent.get(part.hour) ?? 0) && maySend(part, now));
}
