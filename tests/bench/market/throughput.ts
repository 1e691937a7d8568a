/** What a market does with the solver: many queues in one thread, and a preview of one changed bid. */
import { clear } from '../../../shared/market/clearing.ts';
import type { ClearingInput } from '../../../shared/market/input.ts';
import { median, quantile } from '../support/stats.ts';
import { timed } from '../support/stopwatch.ts';
import { createContender } from './contender.ts';
import { readPuzzle } from './contest.ts';
import { createInstance, createQueue } from './instances.ts';

export type Throughput = {
  readonly queues: {
    readonly count: number;
    /** Choosing the tiers of all of them, one after the other. */
    readonly solverMs: number;
    /** `clear()` from start to end: checks, order, tiers, volumes, prices, invariants. */
    readonly clearingMs: number;
    /** The slowest single queue, of `clear()`. */
    readonly worstMs: number;
  };
  readonly preview: {
    readonly size: string;
    readonly count: number;
    readonly medianMs: number;
    readonly p90Ms: number;
  };
};

export async function measureThroughput(
  seed: number,
  quick: boolean,
  tell: (text: string) => void,
): Promise<Throughput> {
  const count = quick ? 300 : 3_000;
  const solver = createContender();
  const inputs = Array.from({ length: count }, (_, index) => createQueue(seed, index));
  const puzzles = await Promise.all(inputs.map(readPuzzle));
  for (const { problem } of puzzles.slice(0, 30)) await solver(problem);
  tell(`${count} queues, tiers`);
  const solverMs = await timed(async () => {
    for (const { problem } of puzzles) await solver(problem);
  });
  tell(`${count} queues, whole clearings`);
  const clearings: number[] = [];
  for (const input of inputs) clearings.push(await timed(() => clear(input, solver)));
  tell('previews');
  const previews: number[] = [];
  for (const family of ['tight', 'wide', 'near'] as const) {
    for (let index = 0; index < (quick ? 5 : 15); index += 1) {
      const input = createInstance(family, { providers: 20, companies: 20 }, seed, index);
      previews.push(await timed(() => clear(withOneBidChanged(input), solver)));
    }
  }
  return {
    queues: {
      count,
      solverMs,
      clearingMs: clearings.reduce((sum, ms) => sum + ms, 0),
      worstMs: Math.max(...clearings),
    },
    preview: { size: '20 × 20', count: previews.length, medianMs: median(previews), p90Ms: quantile(previews, 0.9) },
  };
}

/** The first bid, 3 % cheaper: what a bidder would ask a preview about. */
function withOneBidChanged(input: ClearingInput): ClearingInput {
  const [first, ...others] = input.providers;
  const tiers = first!.tiers.map((tier) => ({ ...tier, priceMicros: Math.round(tier.priceMicros * 0.97) }));
  return { ...input, providers: [{ ...first!, tiers }, ...others] };
}
