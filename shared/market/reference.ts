/**
 * What requests and capacity are worth at the margin, in whole micro-units: the duals of the transportation problem at
 * fixed prices, read from an optimal plan. They are the reference of every price.
 */
import { must } from './must.ts';
import type { TransportProblem } from './transport.ts';

/** All in micro-units per request, never negative. */
export type Duals = {
  /** α: what one more request of a group would gain. */
  readonly demand: readonly number[];
  /** β: what one more request of a provider's upper bound would gain. */
  readonly upper: readonly number[];
  /** γ: what one request less of its lower bound would gain. */
  readonly lower: readonly number[];
};

/**
 * The duals of an optimal plan; of several those of least Σ lower·γ, and of these the largest α: the ones that stay when
 * every lower bound is a hair lower. Throws where the plan is not optimal within its bounds: the duals prove that it is.
 *
 * With σ_j = γ_j − β_j an optimal pair fulfils α_i − σ_j ≥ gain_ij, with equality where something is placed, α_i = 0
 * where demand is left, σ_j ≥ 0 where a provider has room above and σ_j ≤ 0 where it is above its lower bound. Such
 * systems of differences form a lattice. Its least element, by longest paths, has the least γ of every provider at once;
 * the greatest element below that γ, by shortest paths, has the largest α. Paths run among providers only.
 */
export function dualsOf(problem: TransportProblem, flow: readonly (readonly number[])[]): Duals {
  const { gains, demand, lower, upper } = problem;
  const size = lower.length;
  const served = lower.map((_, j) => flow.reduce((sum, row) => sum + row[j]!, 0));
  const spare = demand.map((volume, i) => volume - flow[i]!.reduce((sum, placed) => sum + placed, 0));
  must(
    spare.every((left) => left >= 0),
    'a company is awarded more than it committed',
  );
  must(
    served.every((volume, j) => volume >= lower[j]! && volume <= upper[j]!),
    'a provider serves less than its tier asks for or more than its capacity',
  );
  // move[j][k]: the least that is lost when a request placed at j goes to k instead.
  const move = lower.map(() => lower.map(() => Number.POSITIVE_INFINITY));
  const least = lower.map((_, j) => (served[j]! < upper[j]! ? 0 : Number.NEGATIVE_INFINITY));
  for (const [i, row] of flow.entries()) {
    for (let j = 0; j < size; j += 1) {
      if (row[j] === 0) continue;
      const here = gains[i]![j]!;
      least[j] = Math.max(least[j]!, -here);
      for (let k = 0; k < size; k += 1) move[j]![k] = Math.min(move[j]![k]!, here - (gains[i]![k] ?? -Infinity));
    }
  }
  settle(size, (j, k) => {
    if (least[k]! - move[j]![k]! <= least[j]!) return false;
    least[j] = least[k]! - move[j]![k]!;
    return true;
  });
  const greatest = least.map((value) => Math.max(0, value));
  for (const [i, row] of gains.entries()) {
    if (spare[i] === 0) continue;
    for (let k = 0; k < size; k += 1) greatest[k] = Math.min(greatest[k]!, -(row[k] ?? -Infinity));
  }
  settle(size, (j, k) => {
    if (greatest[j]! + move[j]![k]! >= greatest[k]!) return false;
    greatest[k] = greatest[j]! + move[j]![k]!;
    return true;
  });
  const duals = {
    demand: gains.map((row) =>
      row.reduce<number>((most, gain, j) => Math.max(most, (gain ?? -Infinity) + greatest[j]!), 0),
    ),
    upper: greatest.map((value) => Math.max(0, -value)),
    lower: greatest.map((value) => Math.max(0, value)),
  };
  assertOptimal(problem, flow, duals);
  return duals;
}

/** Repeats a comparison of every ordered pair until nothing changes; a plan that can be improved would change for ever. */
function settle(size: number, improve: (from: number, to: number) => boolean): void {
  for (let sweep = 0, changed = true; changed; sweep += 1) {
    must(sweep <= size, 'volumes are not the best at the tiers they reach');
    changed = false;
    for (let from = 0; from < size; from += 1) {
      for (let to = 0; to < size; to += 1) if (from !== to && improve(from, to)) changed = true;
    }
  }
}

/** These duals are feasible as they are made; worth what the plan gains, they prove that no plan gains more. */
function assertOptimal(problem: TransportProblem, flow: readonly (readonly number[])[], duals: Duals): void {
  const { gains, demand, lower, upper } = problem;
  const gained = flow.reduce((sum, row, i) => sum + dot(row, gains[i]!), 0n);
  const bound = dot(demand, duals.demand) + dot(upper, duals.upper) - dot(lower, duals.lower);
  must(bound === gained, 'volumes are not the best at the tiers they reach');
}

/** Σ volume · money, exact: added in ordinary numbers for as long as these are safe integers. */
export function dot(volumes: readonly number[], money: readonly (number | undefined)[]): bigint {
  let sum = 0n;
  let recent = 0;
  for (let k = 0; k < volumes.length; k += 1) {
    const volume = volumes[k]!;
    if (volume === 0) continue;
    const each = money[k];
    must(each !== undefined, 'a pair that may not trade does');
    const product = volume * each;
    if (Number.isSafeInteger(product) && Number.isSafeInteger(recent + product)) recent += product;
    else sum += BigInt(volume) * BigInt(each);
  }
  return sum + BigInt(recent);
}
