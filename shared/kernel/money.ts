/**
 * Money is a safe integer of micro-units (10⁻⁶ of a currency's unit). Products are taken in BigInt, so that a volume
 * times a price never loses a digit; what does not fit a safe integer afterwards is a bug and throws.
 */
import * as z from 'zod';

declare const micros: unique symbol;
/** Integer micro-units of one currency; which one, the queue or the ledger says. */
export type Micros = number & { readonly [micros]: true };

export const MICROS_PER_UNIT = 1_000_000;
export const BPS = 10_000;

/** Currencies a queue may use: two decimals, and settled by the payment provider. */
export const Currency = z
  .enum(['USD', 'EUR', 'GBP'])
  .meta({ id: 'Currency', description: 'ISO 4217 code of a currency with two decimals' });
export type Currency = z.infer<typeof Currency>;

/** A price on the wire: whole micro-units, never negative. */
export const PriceMicros = z
  .int()
  .min(0)
  .max(1_000_000_000_000)
  .meta({ description: 'Price in micro-units (1 USD = 1,000,000)' });

/** Brands a safe integer as money. Throws a RangeError on a fraction or an unsafe integer: that is a bug, never input. */
export function asMicros(value: number | bigint): Micros {
  const n = Number(value);
  if (!Number.isSafeInteger(n)) throw new RangeError(`not a whole number of micro-units: ${value}`);
  return (n === 0 ? 0 : n) as Micros;
}

export const ZERO = asMicros(0);

export const MICROS_PER_CENT = 10_000;

/** Whole cents as micro-units. */
export const microsOfCents = (cents: number): Micros => asMicros(BigInt(cents) * BigInt(MICROS_PER_CENT));

/** Micro-units as cents. Throws where they are no whole cents: floor them first with `wholeCents`. */
export function centsOf(micros: number): number {
  if (!Number.isSafeInteger(micros) || micros % MICROS_PER_CENT !== 0)
    throw new RangeError(`not a whole number of cents: ${micros} micro-units`);
  const cents = micros / MICROS_PER_CENT;
  return cents === 0 ? 0 : cents;
}

/** The whole cents in an amount, in micro-units, toward −∞: what is left over is at least nothing and less than a cent. */
export const wholeCents = (micros: number): Micros =>
  asMicros(floorDiv(BigInt(micros), BigInt(MICROS_PER_CENT)) * BigInt(MICROS_PER_CENT));

/** ⌊a · b / c⌋ toward −∞ in exact arithmetic; c > 0. */
export function mulDivFloor(a: number | bigint, b: number | bigint, c: number | bigint): Micros {
  return asMicros(floorDiv(BigInt(a) * BigInt(b), BigInt(c)));
}

/** ⌈a · b / c⌉ toward +∞ in exact arithmetic; c > 0. */
export function mulDivCeil(a: number | bigint, b: number | bigint, c: number | bigint): Micros {
  return asMicros(-floorDiv(-(BigInt(a) * BigInt(b)), BigInt(c)));
}

/** ⌊a / b⌋ toward −∞; b > 0. */
export function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n ? quotient - 1n : quotient;
}

/** `⌊value · bps / 10⁴⌋`: the fee in a bid's price, the assumed share of a price, and the like. */
export function shareBps(value: number, bps: number): Micros {
  return mulDivFloor(value, bps, BPS);
}

/**
 * Splits a whole amount by weights, in whole micro-units: floors first, then one more to the largest remainders, ties by
 * the lower `id`. The parts sum to `total`. With no weight at all every part is 0 and the total must be 0.
 */
export function splitByLargestRemainder<Id extends string>(
  total: number,
  weights: ReadonlyMap<Id, number | bigint>,
): Map<Id, Micros> {
  const sum = [...weights.values()].reduce<bigint>((a, w) => a + BigInt(w), 0n);
  if (sum === 0n) {
    if (total !== 0) throw new RangeError('an amount cannot be split over no weight');
    return new Map([...weights.keys()].map((id) => [id, ZERO]));
  }
  const parts = [...weights].map(([id, weight]) => {
    const exact = BigInt(total) * BigInt(weight);
    const floor = floorDiv(exact, sum);
    return { id, floor, rest: exact - floor * sum };
  });
  let left = BigInt(total) - parts.reduce((a, p) => a + p.floor, 0n);
  const byRest = [...parts].sort((a, b) => (a.rest === b.rest ? (a.id < b.id ? -1 : 1) : a.rest > b.rest ? -1 : 1));
  for (const part of byRest) {
    if (left === 0n) break;
    part.floor += 1n;
    left -= 1n;
  }
  return new Map(parts.map((p) => [p.id, asMicros(p.floor)]));
}

/** Writes micro-units for people: `1.234567` becomes `1.234567`, `1.5` becomes `1.50`; never fewer than two decimals. */
export function formatMicros(value: number): string {
  const sign = value < 0 ? '-' : '';
  const digits = Math.abs(value).toString().padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0{1,4}$/, '');
  return `${sign}${digits.slice(0, -6)}.${fraction}`;
}
