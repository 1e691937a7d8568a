/**
 * The market's part of a month's close in a process of its own, whose memory is what is measured: the steps of the close as
 * its sweep takes them, and its invoices as the consumer of `stripe-out` works them. Asked so, it then works what Stripe told.
 */
import { closeParts } from '../../../functions/close.ts';
import { handler as stripeIn } from '../../../functions/queue/stripe-in.ts';
import { handler as stripeOut } from '../../../functions/queue/stripe-out.ts';
import { provideRuntime, type Runtime } from '../../../functions/runtime.ts';
import { handlerOf } from '../../../functions/stripe-in.ts';
import { stripeCall } from '../../../functions/stripe-out.ts';
import { tableClient } from '../../../infra/local/tables.ts';
import { queues } from '../../../infra/topology.ts';
import { approveClose, readClose, startClose } from '../../../shared/close/close.store.ts';
import { type CloseParts, stepClose } from '../../../shared/close/step.store.ts';
import { type Call, mapConcurrent } from '../../../shared/kernel/call.ts';
import type { QueueName } from '../../../shared/kernel/message.ts';
import { noConsumption, type TableId, Tables } from '../../../shared/kernel/table.ts';
import { keepBalances, trialBalance } from '../../../shared/ledger/trial-balance.store.ts';
import { keepSince } from '../../../shared/stripe-event/sweep.store.ts';
import { openMeter } from './memory.ts';

export type CloseOrder = {
  endpoint: string;
  names: Record<TableId, string>;
  stripe: { secretKey: string; port: number };
  period: string;
  /** When it begins, by the market clock. */
  now: number;
  /** The stand-in's clock, which stands. */
  stripeNow: number;
};
export type CloseReport = Awaited<ReturnType<typeof close>>;
/** Events of Stripe's that are handled, and how many of them were worked. */
export type EventsReport = { events: number; worked: number; seconds: number };

/** So many say what one takes. */
const MOST_EVENTS = 2_000;

const order = JSON.parse(process.argv[2] ?? '') as CloseOrder;
const { period } = order;
let now = order.now;
const consumed = noConsumption();
const connection = tableClient(order.endpoint, { signs: false });
const waiting: { queue: QueueName; body: unknown }[] = [];
const runtime = {
  tables: new Tables({ client: connection.client, names: order.names }),
  clock: { now: () => now },
  send: async (queue: QueueName, bodies: readonly unknown[]) =>
    void waiting.push(...bodies.map((body) => ({ queue, body }))),
  stripeAccess: async () => ({ secretKey: order.stripe.secretKey, standIn: { port: order.stripe.port } }),
  recordConsumption: (_command, { calls, readUnits, writeUnits }) => {
    consumed.calls += calls;
    consumed.readUnits += readUnits;
    consumed.writeUnits += writeUnits;
  },
  log: (level, message, fields) => {
    if (level === 'error') throw new Error(`${message}: ${JSON.stringify(fields)}`);
  },
  // What a close never uses.
} as Partial<Runtime> as Runtime;
provideRuntime(runtime);

process.once('message', (what) => (what === 'follow up' ? void followUp() : end()));
process.send?.(await close());

/** One step, or one page of companies, at a time, so that each is timed and measured by itself. */
async function close() {
  const meter = openMeter();
  const parts: CloseParts = { ...closeParts(runtime), mayGoOn: () => false };
  const call = await stripeCall(runtime);
  // As the sweep of finance does once a day, before all else.
  await meter.during('balances', () => keepBalances(call));
  const balance = await readBalance(call);
  done(await startClose(call, 'maker', period));
  let messages = 0;
  for (;;) {
    const { state } = (await readClose(call, period)) ?? { state: 'done' };
    if (state === 'done') break;
    if (state === 'approve') done(await approveClose({ ...call, now }, 'checker', period));
    else {
      const nextAt = await meter.during(state, () => stepClose({ ...call, now }, period, parts));
      now = Math.max(now, nextAt ?? now);
    }
    const bodies = taken('stripe-out');
    messages += bodies.length;
    if (bodies.length > 0) await meter.during('messages', () => work('stripe-out', bodies));
  }
  runtime.recordConsumption('close', call.tables.consumed);
  return { ...meter.stop(), messages, consumed, balance };
}

/** The trial balance before the month is closed: how many entries it is of, and how long it takes to read once they are added up. */
async function readBalance(call: Call): Promise<{ entries: number; seconds: number }> {
  const from = performance.now();
  const balance = await trialBalance(call, period, 'USD');
  if (!balance.ok) throw new Error(balance.detail);
  return { entries: balance.value.entries, seconds: (performance.now() - from) / 1_000 };
}

/** All messages that wait; those of other queues are left to others. */
function taken(queue: QueueName): unknown[] {
  return waiting.splice(0).flatMap((message) => (message.queue === queue ? [message.body] : []));
}

/** Batches as SQS gives them, to as many consumers as the topology allows at once. */
async function work(queue: 'stripe-out' | 'stripe-in', bodies: readonly unknown[]): Promise<void> {
  const { batchSize, mostConsumers = 1 } = queues[queue] as { batchSize: number; mostConsumers?: number };
  const batches = Array.from({ length: Math.ceil(bodies.length / batchSize) }, (_, i) =>
    bodies.slice(i * batchSize, (i + 1) * batchSize),
  );
  const handler = queue === 'stripe-out' ? stripeOut : stripeIn;
  await mapConcurrent(batches, mostConsumers, async (batch, b) => {
    const Records = batch.map((body, i) => ({ messageId: `${b}-${i}`, body: JSON.stringify(body), attributes: {} }));
    const { batchItemFailures } = await handler({ Records } as never);
    if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} messages of ${queue} failed`);
  });
}

/** Finds what Stripe told of the close as the nightly sweep does, and works it as if it had come by itself. */
async function followUp(): Promise<void> {
  const call = await stripeCall(runtime);
  const from = performance.now();
  let events = 0;
  const isAmongFirst = (type: string) => handlerOf(type) !== undefined && ++events <= MOST_EVENTS;
  const worked = await keepSince(call, order.stripeNow, isAmongFirst);
  await work('stripe-in', taken('stripe-in'));
  const report: EventsReport = { events, worked, seconds: (performance.now() - from) / 1_000 };
  process.send?.(report, end);
}

function end(): void {
  connection.close();
  process.disconnect();
}

function done(result: { ok: boolean; detail?: string }): void {
  if (!result.ok) throw new Error(result.detail);
}
