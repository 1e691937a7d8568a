/** Dead letters on any engine that speaks SQS: looked at without being taken, and brought back to their queue. */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { QueueName } from '../kernel/message.ts';

/** A dead letter as its queue has it. `firstSentAt` is machine time in milliseconds. */
export type DeadMessage = { id: string; body: string; receives: number; firstSentAt: number | null };

export type DeadLetters = {
  /** Up to `most` of a queue's dead letters; nothing is taken. */
  list(queue: QueueName, most: number): Promise<DeadMessage[]>;
  /** Brings some dead letters back to their queue, or all, 1,000 a call at the most. Answers which. */
  redrive(queue: QueueName, ids: readonly string[] | null): Promise<string[]>;
};

const BATCH = 10;
const MOST_REDRIVEN = 1_000;
/** How long a letter stays hidden from others who look; it is let go before. */
const HIDDEN_SECONDS = 30;
/** SQS asks only some of its servers where it need not wait. */
const WAIT_SECONDS = 1;

type Urls = { url: string; deadUrl: string };

export function sqsDeadLetters(client: SQSClient, urlsOf: (queue: QueueName) => Urls): DeadLetters {
  const letGo = async (deadUrl: string, messages: readonly Message[]): Promise<void> => {
    for (let at = 0; at < messages.length; at += BATCH) {
      const Entries = messages.slice(at, at + BATCH).map((message, i) => ({
        Id: String(i),
        ReceiptHandle: message.ReceiptHandle,
        VisibilityTimeout: 0,
      }));
      await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: deadUrl, Entries }));
    }
  };
  return {
    async list(queue, most) {
      const { deadUrl } = urlsOf(queue);
      const seen = new Map<string, Message>();
      while (seen.size < most) {
        const messages = await receive(client, deadUrl, Math.min(BATCH, most - seen.size));
        const fresh = messages.filter((message) => !seen.has(message.MessageId ?? ''));
        for (const message of messages) seen.set(message.MessageId ?? '', message);
        if (fresh.length === 0) break;
      }
      await letGo(deadUrl, [...seen.values()]);
      return [...seen.values()].map(asLetter);
    },
    async redrive(queue, ids) {
      const { url, deadUrl } = urlsOf(queue);
      const wanted = ids === null ? null : new Set(ids);
      const passed: Message[] = [];
      const moved: string[] = [];
      while (moved.length < MOST_REDRIVEN && moved.length + passed.length < 2 * MOST_REDRIVEN) {
        const messages = await receive(client, deadUrl, BATCH);
        if (messages.length === 0 || wanted?.size === 0) {
          passed.push(...messages);
          break;
        }
        for (const message of messages) {
          const id = message.MessageId ?? '';
          if (wanted !== null && !wanted.delete(id)) {
            passed.push(message);
            continue;
          }
          // Sent first, then deleted, so that none can be lost; one that comes twice is worked twice, as any may be.
          await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: message.Body }));
          await client.send(new DeleteMessageCommand({ QueueUrl: deadUrl, ReceiptHandle: message.ReceiptHandle }));
          moved.push(id);
        }
      }
      await letGo(deadUrl, passed);
      return moved;
    },
  };
}

async function receive(client: SQSClient, deadUrl: string, most: number): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: deadUrl,
    MaxNumberOfMessages: most,
    WaitTimeSeconds: WAIT_SECONDS,
    VisibilityTimeout: HIDDEN_SECONDS,
    MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
  });
  return (await client.send(command)).Messages ?? [];
}

const asLetter = (message: Message): DeadMessage => ({
  id: message.MessageId ?? '',
  body: message.Body ?? '',
  receives: Number(message.Attributes?.ApproximateReceiveCount ?? 0),
  firstSentAt: message.Attributes?.SentTimestamp === undefined ? null : Number(message.Attributes.SentTimestamp),
});
