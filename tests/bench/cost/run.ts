/**
 * `npm run bench:cost`: what a million confirmed requests would cost on AWS and where each cent goes, from what is counted
 * on the marketplace of one machine. Targets that are missed end with 1.
 */
import { allDue, runDue } from '../../../functions/sweeps.ts';
import { type TableConfig, type TableId, Tables } from '../../../shared/kernel/table.ts';
import { DAY } from '../../../shared/kernel/time.ts';
import { everyItem } from '../../support/every-item.ts';
import { type BenchMarket, openBenchMarket } from '../dispatch/market.ts';
import { COMMON_HELP, progress, readArguments, wholeNumber } from '../support/arguments.ts';
import { describeMachine } from '../support/machine.ts';
import { renderTable } from '../support/table.ts';
import { type Account, type Amounts, Counter, nothing } from './count.ts';
import { IN_BATCHES, live, type Manner, SINGLY } from './lives.ts';
import {
  APART_PRICES,
  AS_OF,
  type Counted,
  KEPT_PRICES,
  PRICES,
  REGION,
  TABLE_ANSWERS_AFTER_MS,
  TRACED_SHARE,
  usdOf,
} from './prices.ts';

const USAGE = `npm run bench:cost -- [options]
  --requests N     requests taken through their lives, in each manner (default 1000, with --quick 200)
${COMMON_HELP}`;
const { seed, quick, json, extra } = readArguments(USAGE, ['requests']);
const count = wholeNumber('requests', extra.requests ?? (quick ? '200' : '1000'));

const MILLION = 1_000_000;
/** What a million confirmed requests may cost in US dollars, edge apart. */
const TARGETS = { single: 18, batched: 15 } as const;
/** After this the reopen window is over and the charge is posted. */
const UNTIL_POSTED_MS = 8 * DAY;
const MINUTES_A_MONTH = (365 * 24 * 60) / 12;
const COUNTED = Object.keys(PRICES) as Counted[];
const HEADS: Record<Counted, string> = {
  writeUnits: 'written',
  readUnits: 'read',
  httpCalls: 'HTTP',
  invocations: 'runs',
  gigabyteSeconds: 'GB-seconds',
  queueRequests: 'SQS',
  logBytes: 'log',
};
const TABLES: readonly TableId[] = ['market', 'requests', 'ledger'];

const counter = new Counter();
const market = await openBenchMarket({ companies: 1, providers: 1, volume: 4 * count + 1_000 }, { load: counter.load });
try {
  counter.watch(market.marketplace);
  const report = await measure(market);
  if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else print(report);
  const missed = [report.single, report.batched].filter(({ reached }) => !reached);
  for (const { name, usd, target } of missed)
    process.stderr.write(`${name}: ${usd} USD per million requests, more than ${target}\n`);
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  await market.stop();
}

type Report = Awaited<ReturnType<typeof measure>>;

async function measure(market: BenchMarket) {
  progress('warming up');
  await live(market, Math.ceil(count / 4), 'warm', SINGLY);
  await live(market, Math.ceil(count / 4), 'warm-batch', IN_BATCHES);
  await settle(market);
  counter.take();
  const before = await storedBytes(market);
  const single = await lifeOf(market, 'single', SINGLY);
  const kept = ((await storedBytes(market)) - before) / count;
  const batched = await lifeOf(market, 'batched', IN_BATCHES);
  return {
    bench: 'cost',
    seed,
    machine: describeMachine(),
    requests: count,
    region: REGION,
    pricesAsOf: AS_OF,
    tableAnswersAfterMs: TABLE_ANSWERS_AFTER_MS,
    single,
    batched,
    kept: {
      bytesPerRequest: Math.round(kept),
      usdPerMonth: cents(MILLION * (usdOf(KEPT_PRICES.storedBytes, kept) + usdOf(KEPT_PRICES.recoverableBytes, kept))),
    },
    idle: await idleMinute(market),
  };
}

/** Lives in one manner with their sweeps, the account of both, and what a million of them costs. */
async function lifeOf(market: BenchMarket, name: 'single' | 'batched', manner: Manner) {
  progress(`${count} requests, ${name}`);
  await live(market, count, name, manner);
  const { account, answered, seen } = counter.take();
  await settle(market);
  const rows = rowsOf([...account, ...counter.take().account]);
  const amounts = sumOf(rows.map((row) => row.amounts));
  const usd = cents(rows.reduce((sum, row) => sum + row.usd, 0));
  return {
    name,
    ...manner,
    rows,
    amounts,
    usd,
    target: TARGETS[name],
    reached: usd <= TARGETS[name],
    apart: apartOf(amounts, answered / count),
    perRun: { processorMs: rounded(seen.processorMs / seen.runs), waits: rounded(seen.waits / seen.runs) },
  };
}

/** The sweeps that post the charges, as one function would run them. */
async function settle(market: BenchMarket): Promise<void> {
  await counter.run('sweep', 1_024, () => market.time.reach(market.time.now() + UNTIL_POSTED_MS));
}

/** By what it was for, per request, the dearest first. Sweeps are one row. */
function rowsOf(account: readonly (readonly [string, Amounts])[]) {
  const merged: Account = new Map();
  for (const [step, amounts] of account) {
    const name = nameOf(step);
    merged.set(name, sumOf([merged.get(name) ?? nothing(), amounts]));
  }
  const each = (amounts: Amounts): Amounts =>
    Object.fromEntries(COUNTED.map((name) => [name, rounded(amounts[name] / count, 6)])) as Amounts;
  return [...merged]
    .map(([step, sum]) => ({ step, amounts: each(sum), usd: usdPerMillion(each(sum)) }))
    .sort((a, b) => b.usd - a.usd || (a.step < b.step ? -1 : 1));
}

/** What runs besides the calls of a life while the clock is moved: all that falls due in these days. */
function nameOf(step: string): string {
  if (/^(?:sweep|finance|outside|schedule|advanceClock)/.test(step)) return 'sweeps, the charge among them';
  return step === 'metrics' ? 'metrics of all' : step;
}

function usdPerMillion(amounts: Amounts): number {
  return COUNTED.reduce((sum, name) => sum + MILLION * usdOf(PRICES[name], amounts[name]), 0);
}

function sumOf(all: readonly Amounts[]): Amounts {
  const sum = nothing();
  for (const amounts of all) for (const name of COUNTED) sum[name] += amounts[name];
  return sum;
}

function apartOf({ httpCalls, invocations }: Amounts, bytes: number) {
  const { edgeCalls, wafCalls, edgeBytes, traces } = APART_PRICES;
  return {
    edgeCalls: cents(MILLION * usdOf(edgeCalls, httpCalls)),
    waf: cents(MILLION * usdOf(wafCalls, httpCalls)),
    edgeBytes: cents(MILLION * usdOf(edgeBytes, bytes)),
    traces: cents(MILLION * usdOf(traces, invocations * TRACED_SHARE)),
  };
}

/** What the schedules read and send in a minute in which nothing is due, and what a month of such minutes costs. */
async function idleMinute({ marketplace: { runtime, clock } }: BenchMarket) {
  const tables = runtime.tables.metered();
  const due = (await allDue(tables, clock.now())).filter(({ at }) => at <= clock.now());
  counter.take();
  for (const { due: one } of due) await runDue(runtime, one, clock.now());
  const { account } = counter.take();
  const swept = sumOf([...account.values()]);
  const readUnits = tables.consumed.readUnits + swept.readUnits;
  const batches = Math.ceil(due.length / 10);
  const usd =
    usdOf(PRICES.readUnits, readUnits) +
    usdOf(PRICES.writeUnits, tables.consumed.writeUnits + swept.writeUnits) +
    usdOf(PRICES.queueRequests, 3 * batches) +
    usdOf(PRICES.invocations, batches + 2);
  return { messages: due.length, readUnits: rounded(readUnits), usdPerMonth: cents(usd * MINUTES_A_MONTH) };
}

/** Bytes of all items as DynamoDB counts them, nearly: names and values, and a hundred for each item and each index entry. */
async function storedBytes({ marketplace: { runtime } }: BenchMarket): Promise<number> {
  const { client, names } = runtime.tables.owner as TableConfig;
  const plain = new Tables({ client, names });
  let bytes = 0;
  for (const table of TABLES)
    for (const item of await everyItem(plain, table))
      bytes += JSON.stringify(item).length + 100 * (1 + indexesOf(item));
  return bytes;
}

function indexesOf(item: Record<string, unknown>): number {
  return ['opk', 'dpk', 'wpk', 'lpk', 'cpk', 'ppk'].filter((key) => key in item).length;
}

function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

function cents(usd: number): number {
  return rounded(usd, 2);
}

function print(report: Report): void {
  progress('');
  const { single, batched, kept, idle, machine } = report;
  const amount = (name: Counted, value: number) => String(rounded(value, name === 'gigabyteSeconds' ? 4 : 2));
  const usdIn = (name: Counted, value: number) => rounded(MILLION * usdOf(PRICES[name], value)).toFixed(2);
  process.stdout.write(
    `Node ${machine.node.slice(1)} · ${machine.processor} · prices of ${report.region}, ${report.pricesAsOf}, on demand, no free tier\n`,
  );
  for (const life of [single, batched]) {
    const { rows, amounts, usd, target, reached, apart, perRun } = life;
    process.stdout.write(`
${life.sent === 1 ? 'Sent and claimed one at a time' : `Sent by ${life.sent}, claimed by ${life.claimed}`}: ${usd.toFixed(2)} USD per million confirmed requests; the target of at most ${target} is ${reached ? 'reached' : 'missed'}

${renderTable(
  ['US dollars per million', ...COUNTED.map((name) => HEADS[name]), 'in all'],
  [
    ...rows.map((row) => [row.step, ...COUNTED.map((name) => usdIn(name, row.amounts[name])), row.usd.toFixed(2)]),
    ['in all', ...COUNTED.map((name) => usdIn(name, amounts[name])), usd.toFixed(2)],
    ['amount for one request', ...COUNTED.map((name) => amount(name, amounts[name])), ''],
  ],
)}
Apart: CloudFront ${apart.edgeCalls.toFixed(2)}, its bytes ${apart.edgeBytes.toFixed(2)}, WAF ${apart.waf.toFixed(2)}; X-Ray at most ${apart.traces.toFixed(2)}.
A run took ${perRun.processorMs} ms of this machine's processor and waited ${perRun.waits} times for tables.
`);
  }
  process.stdout.write(`
GB-seconds: the processor time measured on this machine, at Lambda's share of a processor for the function's memory, and ${report.tableAnswersAfterMs} ms for
each wait, which is assumed: no table of AWS was asked. Warm runs; callers are remembered for five seconds, as in a busy process.
What a request leaves behind, ${kept.bytesPerRequest} bytes, costs ${kept.usdPerMonth.toFixed(2)} USD per million requests and month it is kept.
While nothing is due, this market's sweeps send ${idle.messages} messages a minute and read ${idle.readUnits} units: ${idle.usdPerMonth.toFixed(2)} USD a month.
`);
}
