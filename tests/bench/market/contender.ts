/** Our solver, as the clearing uses it: the one import that decides what is measured. */
import { createHighsSolver } from '../../../shared/market/solver.highs.ts';
import type { Solver } from '../../../shared/market/solver.ts';

export function createContender(): Solver {
  return createHighsSolver();
}
