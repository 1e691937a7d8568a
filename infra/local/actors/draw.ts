/**
 * Seeded draws for the simulated actors. A draw is a pure function of the seed and the names given, never of the order
 * in which draws are made: the same seed gives the same market whatever runs concurrently, and after an interruption.
 */
import { spread } from '../../../shared/kernel/hash.ts';

export type Draw = {
  /** Uniform in [0, 1). */
  share(...names: readonly (string | number)[]): number;
  /** Uniform between two numbers, the upper one excluded. */
  between(low: number, high: number, ...names: readonly (string | number)[]): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number, ...names: readonly (string | number)[]): number;
  /** Standard normal (Box and Muller). */
  normal(...names: readonly (string | number)[]): number;
};

const TWO_POW_32 = 2 ** 32;

/** The draws of one seed. */
export function drawsOf(seed: number): Draw {
  const share = (...names: readonly (string | number)[]) => spread([seed, ...names].join('|')) / TWO_POW_32;
  return {
    share,
    between: (low, high, ...names) => low + (high - low) * share(...names),
    whole: (low, high, ...names) => low + Math.floor((high - low + 1) * share(...names)),
    normal: (...names) => {
      const radius = Math.sqrt(-2 * Math.log(1 - share(...names, 'radius')));
      return radius * Math.cos(2 * Math.PI * share(...names, 'angle'));
    },
  };
}

/** The first index whose cumulated weight passes a draw in [0, 1); weights need not sum to 1. */
export function pick<T>(items: readonly { weight: number; value: T }[], share: number): T {
  const total = items.reduce((sum, item) => sum + item.weight, 0);
  let left = share * total;
  for (const item of items) {
    left -= item.weight;
    if (left < 0) return item.value;
  }
  const last = items.at(-1);
  if (last === undefined) throw new Error('nothing to draw from');
  return last.value;
}
