/** A bid as it is typed, and what follows from it: the body, the curve of its price, what it may earn. Pure; money in micro-units. */
import { BidInput } from '../../../../shared/bid/bid.ts';
import { mulDivFloor } from '../../../../shared/kernel/money.ts';
import type { Terms } from '../../../../shared/terms/terms.ts';

export type TierValue = { minVolume: number | null; priceMicros: number | null };
export type BidValues = { capacity: number | null; tiers: readonly TierValue[]; rollOver: boolean };
type Tier = { minVolume: number; priceMicros: number };

const BPS = 10_000;

export const toBody = (values: BidValues, currency: string): unknown => ({ ...values, currency });

/** The body where it is whole and right; null while something is missing or wrong. */
export function bidOf(values: BidValues, currency: string): BidInput | null {
  const parsed = BidInput.safeParse(toBody(values, currency));
  return parsed.success ? parsed.data : null;
}

/** The price per request where so many are awarded; null below the least that the bid serves. */
export const priceAt = (tiers: readonly Tier[], volume: number): number | null =>
  tiers.findLast(({ minVolume }) => minVolume <= volume)?.priceMicros ?? null;

/** The steps of the price over the volume, up to the capacity: each tier from where it begins to where the next one does. */
export function curveOf(tiers: readonly Tier[], capacity: number): { volume: number; priceMicros: number }[] {
  const reached = tiers.filter(({ minVolume }) => minVolume <= capacity);
  const points = reached.map(({ minVolume, priceMicros }) => ({ volume: Math.max(1, minVolume), priceMicros }));
  const last = points.at(-1);
  return last === undefined || last.volume >= capacity
    ? points
    : [...points, { volume: capacity, priceMicros: last.priceMicros }];
}

export type Earnings = { lowMicros: number; highMicros: number; from: number; to: number };

/**
 * What so many requests earn: at the least where nobody says anything of any (the terms' rate for assumed ones), at the
 * most where all are confirmed. Prices fall with volume, so the ends of the tiers in between count too.
 */
export function earningsOf(
  tiers: readonly Tier[],
  volume: { from: number; to: number },
  terms: Pick<Terms, 'assumedRateBps'>,
): Earnings | null {
  const from = Math.max(volume.from, tiers[0]?.minVolume ?? 0);
  if (volume.to < from) return null;
  const ends = tiers.flatMap(({ minVolume }) => [minVolume - 1, minVolume]).filter((at) => at > from && at < volume.to);
  const worth = [from, ...ends, volume.to].map((at) => at * (priceAt(tiers, at) ?? 0));
  return {
    lowMicros: mulDivFloor(Math.min(...worth), terms.assumedRateBps, BPS),
    highMicros: Math.max(...worth),
    from,
    to: volume.to,
  };
}

/** What a company pays for a price: with the market's fee. */
export const allInMicros = (priceMicros: number, feeBps: number): number => mulDivFloor(priceMicros, BPS + feeBps, BPS);

/** A tier more, a tenth cheaper than the last and beginning behind it. */
export function nextTier(tiers: readonly TierValue[], capacity: number | null): TierValue {
  const last = tiers.at(-1);
  const from = last?.minVolume ?? 0;
  const room = capacity === null ? 10 : Math.max(1, Math.floor((capacity - from) / 2));
  const price = last?.priceMicros ?? null;
  return { minVolume: from + room, priceMicros: price === null ? null : mulDivFloor(price, 9, 10) };
}
