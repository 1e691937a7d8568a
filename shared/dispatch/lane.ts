/** The work of one provider in one queue and round: whether it is open, when the provider was last seen, over how many shards it is spread. */
import * as z from 'zod';
import { MINUTE, SECOND } from '../kernel/time.ts';

export const Lane = z.object({
  queue: z.string(),
  round: z.int(),
  provider: z.string(),
  standing: z.enum(['open', 'withdrawn', 'closed']),
  seenAt: z.number(),
  /** New work is put into so many shards; claims and sweeps look into at least as many. */
  put: z.int().min(1),
  look: z.int().min(1),
  /** When `put` was made smaller; `look` follows a minute later. */
  drawnAt: z.number().optional(),
});
export type Lane = z.infer<typeof Lane>;

/** A claim renews `seenAt` when it is older than this. */
export const SEEN_AFTER_MS = 5 * MINUTE;
/** A provider seen within this time is present. */
export const PRESENT_MS = 15 * MINUTE;

/** Of several lanes the newest of each queue: where its provider is noted as seen, for its older lanes too. */
export function newestPerQueue(lanes: readonly Lane[]): Lane[] {
  const newest = new Map<string, Lane>();
  for (const lane of lanes) if (lane.round > (newest.get(lane.queue)?.round ?? 0)) newest.set(lane.queue, lane);
  return [...newest.values()];
}

export const isPresent = (lane: Pick<Lane, 'seenAt' | 'standing'>, at: number): boolean =>
  lane.standing === 'open' && lane.seenAt > at - PRESENT_MS;

/**
 * When ready work short of time was last to be judged: at its `moveAt`, at its deadline, and from then on once in every
 * quarter of its SLA (of no less than the time for which a provider counts as present), for as long as it waits.
 */
export function judgedAt(head: { deadline: number; moveAt: number; slaMs: number }, now: number): number {
  if (now < head.deadline) return head.moveAt;
  const everyMs = Math.max(Math.floor(head.slaMs / 4), PRESENT_MS);
  return head.deadline + Math.floor((now - head.deadline) / everyMs) * everyMs;
}

/** Shards for an expected rate: `nextPow2(rate · 4 / 350)`, so that no partition of the work list is written above 350 units a second. */
export function shardsFor(requests: number, periodMs: number): number {
  const perSecond = (requests * SECOND) / periodMs;
  return 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(1, (perSecond * 4) / 350))));
}

/** Slot counters for a company's expected rate: one up to 500 requests a second, then 2, 4, … */
export function countersFor(requests: number, periodMs: number): number {
  const perSecond = (requests * SECOND) / periodMs;
  return 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(1, perSecond / 500))));
}
