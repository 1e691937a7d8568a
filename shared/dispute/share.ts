/** How much of a charge: all of it, a part in basis points, or an amount; and what that part comes to for each party. */
import * as z from 'zod';
import { asMicros, BPS, mulDivFloor, splitByLargestRemainder } from '../kernel/money.ts';

export const Share = z
  .union([
    z.strictObject({ bps: z.int().min(1).max(BPS).meta({ description: 'Of the charge, in basis points' }) }),
    z.strictObject({ micros: z.int().min(1).meta({ description: 'Of what the company was charged, in micro-units' }) }),
  ])
  .meta({ id: 'DisputeShare' });
export type Share = z.infer<typeof Share>;

/** What was charged and paid for the disputed resolution. P = b + f + x; `split` is what of b other providers were paid. */
export type Disputed = {
  priceMicros: number;
  bidMicros: number;
  feeMicros: number;
  poolMicros: number;
  split: readonly { provider: string; micros: number }[];
};

/** A part of it, in whole micro-units. */
export type Portion = { priceMicros: number; bidMicros: number; feeMicros: number; poolMicros: number };

/** The fraction that a share is of the charge. An amount of a charge of nothing is nothing. */
export function fractionOf(share: Share, priceMicros: number): { part: number; whole: number } {
  if ('bps' in share) return { part: share.bps, whole: BPS };
  return priceMicros === 0 ? { part: 0, whole: 1 } : { part: share.micros, whole: priceMicros };
}

/** ⌊αP⌋, ⌊αb⌋, ⌊αf⌋ and x, the remainder (BILLING.md, 'accepted in part'). */
export function portionOf(disputed: Disputed, share: Share): Portion {
  const { part, whole } = fractionOf(share, disputed.priceMicros);
  const of = (micros: number): number => mulDivFloor(micros, part, whole);
  const [priceMicros, bidMicros, feeMicros] = [
    of(disputed.priceMicros),
    of(disputed.bidMicros),
    of(disputed.feeMicros),
  ];
  return { priceMicros, bidMicros, feeMicros, poolMicros: asMicros(priceMicros - bidMicros - feeMicros) };
}

/** Whether the first share is no more than the second, exactly. */
export function isWithin(share: Share, most: Share, priceMicros: number): boolean {
  const [a, b] = [fractionOf(share, priceMicros), fractionOf(most, priceMicros)];
  return BigInt(a.part) * BigInt(b.whole) <= BigInt(b.part) * BigInt(a.whole);
}

/** What of a part of b each provider gives back: by what each was paid, in whole micro-units, ties by id. */
export function byProvider(disputed: Disputed, finisher: string, bidMicros: number): Map<string, number> {
  const others = disputed.split.reduce((sum, { micros }) => sum + micros, 0);
  const paid = new Map([
    [finisher, asMicros(disputed.bidMicros - others)],
    ...disputed.split.map(({ provider, micros }) => [provider, micros] as const),
  ]);
  return disputed.bidMicros === 0 ? new Map() : splitByLargestRemainder(bidMicros, paid);
}
