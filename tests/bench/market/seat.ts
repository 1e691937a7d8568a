/** One solver in a thread of its own, asked one problem after the other, each within a bound on its processor time. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { TierProblem } from '../../../shared/market/solver.ts';
import { processMs } from '../support/stopwatch.ts';
import type { SolverName } from './opponents.ts';
import type { Reply, Task } from './solver-worker.ts';

export type Outcome = Reply | { readonly ok: false; readonly reason: 'over the bound' };

const WATCH_MS = 50;

export class Seat {
  readonly solver: SolverName;
  private readonly warmUp: readonly TierProblem[];
  private worker: Worker | undefined;

  /** `warmUp`: problems solved when the thread starts, so that compiling is not measured. */
  constructor(solver: SolverName, warmUp: readonly TierProblem[]) {
    this.solver = solver;
    this.warmUp = warmUp;
  }

  /** The answer, or why there is none. A thread over its bound is ended, and begins anew with the next problem. */
  async ask(problem: TierProblem, boundMs: number): Promise<Outcome> {
    this.worker ??= await this.start();
    const worker = this.worker;
    const task: Task = { problem };
    worker.postMessage(task);
    const stop = new AbortController();
    // Nothing else runs in this process meanwhile. Five repeats of a short run, and compiling, fit in as well.
    const [begun, began] = [processMs(), performance.now()];
    const watch = setInterval(() => {
      const isOver = processMs() - begun > 1.1 * boundMs + 200 || performance.now() - began > 5 * boundMs + 1_000;
      if (isOver) stop.abort();
    }, WATCH_MS);
    try {
      const [reply] = (await once(worker, 'message', { signal: stop.signal })) as [Reply];
      return reply.ok && reply.ms > boundMs ? { ok: false, reason: 'over the bound' } : reply;
    } catch (error) {
      await this.end();
      if (stop.signal.aborted) return { ok: false, reason: 'over the bound' };
      return { ok: false, reason: error instanceof Error ? error.message : String(error) };
    } finally {
      clearInterval(watch);
    }
  }

  async end(): Promise<void> {
    await this.worker?.terminate();
    this.worker = undefined;
  }

  private async start(): Promise<Worker> {
    const worker = new Worker(new URL('./solver-worker.ts', import.meta.url), {
      workerData: { solver: this.solver, warmUp: this.warmUp },
    });
    await once(worker, 'message');
    return worker;
  }
}
