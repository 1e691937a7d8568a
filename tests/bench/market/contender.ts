/** Our solver, as rounds are cleared with it: the one import that decides what is measured. */
import { createMarketSolver } from '../../../shared/market/market-solver.ts';
import type { Solver } from '../../../shared/market/solver.ts';

export function createContender(): Solver {
  return createMarketSolver();
}
