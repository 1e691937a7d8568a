/**
 * The period a queue is bought for, and its one transition table:
 * `open → clearing → active → settling → closed`. The next round is open while this one is active.
 */
import * as z from 'zod';
import { QueueId, RoundNumber } from '../kernel/id.ts';
import { DAY, HOUR, MINUTE, nextPeriodStart } from '../kernel/time.ts';
import type { Terms } from '../terms/terms.ts';

export const RoundState = z.enum(['open', 'clearing', 'active', 'settling', 'closed']).meta({ id: 'RoundState' });
export type RoundState = z.infer<typeof RoundState>;

/** What clearing decided, in figures that may be published; members' figures only from three members on. */
export const RoundFigures = z
  .object({
    companies: z.int(),
    providers: z.int(),
    committed: z.int(),
    awarded: z.int(),
    billingsMicros: z.int(),
    standaloneMicros: z.int(),
    valueMicros: z.int(),
    gapMicros: z.int(),
  })
  .meta({ id: 'RoundFigures' });
export type RoundFigures = z.infer<typeof RoundFigures>;

export const Round = z.object({
  queue: QueueId,
  round: RoundNumber,
  state: RoundState,
  termsVersion: z.int(),
  closesAt: z.number(),
  startsAt: z.number(),
  endsAt: z.number(),
  /** Published when the round opens; the seed itself after clearing. */
  seedHash: z.string(),
  seed: z.string(),
  clearedAt: z.number().nullable(),
  figures: RoundFigures.nullable(),
  closedAt: z.number().nullable(),
  /** What the close posted; absent before. */
  shortfallMicros: z.int().optional(),
  releaseCreditMicros: z.int().optional(),
  trueUpMicros: z.int().optional(),
  carriedOutMicros: z.int().optional(),
  /** When the round next has to be looked at; null once closed. */
  dueAt: z.number().nullable(),
});
export type Round = z.infer<typeof Round>;

/** A clearing that has not answered is asked for again after this long. */
export const CLEARING_RETRY_MS = 5 * MINUTE;
/** A settling round with open requests is looked at again after this long. */
export const SETTLING_RETRY_MS = 6 * HOUR;

/** A round is closed this long after its end at the latest, whatever is still open; what comes later goes to the carried account. */
export const LATEST_CLOSE_MS = 45 * DAY;
/** How long an overdue close waits after announcing itself, so that writers who have not seen it are done. */
export const CLOSE_NOTICE_MS = 5 * MINUTE;

/** A new open round that begins at `startsAt`. */
export function openRound(
  queue: string,
  round: number,
  startsAt: number,
  terms: Terms,
  termsVersion: number,
  seed: string,
  seedHash: string,
): Round {
  const closesAt = startsAt - terms.clearingLeadHours * HOUR;
  return {
    queue,
    round,
    state: 'open',
    termsVersion,
    closesAt,
    startsAt,
    endsAt: nextPeriodStart(startsAt, terms.roundLength),
    seedHash,
    seed,
    clearedAt: null,
    figures: null,
    closedAt: null,
    dueAt: closesAt,
  };
}

export type RoundStep =
  | { do: 'nothing' }
  | { do: 'close bidding'; dueAt: number }
  | { do: 'clear again'; dueAt: number }
  | { do: 'activate'; dueAt: number }
  | { do: 'settle'; dueAt: number }
  | { do: 'try to close' };

/** What a round needs now. Effects carry their due time: activation happens at `startsAt`, however late it is found. */
export function nextStep(round: Round, terms: Terms, now: number): RoundStep {
  switch (round.state) {
    case 'open':
      return now >= round.closesAt ? { do: 'close bidding', dueAt: now + CLEARING_RETRY_MS } : { do: 'nothing' };
    case 'clearing':
      if (round.clearedAt === null)
        return round.dueAt !== null && now >= round.dueAt
          ? { do: 'clear again', dueAt: now + CLEARING_RETRY_MS }
          : { do: 'nothing' };
      return now >= round.startsAt ? { do: 'activate', dueAt: round.endsAt } : { do: 'nothing' };
    case 'active':
      return now >= round.endsAt ? { do: 'settle', dueAt: round.endsAt + terms.reopenHours * HOUR } : { do: 'nothing' };
    case 'settling':
      return round.dueAt !== null && now >= round.dueAt ? { do: 'try to close' } : { do: 'nothing' };
    case 'closed':
      return { do: 'nothing' };
  }
}

/** Bids and commitments are taken while the round is open and its hard close lies ahead. */
export const takesBids = (round: Round, now: number): boolean => round.state === 'open' && now < round.closesAt;
