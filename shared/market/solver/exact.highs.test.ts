/** The exact solver against HiGHS, where there are too many choices to try. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkCertificate } from '../certificate.ts';
import { holds } from '../market.oracle.ts';
import { createHighsSolver } from '../solver.highs.ts';
import { createExactSolver, solveExactly } from './exact.ts';
import { anyProblem, REAL, worthOf } from './problems.oracle.ts';

describe('the exact solver', () => {
  test('agrees with HiGHS where there are too many choices to try', async () => {
    const highs = createHighsSolver();
    const size = { ...REAL, providers: 10, classes: 10 };
    const property = fc.asyncProperty(anyProblem(size), async (problem) => {
      const optimum = worthOf(problem, (await highs(problem)).steps);
      const choice = solveExactly(problem);
      expect(worthOf(problem, choice.steps)).toBe(optimum);
      expect(checkCertificate(problem, choice.certificate!, optimum)).toEqual({ ok: true, gapMicros: 0n });
    });
    await holds('agreement with HiGHS', 60, property);
  }, 60_000);

  test('hands over what it knows after one node, and HiGHS finds the best choice from there', async () => {
    const highs = createHighsSolver();
    const solver = createExactSolver({ budget: { nodes: 1, augmentations: 100_000 }, fallback: highs });
    const size = { ...REAL, providers: 10, classes: 10 };
    const property = fc.asyncProperty(anyProblem(size), async (problem) => {
      const choice = await solver(problem);
      const optimum = worthOf(problem, (await highs(problem)).steps);
      expect(worthOf(problem, choice.steps)).toBe(optimum);
      expect(BigInt(choice.boundMicros)).toBeGreaterThanOrEqual(optimum);
    });
    await holds('handing over', 60, property);
  }, 60_000);
});
