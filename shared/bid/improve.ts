/** What a bid may become once a provisional clearing has told its provider where it stands: better, never worse. */
import { ok, type Result, refuse } from '../kernel/result.ts';
import type { BidInput } from './bid.ts';

type Offer = Pick<BidInput, 'capacity' | 'tiers'>;

/**
 * Whether `next` is at least as good for the buyers as `old`: no less capacity, no higher minimum award, and at no volume
 * that `old` offers a higher price per request. Tiers beyond its own capacity were never on offer, so they bind nothing.
 * Refused: `bid_may_only_improve`, which names the first thing that got worse.
 */
export function improves(old: Offer, next: Offer): Result<null, 'bid_may_only_improve'> {
  if (next.capacity < old.capacity)
    return worse('capacity', `capacity fell from ${old.capacity} to ${next.capacity} requests`);
  if (minimumOf(next) > minimumOf(old))
    return worse('tiers', `the minimum award rose from ${minimumOf(old)} to ${minimumOf(next)} requests`);
  // Both prices are steps that change only where a tier of one of them begins: to compare there is to compare everywhere.
  const volumes = [minimumOf(old), ...[...old.tiers, ...next.tiers].map((tier) => tier.minVolume)]
    .filter((volume) => volume >= minimumOf(old) && volume <= old.capacity)
    .sort((a, b) => a - b);
  for (const volume of volumes) {
    const [before, after] = [priceAt(old, volume), priceAt(next, volume)];
    if (after > before)
      return worse('tiers', `at ${volume} requests the price rose from ${before} to ${after} micro-units`);
  }
  return ok(null);
}

/** The refusal of a change, or of a withdrawal, after the first provisional clearing. */
const worse = (field: string, what: string) =>
  refuse(
    'bid_may_only_improve',
    `After the round's first provisional clearing a bid may only improve, but ${what}: offer at least what your bid offers now.`,
    { extra: { field } },
  );

export const MAY_NOT_WITHDRAW = refuse(
  'bid_may_only_improve',
  'After the round’s first provisional clearing a bid may only improve, so it can no longer be withdrawn; it holds for this round. Set rollOver to false to leave the next one.',
);

/** The least award a bid takes; a minimum of 0 and of 1 are the same. */
const minimumOf = (offer: Offer): number => Math.max(1, offer.tiers[0]?.minVolume ?? 0);

/** The price per request at a volume of at least the minimum award. */
function priceAt(offer: Offer, volume: number): number {
  const tier = offer.tiers.findLast((one) => one.minVolume <= volume);
  if (tier === undefined) throw new Error(`no tier at ${volume} requests`);
  return tier.priceMicros;
}
