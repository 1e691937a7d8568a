/** The winner determination as a mixed-integer program for HiGHS (WebAssembly). The only file that imports it. */
import highsLoader, { type Highs, type ModelData } from 'highs';
import type { Solver, TierChoice, TierProblem } from './solver.ts';

// The package's types describe its CommonJS build, where the function is the member `default`; the ES module that
// is loaded here exports it directly.
const loadHighs = highsLoader as unknown as (typeof highsLoader)['default'];

/**
 * Gaps of 0 ask for the optimum; the tolerances are as tight as a request in a million needs. Presolving and the
 * heuristics that solve a smaller program first cost several times what they save on programs with so few binaries.
 */
const OPTIONS = {
  output_flag: false,
  mip_rel_gap: 0,
  mip_abs_gap: 0,
  mip_feasibility_tolerance: 1e-9,
  primal_feasibility_tolerance: 1e-9,
  presolve: 'off',
  mip_heuristic_run_rins: false,
  mip_heuristic_run_rens: false,
  mip_heuristic_run_root_reduced_cost: false,
} as const;

export type HighsOptions = {
  /** Path or address of `highs.wasm`, for bundles in which it no longer lies beside its loader. */
  readonly wasmPath?: string;
};

const loaded = new Map<string, Promise<Highs>>();

/** HiGHS compiled once per process (and per path), at its first use. */
export function loadOnce(wasmPath: string | undefined): Promise<Highs> {
  const key = wasmPath ?? '';
  let highs = loaded.get(key);
  if (highs === undefined) {
    highs = loadHighs(wasmPath === undefined ? {} : { locateFile: () => wasmPath });
    loaded.set(key, highs);
  }
  return highs;
}

/**
 * A solver backed by HiGHS, asked for the optimum (both gaps 0) and never stopped by time, so that the same problem gets
 * the same answer. Throws where HiGHS ends without an optimum.
 */
export function createHighsSolver(options: HighsOptions = {}): Solver {
  return async (problem) => solveWith(await loadOnce(options.wasmPath), problem);
}

function solveWith(highs: Highs, problem: TierProblem): TierChoice {
  const program = buildProgram(problem, highs.infinity);
  const method = `HiGHS ${highs.version.string}`;
  return highs.withModel(program.model(highs), (model) => {
    model.options.set(OPTIONS);
    model.run();
    const status = model.getModelStatus();
    if (status !== highs.constants.modelStatus.optimal) throw new Error(`HiGHS ended with model status ${status}`);
    const { colValue } = model.getSolution();
    const bound = program.hasBinaries ? model.info.get('mip_dual_bound') : model.getObjectiveValue();
    return {
      steps: program.readSteps(colValue),
      boundMicros: Math.floor(Number(bound) * program.scale),
      method,
      certificate: null,
    };
  });
}

/** Collects columns and rows; matrix entries are gathered column by column. */
export class ProgramBuilder {
  readonly cost: number[] = [];
  readonly upper: number[] = [];
  readonly whole: number[] = [];
  readonly rowLower: number[] = [];
  readonly rowUpper: number[] = [];
  private readonly entries: [row: number, value: number][][] = [];

  addRow(lower: number, upper: number): number {
    this.rowLower.push(lower);
    return this.rowUpper.push(upper) - 1;
  }

  addColumn(cost: number, upper: number, entries: [row: number, value: number][], whole = 0): number {
    this.cost.push(cost);
    this.upper.push(upper);
    this.whole.push(whole);
    return this.entries.push(entries) - 1;
  }

  build(highs: Highs): ModelData {
    const starts = [0];
    for (const column of this.entries) starts.push(starts.at(-1)! + column.length);
    const flat = this.entries.flat();
    const [numCols, numRows] = [this.cost.length, this.rowLower.length];
    return {
      numCols,
      numRows,
      sense: highs.constants.objectiveSense.maximize,
      colCost: this.cost,
      colLower: new Float64Array(numCols),
      colUpper: this.upper,
      rowLower: this.rowLower,
      rowUpper: this.rowUpper,
      integrality: Int32Array.from(this.whole),
      matrix: {
        format: 'csc',
        numRows,
        numCols,
        starts: Int32Array.from(starts),
        indices: Int32Array.from(flat, ([row]) => row),
        values: Float64Array.from(flat, ([, value]) => value),
      },
    };
  }
}

type Program = {
  readonly model: (highs: Highs) => ModelData;
  readonly readSteps: (values: ArrayLike<number>) => (number | null)[];
  readonly hasBinaries: boolean;
  /** Micro-units per unit of the program's objective. */
  readonly scale: number;
};

function buildProgram(problem: TierProblem, infinity: number): Program {
  const builder = new ProgramBuilder();
  const scale = scaleOf(problem);
  // One row per provider: what classes send to it equals what its steps serve.
  const balance = problem.providers.map(() => builder.addRow(0, 0));
  const demand = problem.providers.map(() => 0);
  for (const { providers, lossMicros, steps } of problem.classes) {
    const volume = steps.reduce((sum, step) => sum + step.volume, 0);
    // One row per class: what it sends out is what its demand steps take, or at most its one step.
    const curve = steps.length > 1 ? builder.addRow(0, 0) : builder.addRow(-infinity, volume);
    const reserve = steps.length > 1 ? 0 : steps[0]!.reserveMicros;
    for (const [at, j] of providers.entries()) {
      demand[j]! += volume;
      builder.addColumn((reserve - lossMicros[at]!) / scale, volume, [
        [curve, 1],
        [balance[j]!, 1],
      ]);
    }
    if (steps.length > 1)
      for (const step of steps) builder.addColumn(step.reserveMicros / scale, step.volume, [[curve, -1]]);
  }
  const choices = problem.providers.map((supply, j) =>
    addSupply(builder, { ...supply, capacity: Math.min(supply.capacity, demand[j]!) }, balance[j]!, scale, infinity),
  );
  return {
    model: (highs) => builder.build(highs),
    readSteps: (values) => choices.map((columns) => chosenStep(columns, values)),
    hasBinaries: builder.whole.includes(1),
    scale,
  };
}

/** Adds a provider's steps; returns for each step the column that is above one half where the step is chosen. */
function addSupply(
  builder: ProgramBuilder,
  supply: TierProblem['providers'][number],
  balance: number,
  scale: number,
  infinity: number,
): number[] {
  const { capacity, steps } = supply;
  const [only] = steps;
  if (only === undefined) return [];
  if (steps.length === 1 && only.minVolume === 0) {
    return [builder.addColumn(-only.allInMicros / scale, capacity, [[balance, -1]])];
  }
  const one = builder.addRow(-infinity, 1);
  return steps.map((step, t) => {
    const most = Math.min(steps[t + 1]?.minVolume ?? capacity, capacity);
    const floor = builder.addRow(0, infinity);
    const cap = builder.addRow(-infinity, 0);
    builder.addColumn(-step.allInMicros / scale, most, [
      [balance, -1],
      [floor, 1],
      [cap, 1],
    ]);
    return builder.addColumn(
      0,
      1,
      [
        [one, 1],
        [floor, -step.minVolume],
        [cap, -most],
      ],
      1,
    );
  });
}

function chosenStep(columns: readonly number[], values: ArrayLike<number>): number | null {
  const step = columns.findIndex((column) => values[column]! > 0.5);
  return step === -1 ? null : step;
}

/** Brings prices to the order of 1, where the solver's tolerances are meant to work. */
function scaleOf(problem: TierProblem): number {
  let most = 1;
  for (const { steps } of problem.classes) for (const step of steps) most = Math.max(most, step.reserveMicros);
  return most;
}
