/** What is missing to the next lower price of a queue. */
import type { PublicRound } from '../../../../shared/queue/queue.ts';

export type Tip = {
  /** Pooled demand, and the least larger one with a lower average price. */
  committed: number;
  volume: number;
  missing: number;
  priceMicros: number;
  /** The average price at today's demand, as rounded as the other; null where it was not told. */
  nowMicros: number | null;
  /** How much of it is there, in ten-thousandths. */
  shareBps: number;
  asOf: string;
};

function tip(committed: number, volume: number, prices: Pick<Tip, 'priceMicros' | 'nowMicros'>, asOf: string): Tip {
  const shareBps = Math.floor((committed * 10_000) / volume);
  return { committed, volume, missing: volume - committed, ...prices, shareBps, asOf };
}

/** What would have tipped a round that has begun; null where no larger demand was cheaper. */
export function tipOfRound(round: Pick<PublicRound, 'tip'> | null): Tip | null {
  const found = round?.tip ?? null;
  if (found === null) return null;
  const prices = { priceMicros: found.lowerPriceMicros, nowMicros: found.averagePriceMicros };
  return tip(found.committed, found.pooledVolume, prices, found.asOf);
}

type Feedback = {
  tip: { pooledVolume: number; averagePriceMicros: number } | null;
  pooled: { committed: number; asOf: string } | null;
};

/** What would tip the open round, as one of its members is told; null where nothing larger is cheaper. */
export function tipOfFeedback({ tip: found, pooled }: Feedback): Tip | null {
  if (found === null || pooled === null) return null;
  const prices = { priceMicros: found.averagePriceMicros, nowMicros: null };
  return tip(pooled.committed, found.pooledVolume, prices, pooled.asOf);
}
