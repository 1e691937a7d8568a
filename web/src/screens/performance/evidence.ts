/** What a record is made of, summed up for a glance. Pure. */
import type { Evidence, ReputationRound } from '../../../../shared/reputation/reputation.ts';

/** Turns that were judged in all rounds, and those of them that stood: confirmed, or assumed. */
export function judgedTurns(rounds: readonly Pick<ReputationRound, 'evidence'>[]): { turns: number; stood: number } {
  let turns = 0;
  let stood = 0;
  for (const { evidence } of rounds) {
    if (evidence === null) continue;
    stood += evidence.confirmed + evidence.assumed;
    turns += evidence.confirmed + evidence.assumed + evidence.reopened + evidence.rejected + evidence.lost;
  }
  return { turns, stood };
}

/** The mean of a round's stars, to a tenth; null where nobody rated. */
export const meanStars = ({ ratings, stars }: Pick<Evidence, 'ratings' | 'stars'>): number | null =>
  ratings === 0 ? null : Math.round((10 * stars) / ratings) / 10;
