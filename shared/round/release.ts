/**
 * The release of awards by a second person: where a cleared round is worth more than the terms let pass, it begins only
 * when one person of the market has proposed its release and another has given it.
 */
import * as z from 'zod';
import { QueueId, RoundNumber } from '../kernel/id.ts';
import { PriceMicros } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { Instant, iso } from '../kernel/time.ts';
import type { Terms } from '../terms/terms.ts';
import type { Round, RoundFigures } from './round.ts';

/** Where the release of a round's awards stands: for operators only. */
export const RoundRelease = z
  .object({
    queue: QueueId,
    round: RoundNumber,
    state: z.enum(['awaited', 'proposed', 'released']),
    startsAt: Instant.meta({ description: 'When the round would begin; without a release it begins late' }),
    billingsMicros: z.int().meta({ description: 'What the awards are worth if all of them are resolved' }),
    aboveMicros: PriceMicros.meta({ description: 'The published amount above which a second person is needed' }),
    proposedBy: z.string().nullable(),
    proposedAt: Instant.nullable(),
    releasedBy: z.string().nullable(),
    releasedAt: Instant.nullable(),
  })
  .meta({ id: 'RoundRelease' });
export type RoundRelease = z.infer<typeof RoundRelease>;

/** What a clearing writes on its round: due at its start, or waiting for people, when nothing is due. `now` in milliseconds. */
export function clearedWith(
  round: Round,
  figures: RoundFigures,
  terms: Pick<Terms, 'secondPersonAboveMicros'>,
  now: number,
): Pick<Round, 'clearedAt' | 'figures' | 'dueAt' | 'awaitsRelease'> {
  const cleared = { clearedAt: now, figures };
  return figures.billingsMicros > terms.secondPersonAboveMicros
    ? { ...cleared, dueAt: null, awaitsRelease: true }
    : { ...cleared, dueAt: round.startsAt };
}

export type ReleaseRefusal = 'round_not_cleared' | 'no_release_needed' | 'second_person_needed';

/**
 * What a person's call for release changes on the round: the first one proposes, another one releases, so that the round
 * begins at its start, or at once where that has passed. Null: it is released already. Refused: `round_not_cleared`,
 * `no_release_needed`, and `second_person_needed` to who proposed it, whatever their roles.
 */
export function release(round: Round, user: string, now: number): Result<Partial<Round> | null, ReleaseRefusal> {
  if (round.clearedAt === null)
    return refuse('round_not_cleared', `Round ${round.round} of ${round.queue} has not been cleared yet.`, {
      retryable: true,
    });
  if (round.releasedBy !== undefined) return ok(null);
  if (round.awaitsRelease !== true)
    return refuse(
      'no_release_needed',
      `The awards of round ${round.round} of ${round.queue} are not above the amount that the terms publish: it begins by itself.`,
    );
  if (round.releaseProposedBy === undefined) return ok({ releaseProposedBy: user, releaseProposedAt: now });
  if (round.releaseProposedBy === user)
    return refuse(
      'second_person_needed',
      `You proposed this release at ${iso(round.releaseProposedAt ?? now)}: it takes effect when another operator of the market makes the same call.`,
    );
  return ok({ awaitsRelease: false, releasedBy: user, releasedAt: now, dueAt: round.startsAt });
}

/** How the release of a cleared round stands. */
export function releaseView(round: Round, terms: Pick<Terms, 'secondPersonAboveMicros'>): RoundRelease {
  const at = (ms: number | undefined) => (ms === undefined ? null : iso(ms));
  return {
    queue: round.queue,
    round: round.round,
    state: round.releasedBy !== undefined ? 'released' : round.releaseProposedBy !== undefined ? 'proposed' : 'awaited',
    startsAt: iso(round.startsAt),
    billingsMicros: round.figures?.billingsMicros ?? 0,
    aboveMicros: terms.secondPersonAboveMicros,
    proposedBy: round.releaseProposedBy ?? null,
    proposedAt: at(round.releaseProposedAt),
    releasedBy: round.releasedBy ?? null,
    releasedAt: at(round.releasedAt),
  };
}
