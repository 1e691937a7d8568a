/** What a replay comes to: pure arithmetic over the API's round reports, the walk over the lists, and what was measured. */
import type { CompanyTotals, RoundReport } from '../../../shared/round/report.ts';
import { type MoneyReport, moneyFaults } from './money-report.ts';
import type { Walk } from './walk.ts';

type Totals = Omit<CompanyTotals, 'company'>;

/** One queue over all its rounds. Prices are in micro-units per awarded request, shares in basis points. */
export type QueueLine = {
  queue: string;
  name: string;
  rounds: number;
  companies: number;
  committed: number;
  awarded: number;
  arrived: number;
  bySlot: number;
  byOverflow: number;
  unserved: number;
  standaloneMicros: number | null;
  poolMicros: number | null;
  savingBps: number | null;
  charged: number;
  withinSla: number;
  confirmed: number;
  assumed: number;
  reopened: number;
  chargedMicros: number;
  shortfallMicros: number;
  releaseCreditMicros: number;
  trueUpMicros: number;
};

export type Measured = {
  seconds: number;
  requestsPerSecond: number;
  /** The most memory the market's process held, and this one. */
  peakMemoryMb: number;
  actorsPeakMemoryMb: number;
  /** Units per resolution that a provider claimed, those that were reopened too; null where a resumed run saw only a part. */
  writeUnitsPerResolution: number | null;
  /** The same units per request that was charged in the end. */
  writeUnitsPerCharge: number | null;
  readUnitsPerRequest: number | null;
  sweepWriteUnitsPerResolution: number | null;
  commands: { command: string; runs: number; writeUnits: number; readUnits: number; calls: number }[];
};

export type ReplayReport = {
  input: {
    source: string;
    rows: number;
    sent: number;
    problems: { line: number; reason: string }[];
    problemCount: number;
  };
  market: { begins: string; ends: string; roundLength: string; seed: number; resumed: boolean };
  queues: QueueLine[];
  total: QueueLine;
  walk: {
    sent: number;
    found: number;
    missing: number;
    unknown: number;
    doubled: number;
    states: Walk['states'];
    names: string[];
  };
  ledger: { through: string; entries: number; balanced: boolean };
  money: MoneyReport;
  openRounds: { queue: string; round: number }[];
  surprises: Record<string, number>;
  measured: Measured;
  /** What does not add up, in sentences; empty when all is well. */
  faults: string[];
};

/** A queue's line from its rounds' reports; `withoutRound` are requests that no round could take. */
export function queueLine(
  name: string,
  queue: string,
  reports: readonly RoundReport[],
  companies: number,
  withoutRound: number,
): QueueLine {
  const sum = (of: (totals: Totals) => number) => reports.reduce((total, report) => total + of(report.totals), 0);
  const figures = reports.map((report) => report.figures).filter((found) => found !== null);
  const cleared = (of: (found: (typeof figures)[number]) => number) => figures.reduce((total, f) => total + of(f), 0);
  const awarded = cleared((f) => f.awarded);
  const standaloneMicros = perUnit(
    cleared((f) => f.standaloneMicros),
    awarded,
  );
  const poolMicros = perUnit(
    cleared((f) => f.billingsMicros),
    awarded,
  );
  return {
    queue,
    name,
    rounds: reports.length,
    companies,
    committed: cleared((f) => f.committed),
    awarded,
    arrived: sum((t) => t.accepted) + withoutRound,
    bySlot: sum((t) => t.bySlot),
    byOverflow: sum((t) => t.byOverflow),
    unserved: sum((t) => t.unserved) + withoutRound,
    standaloneMicros,
    poolMicros,
    savingBps: savingOf(standaloneMicros, poolMicros),
    charged: sum((t) => t.charged),
    withinSla: sum((t) => t.withinSla),
    confirmed: sum((t) => t.confirmed),
    assumed: sum((t) => t.assumed),
    reopened: sum((t) => t.reopened),
    chargedMicros: sum((t) => t.chargedMicros),
    shortfallMicros: reports.reduce((total, report) => total + report.shortfallMicros, 0),
    releaseCreditMicros: reports.reduce((total, report) => total + report.releaseCreditMicros, 0),
    trueUpMicros: reports.reduce((total, report) => total + report.trueUpMicros, 0),
  };
}

const perUnit = (total: number, count: number) => (count === 0 ? null : Math.round(total / count));

/** What the pool price is below the standalone price, in basis points of it. */
export const savingOf = (standalone: number | null, pool: number | null): number | null =>
  standalone === null || pool === null || standalone === 0
    ? null
    : Math.round(((standalone - pool) * 10_000) / standalone);

/** All queues in one line; prices weighted by what was awarded. `companies` counts each company once. */
export function totalLine(lines: readonly QueueLine[], companies: number): QueueLine {
  const sum = (of: (line: QueueLine) => number) => lines.reduce((total, line) => total + of(line), 0);
  const awarded = sum((l) => l.awarded);
  const standaloneMicros = perUnit(
    sum((l) => (l.standaloneMicros ?? 0) * l.awarded),
    awarded,
  );
  const poolMicros = perUnit(
    sum((l) => (l.poolMicros ?? 0) * l.awarded),
    awarded,
  );
  return {
    queue: '',
    name: 'all',
    rounds: sum((l) => l.rounds),
    companies,
    committed: sum((l) => l.committed),
    awarded,
    arrived: sum((l) => l.arrived),
    bySlot: sum((l) => l.bySlot),
    byOverflow: sum((l) => l.byOverflow),
    unserved: sum((l) => l.unserved),
    standaloneMicros,
    poolMicros,
    savingBps: savingOf(standaloneMicros, poolMicros),
    charged: sum((l) => l.charged),
    withinSla: sum((l) => l.withinSla),
    confirmed: sum((l) => l.confirmed),
    assumed: sum((l) => l.assumed),
    reopened: sum((l) => l.reopened),
    chargedMicros: sum((l) => l.chargedMicros),
    shortfallMicros: sum((l) => l.shortfallMicros),
    releaseCreditMicros: sum((l) => l.releaseCreditMicros),
    trueUpMicros: sum((l) => l.trueUpMicros),
  };
}

/** Everything that must add up and does not. */
export function faultsOf(report: Omit<ReplayReport, 'faults'>): string[] {
  const { walk, total, ledger, openRounds } = report;
  const faults: string[] = [];
  const names = walk.names.length === 0 ? '' : ` (such as ${walk.names.join(', ')})`;
  if (walk.missing > 0) faults.push(`${walk.missing} requests were sent and stand in no list${names}`);
  if (walk.unknown > 0) faults.push(`${walk.unknown} requests stand in the lists and were not sent${names}`);
  if (walk.doubled > 0) faults.push(`${walk.doubled} requests stand twice in the lists`);
  if (total.arrived !== walk.found)
    faults.push(`the round reports count ${total.arrived} accepted requests, the lists ${walk.found}`);
  const settled = walk.states.settled ?? 0;
  if (total.charged !== settled) faults.push(`${total.charged} requests were charged, ${settled} are settled`);
  const open = (['queued', 'working', 'resolved', 'confirmed', 'assumed', 'held_back'] as const).reduce(
    (sum, state) => sum + (walk.states[state] ?? 0),
    0,
  );
  if (open > 0) faults.push(`${open} requests have not come to an end`);
  if (!ledger.balanced) faults.push('the ledger does not balance');
  if (openRounds.length > 0) faults.push(`${openRounds.length} rounds are not closed 45 days after their end`);
  return [...faults, ...moneyFaults(report.money)];
}

type Consumed = { command: string; runs: number; writeUnits: number; readUnits: number };

/** Commands on a request's way to its charge; the posting of the entry is found by a sweep and belongs to it. */
const REQUEST_PATH = [
  'createRequest',
  'createRequests',
  'claim',
  'heartbeat',
  'resolve',
  'escalate',
  'decline',
  'createLink',
  'solved',
  'notSolved',
  'confirmRequest',
  'rejectRequest',
  'personPlease',
];
const isPosting = (command: string) => command === 'sweep:posting';
const isSweep = (command: string) => /^sweep:(lane|lease_end|silence)$/.test(command);

/** Units per claimed resolution and per charged request, the sweeps' own apart. */
export function unitsPer(commands: readonly Consumed[], charged: number, accepted: number) {
  const path = commands.filter(({ command }) => REQUEST_PATH.includes(command) || isPosting(command));
  const sweeps = commands.filter(({ command }) => !REQUEST_PATH.includes(command) && isSweep(command));
  const sum = (list: readonly Consumed[], of: (c: Consumed) => number) => list.reduce((total, c) => total + of(c), 0);
  const resolutions = commands.find(({ command }) => command === 'resolve')?.runs ?? 0;
  if (charged === 0 || accepted === 0 || resolutions === 0) return null;
  const written = sum(path, (c) => c.writeUnits);
  return {
    write: written / resolutions,
    writePerCharge: written / charged,
    read: sum(path, (c) => c.readUnits) / accepted,
    sweepWrite: sum(sweeps, (c) => c.writeUnits) / resolutions,
  };
}
