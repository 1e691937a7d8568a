/** The pooled figures of a round as they are published, each from as many companies on as hide the single one. */
import { asMicros, BPS } from '../../kernel/money.ts';
import type { RoundFigures } from '../../round/round.ts';
import type { PriceStatistics, PublicFile, Result } from './round-file.ts';

/** Pooled figures are shown from this many companies on. */
const SHOWN_FROM = 3;
/** With fewer awarded companies than this, lowest, middle and highest price together would name everyone's. */
const EXTREMES_SHOWN_FROM = 5;
/** Prices are published in steps of 0.01. */
const STEP_MICROS = 10_000;

/** What a result comes to over all bidders. */
export function roundFigures(result: Result): RoundFigures {
  const sum = (of: (company: Result['companies'][number]) => bigint): number =>
    asMicros(result.companies.reduce((total, company) => total + of(company), 0n));
  return {
    companies: result.companies.length,
    providers: result.providers.length,
    committed: sum((c) => BigInt(c.committed)),
    awarded: sum((c) => BigInt(c.awarded)),
    billingsMicros: sum((c) => BigInt(c.totalMicros)),
    standaloneMicros: sum((c) => BigInt(c.standalonePriceMicros ?? 0) * BigInt(c.awarded)),
    valueMicros: result.valueMicros,
    gapMicros: result.proof.gapMicros,
  };
}

/** What of a result the public file shows. */
export function publishedFigures(
  companies: readonly unknown[],
  result: Result,
): Pick<PublicFile, 'figures' | 'prices' | 'epsilon' | 'proof'> {
  const { method, gapMicros } = result.proof;
  const isShown = companies.length >= SHOWN_FROM;
  const turnover = BigInt(result.providerCostMicros);
  const share = turnover === 0n ? null : ceilDiv(BigInt(result.epsilonMicros) * BigInt(BPS), turnover);
  return {
    figures: isShown ? roundFigures(result) : null,
    prices: priceStatistics(result.companies.filter((c) => c.awarded > 0).map((c) => c.unitPriceMicros)),
    epsilon: isShown ? { micros: result.epsilonMicros, shareOfTurnoverBps: share } : null,
    proof: { method, gapMicros },
  };
}

function priceStatistics(prices: readonly number[]): PriceStatistics | null {
  if (prices.length < SHOWN_FROM) return null;
  const sorted = [...prices].sort((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)]!;
  const showsExtremes = prices.length >= EXTREMES_SHOWN_FROM;
  return {
    medianMicros: Math.round(median / STEP_MICROS) * STEP_MICROS,
    minMicros: showsExtremes ? Math.floor(sorted[0]! / STEP_MICROS) * STEP_MICROS : null,
    maxMicros: showsExtremes ? Math.ceil(sorted.at(-1)! / STEP_MICROS) * STEP_MICROS : null,
  };
}

/** ⌈a / b⌉ for a ≥ 0, b > 0. */
const ceilDiv = (a: bigint, b: bigint): number => Number((a + b - 1n) / b);
