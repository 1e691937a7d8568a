/**
 * The period a queue is bought for, and its one transition table:
 * `open → clearing → active → settling → closed`. The next round is open while this one is active.
 */
import * as z from 'zod';
import { QueueId, RoundNumber } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { DAY, HOUR, iso, MINUTE, nextPeriodStart } from '../kernel/time.ts';
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

/** What everybody may know of an open round's demand: from three members on, rounded, of one provisional clearing. */
export const PooledDemand = z.object({
  members: z.int(),
  /** Requests committed, to two significant digits. */
  committed: z.int(),
  /** When the provisional clearing that it stems from was due. */
  asOf: z.number(),
  /** The average all-in price at that demand, and the least larger demand with a lower one; told once the round is active. */
  tip: z.object({ nowMicros: z.int(), volume: z.int(), priceMicros: z.int() }).optional(),
});
export type PooledDemand = z.infer<typeof PooledDemand>;

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
  /** When the last provisional clearing was due; from the first one on a bid may only improve. */
  provisionalAt: z.number().optional(),
  /** The pooled demand as last published from a provisional clearing, rounded; absent below three members. */
  pooled: PooledDemand.optional(),
  /** The round whose charges are the companies' records, fixed at the hard close; 0 where none was closed by then. */
  recordsOf: z.int().optional(),
  clearedAt: z.number().nullable(),
  figures: RoundFigures.nullable(),
  /** Cleared, and worth more than the terms let pass unseen: true until a second person releases the awards. */
  awaitsRelease: z.boolean().optional(),
  releaseProposedBy: z.string().optional(),
  releaseProposedAt: z.number().optional(),
  releasedBy: z.string().optional(),
  releasedAt: z.number().optional(),
  closedAt: z.number().nullable(),
  /** What the close posted; absent before. */
  shortfallMicros: z.int().optional(),
  releaseCreditMicros: z.int().optional(),
  trueUpMicros: z.int().optional(),
  carriedOutMicros: z.int().optional(),
  /** When the round next has to be looked at; null once closed, and while it waits for a release. */
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

/** The hard close of bids and commitments of a round that begins at `startsAt`. */
export const closeOfBidding = (startsAt: number, terms: Pick<Terms, 'clearingLeadHours'>): number =>
  startsAt - terms.clearingLeadHours * HOUR;

/** When an open round needs looking at after an instant: at its next provisional clearing, else at its hard close. */
export const nextLookAt = (closesAt: number, terms: Pick<Terms, 'provisionalHours'>, after: number): number =>
  terms.provisionalHours.map((hours) => closesAt - hours * HOUR).find((at) => at > after) ?? closesAt;

/** The newest provisional clearing that is due by now; undefined before the first. */
const provisionalDue = (round: Round, terms: Terms, now: number): number | undefined =>
  terms.provisionalHours.map((hours) => round.closesAt - hours * HOUR).findLast((at) => at <= now);

/** A new open round that begins at `startsAt`; provisional clearings that would lie before `openedAt` are left out. */
export function openRound(
  queue: string,
  round: number,
  startsAt: number,
  terms: Terms,
  termsVersion: number,
  seed: string,
  seedHash: string,
  openedAt: number,
): Round {
  const closesAt = closeOfBidding(startsAt, terms);
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
    dueAt: nextLookAt(closesAt, terms, openedAt),
  };
}

export type RoundStep =
  | { do: 'nothing' }
  | { do: 'wait'; dueAt: number }
  | { do: 'clear provisionally'; at: number; dueAt: number }
  | { do: 'close bidding'; dueAt: number }
  | { do: 'clear again'; dueAt: number }
  | { do: 'activate'; dueAt: number }
  | { do: 'settle'; dueAt: number }
  | { do: 'try to close' };

/** What a round needs now. Effects carry their due time: activation happens at `startsAt`, however late it is found. */
export function nextStep(round: Round, terms: Terms, now: number): RoundStep {
  switch (round.state) {
    case 'open':
      return now >= round.closesAt
        ? { do: 'close bidding', dueAt: now + CLEARING_RETRY_MS }
        : stepWhileOpen(round, terms, now);
    case 'clearing':
      if (round.clearedAt === null)
        return round.dueAt !== null && now >= round.dueAt
          ? { do: 'clear again', dueAt: now + CLEARING_RETRY_MS }
          : { do: 'nothing' };
      return now >= round.startsAt && round.awaitsRelease !== true
        ? { do: 'activate', dueAt: round.endsAt }
        : { do: 'nothing' };
    case 'active':
      return now >= round.endsAt ? { do: 'settle', dueAt: round.endsAt + terms.reopenHours * HOUR } : { do: 'nothing' };
    case 'settling':
      return round.dueAt !== null && now >= round.dueAt ? { do: 'try to close' } : { do: 'nothing' };
    case 'closed':
      return { do: 'nothing' };
  }
}

/** Of several provisional clearings that were missed only the newest is made. One that has not answered is asked for again. */
function stepWhileOpen(round: Round, terms: Terms, now: number): RoundStep {
  if (round.dueAt === null || now < round.dueAt) return { do: 'nothing' };
  const at = provisionalDue(round, terms, now);
  if (at === undefined || (round.provisionalAt ?? 0) >= at)
    return { do: 'wait', dueAt: nextLookAt(round.closesAt, terms, now) };
  return { do: 'clear provisionally', at, dueAt: Math.min(now + CLEARING_RETRY_MS, round.closesAt) };
}

/** Bids and commitments are taken while the round is open and its hard close lies ahead. */
export const takesBids = (round: Round, now: number): boolean => round.state === 'open' && now < round.closesAt;

/** The round's own period runs, or has run. */
export const hasBegun = (round: Round): boolean => round.state !== 'open' && round.state !== 'clearing';

/** Its awards serve requests: cleared, released where that is needed, begun and not closed, even before a step says so. */
export const isInForce = (round: Round, now: number): boolean =>
  round.clearedAt !== null && round.awaitsRelease !== true && round.startsAt <= now && round.state !== 'closed';

/** Awards are shown once their round has begun; a round that waits for its release begins with that. */
export function awardsAreShown(round: Round, now: number): Result<null, 'round_not_cleared'> {
  if (hasBegun(round)) return ok(null);
  const when =
    now < round.startsAt
      ? `Awards are shown when the round begins, at ${iso(round.startsAt)}.`
      : 'The round has not begun yet: its awards are still being cleared or released, and are shown as soon as it begins.';
  return refuse('round_not_cleared', when, { retryable: true });
}
