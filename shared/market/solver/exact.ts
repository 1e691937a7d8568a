/** The market's own solver of the winner determination: exact, with a certificate that others can check. */
import { allocateSteps } from '../allocation.ts';
import { type Certificate, checkCertificate } from '../certificate.ts';
import type { Solver, TierChoice, TierProblem } from '../solver.ts';
import { Arena } from './arena.ts';
import { FlowGuide } from './flow-guide.ts';
import { type Instance, layOut } from './instance.ts';
import { forcesWholeCompanies, MultiplierGuide } from './multiplier-guide.ts';
import type { Snapshot } from './network.ts';
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
  const arena = new Arena();
  return async (problem) => {
    if (fallback === undefined) return solveExactly(problem, budget, arena);
    const instance = layOut(problem, arena);
    const search = createSearch(instance);
    const found = search.run(forcesWholeCompanies(instance) ? shorten(budget, instance) : budget);
    const own = describe(problem, instance, found);
    // What the search values its allocation at is what it is worth, as long as no sum has lost digits.
    if (instance.isExact && found.bound <= found.value) return own;
    const value = allocateSteps(problem, own.steps).valueMicros;
    if (BigInt(own.boundMicros) <= value) return own;
    const open = search.openAtRoot();
    const other = await fallback(problem, {
      steps: own.steps,
      rivals: instance.rivals,
      open: problem.providers.map(({ steps }, j) => steps.map((_, t) => ((open[j]! >>> (t + 1)) & 1) === 1)),
    });
    return better(own, value, other, allocateSteps(problem, other.steps).valueMicros);
  };
}

/** Solves within a budget; the bound says what is left open where it does not suffice. */
export function solveExactly(
  problem: TierProblem,
  budget: Budget = DEFAULT_BUDGET,
  arena: Arena = new Arena(),
): TierChoice {
  const instance = layOut(problem, arena);
  return describe(problem, instance, createSearch(instance).run(budget));
}

function createSearch(instance: Instance): Search<Float64Array> | Search<Snapshot> {
  if (forcesWholeCompanies(instance)) return new Search(instance, new MultiplierGuide(instance));
  return new Search(instance, new FlowGuide(instance));
}

/** The answer, with nothing of the arena in it. */
function describe(problem: TierProblem, instance: Instance, found: Found): TierChoice {
  const { choices, bound, proof, nodes, augmentations } = found;
  const { rivals } = instance;
  const steps: (number | null)[] = [];
  for (let j = 0; j < choices.length; j += 1) steps.push(choices[j] === 0 ? null : choices[j]! - 1);
  let written: Certificate | null | undefined;
  const choice: TierChoice = {
    steps,
    boundMicros: bound,
    method: METHOD,
    get certificate() {
      if (written === undefined) written = proof.figures > MOST_FIGURES ? null : proof.write(rivals);
      return written;
    },
    statistics: { nodes, augmentations },
  };
  if (instance.isExact) return choice;
  const { certificate } = choice;
  return { ...choice, boundMicros: boundBeyondSafe(problem, instance, choice, found), certificate };
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
