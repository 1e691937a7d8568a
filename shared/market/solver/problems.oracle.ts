/** For tests: problems of every kind, and what their choices are worth, worked out without the solver. */
import * as fc from 'fast-check';
import { allocate } from '../allocation.ts';
import type { TierProblem } from '../solver.ts';
import { Arena } from './arena.ts';
import { type Instance, layOut } from './instance.ts';
import { Node } from './search.ts';

export type Size = { classes: number; providers: number; steps: number; volume: number; money: number };
export const SMALL: Size = { classes: 4, providers: 4, steps: 3, volume: 12, money: 20 };
export const REAL: Size = { classes: 8, providers: 5, steps: 4, volume: 20_000, money: 5_000_000 };

/** Problems of every kind: ties, no minimum, minimum equal to capacity, classes without providers, curves of reserves. */
export function anyProblem(size: Size): fc.Arbitrary<TierProblem> {
  const money = fc.integer({ min: 0, max: size.money });
  const volume = fc.integer({ min: 0, max: size.volume });
  const indexes = Array.from({ length: size.providers }, (_, j) => j);
  const demandClass = fc
    .record({
      providers: fc.oneof(fc.constant(indexes), fc.subarray(indexes)),
      losses: fc.array(money, { minLength: size.providers, maxLength: size.providers }),
      reserves: fc.uniqueArray(fc.integer({ min: 0, max: size.money * 3 }), { minLength: 1, maxLength: 3 }),
      volumes: fc.array(volume, { minLength: 3, maxLength: 3 }),
    })
    .map(({ providers, losses, reserves, volumes }) => ({
      providers,
      lossMicros: providers.map((j) => Math.floor(losses[j]! / 3)),
      steps: reserves.toSorted((a, b) => b - a).map((reserveMicros, s) => ({ reserveMicros, volume: volumes[s]! })),
    }));
  const supply = fc
    .record({
      capacity: fc.integer({ min: 0, max: size.volume * 3 }),
      starts: fc.uniqueArray(fc.integer({ min: 0, max: size.volume * 2 }), { minLength: 1, maxLength: size.steps }),
      prices: fc.uniqueArray(money, { minLength: size.steps, maxLength: size.steps }),
      kind: fc.constantFrom('free', 'minimum', 'whole'),
    })
    .map(({ capacity, starts, prices, kind }) => {
      const falling = prices.toSorted((a, b) => b - a);
      if (kind === 'whole') return { capacity, steps: [{ minVolume: capacity, allInMicros: falling.at(-1)! }] };
      const rising = starts.toSorted((a, b) => a - b);
      if (kind === 'free') rising[0] = 0;
      return { capacity, steps: rising.map((minVolume, t) => ({ minVolume, allInMicros: falling[t]! })) };
    });
  return fc.record({
    classes: fc.array(demandClass, { maxLength: size.classes }),
    providers: fc.array(supply, { minLength: size.providers, maxLength: size.providers }),
  });
}

/** A problem laid out in room of its own. */
export function lay(problem: TierProblem): Instance {
  return layOut(problem, new Arena());
}

/** A node that keeps what is measured on it. */
export class Watched extends Node {
  readonly measured: { readonly lambda: number[]; readonly open: number[]; readonly bound: number }[] = [];

  override measure(): number {
    const bound = super.measure();
    this.measured.push({ lambda: [...this.lambda], open: [...this.open], bound });
    return bound;
  }
}

/** What a choice of steps is worth, by the transport plan that the solver has no part in. */
export function worthOf({ classes, providers }: TierProblem, steps: readonly (number | null)[]): bigint {
  const groups = classes.flatMap((each) =>
    each.steps.map(({ reserveMicros, volume }) => ({
      volume,
      values: providers.map((_, j) => {
        const at = each.providers.indexOf(j);
        return at === -1 ? undefined : reserveMicros - each.lossMicros[at]!;
      }),
    })),
  );
  return allocate(providers, groups, steps).valueMicros;
}

export function tryEveryChoice(problem: TierProblem): bigint {
  let choices: (number | null)[][] = [[]];
  for (const { capacity, steps } of problem.providers) {
    const within = [null, ...steps.keys()].filter((t) => t === null || steps[t]!.minVolume <= capacity);
    choices = choices.flatMap((chosen) => within.map((t) => [...chosen, t]));
  }
  return choices.reduce((best, chosen) => {
    const worth = worthOf(problem, chosen);
    return worth > best ? worth : best;
  }, 0n);
}

/** Six pairs of companies and bids on three of them, in all combinations: relaxations are of little use here. */
export const HARD: TierProblem = {
  classes: Array.from({ length: 9 }, (_, c) => ({
    providers: Array.from({ length: 12 }, (_, j) => j).filter((j) => (c * 5 + j * 7) % 3 !== 0),
    lossMicros: Array.from({ length: 12 }, (_, j) => j)
      .filter((j) => (c * 5 + j * 7) % 3 !== 0)
      .map((j) => (c * 31 + j * 17) % 23),
    steps: [{ reserveMicros: 100, volume: 10 + c }],
  })),
  providers: Array.from({ length: 12 }, (_, j) => ({
    capacity: 31 + ((j * 5) % 7),
    steps: [{ minVolume: 31 + ((j * 5) % 7), allInMicros: 60 + ((j * 11) % 13) }],
  })),
};
