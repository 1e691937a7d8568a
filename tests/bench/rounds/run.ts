/**
 * `npm run bench:rounds`: thousands of queues whose rounds close and begin at the same instant, planned and cleared by the
 * functions that production runs, on the bundled engine. What it must reach is checked, and a failure ends with 1.
 */
import { allBids } from '../../../shared/bid/bid.store.ts';
import { allCommitments } from '../../../shared/commitment/commitment.store.ts';
import { mapConcurrent } from '../../../shared/kernel/call.ts';
import { noConsumption, type Tables } from '../../../shared/kernel/table.ts';
import { clear } from '../../../shared/market/clearing.ts';
import { createMarketSolver } from '../../../shared/market/market-solver.ts';
import { readRound, termsOf } from '../../../shared/queue/queue.store.ts';
import { clearRound } from '../../../shared/round/clearing.store.ts';
import { clearingInput } from '../../../shared/round/clearing-input.ts';
import type { RoundState } from '../../../shared/round/round.ts';
import { stepDueRounds, type ToClear } from '../../../shared/round/step.store.ts';
import { startTestTables } from '../../support/engine.ts';
import { COMMON_HELP, progress, readArguments, wholeNumber } from '../support/arguments.ts';
import { describeMachine, machineLine } from '../support/machine.ts';
import { renderTable } from '../support/table.ts';
import { CLOSES_AT, layQueues, STARTS_AT } from './lay.ts';

const USAGE = `npm run bench:rounds -- [options]
  --queues N       queues whose rounds fall due together (default 5000, with --quick 300)
  --consumers N    clearings side by side, as many Lambdas would run (default 8)
${COMMON_HELP}`;
/** A run of the schedule takes this many rounds at the most. */
const ROUNDS_PER_RUN = 5_000;
/** Bare writes are sent by this many at once, about as many as the consumers have under way. */
const BARE_WIDTH = 64;

const { seed, quick, json, extra } = readArguments(USAGE, ['queues', 'consumers']);
const count = wholeNumber('queues', extra.queues ?? (quick ? '300' : '5000'));
const consumers = Math.max(1, wholeNumber('consumers', extra.consumers ?? '8'));
const solver = createMarketSolver();
const failures: string[] = [];

let writes = 0;
let bytes = 0;
const engine = await startTestTables({
  bundled: true,
  observe: (_table, item) => {
    writes += 1;
    bytes += JSON.stringify(item).length;
  },
});
try {
  const report = await measure(engine.tables);
  if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else print(report);
} finally {
  await engine.stop();
}
for (const failure of failures) process.stderr.write(`${failure}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

type Timed = { seconds: number; perSecond: number };
type Report = Awaited<ReturnType<typeof measure>>;

async function timed(work: () => Promise<number>): Promise<Timed> {
  const from = performance.now();
  const done = await work();
  const seconds = (performance.now() - from) / 1_000;
  return { seconds: rounded(seconds), perSecond: Math.round(done / seconds) };
}

function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

async function measure(tables: Tables) {
  const laid = await layQueues(tables, count, seed, (done) => progress(`laying queue ${done} of ${count}`));
  const messages: ToClear[] = [];
  const planning = await stepUntilDone(tables, CLOSES_AT, messages);
  expectAll('asked to clear', new Set(messages.map((message) => message.queue)).size);
  const clearing = await clearAll(tables, messages);
  await expectStates(tables, laid.queues, 'clearing', true);
  const math = await mathAlone(tables, laid.queues);
  const bare = await bareWrites(tables, clearing.writes, clearing.bytesPerWrite);
  const beginning = await stepUntilDone(tables, STARTS_AT, []);
  await expectStates(tables, laid.queues, 'active', true);
  return {
    bench: 'rounds',
    seed,
    machine: describeMachine(),
    queues: count,
    consumers,
    commitments: laid.commitments,
    bids: laid.bids,
    planning,
    clearing,
    math: { ...math, shareOfClearing: rounded(math.seconds / clearing.seconds, 3) },
    bareEngine: { ...bare, clearingTakesTimes: rounded(clearing.seconds / bare.seconds) },
    beginning,
  };
}

/** Runs of the schedule at one instant until nothing more is due. */
async function stepUntilDone(tables: Tables, now: number, messages: ToClear[]): Promise<Timed & { runs: number }> {
  let runs = 0;
  const time = await timed(async () => {
    for (let nextAt: number | null = now; nextAt !== null && nextAt <= now && runs < count; runs++) {
      const send = async (_queue: string, bodies: readonly unknown[]) => void messages.push(...(bodies as ToClear[]));
      nextAt = (await stepDueRounds({ tables: tables.metered(), now }, send)).nextAt;
      progress(`run ${runs + 1} at ${new Date(now).toISOString()}`);
    }
    return count;
  });
  const most = Math.ceil(count / ROUNDS_PER_RUN);
  if (runs > most) failures.push(`${count} rounds took ${runs} runs, more than ${most}`);
  return { ...time, runs };
}

/** Every message is one clearing, several at once, as the queue's consumers do it. */
async function clearAll(tables: Tables, messages: readonly ToClear[]) {
  const consumed = noConsumption();
  [writes, bytes] = [0, 0];
  let done = 0;
  const time = await timed(async () => {
    await mapConcurrent(messages, consumers, async ({ queue, round }) => {
      await clearRound({ tables: tables.metered(consumed), now: CLOSES_AT }, queue, round, solver);
      progress(`cleared ${++done} of ${messages.length}`);
    });
    return messages.length;
  });
  const perQueue = (sum: number) => rounded(sum / messages.length);
  return {
    ...time,
    writes,
    bytesPerWrite: Math.round(bytes / writes),
    writeUnitsPerQueue: perQueue(consumed.writeUnits),
    readUnitsPerQueue: perQueue(consumed.readUnits),
    callsPerQueue: perQueue(consumed.calls),
  };
}

/** The same clearings once more without any store: their inputs are read before the clock starts. */
async function mathAlone(tables: Tables, queues: readonly string[]): Promise<Timed> {
  const call = { tables, now: CLOSES_AT };
  const inputs = await mapConcurrent(queues, 16, async (queue) => {
    const round = await readRound(tables, queue, 1);
    if (round === undefined) throw new Error(`no round of ${queue}`);
    const [terms, commitments, bids] = [
      await termsOf(tables, round),
      await allCommitments(call, queue, 1),
      await allBids(call, queue, 1),
    ];
    return clearingInput(round, terms, commitments, bids, new Map());
  });
  return timed(async () => {
    for (const input of inputs) await clear(input, solver);
    return inputs.length;
  });
}

/** As many puts of items of the same size: the most that this engine gives anybody. */
async function bareWrites(tables: Tables, number: number, size: number): Promise<Timed> {
  const filling = 'x'.repeat(Math.max(1, size - 40));
  return timed(async () => {
    await mapConcurrent(Array.from({ length: number }), BARE_WIDTH, (_, i) =>
      tables.put('market', { pk: `BARE#${i % 997}`, sk: String(i), filling }),
    );
    return number;
  });
}

function expectAll(what: string, found: number): void {
  if (found !== count) failures.push(`${found} of ${count} queues were ${what}`);
}

async function expectStates(tables: Tables, queues: readonly string[], state: RoundState, isCleared: boolean) {
  const rounds = await mapConcurrent(queues, 16, (queue) => readRound(tables, queue, 1, { consistent: true }));
  const right = rounds.filter((round) => round?.state === state && (round.clearedAt !== null) === isCleared);
  expectAll(`${state} and cleared`, right.length);
}

function print(report: Report): void {
  const { planning, clearing, math, bareEngine, beginning } = report;
  const row = (name: string, time: Timed, note: string) => [name, `${time.seconds}`, `${time.perSecond}`, note];
  const runs = (of: { runs: number }) => `${of.runs} run${of.runs === 1 ? '' : 's'} of the schedule`;
  progress('');
  process.stdout.write(`${machineLine(report.machine)}
${report.queues} queues with ${report.commitments} commitments and ${report.bids} bids, ${report.consumers} clearings side by side, seed ${report.seed}

${renderTable(
  ['', 'seconds', 'per second', ''],
  [
    row('bidding closed', planning, runs(planning)),
    row('cleared', clearing, `${clearing.writes} writes of ${clearing.bytesPerWrite} bytes`),
    row('  the mathematics alone', math, `${Math.round(100 * math.shareOfClearing)} % of the clearing`),
    row('  as many bare writes', bareEngine, `clearing takes ${bareEngine.clearingTakesTimes} times as long`),
    row('begun, next round opened', beginning, runs(beginning)),
  ],
)}

per clearing: ${clearing.writeUnitsPerQueue} write units, ${clearing.readUnitsPerQueue} read units, ${clearing.callsPerQueue} calls
`);
}
