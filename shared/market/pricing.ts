/** What each company gains and pays, in whole micro-units: the books balance to the last one. */
import { asMicros, floorDiv, type Micros } from '../kernel/money.ts';
import { must } from './must.ts';

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
  /** b_i: the requests its share of capacity rests on; without any it gains nothing. */
  readonly shareBase: number;
  /** D_i·α_i: what its requests are worth at the margin, in micro-units. */
  readonly demandMicros: bigint;
};

/**
 * b_i: the requests that a company's share of capacity rests on. With a record, at least what it is awarded and up to
 * 1.25 times its charges, though never more than it commits; without one, what it is awarded.
 */
export function capacityShareBase(volume: number, awarded: number, chargesLastRound: number): number {
  return Math.max(awarded, Math.min(volume, Math.floor((chargesLastRound * 5) / 4)));
}

/** The least a company may gain: s_i, and without a record no more than its award is worth. */
export function floorOf(company: Pick<Awarded, 'standaloneMicros' | 'worthMicros' | 'hasRecord'>): bigint {
  const { standaloneMicros, worthMicros, hasRecord } = company;
  return hasRecord || standaloneMicros < worthMicros ? standaloneMicros : worthMicros;
}

/** The most a company may gain: without a record what its award is worth, and nothing without a share of capacity. */
function capOf(company: Awarded): bigint | undefined {
  if (company.shareBase === 0) return floorOf(company);
  return company.hasRecord ? undefined : company.worthMicros;
}

/**
 * u_i = max(floor_i, o_i − t·ω_i), and without a record at most the award's worth, with the t for which Σu = v(N). As
 * o_i = D_iα_i + ω_i·Σ K_jβ_j, this is D_iα_i + b_i·μ with one μ for all, the gain per request of capacity share. Who is
 * at a limit gets exactly that; the others are rounded down and the rest goes by largest remainder, ties in the order
 * given. Throws where the floors exceed the gain: the market's guarantee is that they cannot.
 */
export function splitGain(valueMicros: bigint, companies: readonly Awarded[]): Micros[] {
  const { numerator, denominator } = levelFor(valueMicros, companies);
  let left = valueMicros;
  const rests: { readonly index: number; readonly rest: bigint }[] = [];
  const gains = companies.map((company, index) => {
    const scaled = company.demandMicros * denominator + numerator * BigInt(company.shareBase);
    const [floor, cap] = [floorOf(company), capOf(company)];
    let gain = floorDiv(scaled, denominator);
    if (scaled <= floor * denominator) gain = floor;
    else if (cap !== undefined && scaled >= cap * denominator) gain = cap;
    else rests.push({ index, rest: scaled - gain * denominator });
    left -= gain;
    return gain;
  });
  rests.sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (const { index } of rests.slice(0, Number(left))) gains[index]! += 1n;
  return gains.map((gain) => asMicros(gain));
}

type Fraction = { readonly numerator: bigint; readonly denominator: bigint };
/** At this level a company leaves its floor or reaches its cap; `gain` and `weight` are what that adds to the sum. */
type Event = Fraction & { readonly gain: bigint; readonly weight: bigint };

/** μ with Σ clamp(D_iα_i + b_i·μ) = v(N): the sum is followed from all floors upwards, from one company's limit to the next. */
function levelFor(valueMicros: bigint, companies: readonly Awarded[]): Fraction {
  const events: Event[] = [];
  let gain = 0n; // The sum at level μ is gain + μ·weight.
  for (const company of companies) {
    const [floor, cap, weight] = [floorOf(company), capOf(company), BigInt(company.shareBase)];
    gain += floor;
    if (cap === floor) continue;
    const { demandMicros } = company;
    events.push({ numerator: floor - demandMicros, denominator: weight, gain: demandMicros - floor, weight });
    if (cap === undefined) continue;
    events.push({ numerator: cap - demandMicros, denominator: weight, gain: cap - demandMicros, weight: -weight });
  }
  must(gain <= valueMicros, `the floors exceed the pool's gain by ${gain - valueMicros} micro-units`);
  events.sort(compareFractions);
  let weight = 0n;
  for (const event of events) {
    if ((valueMicros - gain) * event.denominator <= event.numerator * weight) {
      return weight === 0n ? event : { numerator: valueMicros - gain, denominator: weight };
    }
    gain += event.gain;
    weight += event.weight;
  }
  must(weight > 0n || gain === valueMicros, 'nobody may take what is left of the gain');
  return weight === 0n ? { numerator: 0n, denominator: 1n } : { numerator: valueMicros - gain, denominator: weight };
}

/** Both denominators are above 0. Events at the same level may come in any order: the sum is continuous. */
function compareFractions(a: Fraction, b: Fraction): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
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
export function paymentFor(company: Pick<Awarded, 'awarded' | 'worthMicros'>, surplusMicros: number): Payment {
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
export function standalonePrice(company: Pick<Awarded, 'awarded' | 'worthMicros' | 'standaloneMicros'>): Micros | null {
  if (company.awarded === 0) return null;
  return asMicros(floorDiv(company.worthMicros - company.standaloneMicros, BigInt(company.awarded)));
}
