/** A thread that runs one solver, so that a solver which takes too long can be stopped from outside. */
import { parentPort, workerData } from 'node:worker_threads';
import type { TierProblem } from '../../../shared/market/solver.ts';
import { median } from '../support/stats.ts';
import { threadMs } from '../support/stopwatch.ts';
import { createSolver, type SolverName } from './opponents.ts';

export type Task = { readonly problem: TierProblem };
export type Reply =
  | { readonly ok: true; readonly steps: readonly (number | null)[]; readonly ms: number }
  | { readonly ok: false; readonly reason: string };

/** Short runs are repeated, for one of them says little: the median of up to five counts. */
const SHORT_MS = 25;
const REPEATS = 5;

const { solver: name, warmUp } = workerData as { solver: SolverName; warmUp: readonly TierProblem[] };
const solver = await createSolver(name);
for (const problem of warmUp) await timed(problem);

parentPort!.on('message', ({ problem }: Task) => {
  void answer(problem).then((reply) => parentPort!.postMessage(reply));
});
parentPort!.postMessage({ ready: true });

async function answer(problem: TierProblem): Promise<Reply> {
  try {
    const first = await timed(problem);
    const times = [first.ms];
    while (times.length < REPEATS && first.ms < SHORT_MS) times.push((await timed(problem)).ms);
    return { ok: true, steps: first.steps, ms: median(times) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

async function timed(problem: TierProblem): Promise<{ steps: readonly (number | null)[]; ms: number }> {
  const begun = threadMs();
  const { steps } = await solver(problem);
  return { steps, ms: threadMs() - begun };
}
