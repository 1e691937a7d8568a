/** What a commitment binds one to, worked out from the terms alone: the worst case, and the least that is owed. */
import { shortfallOf } from '../../../../shared/round/closing.ts';
import type { Terms } from '../../../../shared/terms/terms.ts';

export type Bound = {
  /** The most a resolution costs: the reserve price, or the ceiling. */
  limitMicros: number;
  /** Every request at that price. */
  mostMicros: number;
  /** φ: requests to send at least. */
  leastRequests: number;
  /** What it costs to send none of them, at that price. */
  noneMicros: number;
};

/** Amounts in micro-units; `reserveMicros` null is read as the ceiling. */
export function boundBy(
  { volume, reserveMicros }: { volume: number; reserveMicros: number | null },
  terms: Pick<Terms, 'ceilingMicros' | 'takeOrPayBps' | 'shortfallRateBps'>,
): Bound {
  const limitMicros = Math.min(reserveMicros ?? terms.ceilingMicros, terms.ceilingMicros);
  return {
    limitMicros,
    mostMicros: Number(BigInt(limitMicros) * BigInt(volume)),
    leastRequests: Math.ceil((volume * terms.takeOrPayBps) / 10_000),
    noneMicros: shortfallOf({ awarded: volume, unitPriceMicros: limitMicros }, 0, terms),
  };
}
