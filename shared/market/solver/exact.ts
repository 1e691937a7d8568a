/** The market's own solver of the winner determination: exact, with a certificate that others can check. */
import { allocateSteps } from '../allocation.ts';
import { type Certificate, checkCertificate } from '../certificate.ts';
import type { Known, Solver, TierChoice, TierProblem } from '../solver.ts';
import { FlowGuide } from './flow-guide.ts';
import { type Instance, layOut } from './instance.ts';
import { forcesWholeCompanies, MultiplierGuide } from './multiplier-guide.ts';
import { type Budget, type Found, Search } from './search.ts';

const METHOD = 'branch and bound with whole duals';
const DEFAULT_BUDGET: Budget = { nodes: 3_000, augmentations: 100_000 };
/** Where rivals are few, a linear program is nearly whole by itself: the fallback is sooner done with it than a search. */
const NODES_PER_PAIR_OF_RIVALS = 4;
const FEWEST_NODES = 100;
/** A certificate of more figures than this is not kept: it would be larger than anyone wants to read. */
const MOST_FIGURES = 1_000_000;

export type ExactOptions = {
  readonly budget?: Budget;
  /** Asked where the budget does not suffice. The better choice of the two is taken, and the lower bound. */
  readonly fallback?: Solver;
};

/**
 * A solver by branch and bound. Its bound is exact and proven by the answer's certificate, unless the fallback claims a
 * lower one: then that is a claim of its own and there is no certificate for it.
 */
export function createExactSolver({ budget = DEFAULT_BUDGET, fallback }: ExactOptions = {}): Solver {
  return async (problem) => {
    const { choice: own, known, isClosed } = solveWithin(problem, budget, fallback !== undefined);
    if (fallback === undefined || isClosed) return own;
    const value = allocateSteps(problem, own.steps).valueMicros;
    if (BigInt(own.boundMicros) <= value) return own;
    const other = await fallback(problem, known);
    return better(own, value, other, allocateSteps(problem, other.steps).valueMicros);
  };
}

/** Solves within a budget; the bound says what is left open where it does not suffice. */
export function solveExactly(problem: TierProblem, budget: Budget = DEFAULT_BUDGET): TierChoice {
  return solveWithin(problem, budget, false).choice;
}

function solveWithin(
  problem: TierProblem,
  budget: Budget,
  isHandedOver: boolean,
): { choice: TierChoice; known: Known; isClosed: boolean } {
  const instance = layOut(problem);
  const found = forcesWholeCompanies(instance)
    ? new Search(instance, new MultiplierGuide(instance)).run(isHandedOver ? shorten(budget, instance) : budget)
    : new Search(instance, new FlowGuide(instance)).run(budget);
  const { nodes, augmentations, proof } = found;
  const figures = proof.nodes.reduce((sum, { duals }) => sum + duals.length * instance.classes, 0);
  const certificate: Certificate | null =
    figures > MOST_FIGURES
      ? null
      : instance.rivals.length === 0
        ? { nodes: proof.nodes }
        : { nodes: proof.nodes, rivals: instance.rivals.map((set) => [...set]) };
  const choice: TierChoice = {
    steps: Array.from(found.choices, (each) => (each === 0 ? null : each - 1)),
    boundMicros: found.bound,
    method: METHOD,
    certificate,
    statistics: { nodes, augmentations },
  };
  const known: Known = {
    steps: choice.steps,
    rivals: instance.rivals,
    open: problem.providers.map(({ steps }, j) => steps.map((_, t) => ((found.open[j]! >>> (t + 1)) & 1) === 1)),
  };
  return {
    choice: instance.isExact ? choice : { ...choice, boundMicros: boundBeyondSafe(problem, instance, choice, found) },
    known,
    // What the search values its allocation at is what it is worth, as long as no sum has lost digits.
    isClosed: instance.isExact && found.bound <= found.value,
  };
}

function shorten({ nodes, augmentations }: Budget, { rivals }: Instance): Budget {
  const pairs = rivals.reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0);
  return { nodes: Math.min(nodes, Math.max(FEWEST_NODES, NODES_PER_PAIR_OF_RIVALS * pairs)), augmentations };
}

/** Where sums may have lost digits, the bound is what the certificate proves in numbers of any size. */
function boundBeyondSafe(problem: TierProblem, instance: Instance, choice: TierChoice, found: Found): number {
  const lost = Math.ceil(instance.largest * instance.total * 2 ** -40);
  if (choice.certificate === null) return found.bound + lost;
  const value = allocateSteps(problem, choice.steps).valueMicros;
  const checked = checkCertificate(problem, choice.certificate, value);
  if (!checked.ok) throw new Error(`bug: ${checked.fault}`);
  return Number(value + checked.gapMicros);
}

function better(own: TierChoice, value: bigint, other: TierChoice, otherValue: bigint): TierChoice {
  const { steps } = otherValue > value ? other : own;
  const method = `${other.method} after ${METHOD}`;
  const most = Number(otherValue > value ? otherValue : value);
  const isTighter = other.boundMicros < own.boundMicros;
  return {
    steps,
    boundMicros: Math.max(most, Math.min(own.boundMicros, other.boundMicros)),
    method,
    certificate: isTighter ? other.certificate : own.certificate,
    statistics: own.statistics!,
  };
}
