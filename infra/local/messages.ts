/** The topology's message queues on any engine that speaks SQS: made, sent to, and known to be empty or not. */
import { Agent } from 'node:http';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type DeadLetters, sqsDeadLetters } from '../../shared/gateways/dead-letters.ts';
import type { QueueName } from '../../shared/kernel/message.ts';
import { queueName } from '../names.ts';
import { queues } from '../topology.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from './connection.ts';
import { LoopbackHandler, leaveOutForAws } from './loopback.ts';

const DEAD_LETTER_SECONDS = 14 * 24 * 3_600;
const LONG_POLL_SECONDS = 20;
const RECHECK_MS = 200;
const STAGE = 'local';
export const QUEUE_NAMES = Object.keys(queues) as QueueName[];

export type QueueAddress = { url: string; arn: string; deadUrl: string };
export type QueueCounts = { visible: number; inFlight: number };

export class MessageQueues {
  readonly client: SQSClient;
  private readonly addresses = new Map<QueueName, QueueAddress>();
  /** Sent and not yet deleted, as far as this process knows. */
  private readonly onTheWay = new Map<QueueName, number>();
  /** Queues that may hold messages: after a start all of them, later those that were sent to. */
  private readonly unsure = new Set<QueueName>(QUEUE_NAMES);
  private sending = 0;
  private closed = false;
  /** Messages that were sent or deleted, and the end: how often, and who waits for the next. */
  private changes = 0;
  private waiters: (() => void)[] = [];

  /** `signs: false` for the bundled engine, which looks at no signature. */
  constructor(endpoint: string, { signs = true }: { signs?: boolean } = {}) {
    this.client = new SQSClient({
      endpoint,
      region: process.env.AWS_REGION ?? LOCAL_REGION,
      ...(process.env.AWS_ACCESS_KEY_ID === undefined ? { credentials: LOCAL_CREDENTIALS } : {}),
      // Queue URLs name a host that only their maker resolves; the endpoint is known.
      useQueueUrlAsEndpoint: false,
      maxAttempts: 3,
      requestHandler: signs ? networkHandler() : new LoopbackHandler(endpoint, 'sqs'),
    });
    // A queue's address comes with each call.
    if (!signs) leaveOutForAws(this.client.middlewareStack, ['endpointV2Middleware', 'httpAuthSchemeMiddleware']);
  }

  /** Makes every queue with its dead-letter queue; those that exist get the topology's attributes. */
  async create(): Promise<void> {
    for (const name of QUEUE_NAMES) {
      const spec = queues[name];
      const dead = await this.ensure(queueName(STAGE, name, true), {
        MessageRetentionPeriod: String(DEAD_LETTER_SECONDS),
      });
      const address = await this.ensure(queueName(STAGE, name), {
        VisibilityTimeout: String(spec.visibilitySeconds),
        ReceiveMessageWaitTimeSeconds: String(LONG_POLL_SECONDS),
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: spec.maxReceives }),
      });
      this.addresses.set(name, { ...address, deadUrl: dead.url });
    }
  }

  address(queue: QueueName): QueueAddress {
    const found = this.addresses.get(queue);
    if (found === undefined) throw new Error(`the queue ${queue} was not created`);
    return found;
  }

  /** Sends bodies as JSON, ten a call. Throws where one could not be sent; the caller logs it and goes on. */
  async send(queue: QueueName, bodies: readonly unknown[]): Promise<void> {
    const { url } = this.address(queue);
    this.sending += 1;
    this.unsure.add(queue);
    try {
      for (let at = 0; at < bodies.length; at += 10) {
        const part = bodies.slice(at, at + 10);
        const answer = await this.client.send(
          new SendMessageBatchCommand({
            QueueUrl: url,
            Entries: part.map((body, i) => ({ Id: String(i), MessageBody: JSON.stringify(body) })),
          }),
        );
        this.count(queue, answer.Successful?.length ?? 0);
        const failed = answer.Failed ?? [];
        if (failed.length > 0)
          throw new Error(`${failed.length} messages to ${queue} were refused: ${failed[0]?.Code}`);
      }
    } finally {
      this.sending -= 1;
      this.hasChanged();
    }
  }

  /** Messages that no consumer could work. What is brought back may be on its way for a while. */
  get deadLetters(): DeadLetters {
    const letters = sqsDeadLetters(this.client, (queue) => this.address(queue));
    return {
      list: (queue, most) => letters.list(queue, most),
      redrive: async (queue, ids) => {
        this.unsure.add(queue);
        const moved = await letters.redrive(queue, ids);
        this.unsure.add(queue);
        return moved;
      },
    };
  }

  /** The consumer deleted so many. */
  deleted(queue: QueueName, messages: number): void {
    this.count(queue, -messages);
    this.hasChanged();
  }

  async counts(queue: QueueName): Promise<QueueCounts> {
    const answer = await this.client.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.address(queue).url,
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ],
      }),
    );
    const number = (name: string | undefined) => Number(name ?? 0);
    const attributes = answer.Attributes ?? {};
    return {
      visible: number(attributes.ApproximateNumberOfMessages) + number(attributes.ApproximateNumberOfMessagesDelayed),
      inFlight: number(attributes.ApproximateNumberOfMessagesNotVisible),
    };
  }

  /** Whether all that was sent has been worked; waits until `deadlineMs` (of `performance.now()`). Free where nothing was sent. */
  async settled(deadlineMs: number): Promise<boolean> {
    let isInVain = false;
    while (!this.closed) {
      if (this.unsure.size === 0 && this.sending === 0) return true;
      const seen = this.changes;
      const isSurer = this.sending === 0 && (await this.ask(isInVain));
      if (isSurer) continue;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) return false;
      isInVain = !(await this.change(seen, Math.min(RECHECK_MS, leftMs)));
    }
    return false;
  }

  /** Ends waiting at once: the marketplace stops. */
  cancel(): void {
    this.closed = true;
    this.hasChanged();
  }

  close(): void {
    this.cancel();
    this.client.destroy();
  }

  /**
   * Asks the engine whether queues are empty: those that may be by our own count, all where a change was waited for in vain.
   * Answers whether one is.
   */
  private async ask(isInVain: boolean): Promise<boolean> {
    const before = this.unsure.size;
    const some = [...this.unsure].filter((queue) => isInVain || (this.onTheWay.get(queue) ?? 0) <= 0);
    await Promise.all(some.map((queue) => this.askOf(queue)));
    return this.unsure.size < before;
  }

  private async askOf(queue: QueueName): Promise<void> {
    const before = this.onTheWay.get(queue) ?? 0;
    const { visible, inFlight } = await this.counts(queue);
    const isSentTo = this.sending > 0 || (this.onTheWay.get(queue) ?? 0) > before;
    if (visible + inFlight > 0 || isSentTo) return;
    this.unsure.delete(queue);
    this.onTheWay.delete(queue);
  }

  private count(queue: QueueName, by: number): void {
    this.onTheWay.set(queue, (this.onTheWay.get(queue) ?? 0) + by);
  }

  private hasChanged(): void {
    this.changes += 1;
    for (const wake of this.waiters.splice(0)) wake();
  }

  /** Waits for a change after the one that was `seen`, `waitMs` at the most; whether there was one. */
  private async change(seen: number, waitMs: number): Promise<boolean> {
    if (this.changes === seen)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(1, waitMs));
        this.waiters.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    return this.changes !== seen;
  }

  private async ensure(name: string, attributes: Record<string, string>): Promise<Pick<QueueAddress, 'url' | 'arn'>> {
    const url = await this.find(name, attributes);
    const answer = await this.client.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
    );
    return { url, arn: answer.Attributes?.QueueArn ?? '' };
  }

  private async find(name: string, attributes: Record<string, string>): Promise<string> {
    try {
      const found = await this.client.send(new GetQueueUrlCommand({ QueueName: name }));
      await this.client.send(new SetQueueAttributesCommand({ QueueUrl: found.QueueUrl, Attributes: attributes }));
      return found.QueueUrl ?? '';
    } catch (error) {
      if (!(error instanceof Error) || !/NonExistentQueue|QueueDoesNotExist/.test(error.name)) throw error;
      const made = await this.client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
      return made.QueueUrl ?? '';
    }
  }
}

const networkHandler = (): NodeHttpHandler =>
  new NodeHttpHandler({
    httpAgent: new Agent({ keepAlive: true, maxSockets: 32 }),
    connectionTimeout: 2_000,
    requestTimeout: (LONG_POLL_SECONDS + 10) * 1_000,
    throwOnRequestTimeout: true,
  });
