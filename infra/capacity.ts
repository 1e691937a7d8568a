/**
 * What a rate of confirmed requests needs of AWS, computed: shards, partitions, units a second, functions side by side, and
 * which quotas must be raised before. `CAPACITY.md` shows it, and a test holds the page to it.
 */
import { countersFor, shardsFor } from '../shared/dispatch/lane.ts';
import type { TableId } from '../shared/kernel/table.ts';
import { DAY } from '../shared/kernel/time.ts';
import { type FunctionSpec, functions, queues } from './topology.ts';

/** Write units of one confirmed request, by table and index: 15 in all. */
export const UNITS = {
  market: { table: 1 },
  requests: { table: 7, worklist: 2, list: 2 },
  ledger: { table: 1, byCompany: 1, byProvider: 1 },
} as const satisfies Record<TableId, { table: number } & Record<string, number>>;
const ALL_UNITS = Object.values(UNITS)
  .flatMap((parts): number[] => Object.values(parts))
  .reduce((sum, units) => sum + units, 0);
/** Calls over HTTP of one request that is sent and claimed singly. */
const CALLS = 5;
/** Of one call, in milliseconds: what `npm run bench:cost` counts at 768 MB, with some room. */
const MS_PER_CALL = 25;
const LOG_KB = 1.9;
/** Asked for above what is computed, since days have busy hours. */
const HEADROOM = 2;

/** What an account or a table has before anybody asks, in us-east-1. Look them up in Service Quotas: they grow. */
export const QUOTAS = {
  httpCalls: { title: 'API Gateway: calls a second of an account', most: 10_000 },
  concurrency: { title: 'Lambda: runs side by side of an account', most: 1_000 },
  tableWrites: { title: 'DynamoDB: write units a second of a table or index, on demand', most: 40_000 },
  newTableWrites: { title: 'DynamoDB: write units a second that a new table takes at once', most: 4_000 },
} as const;
export type Quota = keyof typeof QUOTAS;

/** A partition of a table or index takes so many write units a second, and keys that grow with time are never split. */
const PARTITION_WRITES = 1_000;
/** Waits of a sweep for a page of leases: the page, seven times three of a charge, eight side by side, the watermark. */
const PAGE = { leases: 50, waits: 23, waitMs: 5 } as const;
/** What a lease costs a pass in milliseconds of a processor, and the share of one that the function's memory gives. */
const SWEEP_PROCESSOR_MS = 0.7;
const SWEEP_SHARE = functions['queue-sweeps'].memoryMb / 1_769;
/** The passes over leases that have work every minute: ends, silence, posting. */
const PASSES = 3;

export type Capacity = {
  callsPerSecond: number;
  /** Of one lane, if a single provider served all; and of a day's leases. */
  shards: number;
  /** Of one company, if it sent all. */
  counters: number;
  /** Companies, and providers, at the least: each has lists that one partition takes. */
  parties: number;
  unitsPerSecond: number;
  /** Of the busiest table without its indexes. */
  tableUnitsPerSecond: number;
  callsAtOnce: number;
  sweepsAtOnce: number;
  /** Seconds of each minute that one pass over one full partition takes. */
  passSeconds: number;
  logGigabytesPerDay: number;
  /** To be raised to this before. */
  raise: Partial<Record<Quota, number>>;
};

/** What `perSecond` confirmed requests a second need, all in one queue. */
export function capacityFor(perSecond: number): Capacity {
  const perDay = (perSecond * DAY) / 1_000;
  const shards = shardsFor(perDay, DAY);
  const callsPerSecond = CALLS * perSecond;
  const callsAtOnce = Math.ceil((callsPerSecond * MS_PER_CALL) / 1_000);
  const batch = queues.sweeps.batchSize;
  const leaseMs = Math.max((PAGE.waits * PAGE.waitMs) / PAGE.leases, (batch * SWEEP_PROCESSOR_MS) / SWEEP_SHARE);
  const passSeconds = (((perSecond * 60) / shards) * leaseMs) / 1_000;
  const messages = shards * PASSES;
  const sweepsAtOnce = Math.ceil((messages * passSeconds) / 60 / batch);
  const tableUnitsPerSecond = perSecond * Math.max(...Object.values(UNITS).map(({ table }) => table));
  return {
    callsPerSecond,
    shards,
    counters: countersFor(perDay, DAY),
    parties: Math.max(1, Math.ceil(perSecond / PARTITION_WRITES)),
    unitsPerSecond: perSecond * ALL_UNITS,
    tableUnitsPerSecond,
    callsAtOnce,
    sweepsAtOnce,
    passSeconds: Math.ceil(passSeconds),
    logGigabytesPerDay: Math.ceil((perDay * LOG_KB) / 1_000_000),
    raise: raised({
      httpCalls: callsPerSecond,
      concurrency: callsAtOnce + sweepsAtOnce,
      tableWrites: tableUnitsPerSecond,
      newTableWrites: tableUnitsPerSecond,
    }),
  };
}

function raised(needed: Record<Quota, number>): Partial<Record<Quota, number>> {
  const wanted = Object.entries(needed).map(([name, amount]) => [name as Quota, HEADROOM * amount] as const);
  return Object.fromEntries(wanted.filter(([name, amount]) => amount > QUOTAS[name].most));
}

/** Reading what may be due of one queue, in milliseconds of a processor: its rounds, their terms, its lanes. */
const QUEUE_READ_MS = 3;
/** Rounds that the schedule steps in one run, and how long one takes: some calls to tables, sixteen rounds side by side. */
const ROUNDS_PER_RUN = 5_000;
const ROUND_STEP_MS = 30 / 16;
/** Clearings side by side that one may count on, and a small market's seconds: reading it, solving, writing the awards. */
const CLEARINGS_AT_ONCE = 100;
const CLEARING_SECONDS = 2;
const SQS_BATCH = 10;
const SEND_MS = 10;

export type ManyQueues = {
  /** Minutes until all rounds that close together are asked to clear. */
  steppedWithinMinutes: number;
  stepSeconds: number;
  clearedWithinSeconds: number;
  /** Seconds of the minute in which the sweeps' schedule reads all queues and sends its messages. */
  scheduleSeconds: number;
  sweepMessagesPerMinute: number;
};

/** What so many queues need whose rounds close at the same instant. */
export function manyQueues(count: number): ManyQueues {
  const runs = Math.ceil(count / ROUNDS_PER_RUN);
  return {
    steppedWithinMinutes: runs,
    stepSeconds: Math.ceil((Math.min(count, ROUNDS_PER_RUN) * ROUND_STEP_MS) / 1_000),
    clearedWithinSeconds: Math.ceil((count / CLEARINGS_AT_ONCE) * CLEARING_SECONDS),
    scheduleSeconds: Math.ceil((count * QUEUE_READ_MS + (count / SQS_BATCH) * SEND_MS) / 1_000),
    sweepMessagesPerMinute: count,
  };
}

/** The longest that a schedule's function may take. */
export const secondsOf = (name: 'schedule-sweeps' | 'schedule-rounds'): number =>
  (functions[name] satisfies FunctionSpec).timeoutSeconds;

export const RATES = [10, 1_000, 10_000] as const;

const number = (value: number): string => value.toLocaleString('en-US');

/** The page's table: one column for each rate. */
export function capacityTable(): string {
  const all = RATES.map((rate) => capacityFor(rate));
  const row = (title: string, cell: (one: Capacity) => string) => `| ${[title, ...all.map(cell)].join(' | ')} |`;
  const quota = (name: Quota) =>
    row(`${QUOTAS[name].title} (${number(QUOTAS[name].most)})`, ({ raise }) =>
      raise[name] === undefined ? 'enough' : `raise to ${number(raise[name])}`,
    );
  return [
    `| confirmed requests a second, in one queue | ${RATES.map(number).join(' | ')} |`,
    '|---|---|---|---|',
    row('calls over HTTP a second, sent and claimed singly', (one) => number(one.callsPerSecond)),
    row('shards of the lane of a provider that serves all', (one) => number(one.shards)),
    row('partitions of a day’s leases', (one) => number(one.shards)),
    row('slot counters of a company that sends all', (one) => number(one.counters)),
    row('companies, and providers, at the least', (one) => number(one.parties)),
    row('write units a second, all tables and indexes', (one) => number(one.unitsPerSecond)),
    row('of them in the table `requests` itself', (one) => number(one.tableUnitsPerSecond)),
    row('calls worked side by side', (one) => number(one.callsAtOnce)),
    row('sweeps’ runs side by side', (one) => number(one.sweepsAtOnce)),
    row('seconds of a minute for one pass over one partition', (one) => number(one.passSeconds)),
    row('gigabytes of log a day', (one) => number(one.logGigabytesPerDay)),
    ...(Object.keys(QUOTAS) as Quota[]).map(quota),
  ].join('\n');
}

/** The page's table of many queues. */
export function queuesTable(counts: readonly number[]): string {
  const all = counts.map((count) => manyQueues(count));
  const row = (title: string, cell: (one: ManyQueues) => number) =>
    `| ${[title, ...all.map((one) => number(cell(one)))].join(' | ')} |`;
  return [
    `| queues whose rounds close at the same instant | ${counts.map(number).join(' | ')} |`,
    `|---|${counts.map(() => '---|').join('')}`,
    row('minutes until all are asked to clear', (one) => one.steppedWithinMinutes),
    row('seconds of a run of `schedule-rounds`', (one) => one.stepSeconds),
    row(`seconds until all are cleared, ${CLEARINGS_AT_ONCE} side by side`, (one) => one.clearedWithinSeconds),
    row('seconds of each minute’s run of `schedule-sweeps`', (one) => one.scheduleSeconds),
    row('its messages a minute for lanes', (one) => one.sweepMessagesPerMinute),
  ].join('\n');
}
export const QUEUE_COUNTS = [100, 1_000, 10_000] as const;
