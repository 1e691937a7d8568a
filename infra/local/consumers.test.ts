import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Consumers, failures, startConsumers } from './consumers.ts';
import { Gate } from './gate.ts';
import type { Invoke } from './lambda.ts';
import { MessageQueues } from './messages.ts';
import { type SqsEngine, startSqsEngine } from './sqs-engine.ts';

type Batch = { Records: { messageId: string; body: string; attributes: Record<string, string> }[] };

let folder: string;
let engine: SqsEngine;
let queues: MessageQueues;
let consumers: Consumers | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-sqs-'));
  engine = await startSqsEngine(folder);
  queues = new MessageQueues(engine.endpoint);
  await queues.create();
});
afterEach(async () => {
  await consumers?.stop();
  consumers = undefined;
  queues.close();
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

const consume = (invoke: Invoke) => {
  consumers = startConsumers({ queues, invoke, gate: new Gate(), log: () => undefined });
};
const inSeconds = (seconds: number) => performance.now() + seconds * 1_000;
const bodies = (event: unknown) => (event as Batch).Records.map((record) => JSON.parse(record.body) as { n: number });

describe('consumers', () => {
  it('give each message to the function of its queue, in an SQS event, and delete it', async () => {
    const got: unknown[] = [];
    consume(async (name, event) => {
      got.push([name, (event as Batch).Records[0]]);
      return { batchItemFailures: [] };
    });
    await queues.send('clearing', [{ n: 1 }]);
    expect(await queues.settled(inSeconds(5))).toBe(true);
    expect(got).toEqual([
      [
        'queue-clearing',
        expect.objectContaining({
          body: '{"n":1}',
          messageId: expect.any(String),
          receiptHandle: expect.any(String),
          eventSource: 'aws:sqs',
          eventSourceARN: expect.stringMatching(/^arn:aws:sqs:.*:parley-local-clearing$/),
          attributes: expect.objectContaining({ ApproximateReceiveCount: '1' }),
        }),
      ],
    ]);
    expect(await queues.counts('clearing')).toEqual({ visible: 0, inFlight: 0 });
  });

  it('keep what a batch reports as failed, and delete the rest', async () => {
    consume(async (_, event) => ({
      batchItemFailures: (event as Batch).Records.filter((record) => JSON.parse(record.body).n === 2).map((record) => ({
        itemIdentifier: record.messageId,
      })),
    }));
    await queues.send('sweeps', [{ n: 1 }, { n: 2 }, { n: 3 }]);
    await vi.waitFor(async () => expect(await queues.counts('sweeps')).toEqual({ visible: 0, inFlight: 1 }));
  });

  it('keep the whole batch of a function that throws', async () => {
    consume(async () => Promise.reject(new Error('broken')));
    await queues.send('sweeps', [{ n: 1 }, { n: 2 }]);
    await vi.waitFor(async () => expect(await queues.counts('sweeps')).toEqual({ visible: 0, inFlight: 2 }));
  });

  it('never take more at once than the topology says', async () => {
    await queues.send(
      'sweeps',
      Array.from({ length: 25 }, (_, n) => ({ n })),
    );
    const sizes: number[] = [];
    consume(async (_, event) => {
      sizes.push(bodies(event).length);
    });
    expect(await queues.settled(inSeconds(5))).toBe(true);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
    expect(sizes.reduce((a, b) => a + b, 0)).toBe(25);
  });
});

describe('waiting for messages', () => {
  it('costs nothing where nothing was sent', async () => {
    consume(async () => undefined);
    expect(await queues.settled(inSeconds(5))).toBe(true);
    const begun = performance.now();
    for (let n = 0; n < 1_000; n++) await queues.settled(inSeconds(5));
    expect((performance.now() - begun) / 1_000).toBeLessThan(0.1);
  });

  it('lasts until the batch in flight is done', async () => {
    let isDone = false;
    consume(async () => {
      await new Promise((done) => setTimeout(done, 300));
      isDone = true;
    });
    await queues.send('clearing', [{ n: 1 }]);
    expect(await queues.settled(inSeconds(5))).toBe(true);
    expect(isDone).toBe(true);
  });

  it('ends at its deadline where a message stays', async () => {
    consume(async () => Promise.reject(new Error('broken')));
    await queues.send('clearing', [{ n: 1 }]);
    expect(await queues.settled(inSeconds(0.5))).toBe(false);
  });
});

describe('the queues', () => {
  it('keep their messages over a restart, those in somebody’s hands too', async () => {
    await queues.send('sweeps', [{ n: 1 }, { n: 2 }]);
    const { url } = queues.address('sweeps');
    await queues.client.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 1 }));
    expect(await queues.counts('sweeps')).toEqual({ visible: 1, inFlight: 1 });
    queues.close();
    await engine.stop();
    engine = await startSqsEngine(folder);
    queues = new MessageQueues(engine.endpoint);
    await queues.create();
    const seen: number[] = [];
    consume(async (_, event) => void seen.push(...bodies(event).map(({ n }) => n)));
    expect(await queues.settled(inSeconds(5))).toBe(true);
    expect(seen.sort((a, b) => a - b)).toEqual([1, 2]);
  });

  it('move a message to the dead letters when it came in vain as often as the topology says', async () => {
    await queues.send('sweeps', [{ n: 1 }]);
    const { url } = queues.address('sweeps');
    const receive = () =>
      queues.client.send(new ReceiveMessageCommand({ QueueUrl: url, VisibilityTimeout: 0, WaitTimeSeconds: 0 }));
    for (let n = 1; n <= 5; n++) expect((await receive()).Messages).toHaveLength(1);
    expect((await receive()).Messages).toBeUndefined();
    const dead = new ReceiveMessageCommand({ QueueUrl: `${url}-dead`, WaitTimeSeconds: 0 });
    expect((await queues.client.send(dead)).Messages?.map((message) => message.Body)).toEqual(['{"n":1}']);
  });

  it('answer on the loopback interface only', () => {
    expect(engine.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});

describe('what a function answers', () => {
  const messages = [{ MessageId: 'a' }, { MessageId: 'b' }];
  it('means success where it reports no failures', () => {
    for (const answer of [undefined, null, {}, { batchItemFailures: null }, { batchItemFailures: [] }])
      expect([...failures(answer, messages)]).toEqual([]);
  });
  it('names the failed messages', () => {
    expect([...failures({ batchItemFailures: [{ itemIdentifier: 'b' }] }, messages)]).toEqual(['b']);
  });
  it('fails the whole batch where it cannot be understood', () => {
    for (const answer of [
      { batchItemFailures: [{}] },
      { batchItemFailures: [{ itemIdentifier: 'x' }] },
      { batchItemFailures: 1 },
    ])
      expect([...failures(answer, messages)]).toEqual(['a', 'b']);
  });
});
