/** A provider's what-if: where a bid would stand. A function of the outline and of the provider's own figures only. */
import * as z from 'zod';
import { Currency, mulDivFloor, PriceMicros } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { Instant, iso } from '../kernel/time.ts';
import { PriceTiers } from '../market/tiers.ts';
import { roundPriceUp } from './coarse.ts';
import { BIDDERS_FROM, ENTRANT_QUALITY_BPS, MEMBERS_FROM, type Outline, priceAt } from './outline.ts';

export const BidPreviewInput = z
  .strictObject({ currency: Currency, capacity: z.int().min(1).max(50_000_000), tiers: PriceTiers })
  .meta({ id: 'BidPreviewInput' });
export type BidPreviewInput = z.infer<typeof BidPreviewInput>;

export const BidPreview = z
  .object({
    provisionalAt: Instant.meta({ description: 'The provisional clearing that this is an answer from' }),
    inTheRunning: z.boolean(),
    standing: z.enum(['in_the_running', 'close', 'behind', 'far']).meta({
      description: 'By the price to win at the volume that suits the bid best: at most 5 % above it, 20 %, more',
    }),
    volumeFrom: z.int().meta({ description: 'The volume it could expect lies between these' }),
    volumeTo: z.int(),
    priceToWinMicros: PriceMicros.nullable().meta({
      description: 'Only where it is not in the running: what it would be paid, rounded up to 1 % to 2.5 %',
    }),
  })
  .meta({ id: 'BidPreview' });
export type BidPreview = z.infer<typeof BidPreview>;

type Rules = { feeBps: number; failureCostMicros: number };

/**
 * The highest price per resolution, fee not inside, at which the pool would gain by `volume` requests more of this
 * quality, rounded up; null where prices are not told or nothing would be gained.
 */
export function priceToWin(outline: Outline | null, volume: number, qualityBps: number, terms: Rules): number | null {
  const entry = outline?.prices?.entry;
  const allIn = entry === undefined ? null : priceAt(entry, volume);
  if (allIn === null) return null;
  const better = Math.floor((terms.failureCostMicros * (qualityBps - ENTRANT_QUALITY_BPS)) / 10_000);
  if (allIn + better <= 0) return null;
  return roundPriceUp(mulDivFloor(allIn + better, 10_000, 10_000 + terms.feeBps));
}

/**
 * Where this bid would stand. `awarded` is what the provider's bid was awarded in the provisional clearing; the pool
 * wants that much anyway, and more as far as its price to win reaches. Refused: `too_few_members`.
 */
export function previewBid(
  outline: Outline | null,
  bid: BidPreviewInput,
  own: { awarded: number; qualityBps: number },
  terms: Rules,
): Result<BidPreview, 'too_few_members'> {
  if (outline === null || outline.prices === null) return TOO_FEW_FOR_PROVIDERS;
  const { entry } = outline.prices;
  // What others serve at the most is all there is to win; its own award it would only win from itself.
  const room = Math.max(0, Math.min(bid.capacity, outline.committed) - own.awarded);
  const offers = entry
    .map((_, place) => offerAt(bid, own.awarded, room, entry, place))
    .filter((offer) => offer !== null)
    .map((offer) => ({ ...offer, toWin: priceToWin(outline, offer.more, own.qualityBps, terms) }));
  const taken = offers.findLast((offer) => offer.toWin !== null && offer.priceMicros <= offer.toWin);
  const at = { provisionalAt: iso(outline.asOf) };
  if (taken !== undefined || own.awarded > 0)
    return ok({
      ...at,
      inTheRunning: true,
      standing: 'in_the_running',
      volumeFrom: taken?.from ?? own.awarded,
      volumeTo: taken?.to ?? own.awarded + Math.min(room, entry[0]?.volume ?? 0),
      priceToWinMicros: null,
    });
  const distances = offers.map(({ priceMicros, toWin }) => distanceOf(priceMicros, toWin));
  const least = Math.min(STANDINGS.length - 1, ...distances);
  return ok({
    ...at,
    inTheRunning: false,
    standing: STANDINGS[least]!,
    volumeFrom: 0,
    volumeTo: 0,
    priceToWinMicros: offers[distances.indexOf(least)]?.toWin ?? null,
  });
}

const STANDINGS = ['close', 'behind', 'far'] as const;

/** Place in `STANDINGS`: at most 5 % above the price to win, at most 20 %, more. */
function distanceOf(priceMicros: number, toWin: number | null): number {
  if (toWin === null) return 2;
  return priceMicros * 100 <= toWin * 105 ? 0 : priceMicros * 100 <= toWin * 120 ? 1 : 2;
}

/** The bid at one point of the outline: so many requests more than it has, at the price it asks for them all. */
function offerAt(
  bid: BidPreviewInput,
  awarded: number,
  room: number,
  entry: readonly { volume: number }[],
  place: number,
): { more: number; from: number; to: number; priceMicros: number } | null {
  const { volume } = entry[place]!;
  // Less room than the first point's volume is judged by that point.
  const more = place === 0 ? Math.min(volume, room) : volume;
  if (more <= 0 || more > room) return null;
  const tier = bid.tiers.findLast((one) => one.minVolume <= awarded + more);
  if (tier === undefined) return null;
  const next = entry[place + 1]?.volume ?? room;
  return { more, from: awarded + more, to: awarded + Math.min(room, next), priceMicros: tier.priceMicros };
}

const TOO_FEW_FOR_PROVIDERS = refuse(
  'too_few_members',
  `What-ifs are answered from ${MEMBERS_FROM} companies and ${BIDDERS_FROM} bidders on: with fewer, an answer would tell one party's figures.`,
);
