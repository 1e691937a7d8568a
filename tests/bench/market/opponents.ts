/**
 * Solvers of the same winner determination: ours and others', each asked for the proven optimum (gap 0) and stopped by
 * nothing but the bench's own bound. Each answers the chosen steps only; what they are worth is worked out elsewhere.
 */
import loadGlpk from 'glpk.js/node';
import lpSolverModule from 'javascript-lp-solver';
import { solve } from 'yalps';
import { createHighsSolver } from '../../../shared/market/solver.highs.ts';
import type { Solver, TierProblem } from '../../../shared/market/solver.ts';
import { createContender } from './contender.ts';
import { buildProgram, readChoices } from './program.ts';

// The package's types describe its CommonJS build, where the solver is the member `default`; the ES module that is loaded
// here exports it directly.
const lpSolver = lpSolverModule as unknown as (typeof lpSolverModule)['default'];

export const CONTENDER = 'parley' as const;
export const OPPONENTS = ['highs', 'yalps', 'javascript-lp-solver', 'glpk'] as const;
export type SolverName = typeof CONTENDER | (typeof OPPONENTS)[number];
export const SOLVERS: readonly SolverName[] = [CONTENDER, ...OPPONENTS];

/** Where a solver says that it has no proven optimum, it throws: that is reported, and is no answer. */
export async function createSolver(name: SolverName): Promise<Solver> {
  switch (name) {
    case 'parley':
      return createContender();
    case 'highs':
      return createHighsSolver();
    case 'yalps':
      return asSolver('YALPS', solveWithYalps);
    case 'javascript-lp-solver':
      return asSolver('javascript-lp-solver', solveWithLpSolver);
    case 'glpk':
      return createGlpk();
  }
}

type Choose = (problem: TierProblem) => (number | null)[];

/** These solvers prove no bound that could be read. */
function asSolver(method: string, choose: Choose): Solver {
  return async (problem) => ({
    steps: choose(problem),
    boundMicros: Number.MAX_SAFE_INTEGER,
    method,
    certificate: null,
  });
}

function solveWithYalps(problem: TierProblem): (number | null)[] {
  const program = buildProgram(problem);
  const solution = solve(
    {
      direction: 'maximize',
      objective: 'gain',
      constraints: program.rows.map(
        ({ name, lower, upper }) =>
          [name, { ...(lower !== undefined && { min: lower }), ...(upper !== undefined && { max: upper }) }] as const,
      ),
      variables: program.columns.map(
        ({ name, gain, entries }) => [name, [['gain', gain] as const, ...entries]] as const,
      ),
      integers: new Set(program.columns.filter(({ isChoice }) => isChoice).map(({ name }) => name)),
    },
    { tolerance: 0, timeout: Number.POSITIVE_INFINITY, maxIterations: Number.POSITIVE_INFINITY, maxPivots: 10_000_000 },
  );
  if (solution.status !== 'optimal') throw new Error(`ended as ${solution.status}`);
  const values = new Map(solution.variables);
  return readChoices(program, (name) => values.get(name) ?? 0);
}

function solveWithLpSolver(problem: TierProblem): (number | null)[] {
  const program = buildProgram(problem);
  const answer = lpSolver.Solve({
    optimize: 'gain',
    opType: 'max',
    constraints: Object.fromEntries(
      program.rows.map(({ name, lower, upper }) => [
        name,
        lower === upper && lower !== undefined
          ? { equal: lower }
          : { ...(lower !== undefined && { min: lower }), ...(upper !== undefined && { max: upper }) },
      ]),
    ),
    variables: Object.fromEntries(
      program.columns.map(({ name, gain, entries }) => [name, { gain, ...Object.fromEntries(entries) }]),
    ),
    ints: Object.fromEntries(program.columns.filter(({ isChoice }) => isChoice).map(({ name }) => [name, 1 as const])),
  }) as Record<string, number | boolean | undefined>;
  if (answer.feasible !== true) throw new Error('ended without a feasible answer');
  return readChoices(program, (name) => Number(answer[name] ?? 0));
}

async function createGlpk(): Promise<Solver> {
  const glpk = await loadGlpk();
  return asSolver(`GLPK ${glpk.version}`, (problem) => {
    const program = buildProgram(problem);
    const inRow = new Map(program.rows.map(({ name }) => [name, [] as { name: string; coef: number }[]]));
    for (const { name, entries } of program.columns)
      for (const [row, coef] of entries) inRow.get(row)!.push({ name, coef });
    const { result } = glpk.solve(
      {
        name: 'winners',
        objective: {
          direction: glpk.GLP_MAX,
          name: 'gain',
          vars: program.columns.map(({ name, gain }) => ({ name, coef: gain })),
        },
        subjectTo: program.rows.map(({ name, lower, upper }) => ({
          name,
          vars: inRow.get(name)!,
          bnds: {
            type: lower === undefined ? glpk.GLP_UP : lower === upper ? glpk.GLP_FX : glpk.GLP_LO,
            lb: lower ?? 0,
            ub: upper ?? 0,
          },
        })),
        binaries: program.columns.filter(({ isChoice }) => isChoice).map(({ name }) => name),
      },
      { msglev: glpk.GLP_MSG_OFF, presol: true, mipgap: 0 },
    );
    if (result.status !== glpk.GLP_OPT) throw new Error(`ended with status ${result.status}`);
    return readChoices(program, (name) => result.vars[name] ?? 0);
  });
}
