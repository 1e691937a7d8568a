/** The winner determination as a mixed-integer program for HiGHS (WebAssembly). The only file that imports it. */
import highsLoader, { type Highs, type ModelData } from 'highs';
import { type Allocation, allocateSteps } from './allocation.ts';
import type { Known, Solver, TierChoice, TierProblem } from './solver.ts';

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
 * the same answer. What is known makes the program tighter and is where HiGHS starts. Throws where HiGHS ends without an
 * optimum.
 */
export function createHighsSolver(options: HighsOptions = {}): Solver {
  return async (problem, known) => solveWith(await loadOnce(options.wasmPath), problem, known);
}

function solveWith(highs: Highs, problem: TierProblem, known: Known | undefined): TierChoice {
  const program = buildProgram(problem, highs.infinity, known);
  const method = `HiGHS ${highs.version.string}`;
  return highs.withModel(program.model(highs), (model) => {
    model.options.set(OPTIONS);
    if (known !== undefined) model.setSolution({ colValue: program.place(allocateSteps(problem, known.steps)) });
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

  /** Puts one more entry into a column. */
  put(column: number, row: number, value: number): void {
    this.entries[column]!.push([row, value]);
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
  /** The columns' values at an allocation. */
  readonly place: (allocation: Allocation) => Float64Array;
  readonly hasBinaries: boolean;
  /** Micro-units per unit of the program's objective. */
  readonly scale: number;
};

/** Columns of a provider's steps: its volume, and whether it is chosen (the volume again where it needs no choice). */
type Supply = readonly { readonly volume: number; readonly choice: number }[];
/** Columns of a class: its volume at each of its providers, and of each of its demand steps. */
type Demand = { readonly flows: readonly number[]; readonly steps: readonly number[] };

function buildProgram(problem: TierProblem, infinity: number, known: Known | undefined): Program {
  const builder = new ProgramBuilder();
  const scale = scaleOf(problem);
  // One row per provider: what classes send to it equals what its steps serve.
  const balance = problem.providers.map(() => builder.addRow(0, 0));
  const demand = problem.providers.map(() => 0);
  const classes = problem.classes.map(({ providers, lossMicros, steps }): Demand => {
    const volume = steps.reduce((sum, step) => sum + step.volume, 0);
    // One row per class: what it sends out is what its demand steps take, or at most its one step.
    const curve = steps.length > 1 ? builder.addRow(0, 0) : builder.addRow(-infinity, volume);
    const reserve = steps.length > 1 ? 0 : steps[0]!.reserveMicros;
    const flows = providers.map((j, at) => {
      demand[j]! += volume;
      return builder.addColumn((reserve - lossMicros[at]!) / scale, volume, [
        [curve, 1],
        [balance[j]!, 1],
      ]);
    });
    if (steps.length === 1) return { flows, steps: [] };
    return {
      flows,
      steps: steps.map((step) => builder.addColumn(step.reserveMicros / scale, step.volume, [[curve, -1]])),
    };
  });
  const supplies = problem.providers.map((supply, j) =>
    addSupply(builder, { ...supply, capacity: Math.min(supply.capacity, demand[j]!) }, balance[j]!, scale, infinity),
  );
  if (known !== undefined) tighten(builder, problem, classes, supplies, known, infinity);
  return {
    model: (highs) => builder.build(highs),
    readSteps: (values) => supplies.map((supply) => chosenStep(supply, values)),
    place: (allocation) => place(new Float64Array(builder.cost.length), problem, classes, supplies, allocation),
    hasBinaries: builder.whole.includes(1),
    scale,
  };
}

/**
 * Rows that cut off no allocation that keeps to the open steps, but much of what is in between: nobody serves more of a
 * class than there is times its choice, and of rivals one at most is chosen.
 */
function tighten(
  builder: ProgramBuilder,
  problem: TierProblem,
  classes: readonly Demand[],
  supplies: readonly Supply[],
  known: Known,
  infinity: number,
): void {
  const hasMinimum = (j: number): boolean => (problem.providers[j]!.steps[0]?.minVolume ?? 0) > 0;
  for (const [c, { flows }] of classes.entries()) {
    for (const [at, j] of problem.classes[c]!.providers.entries()) {
      if (!hasMinimum(j)) continue;
      const most = Math.min(builder.upper[flows[at]!]!, problem.providers[j]!.capacity);
      const row = builder.addRow(-infinity, 0);
      builder.put(flows[at]!, row, 1);
      for (const { choice } of supplies[j]!) builder.put(choice, row, -most);
    }
  }
  for (const set of known.rivals) {
    const row = builder.addRow(-infinity, 1);
    for (const j of set) for (const { choice } of supplies[j]!) builder.put(choice, row, 1);
  }
  for (const [j, supply] of supplies.entries())
    for (const [t, { choice }] of supply.entries())
      if (hasMinimum(j) && !known.open[j]![t] && known.steps[j] !== t) builder.upper[choice] = 0;
}

/** An allocation as values of the columns. */
function place(
  values: Float64Array,
  problem: TierProblem,
  classes: readonly Demand[],
  supplies: readonly Supply[],
  { flow, served }: Allocation,
): Float64Array {
  let group = 0;
  for (const [c, { flows, steps }] of classes.entries()) {
    for (const s of problem.classes[c]!.steps.keys()) {
      for (const [at, j] of problem.classes[c]!.providers.entries()) {
        const volume = flow[group]![j]!;
        values[flows[at]!]! += volume;
        if (steps.length > 0) values[steps[s]!]! += volume;
      }
      group += 1;
    }
  }
  for (const [j, supply] of supplies.entries()) {
    const t = problem.providers[j]!.steps.findLastIndex(({ minVolume }) => minVolume <= served[j]!);
    const columns = supply[t];
    if (served[j] === 0 || columns === undefined) continue;
    values[columns.choice] = 1;
    values[columns.volume] = served[j]!;
  }
  return values;
}

/** Adds a provider's steps. */
function addSupply(
  builder: ProgramBuilder,
  supply: TierProblem['providers'][number],
  balance: number,
  scale: number,
  infinity: number,
): Supply {
  const { capacity, steps } = supply;
  const [only] = steps;
  if (only === undefined) return [];
  if (steps.length === 1 && only.minVolume === 0) {
    const volume = builder.addColumn(-only.allInMicros / scale, capacity, [[balance, -1]]);
    return [{ volume, choice: volume }];
  }
  const one = builder.addRow(-infinity, 1);
  return steps.map((step, t) => {
    const most = Math.min(steps[t + 1]?.minVolume ?? capacity, capacity);
    const floor = builder.addRow(0, infinity);
    const cap = builder.addRow(-infinity, 0);
    const volume = builder.addColumn(-step.allInMicros / scale, most, [
      [balance, -1],
      [floor, 1],
      [cap, 1],
    ]);
    const choice = builder.addColumn(
      0,
      1,
      [
        [one, 1],
        [floor, -step.minVolume],
        [cap, -most],
      ],
      1,
    );
    return { volume, choice };
  });
}

function chosenStep(supply: Supply, values: ArrayLike<number>): number | null {
  const step = supply.findIndex(({ choice }) => values[choice]! > 0.5);
  return step === -1 ? null : step;
}

/** Brings prices to the order of 1, where the solver's tolerances are meant to work. */
function scaleOf(problem: TierProblem): number {
  let most = 1;
  for (const { steps } of problem.classes) for (const step of steps) most = Math.max(most, step.reserveMicros);
  return most;
}
