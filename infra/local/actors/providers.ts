/** The simulated providers: who they are, what they ask, how much they offer. All drawn from the seed. */
import type { BidInput, ProviderKind } from '../../../shared/bid/bid.ts';
import { MICROS_PER_UNIT } from '../../../shared/kernel/money.ts';
import type { RoundLength } from '../../../shared/kernel/time.ts';
import { DEFAULT_SLA_HOURS, Terms } from '../../../shared/terms/terms.ts';
import { CURRENCY } from './arrival.ts';
import type { Draw } from './draw.ts';
import type { PriceRange, PriceRanges } from './price-points.ts';

export type ProviderProfile = {
  name: string;
  kind: ProviderKind;
  /** Quality the operator assumes at approval, in basis points. */
  qualityBps: number;
  /** Offered capacity as a share of what is expected to come to a queue. */
  capacityShare: number;
};

const QUALITY: Record<ProviderKind, readonly [number, number]> = {
  agent_pool: [8_600, 9_400],
  automation: [7_000, 8_200],
  community: [7_800, 8_800],
};
const CAPACITY: Record<ProviderKind, readonly [number, number]> = {
  agent_pool: [0.3, 0.6],
  automation: [0.15, 0.3],
  community: [0.05, 0.15],
};
const NAMES: readonly (readonly [string, ProviderKind])[] = [
  ['Harbour Care', 'agent_pool'],
  ['Lumen Desk', 'agent_pool'],
  ['Northline Support', 'agent_pool'],
  ['Cebu Answers', 'agent_pool'],
  ['Reply Engine', 'automation'],
  ['Clearpath AI', 'automation'],
  ['Nine Bots', 'automation'],
  ['Neighbours Who Know', 'community'],
  ['Expert Circle', 'community'],
];

/** Four agent pools, three automations, two communities; `count` of each kind may be lowered for a small market. */
export function providerProfiles(draw: Draw, most: Record<ProviderKind, number> = ALL): ProviderProfile[] {
  const used: Record<ProviderKind, number> = { agent_pool: 0, automation: 0, community: 0 };
  const chosen = NAMES.filter(([, kind]) => {
    used[kind] += 1;
    return used[kind] <= most[kind];
  });
  return chosen.map(([name, kind]) => ({
    name,
    kind,
    qualityBps: draw.whole(...QUALITY[kind], 'quality', name),
    capacityShare: draw.between(...CAPACITY[kind], 'capacity', name),
  }));
}
const ALL: Record<ProviderKind, number> = { agent_pool: 9, automation: 9, community: 9 };

/** A contact by voice takes a person longer than one in writing. */
const SPOKEN_FACTOR = 1.2;
const isSpoken = (channel: string) => /phone|voice|call/i.test(channel);

/** A provider offers at least this much in a round, so that a queue without a past finds supply. */
const LEAST_CAPACITY = 40;
/** A round's first-tier price moves by this much around the provider's own level. */
const ROUND_SWING = 0.03;

/** What is asked of a bid: where and when, and the pooled volume expected from past rounds' public figures. */
export type BidOccasion = { queue: string; channel: string; round: number; expectedVolume: number };

/**
 * A provider's bid: its own level within the range of its kind, three to five tiers that each lower the price by 2 to 8 %,
 * and a capacity that is a share of the expected volume. Prices never rise with volume.
 */
export function bidOf(profile: ProviderProfile, occasion: BidOccasion, ranges: PriceRanges, draw: Draw): BidInput {
  const range = rangeOf(profile.kind, ranges);
  const { queue, round } = occasion;
  const level = draw.between(range.low, range.high, 'level', profile.name, queue);
  const swing = 1 + ROUND_SWING * (2 * draw.share('swing', profile.name, queue, round) - 1);
  const factor = profile.kind === 'agent_pool' && isSpoken(occasion.channel) ? SPOKEN_FACTOR : 1;
  const capacity = Math.max(LEAST_CAPACITY, Math.ceil(occasion.expectedVolume * profile.capacityShare));
  const count = draw.whole(3, 5, 'tiers', profile.name, queue);
  const tiers: BidInput['tiers'] = [];
  let price = Math.round(level * swing * factor * MICROS_PER_UNIT);
  for (let t = 0; t < count; t++) {
    const minVolume = Math.floor((capacity * t) / (count + 1));
    if (t > 0) price = Math.floor(price * (1 - draw.between(0.02, 0.08, 'step', profile.name, queue, t)));
    if (t === 0 || minVolume > (tiers.at(-1)?.minVolume ?? 0)) tiers.push({ minVolume, priceMicros: price });
  }
  return { currency: CURRENCY, capacity, tiers, rollOver: false };
}

function rangeOf(kind: ProviderKind, ranges: PriceRanges): PriceRange {
  if (kind === 'automation') return ranges.automation;
  return kind === 'community' ? ranges.community : ranges.agentPool;
}

/** The terms the operator publishes for a simulated queue: the ceiling is what serving it oneself costs, by channel. */
export function termsOf(channel: string, roundLength: RoundLength, ranges: PriceRanges): Terms {
  const own = isSpoken(channel) ? ranges.ownSpoken.high : ranges.ownWritten.high;
  const again = ranges.agentPool.low;
  return Terms.parse({
    roundLength,
    // The actors decide twelve hours before the close, and then for good.
    provisionalHours: [6],
    slaHours: DEFAULT_SLA_HOURS.standard,
    ceilingMicros: Math.round(own * MICROS_PER_UNIT),
    // What is not resolved at the first go is done again by the cheapest person.
    failureCostMicros: Math.round(again * MICROS_PER_UNIT),
    // A simulation has no second person at hand: its awards are released by the rules alone.
    secondPersonAboveMicros: 1_000_000_000_000,
    // So that whoever looks at it can check every round whole.
    publishSealedFile: true,
  });
}
