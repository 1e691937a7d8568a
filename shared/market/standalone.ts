/**
 * What a company would gain buying alone with its fair share of every provider's capacity: the floor under what it gains
 * in the pool. Exact: volumes are fractions with one common denominator, money is whole, everything is BigInt.
 */

/** A provider as one company sees it: its capacity and the steps it could reach, each with what a request gains there. */
export type Offer = {
  /** K_j, in requests. */
  readonly capacity: number;
  /** Minimum volumes rising; gains v_ij − p_jt in micro-units, never falling. */
  readonly steps: readonly { readonly minVolume: number; readonly gainMicros: number }[];
};

export type StandaloneProblem = {
  /** D_i, in requests. */
  readonly volume: number;
  /** ω_i = share / shareSum of every provider's capacity is this company's; shareSum > 0. */
  readonly share: number;
  readonly shareSum: number;
  readonly offers: readonly Offer[];
};

/**
 * s_i, floored to a micro-unit: the most a company gains from providers whose capacity is K_j·ω_i and whose thresholds
 * stay where they are, buying at most its volume. 0 where it has no share or nothing is worth buying.
 */
export function standaloneSurplus(problem: StandaloneProblem): bigint {
  const { volume, share, shareSum } = problem;
  if (share === 0) return 0n;
  // Volumes are counted in parts of 1/shareSum of a request from here on, so that K_j·ω_i is whole.
  const unit = BigInt(shareSum);
  const demand = BigInt(volume) * unit;
  const supplies = problem.offers.map((offer) => reachableSteps(offer, BigInt(share), unit, demand));
  const tops = supplies.map((supply) => supply.steps.length - 1);
  return new Search(supplies, demand, unit).best(tops) / unit;
}

type Step = { readonly minimum: bigint; readonly gain: bigint };
type Supply = { readonly capacity: bigint; readonly steps: readonly Step[] };

/** Keeps the steps that gain something and that this company can reach alone. */
function reachableSteps(offer: Offer, share: bigint, unit: bigint, demand: bigint): Supply {
  const capacity = BigInt(offer.capacity) * share;
  const most = capacity < demand ? capacity : demand;
  const steps: Step[] = [];
  for (const { minVolume, gainMicros } of offer.steps) {
    const minimum = BigInt(minVolume) * unit;
    if (gainMicros <= 0 || minimum > most || most === 0n) continue;
    steps.push({ minimum, gain: BigInt(gainMicros) });
  }
  return { capacity, steps };
}

/** What is settled about a supply: the highest step still allowed (−1 = none), and whether its minimum must be bought. */
type Setting = { readonly top: number; readonly bound: boolean };

/**
 * Branch and bound. With minimums left out, buying in order of gain is best, and only the last supply bought from can be
 * below its step's minimum, for it alone is bought in part. Either that minimum is bought, or the step is out: two
 * branches, and every supply has few steps, so the tree is small.
 */
class Search {
  private readonly supplies: readonly Supply[];
  private readonly demand: bigint;
  private readonly unit: bigint;
  private most = 0n;

  constructor(supplies: readonly Supply[], demand: bigint, unit: bigint) {
    this.supplies = supplies;
    this.demand = demand;
    this.unit = unit;
  }

  /** The greatest total gain, in micro-units times the unit, up to less than one micro-unit. */
  best(tops: readonly number[]): bigint {
    this.explore(tops.map((top) => ({ top, bound: false })));
    return this.most;
  }

  private explore(settings: readonly Setting[]): void {
    const relaxed = this.relax(settings);
    // Only whole micro-units count in the end.
    if (relaxed === undefined || relaxed.gain / this.unit <= this.most / this.unit) return;
    const { gain, short } = relaxed;
    if (short === undefined) {
      this.most = gain;
      return;
    }
    this.explore(settings.map((setting, j) => (j === short ? { ...setting, bound: true } : setting)));
    this.explore(settings.map((setting, j) => (j === short ? { ...setting, top: setting.top - 1 } : setting)));
  }

  /** Buys bound minimums, then in order of gain; says which supply, if any, ends below its step's minimum. */
  private relax(settings: readonly Setting[]): { gain: bigint; short: number | undefined } | undefined {
    let left = this.demand;
    let gain = 0n;
    const open: { j: number; step: Step; room: bigint; bound: boolean }[] = [];
    for (const [j, { top, bound }] of settings.entries()) {
      const supply = this.supplies[j]!;
      const step = supply.steps[top];
      if (step === undefined) continue;
      const bought = bound ? step.minimum : 0n;
      left -= bought;
      gain += bought * step.gain;
      open.push({ j, step, room: supply.capacity - bought, bound });
    }
    if (left < 0n) return undefined;
    open.sort((a, b) => (a.step.gain === b.step.gain ? a.j - b.j : a.step.gain > b.step.gain ? -1 : 1));
    let short: number | undefined;
    for (const { j, step, room, bound } of open) {
      if (left === 0n) break;
      const bought = room < left ? room : left;
      left -= bought;
      gain += bought * step.gain;
      if (!bound && bought < step.minimum) short = j;
    }
    return { gain, short };
  }
}
