/**
 * The winner determination as a mixed-integer program, apart from any solver: what `TierProblem` says, row by row. Every
 * opponent is given this one program, so that differences are the solvers' own.
 */
import type { SupplyCurve, TierProblem } from '../../../shared/market/solver.ts';

/** A column from 0 to `upper`; no upper bound is needed where a row implies it. */
export type Column = {
  readonly name: string;
  readonly gain: number;
  readonly isChoice: boolean;
  readonly entries: readonly (readonly [row: string, value: number])[];
};
export type Row = { readonly name: string; readonly lower?: number; readonly upper?: number };

/** Maximise Σ gain · column over the rows; choices are 0 or 1, everything else is 0 or more. */
export type Program = {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** For each provider the name of the choice column of each step. */
  readonly choices: readonly (readonly string[])[];
};

/** Builds the program. Money is divided by the largest reserve price, to the order of 1 that solvers are tuned for. */
export function buildProgram(problem: TierProblem): Program {
  const scale = Math.max(1, ...problem.classes.flatMap(({ steps }) => steps.map((step) => step.reserveMicros)));
  const columns: Column[] = [];
  const rows: Row[] = problem.providers.map((_, j) => ({ name: `balance${j}`, lower: 0, upper: 0 }));
  const demand = problem.providers.map(() => 0);
  for (const [i, { providers, lossMicros, steps }] of problem.classes.entries()) {
    for (const j of providers) demand[j]! += steps.reduce((sum, step) => sum + step.volume, 0);
    const only = steps.length === 1 ? steps[0] : undefined;
    rows.push(
      only === undefined ? { name: `class${i}`, lower: 0, upper: 0 } : { name: `class${i}`, upper: only.volume },
    );
    for (const [at, j] of providers.entries()) {
      const gain = ((only?.reserveMicros ?? 0) - lossMicros[at]!) / scale;
      const entries = [[`class${i}`, 1] as const, [`balance${j}`, 1] as const];
      columns.push({ name: `x${i}_${j}`, gain, isChoice: false, entries });
    }
    if (only !== undefined) continue;
    for (const [k, step] of steps.entries()) {
      rows.push({ name: `step${i}_${k}`, upper: step.volume });
      const entries = [[`class${i}`, -1] as const, [`step${i}_${k}`, 1] as const];
      columns.push({ name: `d${i}_${k}`, gain: step.reserveMicros / scale, isChoice: false, entries });
    }
  }
  const choices = problem.providers.map((supply, j) => addSupply(columns, rows, supply, j, demand[j]!, scale));
  return { columns, rows, choices };
}

/** A volume column and a choice per step: the volume lies between the step's minimum and the next one where it is chosen. */
function addSupply(
  columns: Column[],
  rows: Row[],
  supply: SupplyCurve,
  j: number,
  demand: number,
  scale: number,
): string[] {
  const capacity = Math.min(supply.capacity, demand);
  if (supply.steps.length > 0) rows.push({ name: `one${j}`, upper: 1 });
  return supply.steps.map(({ minVolume, allInMicros }, t) => {
    const most = Math.min(capacity, supply.steps[t + 1]?.minVolume ?? capacity);
    const [volume, choice, least, cap] = [`y${j}_${t}`, `z${j}_${t}`, `least${j}_${t}`, `cap${j}_${t}`];
    rows.push({ name: cap, upper: 0 });
    if (minVolume > 0) rows.push({ name: least, lower: 0 });
    const bounded = (value: number, minimum: number): (readonly [string, number])[] =>
      minVolume > 0
        ? [
            [cap, value],
            [least, minimum],
          ]
        : [[cap, value]];
    columns.push({
      name: volume,
      gain: -allInMicros / scale,
      isChoice: false,
      entries: [[`balance${j}`, -1], ...bounded(1, 1)],
    });
    columns.push({ name: choice, gain: 0, isChoice: true, entries: [[`one${j}`, 1], ...bounded(-most, -minVolume)] });
    return choice;
  });
}

/** The steps that a solution chooses. */
export function readChoices(program: Program, read: (name: string) => number): (number | null)[] {
  return program.choices.map((names) => {
    const step = names.findIndex((name) => read(name) > 0.5);
    return step === -1 ? null : step;
  });
}
