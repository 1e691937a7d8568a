/** The market bench's report as text. */
import { type Machine, machineLine } from '../support/machine.ts';
import { median, round } from '../support/stats.ts';
import { renderTable } from '../support/table.ts';
import type { Cell, SolverFigures } from './cells.ts';
import { CONTENDER, OPPONENTS } from './opponents.ts';
import type { Throughput } from './throughput.ts';

export type MarketReport = {
  readonly machine: Machine;
  readonly seed: number;
  readonly quick: boolean;
  /** How our solver names itself. */
  readonly method: string;
  readonly cells: readonly Cell[];
  readonly throughput: Throughput | null;
};

export function renderReport({ machine, seed, method, cells, throughput }: MarketReport): string {
  const instances = cells.reduce((sum, cell) => sum + cell.instances, 0);
  const head = ['providers × companies', 'n', 'ours ms', 'worst', ...OPPONENTS, 'ratio', 'least', 'wrong'];
  return [
    machineLine(machine),
    `Contender: ${method} · seed ${seed} · ${instances} instances, the same for everyone, in one run`,
    '',
    'Median ms of processor time to the proven optimum. ratio: the best right opponent of each instance / ours, median and least.',
    "'> ' marks figures where nobody else answered within the bound of 30 × our time + 5 s, at most 15 s or twice our time.",
    "late n: over that bound n times, or not started after being so twice in a row. wrong: answers below another's exact worth.",
    '',
    renderTable(
      head,
      cells.map((cell) => cellRow(cell)),
    ),
    '',
    ...summary(cells),
    ...(throughput === null ? [] : ['', ...renderThroughput(throughput, cells)]),
  ].join('\n');
}

function cellRow({ family, size, instances, solvers, ratio }: Cell): string[] {
  const of = (name: string) => solvers.find(({ solver }) => solver === name);
  const ours = of(CONTENDER);
  const bound = ratio.bounds * 2 > instances ? '> ' : '';
  const wrong = solvers.filter((each) => each.wrong > 0).map((each) => `${each.solver} ${each.wrong}`);
  return [
    `${family} ${size}`,
    String(instances),
    medianText(ours),
    ours?.worstMs == null ? '–' : round(ours.worstMs),
    ...OPPONENTS.map((name) => medianText(of(name))),
    `${bound}${round(ratio.median)}`,
    round(ratio.least),
    wrong.length === 0 ? '0' : wrong.join(', '),
  ];
}

function medianText(figures: SolverFigures | undefined): string {
  if (figures === undefined) return '';
  const late = figures.overTheBound + figures.notStarted;
  const notes = [late > 0 ? `late ${late}` : '', figures.failed > 0 ? `failed ${figures.failed}` : ''];
  const time = figures.medianMs === null ? '' : round(figures.medianMs);
  return [time, ...notes].filter((part) => part !== '').join(' ');
}

function summary(cells: readonly Cell[]): string[] {
  const ratios = cells.map((cell) => cell.ratio.median).filter(Number.isFinite);
  const least = Math.min(...cells.map((cell) => cell.ratio.least).filter(Number.isFinite));
  const sum = (of: (figures: SolverFigures) => number, solver: string) =>
    cells.reduce(
      (total, cell) => total + cell.solvers.filter((s) => s.solver === solver).reduce((a, s) => a + of(s), 0),
      0,
    );
  const names = [CONTENDER, ...OPPONENTS].filter((name) => sum((s) => s.right + s.wrong + s.failed, name) > 0);
  return [
    `Median of the cells' ratios ${round(median(ratios))}, least ratio of any instance ${round(least)}.`,
    `Wrong answers: ${names.map((name) => `${name} ${sum((s) => s.wrong, name)} of ${sum((s) => s.right + s.wrong, name)}`).join(' · ')}.`,
  ];
}

function renderThroughput({ queues, preview }: Throughput, cells: readonly Cell[]): string[] {
  const fifty = cells.filter(({ size, family }) => size === '50 × 10' && ['tight', 'wide', 'near'].includes(family));
  const medians = fifty.flatMap(({ solvers }) => solvers.find(({ solver }) => solver === CONTENDER)?.medianMs ?? []);
  return [
    `${queues.count} queues of 5–24 providers × 1–12 classes in one thread: tiers ${round(queues.solverMs / 1_000)} s, whole clearings ${round(queues.clearingMs / 1_000)} s, the slowest ${round(queues.worstMs)} ms.`,
    ...(medians.length === 0 ? [] : [`50 × 10 (tight, wide, near): ${medians.map(round).join(', ')} ms.`]),
    `Preview (a whole clearing with one bid changed) at ${preview.size}: median ${round(preview.medianMs)} ms, p90 ${round(preview.p90Ms)} ms, ${preview.count} instances.`,
  ];
}
