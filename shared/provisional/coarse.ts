/** How coarse figures are that parties see of a pool: what is finer than this stays sealed. All functions are monotone. */

/**
 * The grid of prices: 1, 2 or 5 times a power of ten, so that neighbours lie 1 % to 2.5 % apart (from 100 micro-units on).
 * A price on the grid stays itself.
 */
export function priceStep(micros: number): number {
  let power = 1;
  while (power * 10 <= micros) power *= 10;
  const first = Math.floor(micros / power);
  return Math.max(1, ((first < 2 ? 2 : first < 5 ? 5 : 10) * power) / 100);
}

/** A price on the grid, half a step up. Micro-units, from 0 on. */
export function roundPrice(micros: number): number {
  const step = priceStep(micros);
  return Math.floor((micros + step / 2) / step) * step;
}

/** The least price on the grid that is not below; what the price to win is told in. */
export function roundPriceUp(micros: number): number {
  const step = priceStep(micros);
  return Math.ceil(micros / step) * step;
}

/** A volume to two significant digits, half a step up: what pooled demand is told in. */
export function roundVolume(volume: number): number {
  let step = 1;
  while (step * 100 <= volume) step *= 10;
  return Math.floor((volume + step / 2) / step) * step;
}

/** A share in basis points, to a whole per cent, towards 0. */
export const roundShare = (bps: number): number => Math.trunc(bps / 100) * 100;
