/**
 * `npm run bench:dispatch`: requests through the public API of the marketplace on one machine, beside the bare speed of its
 * engine; what a claim costs as the backlog grows; how far from the earliest deadline a claim is as shards are added. What
 * must hold whatever the speed is checked, and a failure ends with 1.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { tables } from '../../../infra/topology.ts';
import { type TableConfig, Tables } from '../../../shared/kernel/table.ts';
import { COMMON_HELP, progress, readArguments, wholeNumber } from '../support/arguments.ts';
import { describeMachine } from '../support/machine.ts';
import { median, quantile } from '../support/stats.ts';
import { renderTable } from '../support/table.ts';
import { layBacklog, type Model, readModel } from './backlog.ts';
import { type Bare, bareWriter, listedItems, textItems } from './bare.ts';
import { CLAIMED_AT_ONCE, claimAll, claimInTurn, IN_FLIGHT, type Life, send, type Target, type Turn } from './load.ts';
import type { LoadData, LoadOrder } from './load-worker.ts';
import { type BenchMarket, openBenchMarket } from './market.ts';
import { microsEach, NO_SHARES, processorTime, type Shares, sharesSince, sharesTogether } from './processor.ts';

const USAGE = `npm run bench:dispatch -- [options]
  --requests N     requests sent, claimed, resolved and confirmed (default 4000, with --quick 400)
  --backlog N      the larger backlog; the smaller is a hundredth (default 100000, with --quick 5000)
${COMMON_HELP}`;
const { seed, quick, json, extra } = readArguments(USAGE, ['requests', 'backlog']);
const count = wholeNumber('requests', extra.requests ?? (quick ? '400' : '4000'));
const large = wholeNumber('backlog', extra.backlog ?? (quick ? '5000' : '100000'));
const SHARDS = [1, 4, 16];
/** Claims of five that are timed before each backlog. */
const TIMED_CLAIMS = quick ? 5 : 100;
/** Requests that wait for each provider where the order of claims is measured. */
const RANKED = quick ? 50 : 250;
/** Lives and bare writes take turns, so that what else the machine does falls on both. */
const TURNS = 5;
const COMPANIES = 4;
const PROVIDERS = 4;

const failures: string[] = [];
const market = await openBenchMarket({ companies: COMPANIES, providers: PROVIDERS, volume: 4 * count + 1_000 });
const load = await startLoad(market);
try {
  const report = await measure(market);
  if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else print(report);
} finally {
  await load.stop();
  await market.stop();
}
for (const failure of failures) process.stderr.write(`${failure}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

type Report = Awaited<ReturnType<typeof measure>>;

async function measure(market: BenchMarket) {
  const target = targetOf(market);
  await liveThrough(market, Math.ceil(count / 10), 'warm');
  const before = unitsOf(market);
  const lives: Measured[] = [];
  const bare = bareWriter(market.marketplace.runtime.tables, load.processor);
  const listed = bareWriter(market.marketplace.runtime.tables, load.processor);
  for (let turn = 1; turn <= TURNS; turn++) {
    const one = await liveThrough(market, Math.ceil(count / TURNS), `life ${turn}`);
    lives.push(one);
    progress(`${one.writes} bare writes`);
    const bytes = one.bytes / one.writes;
    await bare.write(textItems(`${turn}`, one.writes, bytes));
    await listed.write(listedItems(`${turn}`, one.writes, bytes, one.entries));
  }
  const life = sumOf(lives, unitsSince(market, before, count));
  const [[, request] = [0, '']] = await send(target, 1, 'model');
  const model = await readModel(market, request);
  const ranks = [];
  for (const shards of SHARDS) ranks.push(await rankErrors(market, model, shards));
  const backlogs = [];
  for (const waiting of [Math.ceil(large / 100), large]) {
    progress(`laying a backlog of ${waiting}`);
    await layBacklog(market, model, { count: waiting, shards: 1, seed });
    backlogs.push({ waiting, ...(await timedClaims(market, `${waiting} waiting`)) });
  }
  return {
    bench: 'dispatch',
    seed,
    machine: describeMachine(),
    requests: count,
    inFlight: IN_FLIGHT,
    claimedAtOnce: CLAIMED_AT_ONCE,
    life,
    bare: besides(life, bare.all),
    listed: besides(life, listed.all),
    backlogs,
    flatness: rounded(backlogs[1]!.medianMs / backlogs[0]!.medianMs),
    ranks,
  };
}

/** As many bare writes beside the lives. */
function besides(life: { seconds: number; writes: number }, { seconds, processor }: Bare) {
  return {
    seconds: rounded(seconds),
    writesPerSecond: Math.round(life.writes / seconds),
    ratio: rounded(seconds / life.seconds),
    processorMicros: microsEach(processor, count),
  };
}

function targetOf({ marketplace, companies, providers, queue }: BenchMarket): Target {
  const { clock, runtime } = marketplace;
  return { companies, providers, queue, now: clock.now(), signingKey: runtime.signingKey };
}

/** A turn that is claimed while another holds the same request is a failure of the market. */
function holdings() {
  const held = new Set<string>();
  let doubles = 0;
  return {
    take: (turns: readonly Turn[]) => {
      for (const { request } of turns) {
        if (held.has(request)) doubles += 1;
        held.add(request);
      }
    },
    count: () => held.size,
    doubles: () => doubles,
  };
}

type Measured = Life & { writes: number; entries: number; bytes: number; processor: Shares };

async function liveThrough(market: BenchMarket, number: number, prefix: string): Promise<Measured> {
  progress(`${prefix}: ${number} requests`);
  const watched = watchWrites(market);
  const before = await load.processor();
  const life = await load.run({ count: number, prefix });
  const processor = sharesSince(before, await load.processor());
  if (life.held !== number) failures.push(`${prefix}: ${life.held} of ${number} requests were claimed`);
  if (life.doubleHolds > 0) failures.push(`${prefix}: ${life.doubleHolds} requests were held twice`);
  return { ...life, ...watched(), processor };
}

/** Starts the thread of the load. */
async function startLoad({ marketplace, companies, providers, queue }: BenchMarket) {
  const secrets = (members: readonly { secret: string }[]) => members.map(({ secret }) => secret);
  const data: LoadData = {
    baseUrl: marketplace.baseUrl,
    companies: secrets(companies),
    providers: secrets(providers),
    queue,
    now: marketplace.clock.now(),
    signingKey: marketplace.runtime.signingKey,
  };
  const worker = new Worker(new URL('load-worker.ts', import.meta.url), { workerData: data });
  await once(worker, 'online');
  const engine = enginePid(marketplace.folder.file('engine.pid'));
  return {
    run: async (order: LoadOrder): Promise<Life> => {
      worker.postMessage(order);
      const [life] = (await once(worker, 'message')) as [Life];
      return life;
    },
    processor: () => processorTime(worker, engine),
    stop: () => worker.terminate(),
  };
}

/** The process of the bundled engine; null where another one was given. */
function enginePid(record: string): number | null {
  return process.env.AWS_ENDPOINT_URL_DYNAMODB ? null : Number(readFileSync(record, 'utf8'));
}

function sumOf(lives: readonly Measured[], units: ReturnType<typeof unitsSince>) {
  const sum = (of: 'seconds' | 'writes' | 'entries' | 'bytes' | 'doubleHolds') =>
    lives.reduce((all, life) => all + life[of], 0);
  const claims = lives.flatMap((life) => life.claims);
  return {
    seconds: rounded(sum('seconds')),
    perSecond: Math.round(count / sum('seconds')),
    writes: sum('writes'),
    entries: sum('entries'),
    bytesPerWrite: Math.round(sum('bytes') / sum('writes')),
    units,
    processorMicros: microsEach(lives.map(({ processor }) => processor).reduce(sharesTogether, NO_SHARES), count),
    claimMs: { p50: rounded(median(claims)), p99: rounded(quantile(claims, 0.99)) },
    doubleHolds: sum('doubleHolds'),
  };
}

/** Counts what is written from now on, and in how many indexes each item stands; the answer ends the counting. */
function watchWrites({ marketplace: { runtime } }: BenchMarket) {
  const before = runtime.tables;
  const config = before.owner as TableConfig;
  const sums = { writes: 0, entries: 0, bytes: 0 };
  runtime.tables = new Tables({
    ...config,
    observe: (table, item) => {
      sums.writes += 1;
      sums.entries += Object.values(tables[table].indexes).filter(({ pk }) => item[pk] !== undefined).length;
      sums.bytes += JSON.stringify(item).length;
      config.observe?.(table, item);
    },
  });
  return () => {
    runtime.tables = before;
    return sums;
  };
}

/** Units that all commands consumed so far, and what came since an earlier answer, by command and in all. */
type Units = ReadonlyMap<string, { write: number; read: number }>;

function unitsOf({ marketplace }: BenchMarket): Units {
  const { commands } = marketplace.consumption();
  return new Map(
    commands.map(({ command, writeUnits, readUnits }) => [command, { write: writeUnits, read: readUnits }]),
  );
}

function unitsSince(market: BenchMarket, before: Units, per: number) {
  const commands = [...unitsOf(market)].flatMap(([command, { write, read }]) => {
    const earlier = before.get(command) ?? { write: 0, read: 0 };
    const units = {
      command,
      write: rounded((write - earlier.write) / per),
      read: rounded((read - earlier.read) / per),
    };
    return units.write + units.read === 0 ? [] : [units];
  });
  const sum = (of: 'write' | 'read') => rounded(commands.reduce((all, units) => all + units[of], 0));
  return { write: sum('write'), read: sum('read'), commands };
}

/** Claims of five from the lanes as they stand; what is claimed stays held. */
async function timedClaims(market: BenchMarket, what: string) {
  progress(`claiming, ${what}`);
  const held = holdings();
  const before = unitsOf(market);
  const times = await claimAll(targetOf(market), TIMED_CLAIMS * CLAIMED_AT_ONCE, async (turns) => held.take(turns));
  const { write, read } = unitsSince(market, before, times.length);
  if (held.doubles() > 0) failures.push(`${what}: ${held.doubles()} requests were held twice`);
  return {
    claims: times.length,
    medianMs: rounded(median(times)),
    p99Ms: rounded(quantile(times, 0.99)),
    writeUnits: write,
    readUnits: read,
  };
}

/** Claims of one, one at a time, until the lanes are empty: how many of its lane waited with an earlier deadline. */
async function rankErrors(market: BenchMarket, model: Model, shards: number) {
  progress(`claiming one by one from ${shards} shards`);
  const backlog = await layBacklog(market, model, { count: RANKED * PROVIDERS, shards, seed });
  const errors: number[] = [];
  await claimInTurn(targetOf(market), ({ provider, request }) => {
    const waiting = backlog[provider]!;
    const deadline = waiting.get(request);
    // The model itself, which waits as well.
    if (deadline === undefined) return;
    errors.push([...waiting.values()].filter((other) => other < deadline).length);
    waiting.delete(request);
  });
  if (errors.length !== RANKED * PROVIDERS)
    failures.push(`${shards} shards: ${errors.length} of ${RANKED * PROVIDERS} waiting requests were claimed`);
  if (shards === 1 && errors.some((error) => error > 0))
    failures.push('one shard: a claim did not take the earliest deadline');
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  return { shards, waiting: RANKED, mean: rounded(mean), p99: quantile(errors, 0.99), most: Math.max(...errors) };
}

function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

function besideRow(what: string, { seconds, writesPerSecond, ratio }: Report['bare'], how: string): string[] {
  return [what, `${seconds}`, `${writesPerSecond}`, `${ratio} of the time that the lives take, ${how}`];
}

function print(report: Report): void {
  const { life, bare, listed, backlogs, ranks, machine } = report;
  progress('');
  process.stdout.write(`Node ${machine.node.slice(1)} · ${machine.processor} · ${machine.cores} cores, shared by the market, its engine and the load
${report.requests} requests sent, claimed by ${CLAIMED_AT_ONCE}, beaten once, resolved and confirmed over HTTP, ${IN_FLIGHT} calls in flight, seed ${report.seed}

${renderTable(
  ['', 'seconds', 'per second', ''],
  [
    [
      'whole lives',
      `${life.seconds}`,
      `${life.perSecond}`,
      `${life.writes} writes of ${life.bytesPerWrite} bytes, with ${life.entries} entries in indexes`,
    ],
    besideRow('  as many bare writes', bare, 'without the entries'),
    besideRow('  as many, in as many indexes', listed, 'as the lives write them'),
  ],
)}

${renderTable(
  ['microseconds of a processor per request', 'market', 'load', 'engine', 'collecting, compiling', 'in all'],
  [
    ['whole lives', life.processorMicros] as const,
    ['  as many bare writes', bare.processorMicros] as const,
    ['  as many, in as many indexes', listed.processorMicros] as const,
  ].map(([what, { market, load, engine, others }]) => [
    what,
    ...[market, load, engine, others, market + load + engine + others].map(String),
  ]),
)}

${renderTable(
  ['units per request', 'written', 'read'],
  [...life.units.commands, { command: 'in all, but for the charge a week later', ...life.units }].map((one) =>
    [one.command, one.write, one.read].map(String),
  ),
)}
claims of ${CLAIMED_AT_ONCE}: p50 ${life.claimMs.p50} ms, p99 ${life.claimMs.p99} ms; held twice: ${life.doubleHolds}

${renderTable(
  ['waiting', 'claims', 'p50 ms', 'p99 ms', 'write units', 'read units'],
  backlogs.map((one) => [one.waiting, one.claims, one.medianMs, one.p99Ms, one.writeUnits, one.readUnits].map(String)),
)}
a claim takes ${report.flatness} times as long from the larger backlog

${renderTable(
  ['shards', 'waiting per lane', 'earlier ones passed over: mean', 'p99', 'most'],
  ranks.map((one) => [one.shards, one.waiting, one.mean, rounded(one.p99), one.most].map(String)),
)}
`);
}
