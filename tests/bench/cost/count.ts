/**
 * Counts what AWS would bill while the market works: units as the engine reports them, calls, runs of functions with their
 * processor time, messages, and the bytes of the lines that the functions and the API would write. Calls come one at a
 * time, so that what is seen during a run belongs to it.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { consumptionMetrics, logLine } from '../../../functions/lines.ts';
import type { Handler } from '../../../infra/local/lambda.ts';
import { loadMarket, type MarketParts } from '../../../infra/local/market-parts.ts';
import type { Marketplace, MarketplaceOptions } from '../../../infra/local/marketplace.ts';
import { ACCESS_LINE } from '../../../infra/stacks/access-line.ts';
import { type FunctionName, functions } from '../../../infra/topology.ts';
import { routes } from '../../../shared/api/registry.ts';
import { type TableConfig, Tables } from '../../../shared/kernel/table.ts';
import { threadMs } from '../support/stopwatch.ts';
import { BYTES_BESIDE_A_LINE, type Counted, gigabyteSecondsOf } from './prices.ts';

export type Amounts = Record<Counted, number>;
/** Amounts by what they were for: a route, a sweep, `authenticate`, `metrics`. */
export type Account = Map<string, Amounts>;

export const nothing = (): Amounts => ({
  writeUnits: 0,
  readUnits: 0,
  httpCalls: 0,
  invocations: 0,
  gigabyteSeconds: 0,
  queueRequests: 0,
  logBytes: 0,
});

/** An id as API Gateway makes them; those of one machine are longer. */
const CALL_ID = 'JKJaXmPLvHcESHA=';
/** SQS takes and gives ten messages at the most at once. */
const SQS_BATCH = 10;
/** Sent, received and deleted. */
const REQUESTS_PER_BATCH = 3;

type Event = { routeKey?: string };
type Response = { statusCode?: number; headers?: Record<string, string>; body?: string };

export class Counter {
  private account: Account = new Map();
  private current = 'outside';
  private inFlight = 0;
  private waits = 0;
  /** Bytes of answers, and runs of functions with their processor time: what explains the sums. */
  answered = 0;
  readonly seen = { runs: 0, processorMs: 0, waits: 0 };
  private readonly metrics = consumptionMetrics(
    (line) => this.add('metrics', { logBytes: bytesOf(line) }),
    () => Date.now(),
  );

  /** What the marketplace is opened with, so that the functions behind its API are counted. */
  readonly load: NonNullable<MarketplaceOptions['load']> = async (runtime) => this.counted(await loadMarket(runtime));

  private counted(parts: MarketParts): MarketParts {
    const handlers = [...parts.handlers].map(([name, handler]) => [name, this.watched(name, handler)] as const);
    return { ...parts, handlers: new Map(handlers) };
  }

  private watched(name: FunctionName, handler: Handler): Handler {
    if (!name.startsWith('api-')) return handler;
    return async (event, context) => {
      const { routeKey = '' } = event as Event;
      const step = routes.find(({ method, path }) => `${method} ${path}` === routeKey)?.id ?? routeKey;
      const answer = await this.run(step, functions[name].memoryMb, () => handler(event, context));
      const { statusCode = 0, headers = {}, body = '' } = answer as Response;
      this.answered += JSON.stringify(headers).length + Buffer.byteLength(body);
      this.add(step, { httpCalls: 1, invocations: 1, logBytes: bytesOf(accessLine(routeKey, statusCode)) });
      return answer;
    };
  }

  /** Does some work as a function of so much memory would, and counts its gigabyte-seconds. */
  async run<T>(step: string, memoryMb: number, work: () => Promise<T>): Promise<T> {
    const [outer, waitsBefore, msBefore] = [this.current, this.waits, threadMs()];
    this.current = step;
    try {
      return await work();
    } finally {
      this.current = outer;
      const one = { memoryMb, processorMs: threadMs() - msBefore, waits: this.waits - waitsBefore };
      this.add(step, { gigabyteSeconds: gigabyteSecondsOf(one) });
      this.seen.runs += 1;
      this.seen.processorMs += one.processorMs;
      this.seen.waits += one.waits;
    }
  }

  /** From now on sees what the marketplace's functions read, write, send and log. */
  watch({ runtime }: Marketplace): void {
    const config = runtime.tables.owner as TableConfig;
    const send = runtime.send.bind(runtime);
    const client = {
      send: async (command: Parameters<DynamoDBClient['send']>[0]) => {
        if (this.inFlight++ === 0) this.waits += 1;
        return config.client.send(command).finally(() => {
          this.inFlight -= 1;
        });
      },
    } as unknown as DynamoDBClient;
    runtime.tables = new Tables({ ...config, client });
    runtime.send = (queue, bodies) => {
      this.add(this.current, { queueRequests: REQUESTS_PER_BATCH * Math.ceil(bodies.length / SQS_BATCH) });
      return send(queue, bodies);
    };
    runtime.log = (level, message, fields) => {
      const line = logLine(level, message, fields?.callId === undefined ? fields : { ...fields, callId: CALL_ID });
      this.add(this.current, { logBytes: bytesOf(line) });
    };
    runtime.recordConsumption = (command, consumed) => {
      const { writeUnits, readUnits } = consumed;
      this.add(command, { writeUnits, readUnits });
      this.metrics.record(command, consumed);
    };
  }

  private add(step: string, amounts: Partial<Amounts>): void {
    const sum = this.account.get(step) ?? nothing();
    this.account.set(step, sum);
    for (const [name, amount] of Object.entries(amounts) as [Counted, number][]) sum[name] += amount;
  }

  /** What came since the last time. */
  take(): { account: Account; answered: number; seen: { runs: number; processorMs: number; waits: number } } {
    this.metrics.flushAll();
    const taken = { account: this.account, answered: this.answered, seen: { ...this.seen } };
    this.account = new Map();
    this.answered = 0;
    Object.assign(this.seen, { runs: 0, processorMs: 0, waits: 0 });
    return taken;
  }
}

/** The line that API Gateway would write of a call. */
function accessLine(routeKey: string, status: number): string {
  const values: Record<string, string> = {
    '$context.requestId': CALL_ID,
    '$context.routeKey': routeKey,
    '$context.status': String(status),
    '$context.responseLatency': '25',
  };
  return JSON.stringify(
    Object.fromEntries(Object.entries(ACCESS_LINE).map(([name, variable]) => [name, values[variable] ?? '-'])),
  );
}

const bytesOf = (line: string): number => Buffer.byteLength(line) + BYTES_BESIDE_A_LINE;
