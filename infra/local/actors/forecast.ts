/**
 * What a company commits for the next round, from its own past rounds only. Under take-or-pay it pays half the pool price
 * for what is missing below φ of its award, and more than the pool price for what comes beyond it: a newsvendor's choice.
 */

/** Fewer past rounds than this are no basis for a spread: the company commits its mean so far, in whole requests. */
export const ROUNDS_FOR_SPREAD = 4;
/** One round alone is no mean. Under take-or-pay a company does better to send its second round without a commitment. */
export const ROUNDS_FOR_MEAN = 2;
/** Older rounds than the last eight say little about the next one. */
export const ROUNDS_REMEMBERED = 8;

export type TakeOrPay = {
  /** φ, in basis points. */
  takeOrPayBps: number;
  /** The share of the pool price paid for what is missing, in basis points. */
  shortfallRateBps: number;
  /** The pool price expected, in any unit of money. */
  poolPrice: number;
  /** What a request beyond the award costs, in the same unit: overflow, or doing without. */
  beyondPrice: number;
};

/**
 * The volume to commit; 0 is no commitment. `past` are the accepted requests of each past round since the company's first,
 * oldest first. With four or more it is the smallest volume of least expected cost (exact sum over the fitted
 * distribution), else the mean so far, rounded down, or nothing after a single round.
 */
export function volumeToCommit(past: readonly number[], rule: TakeOrPay): number {
  if (past.length < ROUNDS_FOR_MEAN) return 0;
  if (past.length < ROUNDS_FOR_SPREAD) return Math.floor(meanOf(past));
  const recent = past.slice(-ROUNDS_REMEMBERED);
  const mean = meanOf(recent);
  if (mean === 0) return 0;
  return bestVolume(demandDistribution(mean, varianceOf(recent, mean)), rule);
}

export const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Sample variance (n − 1). */
export const varianceOf = (values: readonly number[], mean: number): number =>
  values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);

/** Probability that is left out of the distribution's upper end. */
const TAIL = 1e-6;
const MOST_STEPS = 200_000;

/**
 * Probabilities of 0, 1, 2, … requests: negative binomial with the given mean and variance where the variance is above the
 * mean, else Poisson. Truncated where less than a millionth is left.
 */
export function demandDistribution(mean: number, variance: number): number[] {
  const overdispersed = variance > mean * 1.000_001;
  const size = overdispersed ? (mean * mean) / (variance - mean) : Number.POSITIVE_INFINITY;
  const success = overdispersed ? mean / variance : 1;
  // In logarithms: for a large mean the probability of none is below what a number can hold.
  let log = overdispersed ? size * Math.log(success) : -mean;
  const probabilities: number[] = [];
  let sum = 0;
  for (let n = 0; n < MOST_STEPS && (n <= mean || sum < 1 - TAIL); n++) {
    const probability = Math.exp(log);
    probabilities.push(probability);
    sum += probability;
    log += overdispersed ? Math.log(((n + size) / (n + 1)) * (1 - success)) : Math.log(mean / (n + 1));
  }
  return probabilities;
}

/** The smallest volume with the least expected cost under take-or-pay, by trying each. */
export function bestVolume(distribution: readonly number[], rule: TakeOrPay): number {
  const { expectedAbove, expectedBelow } = partialExpectations(distribution);
  const extra = rule.beyondPrice - rule.poolPrice;
  const missing = (rule.poolPrice * rule.shortfallRateBps) / 10_000;
  let best = { volume: 0, cost: Number.POSITIVE_INFINITY };
  for (let volume = 0; volume < distribution.length; volume++) {
    const owed = Math.ceil((volume * rule.takeOrPayBps) / 10_000);
    const cost = extra * (expectedAbove[volume] ?? 0) + missing * (expectedBelow[owed] ?? 0);
    if (cost < best.cost - 1e-9) best = { volume, cost };
  }
  return best.volume;
}

/** E max(0, D − n) and E max(0, n − D) for every n. */
function partialExpectations(distribution: readonly number[]): { expectedAbove: number[]; expectedBelow: number[] } {
  const expectedBelow: number[] = [0];
  let atMost = 0;
  for (let n = 1; n <= distribution.length; n++) {
    atMost += distribution[n - 1] ?? 0;
    expectedBelow.push((expectedBelow[n - 1] ?? 0) + atMost);
  }
  const expectedAbove: number[] = Array.from({ length: distribution.length + 1 }, () => 0);
  let above = 0;
  for (let n = distribution.length - 1; n >= 0; n--) {
    expectedAbove[n] = (expectedAbove[n + 1] ?? 0) + above;
    above += distribution[n] ?? 0;
  }
  return { expectedAbove, expectedBelow };
}
