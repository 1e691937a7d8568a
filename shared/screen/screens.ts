/**
 * Screens for collusion, pure: bids and awards of the last rounds in, findings about the newest one out. Every comparison
 * is made in whole numbers, so the same bids give the same findings on every machine. The rules stand in `screen.ts`.
 */
import type { ProviderKind } from '../bid/bid.ts';
import { formatMicros } from '../kernel/money.ts';
import type { PriceTier } from '../market/tiers.ts';
import { rotationOf } from './rotation.ts';
import { type Finding, ROUNDS_SCREENED, RULES } from './screen.ts';

export type ScreenedBid = {
  provider: string;
  kind: ProviderKind;
  capacity: number;
  tiers: readonly PriceTier[];
  /** Requests awarded in the round. */
  awarded: number;
};
export type ScreenedRound = { round: number; bids: readonly ScreenedBid[] };

const KINDS: readonly ProviderKind[] = ['agent_pool', 'automation', 'community'];

/**
 * What the screens find in the newest of these rounds. Rounds come oldest first, of one queue; only the last twelve are
 * looked at. Findings are in the order of the rules, then of subject.
 */
export function screenRounds(rounds: readonly ScreenedRound[]): Finding[] {
  const recent = rounds.slice(-ROUNDS_SCREENED);
  const newest = recent.at(-1);
  if (newest === undefined) return [];
  return [
    ...KINDS.flatMap((kind) => lowVariation(newest, kind)),
    ...identicalGrids(newest),
    ...rotatingWinners(recent),
    ...KINDS.flatMap((kind) => losersNeverNear(recent, kind)),
  ];
}

/**
 * The price a bid is compared by, in micro-units: that of its highest tier within its capacity, else its first. The fee is
 * a share of every price alike, so comparing bid prices or all-in prices is the same.
 */
export function offerOf(bid: Pick<ScreenedBid, 'capacity' | 'tiers'>): number {
  const within = bid.tiers.filter((tier) => tier.minVolume <= bid.capacity).at(-1) ?? bid.tiers[0];
  if (within === undefined) throw new Error('a bid without a tier');
  return within.priceMicros;
}

/** Σp and n·Σp² − (Σp)²: mean and variance without a fraction. */
function moments(prices: readonly number[]): { count: bigint; sum: bigint; spread: bigint } {
  const count = BigInt(prices.length);
  const sum = prices.reduce((total, price) => total + BigInt(price), 0n);
  const squares = prices.reduce((total, price) => total + BigInt(price) ** 2n, 0n);
  return { count, sum, spread: count * squares - sum * sum };
}

/** The largest whole number whose square is at most `value`. */
function rootFloor(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

const ofKind = (round: ScreenedRound, kind: ProviderKind): ScreenedBid[] =>
  round.bids.filter((bid) => bid.kind === kind);
const providersOf = (bids: readonly ScreenedBid[]): string[] => bids.map((bid) => bid.provider).sort();
const kindName = (kind: ProviderKind): string => kind.replace('_', ' ');
const percent = (bps: number): string => `${(bps / 100).toFixed(2)} %`;
/** ⌊part · 10⁴ / whole⌋; 0 where there is no whole. */
const bpsOf = (part: bigint, whole: bigint): number => (whole === 0n ? 0 : Number((part * 10_000n) / whole));

/** Abrantes-Metz et al. 2006: the coefficient of variation of the offers, (s/mean)² = n·(nΣp² − (Σp)²)/((n − 1)(Σp)²). */
function lowVariation(round: ScreenedRound, kind: ProviderKind): Finding[] {
  const { leastBids, variationBps } = RULES.low_variation.thresholds;
  const bids = ofKind(round, kind);
  if (bids.length < leastBids) return [];
  const { count, sum, spread } = moments(bids.map(offerOf));
  const [above, below] = [count * spread, (count - 1n) * sum * sum];
  if (sum === 0n || above * 10n ** 8n >= below * BigInt(variationBps) ** 2n) return [];
  const foundBps = Number(rootFloor((above * 10n ** 8n) / below));
  return [
    {
      screen: 'low_variation',
      subject: kind,
      rounds: [round.round],
      providers: providersOf(bids),
      figures: { bids: bids.length, variationBps: foundBps, meanMicros: Number(sum / count) },
      sentence:
        `The ${bids.length} offers of kind ${kindName(kind)} in round ${round.round} vary by ${percent(foundBps)}, less than ${percent(variationBps)}. ` +
        'Ask these providers what their prices follow from, and compare with rounds in which other providers bid.',
    },
  ];
}

/** Price lists that are the same, or whose discounts are; one finding for each list. */
function identicalGrids(round: ScreenedRound): Finding[] {
  const { leastProviders, leastTiersSamePrices, leastTiersSameDiscounts } = RULES.identical_grids.thresholds;
  const samePrices = groupsOf(round.bids, leastTiersSamePrices, leastProviders, ({ tiers }) =>
    tiers.map((tier) => `${tier.minVolume}-${tier.priceMicros}`).join('_'),
  );
  const sameDiscounts = groupsOf(round.bids, leastTiersSameDiscounts, leastProviders, ({ tiers }) => {
    const first = BigInt(tiers[0]?.priceMicros ?? 0);
    return tiers.map((tier) => `${tier.minVolume}-${bpsRounded(BigInt(tier.priceMicros), first)}`).join('_');
  });
  // Same prices are same discounts too: said once.
  const said = new Set(samePrices.map(({ bids }) => providersOf(bids).join()));
  return [
    ...samePrices.map(({ key, bids }) => gridFinding(round, 'prices', key, bids)),
    ...sameDiscounts
      .filter(({ bids }) => !said.has(providersOf(bids).join()))
      .map(({ key, bids }) => gridFinding(round, 'discounts', key, bids)),
  ];
}

const bpsRounded = (part: bigint, whole: bigint): bigint =>
  whole === 0n ? 0n : (part * 20_000n + whole) / (2n * whole);

function groupsOf(
  bids: readonly ScreenedBid[],
  leastTiers: number,
  leastProviders: number,
  keyOf: (bid: ScreenedBid) => string,
): { key: string; bids: ScreenedBid[] }[] {
  const groups = new Map<string, ScreenedBid[]>();
  for (const bid of bids) {
    if (bid.tiers.length < leastTiers) continue;
    const key = keyOf(bid);
    groups.set(key, [...(groups.get(key) ?? []), bid]);
  }
  return [...groups]
    .map(([key, found]) => ({ key, bids: found }))
    .filter((group) => group.bids.length >= leastProviders)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function gridFinding(
  round: ScreenedRound,
  what: 'prices' | 'discounts',
  key: string,
  bids: readonly ScreenedBid[],
): Finding {
  const tiers = bids[0]?.tiers ?? [];
  return {
    screen: 'identical_grids',
    subject: `${what}_${key}`,
    rounds: [round.round],
    providers: providersOf(bids),
    figures: { providers: bids.length, tiers: tiers.length, firstTierMicros: tiers[0]?.priceMicros ?? 0 },
    sentence:
      `${bids.length} providers offer the same ${what} in all ${tiers.length} tiers in round ${round.round}. ` +
      'Look at when each bid came in and whether the providers are independent of each other.',
  };
}

/** The provider with the largest award; null where there is none, or where two have the same. */
function winnerOf(round: ScreenedRound): string | null {
  const [first, second] = [...round.bids].sort((a, b) => b.awarded - a.awarded);
  if (first === undefined || first.awarded === 0 || first.awarded === second?.awarded) return null;
  return first.provider;
}

function rotatingWinners(rounds: readonly ScreenedRound[]): Finding[] {
  const { chancePpm } = RULES.rotating_winners.thresholds;
  const winners = rounds.map(winnerOf);
  const rotation = rotationOf(winners.slice(winners.lastIndexOf(null) + 1));
  if (rotation === null || rotation.chancePpm > chancePpm) return [];
  const turns = rounds.slice(-rotation.length).map((round) => round.round);
  return [
    {
      screen: 'rotating_winners',
      subject: 'queue',
      rounds: turns,
      providers: [...rotation.order].sort(),
      figures: { turns: rotation.length, winners: rotation.order.length, chancePpm: rotation.chancePpm },
      sentence:
        `From round ${turns[0]} to ${turns.at(-1)} the largest award went round ${rotation.order.length} providers in one fixed order; ` +
        `by chance that happens in ${rotation.chancePpm} of a million orders of as many wins each. ` +
        'Compare what each offered when it was not its turn with what it offered when it was.',
    },
  ];
}

type Margin = { round: number; losers: ScreenedBid[]; gapBps: number; spreadMicros: number; isFar: boolean };

/** Imhof et al. 2018, relative distance: how far losers stay from what won, against how far they are from each other. */
function losersNeverNear(rounds: readonly ScreenedRound[], kind: ProviderKind): Finding[] {
  const { rounds: wanted, gapBps } = RULES.losers_never_near.thresholds;
  const newest = rounds.at(-1)?.round;
  const margins = rounds.flatMap((round) => marginOf(round, kind) ?? []).slice(-wanted);
  if (margins.length < wanted || margins.at(-1)?.round !== newest || !margins.every((margin) => margin.isFar))
    return [];
  const least = Math.min(...margins.map((margin) => margin.gapBps));
  const losers = [...new Set(margins.flatMap((margin) => providersOf(margin.losers)))].sort();
  const widest = Math.max(...margins.map((margin) => margin.spreadMicros));
  return [
    {
      screen: 'losers_never_near',
      subject: kind,
      rounds: margins.map((margin) => margin.round),
      providers: losers,
      figures: { rounds: margins.length, leastGapBps: least, widestSpreadMicros: widest },
      sentence:
        `In ${margins.length} rounds on end every losing offer of kind ${kindName(kind)} stayed at least ${percent(least)} above what won (${percent(gapBps)} is the threshold), ` +
        `while the losers were close to each other (standard deviation ${formatMicros(widest)} at most). Ask the losers how they came to their prices; such bids may be for show.`,
    },
  ];
}

/** How near the losers of a round came; null without an award or without enough losers. */
function marginOf(round: ScreenedRound, kind: ProviderKind): Margin | null {
  const { leastLosers, gapBps, gapOverSpreadPercent } = RULES.losers_never_near.thresholds;
  const bids = ofKind(round, kind);
  const winning = bids.filter((bid) => bid.awarded > 0).map(offerOf);
  const losers = bids.filter((bid) => bid.awarded === 0);
  if (winning.length === 0 || losers.length < leastLosers) return null;
  const offers = losers.map(offerOf);
  const { count, spread } = moments(offers);
  const dearest = BigInt(Math.max(...winning));
  const gap = BigInt(Math.min(...offers)) - dearest;
  // s² = spread/(n(n − 1)); gap ≥ k·s is gap²·n(n − 1) ≥ k²·spread.
  const pairs = count * (count - 1n);
  const isApart = gap * gap * pairs * 10_000n >= BigInt(gapOverSpreadPercent) ** 2n * spread;
  return {
    round: round.round,
    losers,
    gapBps: bpsOf(gap, dearest),
    spreadMicros: Number(rootFloor(spread / pairs)),
    isFar: gap > 0n && gap * 10_000n >= dearest * BigInt(gapBps) && isApart,
  };
}
