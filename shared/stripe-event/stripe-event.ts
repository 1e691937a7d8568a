/** What Stripe tells: each event is kept once, and says only which object to fetch again. */
import * as z from 'zod';
import { DAY, HOUR, MINUTE } from '../kernel/time.ts';

/** Stripe tells of what happens at four destinations, each signed with its own secret; during a rotation with one of two. */
export const STRIPE_DESTINATIONS = [
  'snapshot-platform',
  'snapshot-accounts',
  'thin-platform',
  'thin-accounts',
] as const;
export const StripeDestination = z.enum(STRIPE_DESTINATIONS).meta({ id: 'StripeDestination' });
export type StripeDestination = z.infer<typeof StripeDestination>;

const Named = z.looseObject({ id: z.string().nullish(), customer: z.unknown().optional() });

/** A snapshot event, as far as it is used: never what it says of its object, only which one it is. */
const Snapshot = z.looseObject({
  id: z.string().startsWith('evt_'),
  object: z.literal('event'),
  type: z.string(),
  created: z.number(),
  account: z.string().nullish(),
  data: z.looseObject({ object: Named }),
});
/** A thin event names its object and carries nothing of it. */
const Thin = z.looseObject({
  id: z.string().startsWith('evt_'),
  object: z.literal('v2.core.event'),
  type: z.string(),
  created: z.string(),
  context: z.string().nullish(),
  related_object: z.looseObject({ id: z.string(), type: z.string() }).nullish(),
});
export const StripePayload = z.discriminatedUnion('object', [Snapshot, Thin]);

/** An event as it is known here. */
export const StripeEvent = z.object({
  event: z.string(),
  type: z.string(),
  createdAt: z.number(),
  /** The connected account it is of; null: the market's own. */
  account: z.string().nullable(),
  /** What it is about; null where it names nothing. */
  object: z.string().nullable(),
  /** Whose object it is, where it is a customer's: some can only be fetched through them. */
  customer: z.string().nullable(),
});
export type StripeEvent = z.infer<typeof StripeEvent>;

/** Reads an event of either form, as it comes in or is listed. */
export function eventOf(payload: z.infer<typeof StripePayload>): StripeEvent {
  const { id, type } = payload;
  if (payload.object === 'event') {
    const { created, account, data } = payload;
    const { id: object, customer } = data.object;
    return {
      event: id,
      type,
      createdAt: created * 1_000,
      account: account ?? null,
      object: object ?? null,
      customer: typeof customer === 'string' ? customer : null,
    };
  }
  const { created, context, related_object: object } = payload;
  const createdAt = Date.parse(created);
  return { event: id, type, createdAt, account: context ?? null, object: object?.id ?? null, customer: null };
}

/** `done` also where nothing had to be done about it. */
export const EventState = z.enum(['new', 'done']);

/** When an event that is not worked yet is looked for: ten minutes, then twice as long each time, a day at the most. */
export const againAfterMs = (times: number): number => Math.min(10 * MINUTE * 2 ** times, 24 * HOUR);

/**
 * What looks at Stripe again and again: for what it could not deliver, every night for all that happened, and for whether
 * both sides say the same.
 */
export const StripeSweep = z.enum(['undelivered', 'nightly', 'reconciliation']);
export type StripeSweep = z.infer<typeof StripeSweep>;

const EVERY_MS = 15 * MINUTE;
/** Stripe repeats a delivery by itself within hours, so a sweep that finds nothing may take its time. */
const MOST_MS = 6 * HOUR;
/** The hour (UTC) of what runs once a day: first what happened is listed, then both sides are compared. */
const HOUR_OF: Readonly<Record<Exclude<StripeSweep, 'undelivered'>, number>> = { nightly: 1, reconciliation: 2 };

/**
 * When a sweep that ran at `now` runs next: at its hour of the day; what could not be delivered is looked for after 15
 * minutes, and twice as long after each look in a row (`quiet`) that found nothing, up to six hours.
 */
export function nextSweepAt(sweep: StripeSweep, now: number, quiet: number): number {
  if (sweep === 'undelivered') return now + Math.min(EVERY_MS * 2 ** Math.min(quiet, 10), MOST_MS);
  const today = Math.floor(now / DAY) * DAY + HOUR_OF[sweep] * HOUR;
  return today > now ? today : today + DAY;
}
