/** A message that nobody can work: it ends among the dead letters with its cause, holds up no other, and comes back when it can be worked. */
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as operations } from '../../functions/api/operations.ts';
import { handler as sweeps } from '../../functions/queue/sweeps.ts';
import { MessageQueues } from '../../infra/local/messages.ts';
import { type SqsEngine, startSqsEngine } from '../../infra/local/sqs-engine.ts';
import { queues as specs } from '../../infra/topology.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { ringing } from './ringing.ts';

let engine: TestTables;
let sqs: SqsEngine;
let queues: MessageQueues;
let edge: TestEdge;
let operator: string;

beforeAll(async () => {
  engine = await startTestTables();
  sqs = await startSqsEngine();
  queues = new MessageQueues(sqs.endpoint);
  await queues.create();
  edge = new TestEdge(engine.tables);
  edge.runtime.send = (queue, bodies) => queues.send(queue, bodies);
  edge.runtime.deadLetters = queues.deadLetters;
  operator = await edge.operator();
});
afterAll(async () => {
  queues.close();
  await sqs.stop();
  await engine.stop();
});

/** Takes a batch as Lambda does, and deletes what did not fail. Answers how many came. */
async function consume(): Promise<number> {
  const QueueUrl = queues.address('sweeps').url;
  const command = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: 0,
    WaitTimeSeconds: 0,
    MessageSystemAttributeNames: ['All'],
  });
  const messages = (await queues.client.send(command)).Messages ?? [];
  const Records = messages.map(({ MessageId, Body, Attributes }) => ({
    messageId: MessageId,
    body: Body,
    attributes: Attributes,
  }));
  const { batchItemFailures } = await sweeps({ Records } as never);
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { MessageId, ReceiptHandle } of messages)
    if (!failed.has(MessageId ?? '')) await queues.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return messages.length;
}

describe('a poison message', () => {
  it('ends among the dead letters with its cause after its tries, while the others of its batch are worked at once', async () => {
    await queues.send('sweeps', [{ kind: 'days' }, { kind: 'unheard of' }, { kind: 'errands', shard: 0 }]);
    expect(await consume()).toBe(3);
    for (let n = 1; n < specs.sweeps.maxReceives; n++) expect(await consume()).toBe(1);
    expect(await consume()).toBe(0);
    const listed = await edge.call(operations, 'GET /v1/operator/dead-letters', {
      token: operator,
      query: { queue: 'sweeps' },
    });
    expect(listed.body.items).toMatchObject([{ body: '{"kind":"unheard of"}' }]);
    expect(JSON.stringify(listed.body)).toContain('Invalid');
    const deadLetters = (await queues.deadLetters.list('sweeps', 10)).length;
    expect(ringing({ lines: edge.lines, deadLetters })).toEqual(['dead-letters']);
    expect(edge.consumed.filter(({ command }) => command === 'sweep:days')).toHaveLength(1);
  });

  it('comes back when people bring it, and is dead again as long as nobody can work it', async () => {
    const redriven = await edge.call(operations, 'POST /v1/operator/dead-letters/{queue}/redrive', {
      token: operator,
      params: { queue: 'sweeps' },
      headers: { 'idempotency-key': 'again' },
      body: {},
    });
    expect(redriven.body).toMatchObject({ redriven: 1 });
    for (let n = 0; n < specs.sweeps.maxReceives; n++) expect(await consume()).toBe(1);
    expect(await consume()).toBe(0);
    expect(await queues.deadLetters.list('sweeps', 10)).toHaveLength(1);
  });
});
