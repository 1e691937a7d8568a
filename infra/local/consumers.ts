/** SQS consumers as Lambda runs them: batches in, what succeeded deleted, the rest left to visibility and dead letters. */
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { QueueName } from '../../shared/kernel/message.ts';
import { type FunctionName, type FunctionSpec, functions, queues } from '../topology.ts';
import { LOCAL_REGION } from './connection.ts';
import type { Gate } from './gate.ts';
import type { Invoke } from './lambda.ts';
import type { Log } from './log.ts';
import type { MessageQueues } from './messages.ts';

export type Consumers = {
  /** The queues whose poll works; one that failed last time is not among them. */
  healthy: () => readonly QueueName[];
  /** Takes no more messages and waits for the batches in work. */
  stop: () => Promise<void>;
};
export type ConsumerParts = { queues: MessageQueues; invoke: Invoke; gate: Gate; log: Log };

const LONG_POLL_SECONDS = 20;
const RETRY_MS = 1_000;

/** One poll loop for each function that a queue triggers. */
export function startConsumers(parts: ConsumerParts): Consumers {
  const stopping = new AbortController();
  const healthy = new Set<QueueName>();
  const loops = (Object.keys(functions) as FunctionName[]).flatMap((name) => {
    const { trigger } = functions[name] as FunctionSpec;
    if (trigger.kind !== 'queue') return [];
    healthy.add(trigger.queue);
    return [poll(name, trigger.queue, parts, healthy, stopping.signal)];
  });
  return {
    healthy: () => [...healthy],
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function poll(
  name: FunctionName,
  queue: QueueName,
  parts: ConsumerParts,
  healthy: Set<QueueName>,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    try {
      const messages = await receive(queue, parts.queues, stopping);
      healthy.add(queue);
      if (messages.length > 0) await work(name, queue, messages, parts);
    } catch (error) {
      if (stopping.aborted) return;
      healthy.delete(queue);
      parts.log('warn', 'a queue could not be polled; it is tried again', { queue, error });
      await new Promise((done) => setTimeout(done, RETRY_MS));
    }
  }
}

async function receive(queue: QueueName, all: MessageQueues, stopping: AbortSignal): Promise<Message[]> {
  const answer = await all.client.send(
    new ReceiveMessageCommand({
      QueueUrl: all.address(queue).url,
      MaxNumberOfMessages: queues[queue].batchSize,
      WaitTimeSeconds: LONG_POLL_SECONDS,
      MessageSystemAttributeNames: ['All'],
    }),
    { abortSignal: stopping },
  );
  return answer.Messages ?? [];
}

async function work(name: FunctionName, queue: QueueName, messages: Message[], parts: ConsumerParts): Promise<void> {
  await parts.gate.enter();
  let failed: ReadonlySet<string>;
  try {
    const answer = await parts.invoke(name, { Records: messages.map((message) => recordOf(message, queue, parts)) });
    failed = failures(answer, messages);
  } catch (error) {
    parts.log('warn', 'a batch of messages failed; it comes again', { queue, messages: messages.length, error });
    failed = new Set(messages.map((message) => message.MessageId ?? ''));
  } finally {
    parts.gate.leave();
  }
  const done = messages.filter((message) => !failed.has(message.MessageId ?? ''));
  if (done.length === 0) return;
  const answer = await parts.queues.client.send(
    new DeleteMessageBatchCommand({
      QueueUrl: parts.queues.address(queue).url,
      Entries: done.map((message, i) => ({ Id: String(i), ReceiptHandle: message.ReceiptHandle })),
    }),
  );
  parts.queues.deleted(queue, answer.Successful?.length ?? 0);
}

/** The ids of the messages that failed. As with Lambda, an answer that names an unknown message fails the whole batch. */
export function failures(answer: unknown, messages: readonly Message[]): ReadonlySet<string> {
  const all = new Set(messages.map((message) => message.MessageId ?? ''));
  if (answer === null || answer === undefined) return new Set();
  const listed = (answer as { batchItemFailures?: unknown }).batchItemFailures;
  if (listed === null || listed === undefined) return new Set();
  if (!Array.isArray(listed)) return all;
  const failed = new Set<string>();
  for (const entry of listed as { itemIdentifier?: unknown }[]) {
    const id = entry?.itemIdentifier;
    if (typeof id !== 'string' || !all.has(id)) return all;
    failed.add(id);
  }
  return failed;
}

function recordOf(message: Message, queue: QueueName, parts: ConsumerParts): Record<string, unknown> {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: {},
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: parts.queues.address(queue).arn,
    awsRegion: LOCAL_REGION,
  };
}
