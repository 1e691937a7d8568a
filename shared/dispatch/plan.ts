/** Where a request may go: pure decisions over the awards and standing bids of its round. */
import { type CompanyAward, type ProviderAward, slotPriceMicros } from '../award/award.ts';
import { mayServe, NO_LIMITS, type ProviderLimits } from '../commitment/commitment.ts';
import { asMicros, BPS, mulDivCeil, shareBps } from '../kernel/money.ts';
import type { Terms } from '../terms/terms.ts';

/** What intake and lane changes know of a company in a round. */
export type Plan = {
  /** Null for a late joiner: every request of it is overflow. */
  award: CompanyAward | null;
  providers: readonly ProviderAward[];
  terms: Terms;
  /** What the company has withdrawn, as `<queue>#<provider>`. */
  withdrawn: readonly string[];
};

export type Candidate = { provider: string; allInMicros: number };

/** A bid price with the fee on top: `b + ⌊b·bps/10⁴⌋`. */
export const allInMicros = (bidMicros: number, feeBps: number): number =>
  asMicros(bidMicros + shareBps(bidMicros, feeBps));

/** Whether a company has withdrawn a provider from a queue. */
export const isWithdrawn = (withdrawn: readonly string[], queue: string, provider: string): boolean =>
  withdrawn.includes(`${queue}#${provider}`);

const limitsOf = (plan: Plan): ProviderLimits => plan.award?.limits ?? NO_LIMITS;

/** Whether a provider may work a request of this company now. */
export function mayWork(
  plan: Plan,
  provider: ProviderAward,
  request: { personOnly: boolean; notOffered: readonly string[] },
): boolean {
  if (request.personOnly && provider.kind === 'automation') return false;
  if (request.notOffered.includes(provider.provider)) return false;
  if (isWithdrawn(plan.withdrawn, provider.queue, provider.provider)) return false;
  return mayServe(limitsOf(plan), { id: provider.provider, kind: provider.kind, qualityBps: provider.qualityBps });
}

/**
 * Standing bids for overflow, best first: by first-tier all-in price plus what failures cost, `w·(1 − q)`; ties by id.
 * None above the company's reserve price (a late joiner's is the ceiling); none at all where the company refuses overflow.
 * `automation: first` puts programs before people.
 */
export function overflowCandidates(plan: Plan): Candidate[] {
  if (plan.award?.overflow === 'refused') return [];
  const highest = plan.award?.reserveMicros ?? plan.terms.ceilingMicros;
  return ordered(
    plan,
    plan.providers.filter(
      (provider) => provider.standingCapacity > 0 && mayWork(plan, provider, { personOnly: false, notOffered: [] }),
    ),
    () => false,
  ).filter((candidate) => candidate.allInMicros <= highest);
}

/** The highest price, all-in, that a request taken in now can get: by a slot or by overflow; 0 where nobody would serve it. */
export function highestPriceMicros(plan: Plan): number {
  const { award } = plan;
  const bySlot = award === null || award.awarded === 0 ? 0 : slotPriceMicros(award, 0);
  return Math.max(bySlot, ...overflowCandidates(plan).map((candidate) => candidate.allInMicros));
}

/** Lanes a request may change to, best first: those of the company's awards, then standing bids, each by quality-adjusted price. */
export function laneCandidates(
  plan: Plan,
  request: { personOnly: boolean; notOffered: readonly string[] },
): Candidate[] {
  const awarded = new Set(plan.award?.byProvider.map((part) => part.provider) ?? []);
  return ordered(
    plan,
    plan.providers.filter((provider) => mayWork(plan, provider, request)),
    (provider) => awarded.has(provider.provider),
  );
}

function ordered(
  plan: Plan,
  providers: readonly ProviderAward[],
  isAwarded: (provider: ProviderAward) => boolean,
): Candidate[] {
  const failureCost = plan.award?.failureCostMicros ?? plan.terms.failureCostMicros;
  const automationFirst = limitsOf(plan).automation === 'first';
  return providers
    .map((provider) => {
      const bid = isAwarded(provider) ? (provider.priceMicros ?? provider.firstTierMicros) : provider.firstTierMicros;
      const price = allInMicros(bid, plan.terms.feeBps);
      const rank = (isAwarded(provider) ? 0 : 2) + (automationFirst && provider.kind !== 'automation' ? 1 : 0);
      return {
        provider: provider.provider,
        allInMicros: price,
        rank,
        adjusted: price + mulDivCeil(failureCost, BPS - provider.qualityBps, BPS),
      };
    })
    .sort((a, b) => a.rank - b.rank || a.adjusted - b.adjusted || (a.provider < b.provider ? -1 : 1))
    .map(({ provider, allInMicros: price }) => ({ provider, allInMicros: price }));
}
