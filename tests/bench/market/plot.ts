/** The market bench as a picture: one panel per family, time by size for every solver, on a logarithmic scale. */
import { machineLine } from '../support/machine.ts';
import { round } from '../support/stats.ts';
import type { Cell } from './cells.ts';
import { boundFor } from './contest.ts';
import { CONTENDER, SOLVERS, type SolverName } from './opponents.ts';
import type { MarketReport } from './report.ts';

const PANEL = { width: 250, height: 190, gapX: 62, gapY: 62 };
const LEFT = 56;
const TOP = 78;
const COLUMNS = 3;

/** Colours that can be told apart on white and on black, and by people who see few colours. */
const COLOURS: Readonly<Record<SolverName, string>> = {
  parley: '#e8590c',
  highs: '#2b8fd9',
  yalps: '#2f9e6e',
  'javascript-lp-solver': '#a06cd5',
  glpk: '#8a8f98',
};
const NAMES: Readonly<Record<SolverName, string>> = {
  parley: 'Parley',
  highs: 'HiGHS (WebAssembly)',
  yalps: 'YALPS',
  'javascript-lp-solver': 'javascript-lp-solver',
  glpk: 'GLPK (WebAssembly)',
};

const STYLE = `<style>
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; font-size: 15px; }
  .family { font-weight: 600; }
  .note { fill: #57606a; font-size: 11px; }
  .grid { stroke: #57606a; stroke-opacity: .22; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .note { fill: #9da7b3; }
    .grid { stroke: #9da7b3; }
  }
</style>`;

export function drawPlot(report: MarketReport): string {
  const families = [...new Set(report.cells.map(({ family }) => family))].filter((family) => family !== 'queues');
  const rows = Math.ceil(families.length / COLUMNS);
  const width = LEFT + COLUMNS * PANEL.width + (COLUMNS - 1) * PANEL.gapX + 24;
  const height = TOP + rows * (PANEL.height + PANEL.gapY) + 22;
  const scale = scaleOf(report.cells);
  const panels = families.map((family, at) => {
    const x = LEFT + (at % COLUMNS) * (PANEL.width + PANEL.gapX);
    const y = TOP + 24 + Math.floor(at / COLUMNS) * (PANEL.height + PANEL.gapY);
    return `<g transform="translate(${x} ${y})">${drawPanel(family, report.cells, scale)}</g>`;
  });
  const footer = `${machineLine(report.machine)} · seed ${report.seed} · ${report.cells.reduce((sum, cell) => sum + cell.instances, 0)} instances, one run`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    '<title id="title">Median processor time to the proven optimum, by family and size of market</title>',
    STYLE,
    `<text class="title" x="16" y="24">Median processor time to the proven optimum (ms, each line ten times the one below)</text>`,
    drawLegend(),
    ...panels,
    `<text class="note" x="16" y="${height - 12}">${escapeText(footer)}. A ring: no answer within the bound.</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function drawLegend(): string {
  let x = 16;
  return SOLVERS.map((solver) => {
    const item = `<g transform="translate(${x} 46)"><line x2="22" stroke="${COLOURS[solver]}" stroke-width="${strokeOf(solver)}"/><text x="28" y="4">${NAMES[solver]}</text></g>`;
    x += 52 + NAMES[solver].length * 6.6;
    return item;
  }).join('');
}

const strokeOf = (solver: SolverName): number => (solver === CONTENDER ? 4 : 2);

type Scale = { readonly low: number; readonly high: number };

/** Whole powers of ten around every time that is drawn. */
function scaleOf(cells: readonly Cell[]): Scale {
  const times = cells.flatMap(({ solvers }) => solvers.flatMap(({ medianMs }) => medianMs ?? []));
  return { low: Math.floor(Math.log10(Math.min(...times))), high: Math.ceil(Math.log10(Math.max(...times, 15_000))) };
}

function drawPanel(family: string, all: readonly Cell[], { low, high }: Scale): string {
  const cells = all.filter((cell) => cell.family === family);
  const xOf = (at: number) =>
    cells.length === 1 ? PANEL.width / 2 : 14 + (at * (PANEL.width - 28)) / (cells.length - 1);
  const yOf = (ms: number) => PANEL.height * (1 - (Math.log10(ms) - low) / (high - low));
  const grid = Array.from({ length: high - low + 1 }, (_, at) => {
    const y = fixed(yOf(10 ** (low + at)));
    return `<line class="grid" x2="${PANEL.width}" y1="${y}" y2="${y}"/><text class="note" x="-8" y="${y}" dy="4" text-anchor="end">${round(10 ** (low + at)).replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') ? '' : zeros))}</text>`;
  });
  const sizes = cells.map(
    ({ size }, at) =>
      `<text class="note" x="${fixed(xOf(at))}" y="${PANEL.height + 18}" text-anchor="middle">${size.replaceAll(' ', '')}</text>`,
  );
  const lines = [...SOLVERS].reverse().map((solver) => {
    const points = cells.map((cell, at) => {
      const figures = cell.solvers.find((each) => each.solver === solver);
      const isLate = figures !== undefined && (figures.overTheBound + figures.notStarted) * 2 > cell.instances;
      const ms = isLate ? lateMs(cell) : (figures?.medianMs ?? null);
      return ms === null ? null : { x: fixed(xOf(at)), y: fixed(yOf(Math.min(ms, 10 ** high))), isLate };
    });
    const drawn = points.filter((point) => point !== null);
    const path = drawn.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${x} ${y}`).join('');
    const dots = drawn.map(({ x, y, isLate }) =>
      isLate
        ? `<circle cx="${x}" cy="${y}" r="5" fill="none" stroke="${COLOURS[solver]}" stroke-width="2"/>`
        : `<circle cx="${x}" cy="${y}" r="${solver === CONTENDER ? 4 : 3}" fill="${COLOURS[solver]}"/>`,
    );
    return `<path d="${path}" fill="none" stroke="${COLOURS[solver]}" stroke-width="${strokeOf(solver)}"/>${dots.join('')}`;
  });
  return [`<text class="family" y="-10">${escapeText(family)}</text>`, ...grid, ...sizes, ...lines].join('');
}

/** Where an opponent without an answer is drawn: at the bound of the cell's median. */
function lateMs(cell: Cell): number {
  const ours = cell.solvers.find(({ solver }) => solver === CONTENDER)?.medianMs ?? 1_000;
  return boundFor(ours);
}

const fixed = (value: number): number => Math.round(value * 10) / 10;

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
