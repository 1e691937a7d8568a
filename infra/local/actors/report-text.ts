/** The report for people: tables that fit the terminal, then the totals. */
import { formatMicros } from '../../../shared/kernel/money.ts';
import { moneyLines } from './money-text.ts';
import type { QueueLine, ReplayReport } from './report.ts';

type Column = { head: string; of: (line: QueueLine) => string };
const count = (n: number) => n.toLocaleString('en-US');
const price = (micros: number | null) => (micros === null ? '–' : formatMicros(Math.round(micros / 10_000) * 10_000));
const percent = (bps: number | null) => (bps === null ? '–' : `${(bps / 100).toFixed(1)}%`);
const share = (part: number, all: number) => (all === 0 ? '–' : `${((part * 100) / all).toFixed(1)}%`);

const DEMAND: readonly Column[] = [
  { head: 'comp.', of: (l) => count(l.companies) },
  { head: 'committed', of: (l) => count(l.committed) },
  { head: 'arrived', of: (l) => count(l.arrived) },
  { head: 'slot', of: (l) => count(l.bySlot) },
  { head: 'overflow', of: (l) => count(l.byOverflow) },
  { head: 'unserved', of: (l) => count(l.unserved) },
];
const OUTCOME: readonly Column[] = [
  { head: 'alone', of: (l) => price(l.standaloneMicros) },
  { head: 'pool', of: (l) => price(l.poolMicros) },
  { head: 'saving', of: (l) => percent(l.savingBps) },
  { head: 'in SLA', of: (l) => share(l.withinSla, l.charged) },
  { head: 'conf.', of: (l) => count(l.confirmed) },
  { head: 'assumed', of: (l) => count(l.assumed) },
  { head: 'reopened', of: (l) => count(l.reopened) },
];
/** Both halves stand side by side where names keep at least this much. */
const LEAST_NAME = 24;
const LONGEST_NAME = 36;

/** The whole report as text, at most `width` characters wide where that is possible. */
export function renderReport(report: ReplayReport, width: number, opensWith: string): string {
  const lines = [...report.queues].sort((a, b) => b.arrived - a.arrived || (a.name < b.name ? -1 : 1));
  const whole = [...DEMAND, ...OUTCOME];
  const halves = widthOf(lines, report.total, whole) + LEAST_NAME > width ? [DEMAND, OUTCOME] : [whole];
  const tables = halves.map((columns) => table(lines, report.total, columns, width));
  return [
    heading(report),
    ...tables,
    'Prices in USD per resolution, all-in, as cleared; "alone" is the price at which this supply bought alone would be worth as much.',
    '',
    ...totals(report),
    ...problems(report),
    ...faults(report),
    '',
    opensWith,
  ].join('\n');
}

function table(lines: readonly QueueLine[], total: QueueLine, columns: readonly Column[], width: number): string {
  const cells = [...lines, total].map((line) => columns.map((column) => column.of(line)));
  const widths = widthsOf(lines, total, columns);
  const taken = widthOf(lines, total, columns);
  const nameWidth = Math.max(
    12,
    Math.min(LONGEST_NAME, width - taken, Math.max(5, ...lines.map((l) => l.name.length))),
  );
  const row = (name: string, values: readonly string[]) =>
    cut(name, nameWidth).padEnd(nameWidth) + values.map((value, i) => `  ${value.padStart(widths[i] ?? 0)}`).join('');
  const rule = '─'.repeat(nameWidth + taken);
  const body = lines.map((line, i) => row(line.name, cells[i] ?? []));
  return [
    row(
      'queue',
      columns.map((c) => c.head),
    ),
    rule,
    ...body,
    rule,
    row(total.name, cells.at(-1) ?? []),
    '',
  ].join('\n');
}

const widthsOf = (lines: readonly QueueLine[], total: QueueLine, columns: readonly Column[]): number[] =>
  columns.map((column) => Math.max(column.head.length, ...[...lines, total].map((line) => column.of(line).length)));
const widthOf = (lines: readonly QueueLine[], total: QueueLine, columns: readonly Column[]): number =>
  widthsOf(lines, total, columns).reduce((sum, width) => sum + width + 2, 0);

/** Shortens with …, keeping the end, which tells the channel. */
export function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = Math.min(10, Math.floor((width - 1) / 2));
  return `${text.slice(0, width - 1 - end)}…${text.slice(text.length - end)}`;
}

function heading({ input, market }: ReplayReport): string {
  const { begins, ends, roundLength, seed } = market;
  return `${input.source}: ${count(input.sent)} requests, ${begins.slice(0, 10)} to ${ends.slice(0, 10)}, rounds of a ${roundLength}, seed ${seed}\n`;
}

function totals({ walk, total, ledger, money, measured, openRounds, surprises, market }: ReplayReport): string[] {
  const states = Object.entries(walk.states)
    .sort(([, a], [, b]) => b - a)
    .map(([state, n]) => `${count(n)} ${state}`)
    .join(', ');
  const ok = walk.missing === 0 && walk.unknown === 0 && walk.doubled === 0;
  const met = Object.entries(surprises);
  return [
    `requests   ${count(walk.sent)} sent, ${count(walk.found)} found again (${states})${ok ? '' : ' – NOT ALL ACCOUNTED FOR'}`,
    `money      charged ${formatMicros(total.chargedMicros)}, shortfall ${formatMicros(total.shortfallMicros)}, release credits ${formatMicros(total.releaseCreditMicros)}, handed back ${formatMicros(total.trueUpMicros)} USD`,
    `ledger     ${ledger.balanced ? 'balanced' : 'NOT BALANCED'}: ${count(ledger.entries)} entries through ${ledger.through}`,
    ...moneyLines(money),
    `rounds     ${count(total.rounds)} with requests, ${openRounds.length === 0 ? 'all closed' : `${openRounds.length} NOT CLOSED`}`,
    `units      ${units(measured, market.resumed)}`,
    `time       ${measured.seconds.toFixed(0)} s, ${measured.requestsPerSecond.toFixed(0)} requests/s, peak memory ${measured.peakMemoryMb.toFixed(0)} MB (market), ${measured.actorsPeakMemoryMb.toFixed(0)} MB (actors)`,
    ...(met.length === 0 ? [] : [`refusals   ${met.map(([name, n]) => `${name} ×${count(n)}`).join(', ')}`]),
  ];
}

function units(measured: ReplayReport['measured'], resumed: boolean): string {
  const { writeUnitsPerResolution: write, readUnitsPerRequest: read, sweepWriteUnitsPerResolution: sweep } = measured;
  const { writeUnitsPerCharge: perCharge } = measured;
  if (write === null || read === null || perCharge === null)
    return resumed ? 'not counted: this run went on with one that was interrupted' : 'not counted';
  return `${write.toFixed(2)} written per resolution (${perCharge.toFixed(2)} per charge), ${read.toFixed(2)} read per request, sweeps ${sweep?.toFixed(2) ?? '–'} written`;
}

function problems({ input }: ReplayReport): string[] {
  if (input.problemCount === 0) return [];
  const shown = input.problems.map(({ line, reason }) => `  line ${line}: ${reason}`);
  const more = input.problemCount - input.problems.length;
  return [
    '',
    `${count(input.problemCount)} of ${count(input.rows)} rows could not be read:`,
    ...shown,
    ...(more > 0 ? [`  and ${count(more)} more`] : []),
  ];
}

const faults = ({ faults: found }: ReplayReport): string[] =>
  found.length === 0 ? [] : ['', 'WHAT DOES NOT ADD UP:', ...found.map((fault) => `  ${fault}`)];
