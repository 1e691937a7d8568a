/** A thread that runs one solver, so that a solver which takes too long can be stopped from outside. */
import { parentPort, workerData } from 'node:worker_threads';
import type { TierProblem } from '../../../shared/market/solver.ts';
import { threadMs } from '../support/stopwatch.ts';
import { createSolver, type SolverName } from './opponents.ts';

export type Task = { readonly problem: TierProblem };
export type Reply =
  | { readonly ok: true; readonly steps: readonly (number | null)[]; readonly ms: number }
  | { readonly ok: false; readonly reason: string };

/**
 * A run is repeated until it has taken this long in all, and the mean counts: the system adds up a thread's time only once
 * in several milliseconds.
 */
const LEAST_MS = 60;
const MOST_RUNS = 2_000;

const { solver: name, warmUp } = workerData as { solver: SolverName; warmUp: readonly TierProblem[] };
const solver = await createSolver(name);
for (const problem of warmUp) await solver(problem);

parentPort!.on('message', ({ problem }: Task) => {
  void answer(problem).then((reply) => parentPort!.postMessage(reply));
});
parentPort!.postMessage({ ready: true });

async function answer(problem: TierProblem): Promise<Reply> {
  try {
    const begun = threadMs();
    const { steps } = await solver(problem);
    let runs = 1;
    for (; threadMs() - begun < LEAST_MS && runs < MOST_RUNS; runs += 1) await solver(problem);
    return { ok: true, steps, ms: (threadMs() - begun) / runs };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
