/** What Parley needs of any SQS: the same tests for the bundled engine and for its counterpart. */
import {
  DeleteMessageCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Consumers, startConsumers } from '../../infra/local/consumers.ts';
import { Gate } from '../../infra/local/gate.ts';
import { MessageQueues, QUEUE_NAMES } from '../../infra/local/messages.ts';
import { queues as specs } from '../../infra/topology.ts';

export type Sqs = { endpoint: string; stop(): Promise<void> };
type Batch = { Records: { messageId: string; body: string; attributes: Record<string, string> }[] };
type Handle = (batch: { n: number; messageId: string; receives: number }[]) => string[];

/** Messages come again after a second here; the topology's minutes would make slow tests. */
const VISIBILITY_SECONDS = 1;
const WAIT = { timeout: 20_000, interval: 100 };
const MAX_RECEIVES = specs.sweeps.maxReceives;

let queues: MessageQueues;
let consumers: Consumers | undefined;

/** Consumes with a handler that answers the ids of the messages that failed. */
function consume(handle: Handle): void {
  const invoke = async (_name: string, event: unknown) => {
    const batch = (event as Batch).Records.map(({ messageId, body, attributes }) => ({
      ...(JSON.parse(body) as { n: number }),
      messageId,
      receives: Number(attributes.ApproximateReceiveCount),
    }));
    return { batchItemFailures: handle(batch).map((itemIdentifier) => ({ itemIdentifier })) };
  };
  consumers = startConsumers({ queues, invoke, gate: new Gate(), log: () => undefined });
}

const deadUrl = () => `${queues.address('sweeps').url}-dead`;

async function receive(url: string, most = 10): Promise<Message[]> {
  const command = new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: most, WaitTimeSeconds: 1 });
  return (await queues.client.send(command)).Messages ?? [];
}

/** Brings every dead letter back to its queue: sent first, then deleted, so that none can be lost. */
async function redrive(): Promise<number> {
  const { url } = queues.address('sweeps');
  let moved = 0;
  for (let messages = await receive(deadUrl()); messages.length > 0; messages = await receive(deadUrl())) {
    for (const message of messages) {
      await queues.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: message.Body }));
      const { ReceiptHandle } = message;
      await queues.client.send(new DeleteMessageCommand({ QueueUrl: deadUrl(), ReceiptHandle }));
      moved += 1;
    }
  }
  return moved;
}

async function makeQueues(endpoint: string): Promise<void> {
  queues = new MessageQueues(endpoint);
  await queues.create();
  for (const name of QUEUE_NAMES) {
    const QueueUrl = queues.address(name).url;
    const Attributes = { VisibilityTimeout: String(VISIBILITY_SECONDS) };
    await queues.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  }
}

async function dropQueues(): Promise<void> {
  await consumers?.stop();
  consumers = undefined;
  for (const name of QUEUE_NAMES) {
    const { url } = queues.address(name);
    for (const QueueUrl of [url, `${url}-dead`]) await queues.client.send(new DeleteQueueCommand({ QueueUrl }));
  }
  queues.close();
}

/** Runs the tests against the engine that `start` gives. */
export function testQueues(name: string, start: () => Promise<Sqs>): void {
  describe(name, () => {
    let engine: Sqs;
    beforeAll(async () => {
      engine = await start();
    });
    afterAll(() => engine.stop());
    beforeEach(() => makeQueues(engine.endpoint));
    afterEach(dropQueues);
    testDelivery();
    testFailures();
  });
}

function testDelivery(): void {
  it('carries every message sent, ten a batch at most, and none is left', async () => {
    await queues.send(
      'sweeps',
      Array.from({ length: 25 }, (_, n) => ({ n })),
    );
    const sizes: number[] = [];
    const seen: number[] = [];
    consume((batch) => {
      sizes.push(batch.length);
      seen.push(...batch.map(({ n }) => n));
      return [];
    });
    await vi.waitFor(() => expect(seen).toHaveLength(25), WAIT);
    expect(await queues.settled(performance.now() + 10_000)).toBe(true);
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, n) => n));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
    expect(await queues.counts('sweeps')).toEqual({ visible: 0, inFlight: 0 });
  });

  it('hides a message that somebody holds, and counts it as in flight', async () => {
    await queues.send('clearing', [{ n: 1 }, { n: 2 }]);
    const { url } = queues.address('clearing');
    await queues.client.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 1, VisibilityTimeout: 60 }),
    );
    expect(await queues.counts('clearing')).toEqual({ visible: 1, inFlight: 1 });
  });

  it('wakes a consumer that waits on an empty queue', async () => {
    const seen: number[] = [];
    consume((batch) => {
      seen.push(...batch.map(({ n }) => n));
      return [];
    });
    await new Promise((done) => setTimeout(done, 300));
    await queues.send('clearing', [{ n: 7 }]);
    await vi.waitFor(() => expect(seen).toEqual([7]), { timeout: 5_000, interval: 50 });
  });

  it('keeps queues and messages when the queues are made again', async () => {
    await queues.send('sweeps', [{ n: 3 }]);
    await queues.create();
    expect((await receive(queues.address('sweeps').url)).map(({ Body }) => Body)).toEqual(['{"n":3}']);
  });
}

function testFailures(): void {
  it('gives back only the failed messages of a batch, once their visibility has ended', async () => {
    const deliveries: { n: number; atMs: number }[] = [];
    await queues.send('sweeps', [{ n: 1 }, { n: 2 }, { n: 3 }]);
    consume((batch) => {
      deliveries.push(...batch.map(({ n }) => ({ n, atMs: performance.now() })));
      return batch.filter(({ n, receives }) => n === 2 && receives === 1).map(({ messageId }) => messageId);
    });
    await vi.waitFor(() => expect(deliveries).toHaveLength(4), { timeout: 30_000, interval: 100 });
    expect(await queues.settled(performance.now() + 10_000)).toBe(true);
    expect(deliveries.map(({ n }) => n).sort((a, b) => a - b)).toEqual([1, 2, 2, 3]);
    const [first, second] = deliveries.filter(({ n }) => n === 2);
    // A tenth of a second is left for the engine's own clock.
    expect(second!.atMs - first!.atMs).toBeGreaterThan(VISIBILITY_SECONDS * 1_000 - 100);
  });

  it('moves a message to the dead letters after as many receives as the topology says, and redrives it', async () => {
    await queues.send('sweeps', [{ n: 4 }, { n: 5 }]);
    const { url } = queues.address('sweeps');
    for (let n = 1; n <= MAX_RECEIVES; n++) {
      const command = new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
      expect((await queues.client.send(command)).Messages).toHaveLength(2);
    }
    expect(await receive(url)).toEqual([]);
    expect(await queues.counts('sweeps')).toEqual({ visible: 0, inFlight: 0 });
    expect(await redrive()).toBe(2);
    const seen: [number, number][] = [];
    consume((batch) => {
      seen.push(...batch.map(({ n, receives }): [number, number] => [n, receives]));
      return [];
    });
    await vi.waitFor(() => expect(seen).toHaveLength(2), WAIT);
    // Redriven messages are new: they have all their receives before them again.
    expect(seen.sort(([a], [b]) => a - b)).toEqual([
      [4, 1],
      [5, 1],
    ]);
    expect(await receive(deadUrl())).toEqual([]);
  });

  it('ends a message that always fails in the dead letters, through the consumer itself', async () => {
    let deliveries = 0;
    await queues.send('sweeps', [{ n: 6 }]);
    consume((batch) => {
      deliveries += 1;
      return batch.map(({ messageId }) => messageId);
    });
    await vi.waitFor(() => expect(deliveries).toBe(MAX_RECEIVES), { timeout: 30_000, interval: 100 });
    await vi.waitFor(async () => expect(await receive(deadUrl())).toHaveLength(1), { timeout: 30_000, interval: 100 });
    expect(deliveries).toBe(MAX_RECEIVES);
  }, 60_000);
}
