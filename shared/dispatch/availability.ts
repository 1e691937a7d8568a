/** When a provider works and how much it holds at once, by channel and queue; and that it went offline. Pure decisions. */
import * as z from 'zod';
import { isOpen, isOpenBetween, nextOpen, OpeningHours } from '../calendar/calendar.ts';
import { QueueId } from '../kernel/id.ts';
import { Instant } from '../kernel/time.ts';
import { Channel } from '../service-class/service-class.ts';

/** Requests held at once that one rule may allow; who holds more leaves the limit out. */
export const MOST_CONCURRENT = 200;

export const AvailabilityRule = z
  .strictObject({
    channel: Channel.optional().meta({ description: 'Of the queues’ service class, such as Phone' }),
    queue: QueueId.optional(),
    hours: OpeningHours.optional().meta({ description: 'Always open where left out' }),
    concurrent: z
      .int()
      .min(1)
      .max(MOST_CONCURRENT)
      .optional()
      .meta({ description: 'Requests held at once under this rule; no limit where left out' }),
  })
  .refine((rule) => rule.channel === undefined || rule.queue === undefined, {
    path: ['queue'],
    message: 'must not stand beside a channel: a rule is for one queue, one channel, or everything else',
  })
  .meta({ id: 'AvailabilityRule' });
export type AvailabilityRule = z.infer<typeof AvailabilityRule>;

export const AvailabilityInput = z
  .strictObject({
    rules: z
      .array(AvailabilityRule)
      .max(20)
      .refine((rules) => new Set(rules.map(scopeOf)).size === rules.length, {
        message: 'must have one rule for each queue, channel, and everything else',
      })
      .meta({ description: 'A queue’s rule counts before its channel’s, that before the one for everything else' }),
  })
  .meta({ id: 'AvailabilityInput' });

/** What a provider stated, and since when it is offline as a whole. */
export type Availability = { rules: readonly AvailabilityRule[]; offlineSince: number | null };
export const ALWAYS: Availability = { rules: [], offlineSince: null };

export const AvailabilityView = z
  .object({
    rules: z.array(AvailabilityRule),
    offlineSince: Instant.nullable(),
    offlineAgents: z.array(z.object({ agent: z.string(), since: Instant })),
  })
  .meta({ id: 'Availability' });
export type AvailabilityView = z.infer<typeof AvailabilityView>;

/** Where work stands: the queue and its service class's channel. */
export type Place = { queue: string; channel: string };

/** What a rule is for; the name of its count of held requests. */
export function scopeOf(rule: Pick<AvailabilityRule, 'channel' | 'queue'>): string {
  if (rule.queue !== undefined) return `queue:${rule.queue}`;
  return rule.channel === undefined ? 'all' : `channel:${rule.channel}`;
}

/** The one rule that counts in a place; undefined where none does. */
export function ruleFor(rules: readonly AvailabilityRule[], place: Place): AvailabilityRule | undefined {
  return (
    rules.find((rule) => rule.queue === place.queue) ??
    rules.find((rule) => rule.channel === place.channel) ??
    rules.find((rule) => rule.queue === undefined && rule.channel === undefined)
  );
}

const hoursIn = (availability: Availability, place: Place): OpeningHours | undefined =>
  ruleFor(availability.rules, place)?.hours;

/** Whether a provider works in a place at an instant. */
export function worksAt(availability: Availability, place: Place, at: number): boolean {
  if (availability.offlineSince !== null) return false;
  const hours = hoursIn(availability, place);
  return hours === undefined || isOpen(hours, at);
}

/** Whether it works there at any time from `from` to before `until`; past `until`, whether it works at `from`. */
export function worksBetween(availability: Availability, place: Place, from: number, until: number): boolean {
  if (availability.offlineSince !== null) return false;
  const hours = hoursIn(availability, place);
  return hours === undefined || isOpenBetween(hours, from, until);
}

/** When it opens there next; null where it is open all the time, or never again. */
export function opensAt(availability: Availability, place: Place, at: number): number | null {
  const hours = hoursIn(availability, place);
  return hours === undefined ? null : nextOpen(hours, at);
}
