/** Bundled by a test as a function would be: solves one small problem where only the bundle's folder is at hand. */
import { createHighsSolver } from '../../shared/market/solver.highs.ts';
import type { TierProblem } from '../../shared/market/solver.ts';

/** Ten units wanted at up to 5.00; one provider does up to ten at 3.00, in one tier from six units on. */
const PROBLEM: TierProblem = {
  classes: [{ providers: [0], lossMicros: [0], steps: [{ volume: 10, reserveMicros: 5_000_000 }] }],
  providers: [{ capacity: 10, steps: [{ minVolume: 6, allInMicros: 3_000_000 }] }],
};

export const solve = async (): Promise<string> => JSON.stringify(await createHighsSolver()(PROBLEM));
