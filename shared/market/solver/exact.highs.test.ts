/** The exact solver against HiGHS, where there are too many choices to try. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkCertificate } from '../certificate.ts';
import { holds } from '../market.oracle.ts';
import { createHighsSolver } from '../solver.highs.ts';
import type { TierProblem } from '../solver.ts';
import { createExactSolver, solveExactly } from './exact.ts';
import { anyProblem, REAL, worthOf } from './problems.oracle.ts';

const SIZE = { ...REAL, providers: 10, classes: 10 };

/** What the best choice is worth, proven in whole numbers: HiGHS, being floating-point, may end below it. */
function provenOptimum(problem: TierProblem): bigint {
  const choice = solveExactly(problem);
  const optimum = worthOf(problem, choice.steps);
  expect(checkCertificate(problem, choice.certificate!, optimum)).toEqual({ ok: true, gapMicros: 0n });
  return optimum;
}

/**
 * 17,264 requests: the eighth provider serves 16,937, the fifth the one it can. HiGHS, asked for the optimum with nothing
 * known, leaves the fifth out and claims that nothing is better.
 */
const BELOW: TierProblem = {
  classes: [
    {
      providers: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      lossMicros: [0, 0, 0, 0, 0, 0, 0, 176_517, 410_075, 891_196],
      steps: [
        { reserveMicros: 979_278, volume: 514 },
        { reserveMicros: 979_277, volume: 16_750 },
      ],
    },
  ],
  providers: [
    [0, 0, 3],
    [0, 0, 3],
    [0, 0, 6],
    [17_265, 17_265, 0],
    [1, 1, 410_082],
    [105, 0, 1_002_800],
    [0, 1, 3],
    [16_937, 16_937, 584_210],
    [6_150, 6_150, 2],
    [12_344, 12_344, 3],
  ].map(([capacity, minVolume, allInMicros]) => ({
    capacity: capacity!,
    steps: [{ minVolume: minVolume!, allInMicros: allInMicros! }],
  })),
};
/** 514 · 979,278 + 16,424 · 979,277 − 16,937 · (584,210 + 176,517) − 410,082. */
const BELOW_OPTIMUM = 3_702_151_059n;

describe('the exact solver', () => {
  test('HiGHS finds nothing better than what is proven best where there are too many choices to try', async () => {
    const highs = createHighsSolver();
    const property = fc.asyncProperty(anyProblem(SIZE), async (problem) => {
      const optimum = provenOptimum(problem);
      expect(worthOf(problem, (await highs(problem)).steps)).toBeLessThanOrEqual(optimum);
    });
    await holds('agreement with HiGHS', 60, property);
  }, 60_000);

  test('hands over what it knows after one node, and HiGHS finds the best choice from there', async () => {
    const solver = createExactSolver({ budget: { nodes: 1, augmentations: 100_000 }, fallback: createHighsSolver() });
    const property = fc.asyncProperty(anyProblem(SIZE), async (problem) => {
      const choice = await solver(problem);
      const optimum = provenOptimum(problem);
      expect(worthOf(problem, choice.steps)).toBe(optimum);
      expect(BigInt(choice.boundMicros)).toBeGreaterThanOrEqual(optimum);
    });
    await holds('handing over', 60, property);
  }, 60_000);

  test('the best choice is found and proven where HiGHS alone ends below it, and found when handed over', async () => {
    expect(provenOptimum(BELOW)).toBe(BELOW_OPTIMUM);
    const solver = createExactSolver({ budget: { nodes: 1, augmentations: 100_000 }, fallback: createHighsSolver() });
    const choice = await solver(BELOW);
    expect(worthOf(BELOW, choice.steps)).toBe(BELOW_OPTIMUM);
    expect(BigInt(choice.boundMicros)).toBe(BELOW_OPTIMUM);
  });
});
