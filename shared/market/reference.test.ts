/** The duals behind the reference, against every whole-number dual of small problems and against what they mean. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds } from './market.oracle.ts';
import { dualsOf, dot as exactDot } from './reference.ts';
import { planTransport, type TransportProblem } from './transport.ts';

/** Up to three groups and providers; thresholds that bind, capacities that bind, ties, gains below 0, closed pairs. */
const anyProblem: fc.Arbitrary<TransportProblem> = fc
  .record({
    groups: fc.array(
      fc.record({
        volume: fc.integer({ min: 1, max: 4 }),
        gains: fc.tuple(...[0, 1, 2].map(() => fc.option(fc.integer({ min: -2, max: 3 }), { freq: 5 }))),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    bounds: fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), {
      minLength: 3,
      maxLength: 3,
    }),
  })
  .map(({ groups, bounds }) => ({
    demand: groups.map(({ volume }) => volume),
    gains: groups.map(({ gains }) => gains.map((gain) => gain ?? undefined)),
    lower: bounds.map(([lower]) => lower),
    upper: bounds.map(([lower, more]) => lower + more),
  }));

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, k) => sum + x * b[k]!, 0);

/** Every σ_j = γ_j − β_j within the longest path's length; the α each needs; the best by the rule's three criteria. */
function tryEveryDual({ demand, gains, lower, upper }: TransportProblem): { demand: number[]; thresholds: number } {
  let best: { bound: number; thresholds: number; sum: number; alpha: number[] } | undefined;
  const most = 20;
  const range = lower.map((a) => Array.from({ length: (a === 0 ? 0 : most) + most + 1 }, (_, k) => k - most));
  for (const x of range[0]!) {
    for (const y of range[1]!) {
      for (const z of range[2]!) {
        const sigma = [x, y, z];
        const alpha = gains.map((row) => row.reduce<number>((a, gain, j) => Math.max(a, (gain ?? -99) + sigma[j]!), 0));
        const thresholds = dot(
          lower,
          sigma.map((s) => Math.max(0, s)),
        );
        const capacities = dot(
          upper,
          sigma.map((s) => Math.max(0, -s)),
        );
        const next = {
          bound: dot(demand, alpha) + capacities - thresholds,
          thresholds,
          sum: dot(
            demand.map(() => 1),
            alpha,
          ),
          alpha,
        };
        const gap =
          best === undefined ? -1 : next.bound - best.bound || next.thresholds - best.thresholds || best.sum - next.sum;
        if (gap < 0) best = next;
      }
    }
  }
  return { demand: best!.alpha, thresholds: best!.thresholds };
}

test('of all optimal duals, those of least threshold worth and then of greatest worth of demand', {
  timeout: 60_000,
}, async () => {
  const property = fc.property(anyProblem, (problem) => {
    const plan = planTransport(problem);
    fc.pre(plan.shortfall.every((missing) => missing === 0));
    const duals = dualsOf(problem, plan.flow);
    expect({ demand: duals.demand, thresholds: dot(problem.lower, duals.lower) }).toEqual(tryEveryDual(problem));
  });
  await holds('every dual', 60, property);
});

test('a threshold dual is what the plan gains where every threshold is a hair lower', async () => {
  const hairs = 1000;
  const gainOf = (problem: TransportProblem, flow: readonly (readonly number[])[]) =>
    flow.reduce((sum, row, i) => sum + row.reduce((all, v, j) => all + v * (problem.gains[i]![j] ?? 0), 0), 0);
  const property = fc.property(anyProblem, (problem) => {
    const plan = planTransport(problem);
    fc.pre(plan.shortfall.every((missing) => missing === 0));
    const duals = dualsOf(problem, plan.flow);
    const finer = {
      ...problem,
      demand: problem.demand.map((volume) => volume * hairs),
      lower: problem.lower.map((volume) => Math.max(0, volume * hairs - 1)),
      upper: problem.upper.map((volume) => volume * hairs),
    };
    const worth = problem.lower.reduce((sum, volume, j) => (volume > 0 ? sum + duals.lower[j]! : sum), 0);
    expect(gainOf(finer, planTransport(finer).flow)).toBe(hairs * gainOf(problem, plan.flow) + worth);
  });
  await holds('a hair lower', 1500, property);
});

test('a company that fills a threshold exactly leaves no worth of demand unbounded', () => {
  const problem = { demand: [7], gains: [[13]], lower: [7], upper: [10] };
  expect(dualsOf(problem, [[7]])).toEqual({ demand: [13], upper: [0], lower: [0] });
});

test('a threshold met at a loss has a dual, and the demand that meets it is worth as much more', () => {
  // Two requests gain 5 each; the third is needed to reach the threshold and loses 2: one less would gain 2 more.
  const problem = { demand: [2, 1], gains: [[5], [-2]], lower: [3], upper: [9] };
  expect(dualsOf(problem, [[2], [1]])).toEqual({ demand: [7, 0], upper: [0], lower: [2] });
});

test('a plan that could gain more is refused', () => {
  const problem = { demand: [1, 1], gains: [[5], [4]], lower: [0], upper: [1] };
  expect(dualsOf(problem, [[1], [0]])).toEqual({ demand: [1, 0], upper: [4], lower: [0] });
  expect(() => dualsOf(problem, [[0], [1]])).toThrow(/not the best/);
  expect(() => dualsOf(problem, [[0], [0]])).toThrow(/not the best/);
  expect(() => dualsOf(problem, [[1], [1]])).toThrow(/more than its capacity/);
  expect(() => dualsOf({ ...problem, upper: [2] }, [[2], [0]])).toThrow(/more than it committed/);
  expect(() => dualsOf({ ...problem, gains: [[undefined], [4]] }, [[1], [0]])).toThrow(/may not trade|not the best/);
  const circle = {
    demand: [1, 1],
    gains: [
      [3, 5],
      [5, 3],
    ],
    lower: [0, 0],
    upper: [1, 1],
  };
  expect(() =>
    dualsOf(circle, [
      [1, 0],
      [0, 1],
    ]),
  ).toThrow(/not the best/);
});

test('sums of money are exact beyond what a number holds', () => {
  // 3·(2^53 − 1) + 5·10^12·10^7 − 1 = 27021597764222973 + 50000000000000000000 − 1
  expect(exactDot([3, 0, 50_000_000, 1], [2 ** 53 - 1, undefined, 1_000_000_000_000, -1])).toBe(
    50_027_021_597_764_222_972n,
  );
});
