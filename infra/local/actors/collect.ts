/** Gathers the report over the API: round reports, the walk over the companies' lists, the trial balance, consumption. */
import { monthOf } from '../../../shared/kernel/time.ts';
import type { RoundReport } from '../../../shared/round/report.ts';
import { type Arrival, CURRENCY } from './arrival.ts';
import { ask, inParallel } from './calls.ts';
import { collectMoney } from './collect-money.ts';
import { faultsOf, type Measured, queueLine, type ReplayReport, totalLine, unitsPer } from './report.ts';
import { groupByRound, readRounds } from './rounds-seen.ts';
import { type Walk, walkRequests } from './walk.ts';
import type { World } from './world.ts';

export type Facts = {
  input: ReplayReport['input'];
  market: ReplayReport['market'];
  openRounds: ReplayReport['openRounds'];
  /** When the run began, by `performance.now()`. */
  begunMs: number;
  /** Requests sent by this run: fewer than all when it went on with an interrupted one. */
  sentNow: number;
};

/** The whole report. `arrivals` are all that were sent, by this run or by one it went on with. */
export async function collectReport(
  world: World,
  arrivals: readonly Arrival[],
  facts: Facts,
  onList: (read: number) => void,
): Promise<ReplayReport> {
  const { commands: consumed } = await readConsumption(world);
  const reports = await readReports(world, arrivals);
  let read = 0;
  const walk = await walkRequests(world, arrivals, () => onList(++read));
  const lines = [...world.queues.values()].map(({ id, serviceClass }) =>
    queueLine(
      `${serviceClass.category} · ${serviceClass.channel}`,
      id,
      reports.get(id) ?? [],
      walk.companies.get(id) ?? 0,
      walk.withoutRound.get(id) ?? 0,
    ),
  );
  const total = totalLine(lines, new Set(arrivals.map(({ company }) => company)).size);
  const { input, market, openRounds, sentNow } = facts;
  const units = market.resumed ? null : unitsPer(consumed, total.charged, walk.found);
  const surprises = Object.fromEntries([...world.surprises].sort(([a], [b]) => (a < b ? -1 : 1)));
  const money = await collectMoney(world, [...reports.values()].flat());
  const ledger = await readLedger(world);
  const seconds = (performance.now() - facts.begunMs) / 1_000;
  const measured: Measured = {
    seconds,
    requestsPerSecond: sentNow / Math.max(seconds, 0.001),
    // Both are the most that was ever held, so they are asked for last.
    peakMemoryMb: (await readConsumption(world)).memoryMb,
    actorsPeakMemoryMb: process.resourceUsage().maxRSS / 1_024,
    writeUnitsPerResolution: units?.write ?? null,
    writeUnitsPerCharge: units?.writePerCharge ?? null,
    readUnitsPerRequest: units?.read ?? null,
    sweepWriteUnitsPerResolution: units?.sweepWrite ?? null,
    commands: consumed.map(({ command, runs, writeUnits, readUnits, calls }) => ({
      command,
      runs,
      writeUnits,
      readUnits,
      calls,
    })),
  };
  const report = {
    input,
    market,
    queues: lines,
    total,
    walk: walkFigures(walk),
    ledger,
    money,
    openRounds,
    surprises,
    measured,
  };
  return { ...report, faults: faultsOf(report) };
}

const walkFigures = (walk: Walk): ReplayReport['walk'] => ({
  sent: walk.sent,
  found: walk.found,
  missing: walk.missingCount,
  unknown: walk.unknownCount,
  doubled: walk.doubled,
  states: walk.states,
  names: [...walk.missing, ...walk.unknown],
});

/** The reports of all rounds in which something was sent, by queue. */
async function readReports(world: World, arrivals: readonly Arrival[]): Promise<Map<string, RoundReport[]>> {
  const operator = await world.directory.operator();
  const rounds = new Map<string, Awaited<ReturnType<typeof readRounds>>>();
  await inParallel([...world.queues.keys()], async (queue) => {
    rounds.set(queue, await readRounds(world.directory.anybody, queue));
  });
  const last = new Map<string, number>();
  for (const { queue, round } of groupByRound(arrivals, rounds)) last.set(queue, Math.max(round, last.get(queue) ?? 0));
  const reports = new Map<string, RoundReport[]>();
  const wanted = [...last].flatMap(([queue, most]) =>
    Array.from({ length: most }, (_, i) => ({ queue, round: i + 1 })),
  );
  await inParallel(wanted, async ({ queue, round }) => {
    const params = { path: { queue, round } };
    const report = await ask('read a round report', () =>
      operator.GET('/v1/queues/{queue}/rounds/{round}/report', { params }),
    );
    reports.set(queue, [...(reports.get(queue) ?? []), report]);
  });
  return reports;
}

async function readLedger(world: World): Promise<ReplayReport['ledger']> {
  const operator = await world.directory.operator();
  const query = { through: monthOf(world.time.now()), currency: CURRENCY } as const;
  const balance = await ask('read the trial balance', () => operator.GET('/v1/trial-balance', { params: { query } }));
  return { through: balance.through, entries: balance.entries, balanced: balance.balanced };
}

async function readConsumption(world: World) {
  return ask('read the consumption', () => world.directory.anybody.GET('/dev/consumption'));
}
