/** What each company gains and pays, in whole micro-units: the books balance to the last one. */
import { asMicros, floorDiv, type Micros, splitByLargestRemainder } from '../kernel/money.ts';

/** What pricing knows of a company once volumes are awarded. */
export type Awarded = {
  /** X_i: requests awarded. */
  readonly awarded: number;
  /** Σ_j x_ij v_ij: what the award is worth before paying for it, in micro-units. */
  readonly worthMicros: bigint;
  /** s_i: what buying alone would gain, in micro-units. */
  readonly standaloneMicros: bigint;
  /** Without a record there is no release credit: the gain is at most the award's worth. */
  readonly hasRecord: boolean;
};

/**
 * b_i: the requests that a company's share of capacity rests on. With a record, at least what it is awarded and up to
 * 1.25 times its charges, though never more than it commits; without one, what it is awarded.
 */
export function capacityShareBase(volume: number, awarded: number, chargesLastRound: number): number {
  if (chargesLastRound === 0) return awarded;
  return Math.max(awarded, Math.min(volume, Math.floor((chargesLastRound * 5) / 4)));
}

/** The least a company may gain: s_i, and without a record no more than its award is worth. */
export function floorOf(company: Awarded): bigint {
  const { standaloneMicros, worthMicros, hasRecord } = company;
  return hasRecord || standaloneMicros < worthMicros ? standaloneMicros : worthMicros;
}

/**
 * u_i: every company gets its floor; what is left of the pool's gain is shared by awarded volume, by largest remainder,
 * ties in the order given. A company without a record that reaches its award's worth stops there, and the others share
 * on. Throws where the floors exceed the gain: the market's guarantee is that they cannot.
 */
export function splitGain(valueMicros: bigint, companies: readonly Awarded[]): Micros[] {
  const floors = companies.map(floorOf);
  const left = valueMicros - floors.reduce((sum, floor) => sum + floor, 0n);
  if (left < 0n) throw new Error(`bug: the floors exceed the pool's gain by ${-left} micro-units`);
  const rooms = companies.map((company, i) => (company.hasRecord ? undefined : company.worthMicros - floors[i]!));
  const extras = splitWithin(
    left,
    companies.map((company) => company.awarded),
    rooms,
  );
  return floors.map((floor, i) => asMicros(floor + extras[i]!));
}

/** Splits an amount by weights where some parts may not exceed a room; those that would are filled, the rest shared again. */
function splitWithin(total: bigint, weights: readonly number[], rooms: readonly (bigint | undefined)[]): bigint[] {
  const parts = weights.map(() => 0n);
  let free = weights.map((_, i) => i).filter((i) => weights[i]! > 0);
  let left = total;
  for (;;) {
    const sum = free.reduce((a, i) => a + BigInt(weights[i]!), 0n);
    const full = free.filter((i) => rooms[i] !== undefined && left * BigInt(weights[i]!) >= rooms[i] * sum);
    if (full.length === 0) break;
    for (const i of full) {
      parts[i] = rooms[i]!;
      left -= parts[i]!;
    }
    const filled = new Set(full);
    free = free.filter((i) => !filled.has(i));
  }
  const keyed = new Map(free.map((i) => [String(i).padStart(9, '0'), weights[i]!]));
  const shares = [...splitByLargestRemainder(asMicros(left), keyed).values()];
  for (const [at, i] of free.entries()) parts[i] = BigInt(shares[at]!);
  return parts;
}

/** A company's payment for the round. All in micro-units, fee included, tax excluded. */
export type Payment = {
  /** T_i = Σ_j x_ij v_ij − u_i; below 0 it is owed to the company. */
  readonly totalMicros: Micros;
  /** P_i = ⌊T_i/X_i⌋: the pool price per resolution; 0 where nothing is awarded or T_i < 0. */
  readonly unitPriceMicros: Micros;
  /** The first so many requests cost one micro-unit more than `unitPriceMicros`, so that all of them come to T_i. */
  readonly dearerRequests: number;
  /** Capacity-release credit: −T_i where T_i < 0 or nothing is awarded, else 0. */
  readonly releaseCreditMicros: Micros;
};

/** Turns a company's gain into its payment. */
export function paymentFor(company: Awarded, surplusMicros: number): Payment {
  const total = company.worthMicros - BigInt(surplusMicros);
  const totalMicros = asMicros(total);
  if (total < 0n || company.awarded === 0) {
    return { totalMicros, unitPriceMicros: asMicros(0), dearerRequests: 0, releaseCreditMicros: asMicros(-total) };
  }
  const unit = total / BigInt(company.awarded);
  const dearerRequests = Number(total - unit * BigInt(company.awarded));
  return { totalMicros, unitPriceMicros: asMicros(unit), dearerRequests, releaseCreditMicros: asMicros(0) };
}

/**
 * The standalone price, floored to a micro-unit: at it, this award would be worth exactly what buying alone is worth.
 * Null where nothing is awarded; below 0 where the award is worth less than buying alone.
 */
export function standalonePrice(company: Awarded): Micros | null {
  if (company.awarded === 0) return null;
  return asMicros(floorDiv(company.worthMicros - company.standaloneMicros, BigInt(company.awarded)));
}
