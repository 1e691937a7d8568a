/** From what was sealed to what is cleared. Whoever has the sealed file of a round repeats it. */
import type { StoredBid } from '../bid/bid.ts';
import { type Commitment, mayServe } from '../commitment/commitment.ts';
import type { ClearingInput, ClearingTerms } from '../market/input.ts';
import type { Round } from './round.ts';

/** What the market's mathematics needs of a round. */
export function clearingInput(
  round: Pick<Round, 'seed' | 'queue' | 'round'>,
  terms: ClearingTerms,
  commitments: readonly Commitment[],
  bids: readonly StoredBid[],
  records: ReadonlyMap<string, number>,
): ClearingInput {
  return {
    seed: round.seed,
    queue: round.queue,
    round: String(round.round),
    terms: {
      feeBps: terms.feeBps,
      ceilingMicros: terms.ceilingMicros,
      failureCostMicros: terms.failureCostMicros,
      shareLimitBps: terms.shareLimitBps,
    },
    companies: commitments.map((commitment) => ({
      id: commitment.company,
      volume: commitment.volume,
      reserveMicros: commitment.reserveMicros ?? null,
      failureCostMicros: commitment.failureCostMicros ?? null,
      eligibleProviders: bids
        .filter((bid) => mayServe(commitment.limits, { id: bid.provider, kind: bid.kind, qualityBps: bid.qualityBps }))
        .map((bid) => bid.provider),
      chargesLastRound: records.get(commitment.company) ?? 0,
    })),
    providers: bids.map((bid) => ({
      id: bid.provider,
      capacity: bid.capacity,
      tiers: bid.tiers.map((tier) => ({ ...tier })),
      qualityBps: bid.qualityBps,
    })),
  };
}
