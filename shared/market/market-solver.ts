/** The solver that rounds are cleared with. */
import { createExactSolver } from './solver/exact.ts';
import type { Solver } from './solver.ts';

/** Our own exact solver; HiGHS, loaded only when it is needed, takes over where the counted budget does not suffice. */
export function createMarketSolver(): Solver {
  let highs: Promise<Solver> | undefined;
  return createExactSolver({
    fallback: async (problem, known) => {
      highs ??= import('./solver.highs.ts').then(({ createHighsSolver }) => createHighsSolver());
      return (await highs)(problem, known);
    },
  });
}
