/** A problem laid out in flat arrays, with everything left out that no allocation can use. */
import type { TierProblem } from '../solver.ts';
import type { Arena } from './arena.ts';
import { findRivals } from './rivals.ts';

/**
 * Classes c, providers j and choices. A choice is 'nothing', or one of a provider's steps with the volumes it may serve.
 * What belongs to one of them is a run in an array: the choices of j are `first[j] … first[j + 1] − 1`, counted across
 * providers, the first of them 'nothing'. Everything lies in the arena, and lasts as long as the solve.
 */
export type Instance = {
  readonly classes: number;
  readonly providers: number;
  readonly arena: Arena;
  /** Requests of each class. */
  readonly demand: Float64Array;
  /** Each class's demand curve, from `firstStep[c]` on: reserve prices falling, and their volumes. */
  readonly firstStep: Int32Array;
  readonly reserve: Float64Array;
  readonly stepVolume: Float64Array;
  /** Loss per request of class c at provider j, at `j * classes + c`; infinite where j may not serve c. */
  readonly loss: Float64Array;
  /** The providers that may serve each class, from `firstPair[c]` on, and the loss there. */
  readonly firstPair: Int32Array;
  readonly pairProvider: Int32Array;
  readonly pairLoss: Float64Array;
  /** The classes that each provider may serve, from `firstServed[j]` on, and their demand in all. */
  readonly firstServed: Int32Array;
  readonly served: Int32Array;
  readonly eligible: Float64Array;
  /** Sets of providers of which at most one can serve, and for each provider the sets it is in, from `firstRight[j]` on. */
  readonly rivals: readonly (readonly number[])[];
  readonly firstRight: Int32Array;
  readonly right: Int32Array;
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
export function layOut(problem: TierProblem, arena: Arena): Instance {
  arena.begin();
  const demandSide = layOutDemand(problem, arena);
  const supplySide = layOutSupply(problem, demandSide, arena);
  const { demand, firstServed, served, eligible } = demandSide;
  const { first, most } = supplySide;
  const largest = Math.max(demandSide.largest, supplySide.largest);
  const rivals = findRivals({ demand, firstServed, served, eligible, minimum: supplySide.minimum });
  const rights = arena.floats(rivals.length);
  let reach = demandSide.total + sumOf(most);
  for (const [q, set] of rivals.entries()) {
    const widest = Math.max(...set.map((j) => most[first[j + 1]! - 1]!));
    rights[q] = 2 * largest * widest;
    reach += widest;
  }
  return {
    classes: problem.classes.length,
    providers: problem.providers.length,
    arena,
    ...demandSide,
    ...supplySide,
    rivals,
    ...layOutRights(rivals, problem.providers.length, arena),
    rights,
    largest,
    isExact: reach * largest * 8 <= Number.MAX_SAFE_INTEGER,
  };
}

function layOutDemand({ classes, providers }: TierProblem, arena: Arena) {
  const [m, n] = [classes.length, providers.length];
  const firstStep = arena.ints(m + 1);
  const firstPair = arena.ints(m + 1);
  for (let c = 0; c < m; c += 1) {
    firstStep[c + 1] = firstStep[c]! + classes[c]!.steps.length;
    firstPair[c + 1] = firstPair[c]! + classes[c]!.providers.length;
  }
  const pairs = firstPair[m]!;
  const demand = arena.floats(m);
  const reserve = arena.floats(firstStep[m]!);
  const stepVolume = arena.floats(firstStep[m]!);
  const pairProvider = arena.ints(pairs);
  const pairLoss = arena.floats(pairs);
  const loss = arena.floats(m * n).fill(Infinity);
  const firstServed = arena.ints(n + 1);
  const served = arena.ints(pairs);
  const eligible = arena.floats(n);
  let largest = 1;
  let total = 0;
  for (let c = 0; c < m; c += 1) {
    const { steps, providers: able, lossMicros } = classes[c]!;
    for (let s = 0, at = firstStep[c]!; s < steps.length; s += 1, at += 1) {
      const { reserveMicros, volume } = steps[s]!;
      reserve[at] = reserveMicros;
      stepVolume[at] = volume;
      demand[c]! += volume;
      largest = Math.max(largest, Math.abs(reserveMicros));
    }
    total += demand[c]!;
    for (let i = 0, at = firstPair[c]!; i < able.length; i += 1, at += 1) {
      const j = able[i]!;
      const lost = lossMicros[i]!;
      pairProvider[at] = j;
      pairLoss[at] = lost;
      loss[j * m + c] = lost;
      largest = Math.max(largest, Math.abs(lost));
      eligible[j]! += demand[c]!;
      firstServed[j + 1]! += 1;
    }
  }
  for (let j = 0; j < n; j += 1) firstServed[j + 1]! += firstServed[j]!;
  for (let j = 0, at = 0; j < n; j += 1)
    for (let c = 0; c < m; c += 1)
      if (loss[j * m + c] !== Infinity) {
        served[at] = c;
        at += 1;
      }
  return {
    demand,
    firstStep,
    reserve,
    stepVolume,
    loss,
    firstPair,
    pairProvider,
    pairLoss,
    firstServed,
    served,
    eligible,
    largest,
    total,
  };
}

function layOutSupply({ providers }: TierProblem, { eligible }: { eligible: Float64Array }, arena: Arena) {
  const n = providers.length;
  let count = n;
  for (let j = 0; j < n; j += 1) count += providers[j]!.steps.length;
  const first = arena.ints(n + 1);
  const open = arena.ints(n);
  const minimum = arena.floats(n);
  const least = arena.floats(count);
  const most = arena.floats(count);
  const price = arena.floats(count);
  let largest = 1;
  for (let j = 0, at = 0; j < n; j += 1) {
    const { capacity, steps } = providers[j]!;
    const reach = Math.min(capacity, eligible[j]!);
    at += 1;
    for (let t = 0; t < steps.length && steps[t]!.minVolume <= reach; t += 1, at += 1) {
      const { minVolume, allInMicros } = steps[t]!;
      least[at] = minVolume;
      most[at] = Math.min(reach, steps[t + 1]?.minVolume ?? reach);
      price[at] = allInMicros;
      largest = Math.max(largest, allInMicros);
    }
    first[j + 1] = at;
    const choices = at - first[j]!;
    if (choices > MOST_CHOICES) throw new RangeError(`provider ${j} has more than ${MOST_CHOICES - 1} steps`);
    open[j] = (1 << choices) - 1;
    if (choices === 1) continue;
    minimum[j] = steps[0]!.minVolume;
    if (minimum[j] === 0) open[j]! -= 1;
  }
  return { first, least, most, price, open, minimum, largest };
}

function layOutRights(rivals: readonly (readonly number[])[], n: number, arena: Arena) {
  const firstRight = arena.ints(n + 1);
  if (rivals.length === 0) return { firstRight, right: firstRight };
  const sets: number[][] = Array.from({ length: n }, () => []);
  for (const [q, set] of rivals.entries()) for (const j of set) sets[j]!.push(q);
  for (const [j, own] of sets.entries()) firstRight[j + 1] = firstRight[j]! + own.length;
  const right = arena.ints(firstRight[n]!);
  right.set(sets.flat());
  return { firstRight, right };
}

/** Choices fit the bits of one number. */
const MOST_CHOICES = 30;

function sumOf(numbers: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < numbers.length; at += 1) sum += numbers[at]!;
  return sum;
}
