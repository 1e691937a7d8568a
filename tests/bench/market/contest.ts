/** One instance, every solver: who answers right, and how long each takes. */
import { allocate } from '../../../shared/market/allocation.ts';
import { buildTierProblem, groupCompanies } from '../../../shared/market/groups.ts';
import type { ClearingInput } from '../../../shared/market/input.ts';
import { orderBidders } from '../../../shared/market/order.ts';
import { openMarket } from '../../../shared/market/reach.ts';
import type { TierProblem } from '../../../shared/market/solver.ts';
import { CONTENDER, type SolverName } from './opponents.ts';
import type { Outcome, Seat } from './seat.ts';

/** A winner determination with the exact worth of any choice of steps. */
export type Puzzle = {
  readonly problem: TierProblem;
  readonly worth: (steps: readonly (number | null)[]) => bigint;
};

/** What the clearing hands its solver for this input. */
export async function readPuzzle(input: ClearingInput): Promise<Puzzle> {
  const [companies, providers] = await Promise.all([
    orderBidders(input.seed, input.round, input.companies),
    orderBidders(input.seed, input.round, input.providers),
  ]);
  const market = openMarket({ ...input, companies, providers });
  const groups = groupCompanies(market);
  return {
    problem: buildTierProblem(market, groups),
    worth: (steps) => allocate(market.providers, groups, steps).valueMicros,
  };
}

export type Verdict = 'right' | 'wrong' | 'over the bound' | 'failed' | 'not started';
/** `ms` is the time of an answer, or the bound that was exceeded; null where the solver was not started. */
export type Result = { readonly solver: SolverName; readonly verdict: Verdict; readonly ms: number | null };

/** Times are compared up to here: beyond, an opponent is 'over the bound' and counts as slower by bound / our time at least. */
export function boundFor(ourMs: number): number {
  return Math.min(30 * ourMs + 5_000, Math.max(15_000, 2 * ourMs));
}

const CONTENDER_BOUND_MS = 60_000;

/** Runs the contender first, then each opponent within its bound; the best exact worth that anybody finds is the truth. */
export async function contest(
  puzzle: Puzzle,
  contender: Seat,
  opponents: readonly Seat[],
  skip: ReadonlySet<SolverName>,
): Promise<readonly Result[]> {
  const ours = await contender.ask(puzzle.problem, CONTENDER_BOUND_MS);
  const boundMs = boundFor(ours.ok ? ours.ms : CONTENDER_BOUND_MS);
  const rows: { solver: SolverName; outcome: Outcome | null; boundMs: number }[] = [
    { solver: CONTENDER, outcome: ours, boundMs: CONTENDER_BOUND_MS },
  ];
  for (const seat of opponents) {
    const outcome = skip.has(seat.solver) ? null : await seat.ask(puzzle.problem, boundMs);
    rows.push({ solver: seat.solver, outcome, boundMs });
  }
  const worths = rows.map(({ outcome }) => (outcome?.ok === true ? puzzle.worth(outcome.steps) : undefined));
  const best = worths.reduce<bigint>((most, worth) => (worth !== undefined && worth > most ? worth : most), 0n);
  return rows.map(({ solver, outcome, boundMs: bound }, at): Result => {
    if (outcome === null) return { solver, verdict: 'not started', ms: null };
    if (outcome.ok) return { solver, verdict: worths[at] === best ? 'right' : 'wrong', ms: outcome.ms };
    return outcome.reason === 'over the bound'
      ? { solver, verdict: 'over the bound', ms: bound }
      : { solver, verdict: 'failed', ms: null };
  });
}

/**
 * How many times our time the best right opponent took. `isBound`: nobody to compare with answered, so that the figure
 * is only a bound (from below where no opponent, from above where we did not). Null where nothing can be said, or where
 * we were wrong.
 */
export function ratioOf(results: readonly Result[]): { readonly ratio: number; readonly isBound: boolean } | null {
  const ours = results.find(({ solver }) => solver === CONTENDER)!;
  const others = results.filter(({ solver }) => solver !== CONTENDER);
  const best = Math.min(...others.filter(({ verdict }) => verdict === 'right').map(({ ms }) => ms!));
  if (ours.ms === null || ours.verdict === 'wrong') return null;
  if (Number.isFinite(best)) return { ratio: best / ours.ms, isBound: ours.verdict === 'over the bound' };
  const bound = Math.min(...others.filter(({ verdict }) => verdict === 'over the bound').map(({ ms }) => ms!));
  return ours.verdict === 'right' && Number.isFinite(bound) ? { ratio: bound / ours.ms, isBound: true } : null;
}
