/** A problem laid out in flat arrays, with everything left out that no allocation can use. */
import type { TierProblem } from '../solver.ts';
import { findRivals } from './rivals.ts';

/**
 * Classes c, providers j and choices. A choice is 'nothing', or one of a provider's steps with the volumes it may serve.
 * Choices are counted across providers: those of j are `first[j] … first[j+1] − 1`, the first of them 'nothing'.
 */
export type Instance = {
  readonly classes: number;
  readonly providers: number;
  /** Requests of each class. */
  readonly demand: Float64Array;
  /** Each class's demand curve: reserve prices falling, and their volumes. */
  readonly reserves: readonly Float64Array[];
  readonly volumes: readonly Float64Array[];
  /** Loss per request of class c at provider j, at `c * providers + j`; infinite where j may not serve c. */
  readonly loss: Float64Array;
  /** Classes that each provider may serve. */
  readonly served: readonly Int32Array[];
  /** Sets of providers of which at most one can serve, and for each provider the sets it is in. */
  readonly rivals: readonly (readonly number[])[];
  readonly rivalsOf: readonly Int32Array[];
  /** The most that the right to be the one that serves can be worth, per set. */
  readonly rights: Float64Array;
  readonly first: Int32Array;
  /** Least and greatest volume of each choice, and its price. */
  readonly least: Float64Array;
  readonly most: Float64Array;
  readonly price: Float64Array;
  /** For each provider the choices it starts with, as bits: bit k is choice `first[j] + k`. */
  readonly open: Int32Array;
  /** The largest amount per request there is. */
  readonly largest: number;
  /** Σ demand. */
  readonly total: number;
  /** Whether every sum of money stays a safe integer. */
  readonly isExact: boolean;
};

/**
 * Lays out a problem. Steps out of reach are left out (more volume than capacity or all eligible demand), and so is
 * 'nothing' where the first step has no minimum: it is that step at volume 0.
 */
export function layOut(problem: TierProblem): Instance {
  const [m, n] = [problem.classes.length, problem.providers.length];
  const volumes = problem.classes.map(({ steps }) => Float64Array.from(steps, (step) => step.volume));
  const reserves = problem.classes.map(({ steps }) => Float64Array.from(steps, (step) => step.reserveMicros));
  const demand = Float64Array.from(volumes, sumOf);
  const loss = new Float64Array(m * n).fill(Infinity);
  const eligible: number[][] = problem.providers.map(() => []);
  let largest = 1;
  for (const [c, { providers, lossMicros, steps }] of problem.classes.entries()) {
    for (const step of steps) largest = Math.max(largest, Math.abs(step.reserveMicros));
    for (const [at, j] of providers.entries()) {
      loss[c * n + j] = lossMicros[at]!;
      largest = Math.max(largest, Math.abs(lossMicros[at]!));
      eligible[j]!.push(c);
    }
  }
  const served = eligible.map((classes) => Int32Array.from(classes));
  const [least, most, price]: [number[], number[], number[]] = [[], [], []];
  const first = new Int32Array(n + 1);
  const open = new Int32Array(n);
  for (const [j, { capacity, steps }] of problem.providers.entries()) {
    const reach = Math.min(
      capacity,
      served[j]!.reduce((sum, c) => sum + demand[c]!, 0),
    );
    least.push(0);
    most.push(0);
    price.push(0);
    for (const [t, step] of steps.entries()) {
      if (step.minVolume > reach) break;
      least.push(step.minVolume);
      most.push(Math.min(reach, steps[t + 1]?.minVolume ?? reach));
      price.push(step.allInMicros);
      largest = Math.max(largest, step.allInMicros);
    }
    first[j + 1] = least.length;
    const count = least.length - first[j]!;
    if (count > MOST_CHOICES) throw new RangeError(`provider ${j} has more than ${MOST_CHOICES - 1} steps`);
    open[j] = (1 << count) - 1;
    if (steps[0]?.minVolume === 0 && count > 1) open[j]! -= 1;
  }
  const minimum = problem.providers.map(({ steps }, j) => (first[j + 1]! - first[j]! > 1 ? steps[0]!.minVolume : 0));
  const rivals = findRivals({ demand, served, minimum });
  const widest = Float64Array.from(rivals, (set) => Math.max(...set.map((j) => most[first[j + 1]! - 1]!)));
  const total = sumOf(demand);
  return {
    classes: m,
    providers: n,
    demand,
    reserves,
    volumes,
    loss,
    served,
    rivals,
    rivalsOf: served.map((_, j) => Int32Array.from(rivals.keys()).filter((q) => rivals[q]!.includes(j))),
    rights: Float64Array.from(widest, (volume) => 2 * largest * volume),
    first,
    least: Float64Array.from(least),
    most: Float64Array.from(most),
    price: Float64Array.from(price),
    open,
    largest,
    total,
    isExact: (total + sumOf(Float64Array.from(most)) + sumOf(widest)) * largest * 8 <= Number.MAX_SAFE_INTEGER,
  };
}

/** Choices fit the bits of one number. */
const MOST_CHOICES = 30;

function sumOf(numbers: Float64Array): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
