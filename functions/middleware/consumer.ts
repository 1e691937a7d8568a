/**
 * A queue's consumer: every message is parsed and handled by itself, and what failed is reported, so that SQS gives back
 * only that. A message that does not parse fails too, and ends in the dead-letter queue where a person sees it.
 */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type * as z from 'zod';
import { type Runtime, readyRuntime } from '../runtime.ts';

export function consumer<S extends z.ZodType>(
  schema: S,
  handle: (runtime: Runtime, message: z.output<S>) => Promise<void>,
) {
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const runtime = await readyRuntime();
    const outcomes = await Promise.all(
      event.Records.map(async (record) => {
        try {
          await handle(runtime, schema.parse(JSON.parse(record.body)));
          return null;
        } catch (error) {
          runtime.log('error', 'a message failed', {
            messageId: record.messageId,
            queue: record.eventSourceARN,
            error: error instanceof Error ? (error.stack ?? error.message) : String(error),
          });
          return { itemIdentifier: record.messageId };
        }
      }),
    );
    return { batchItemFailures: outcomes.filter((failure) => failure !== null) };
  };
}
