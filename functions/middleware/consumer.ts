/**
 * A queue's consumer: every message is parsed and handled by itself, and what failed is reported, so that SQS gives back
 * only that. A message that does not parse fails too, and ends in the dead-letter queue where a person sees it.
 */
import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import type { Call } from '../../shared/kernel/call.ts';
import { noteFailure } from '../../shared/operations/failure.store.ts';
import { type Runtime, readyRuntime } from '../runtime.ts';

/** A passing failure leaves no trace; from this try on its cause is kept, to be shown beside the dead letter. */
const CAUSE_KEPT_FROM = 3;

/** Messages that came together, and what they look at, for `readOnce`: all of them were there before any of it was read. */
export type Batch<M> = { messages: readonly M[]; shared: NonNullable<Call['shared']> };

/** `finish` gets what came of all messages that were handled, in one; where it fails, each of these has failed. */
export function consumer<S extends z.ZodType, Outcome = void>(
  schema: S,
  handle: (runtime: Runtime, message: z.output<S>, batch: Batch<z.output<S>>) => Promise<Outcome>,
  finish?: (runtime: Runtime, handled: readonly Outcome[]) => Promise<void>,
) {
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const runtime = await readyRuntime();
    const parse = async (body: string): Promise<z.output<S>> => schema.parse(JSON.parse(body));
    const records = event.Records.map((record) => ({ record, message: parse(record.body) }));
    const parsed = await Promise.allSettled(records.map(({ message }) => message));
    const messages = parsed.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const batch: Batch<z.output<S>> = { messages, shared: new Map() };
    const outcomes = await Promise.allSettled(
      records.map(async ({ message }) => handle(runtime, await message, batch)),
    );
    const handled = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const finished = await Promise.allSettled([handled.length === 0 ? undefined : finish?.(runtime, handled)]);
    const failures = await Promise.all(
      records.map(async ({ record }, place) => {
        const failed = [outcomes[place], ...finished].find((one) => one?.status === 'rejected');
        return failed === undefined ? [] : [await failureOf(runtime, record, failed.reason)];
      }),
    );
    return { batchItemFailures: failures.flat() };
  };
}

async function failureOf(runtime: Runtime, record: SQSRecord, error: unknown): Promise<SQSBatchItemFailure> {
  runtime.log('error', 'a message failed', {
    messageId: record.messageId,
    queue: record.eventSourceARN,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  if (Number(record.attributes?.ApproximateReceiveCount ?? 1) >= CAUSE_KEPT_FROM)
    await keepCause(runtime, record.messageId, error);
  return { itemIdentifier: record.messageId };
}

/** Where the tables are what fails, the log alone knows. */
async function keepCause(runtime: Runtime, message: string, error: unknown): Promise<void> {
  await noteFailure({ tables: runtime.tables, now: runtime.clock.now() }, message, error).catch(() => undefined);
}
