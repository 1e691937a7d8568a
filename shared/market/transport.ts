/**
 * The transportation problem at fixed prices, in whole numbers: who is served by whom once each provider's price and
 * its volume bounds are settled. Successive best augmenting paths; every number stays a safe integer.
 */

export type TransportProblem = {
  /** Requests each group may place. */
  readonly demand: readonly number[];
  /** Gain per request of group g at provider j, in micro-units; undefined where they may not trade. */
  readonly gains: readonly (readonly (number | undefined)[])[];
  /** Each provider serves at least `lower` and at most `upper` requests. */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
};

export type TransportPlan = {
  /** Requests of group g served by provider j. */
  readonly flow: readonly (readonly number[])[];
  /** Requests each provider serves. */
  readonly served: readonly number[];
  /** Requests each provider lacks to its lower bound; all 0 where the bounds can be met. */
  readonly shortfall: readonly number[];
};

/**
 * A plan of greatest total gain that meets every lower bound, and, of those, one that serves the most requests (a
 * request with gain 0 is served). Ties go to the lower index. Where the lower bounds cannot all be met, the plan comes
 * as near to them as possible and says what is short.
 *
 * The first `lower` requests of a provider carry a bonus larger than any sum of gains along a path, so lower bounds
 * come first and no flow has to be repaired afterwards.
 */
export function planTransport(problem: TransportProblem): TransportPlan {
  const state = new Residual(problem);
  for (let path = state.bestPath(); path !== undefined; path = state.bestPath()) state.push(path);
  const shortfall = problem.lower.map((lower, j) => Math.max(0, lower - state.served[j]!));
  return { flow: state.flow, served: state.served, shortfall };
}

/** A new request of `group` enters at `hops[0]`; at every further hop `mover` makes room by going to the next provider. */
type Path = { readonly group: number; readonly first: number; readonly moves: readonly Move[]; readonly last: number };
type Move = { readonly from: number; readonly to: number; readonly mover: number };

const NONE = -1;

/**
 * The flow so far and its residual graph, contracted to providers: `detour[j][k]` is the best gain of moving one
 * request that j serves over to k. There are few providers and many groups, so paths are searched among providers only.
 */
class Residual {
  readonly flow: number[][];
  readonly served: number[];
  private readonly problem: TransportProblem;
  private readonly spare: number[];
  private readonly size: number;
  private readonly bonus: number;
  /** Per provider: the groups that may enter, best gain first, and how many of them have nothing left. */
  private readonly queues: number[][];
  private readonly heads: number[];
  private readonly detour: Float64Array;
  private readonly mover: Int32Array;
  /** Of the path search: greatest gain on arrival, the provider before, and whether that is not passed on yet. */
  private readonly reach: Float64Array;
  private readonly before: Int32Array;
  private readonly isNews: Uint8Array;

  constructor(problem: TransportProblem) {
    this.problem = problem;
    this.size = problem.lower.length;
    this.spare = [...problem.demand];
    this.served = problem.lower.map(() => 0);
    this.flow = problem.demand.map(() => problem.lower.map(() => 0));
    const largest = largestOf(problem.gains);
    this.bonus = 1 + 4 * (this.size + 1) * largest;
    if (!Number.isSafeInteger(this.bonus * 2))
      throw new RangeError('gains too large to add along a path without losing digits');
    this.queues = problem.lower.map((_, j) => entryQueue(problem, j));
    this.heads = problem.lower.map(() => 0);
    this.detour = new Float64Array(this.size * this.size).fill(Number.NEGATIVE_INFINITY);
    this.mover = new Int32Array(this.size * this.size).fill(NONE);
    this.reach = new Float64Array(this.size);
    this.before = new Int32Array(this.size);
    this.isNews = new Uint8Array(this.size);
  }

  /** The path of greatest gain (bonus included) that ends where there is room; undefined where none gains or breaks even. */
  bestPath(): Path | undefined {
    this.searchProviders();
    const { reach } = this;
    let last = NONE;
    let most = 0;
    for (let j = 0; j < this.size; j += 1) {
      if (this.served[j]! >= this.problem.upper[j]!) continue;
      const gain = reach[j]! + (this.served[j]! < this.problem.lower[j]! ? this.bonus : 0);
      if (last === NONE ? gain >= 0 : gain > most) {
        last = j;
        most = gain;
      }
    }
    return last === NONE ? undefined : this.tracePath(last);
  }

  /** Moves as many requests along the path as it can carry, at least one. */
  push(path: Path): void {
    const { group, first, moves, last } = path;
    const { lower, upper } = this.problem;
    const target = this.served[last]! < lower[last]! ? lower[last]! : upper[last]!;
    let amount = Math.min(this.spare[group]!, target - this.served[last]!);
    for (const { from, mover } of moves) amount = Math.min(amount, this.flow[mover]![from]!);
    if (amount <= 0) throw new Error('bug: a path that carries nothing');
    this.spare[group]! -= amount;
    this.served[last]! += amount;
    this.add(group, first, amount);
    for (const { from, to, mover } of moves) {
      this.add(mover, to, amount);
      this.add(mover, from, -amount);
    }
  }

  /** Greatest gain with which one more request can arrive at each provider (Bellman–Ford; best flows leave no gaining cycle). */
  private searchProviders(): void {
    const { reach, before, isNews, size } = this;
    for (let j = 0; j < size; j += 1) {
      reach[j] = this.entryGain(j);
      // Whoever serves nobody has nobody to make room with.
      isNews[j] = reach[j]! > Number.NEGATIVE_INFINITY && this.served[j]! > 0 ? 1 : 0;
    }
    before.fill(NONE);
    for (let sweep = 0, changed = true; changed && sweep < size; sweep += 1) {
      changed = false;
      for (let j = 0; j < size; j += 1) {
        if (isNews[j] === 0) continue;
        isNews[j] = 0;
        const here = reach[j]!;
        const row = j * size;
        for (let k = 0; k < size; k += 1) {
          const gain = here + this.detour[row + k]!;
          if (gain <= reach[k]!) continue;
          reach[k] = gain;
          before[k] = j;
          if (this.served[k]! > 0) isNews[k] = 1;
          changed = true;
        }
      }
    }
  }

  private tracePath(last: number): Path {
    const { before } = this;
    const moves: Move[] = [];
    let at = last;
    while (before[at] !== NONE) {
      const from = before[at]!;
      moves.unshift({ from, to: at, mover: this.mover[from * this.size + at]! });
      if (moves.length > this.size) throw new Error('bug: a flow with a gaining cycle');
      at = from;
    }
    return { group: this.queues[at]![this.heads[at]!]!, first: at, moves, last };
  }

  /** Gain of the best group that still has requests to place here. */
  private entryGain(j: number): number {
    const queue = this.queues[j]!;
    while (this.heads[j]! < queue.length && this.spare[queue[this.heads[j]!]!] === 0) this.heads[j]! += 1;
    const group = queue[this.heads[j]!];
    return group === undefined ? Number.NEGATIVE_INFINITY : this.problem.gains[group]![j]!;
  }

  private add(group: number, j: number, amount: number): void {
    const row = this.flow[group]!;
    const old = row[j]!;
    row[j] = old + amount;
    if (old === 0) this.offerDetours(group, j);
    else if (row[j] === 0) this.rebuildDetours(j);
  }

  /** Lets a group that j now serves make room at j where it is the cheapest to move. */
  private offerDetours(group: number, j: number): void {
    const gains = this.problem.gains[group]!;
    const here = gains[j]!;
    const row = j * this.size;
    for (let k = 0; k < this.size; k += 1) {
      const there = gains[k];
      if (there === undefined) continue;
      const gain = there - here;
      if (gain > this.detour[row + k]! || (gain === this.detour[row + k]! && group < this.mover[row + k]!)) {
        this.detour[row + k] = gain;
        this.mover[row + k] = group;
      }
    }
  }

  private rebuildDetours(j: number): void {
    const row = j * this.size;
    this.detour.fill(Number.NEGATIVE_INFINITY, row, row + this.size);
    this.mover.fill(NONE, row, row + this.size);
    for (let group = 0; group < this.flow.length; group += 1) {
      if (this.flow[group]![j]! > 0) this.offerDetours(group, j);
    }
  }
}

function entryQueue(problem: TransportProblem, j: number): number[] {
  const groups: number[] = [];
  for (let group = 0; group < problem.demand.length; group += 1) {
    if (problem.gains[group]![j] !== undefined) groups.push(group);
  }
  return groups.sort((a, b) => problem.gains[b]![j]! - problem.gains[a]![j]!);
}

function largestOf(gains: TransportProblem['gains']): number {
  let largest = 0;
  for (const row of gains) for (const gain of row) largest = Math.max(largest, Math.abs(gain ?? 0));
  return largest;
}
