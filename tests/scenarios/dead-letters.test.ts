/** Dead letters on the bundled engine: looked at without being taken, and brought back, one or all. */
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MessageQueues } from '../../infra/local/messages.ts';
import { type SqsEngine, startSqsEngine } from '../../infra/local/sqs-engine.ts';
import { queues as specs } from '../../infra/topology.ts';

let engine: SqsEngine;
let queues: MessageQueues;
beforeAll(async () => {
  engine = await startSqsEngine();
  queues = new MessageQueues(engine.endpoint);
  await queues.create();
});
afterAll(async () => {
  queues.close();
  await engine.stop();
});

const receive = async () => {
  const command = new ReceiveMessageCommand({
    QueueUrl: queues.address('sweeps').url,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: 0,
    WaitTimeSeconds: 0,
  });
  return (await queues.client.send(command)).Messages ?? [];
};

describe('dead letters', () => {
  it('show what they ask for under the ids they always had, stay where they are when looked at, and come back', async () => {
    await queues.send('sweeps', [{ n: 1 }, { n: 2 }, { n: 3 }]);
    const ids = (await receive()).map((message) => message.MessageId ?? '');
    for (let n = 1; n < specs.sweeps.maxReceives; n++) await receive();
    expect(await receive()).toEqual([]);
    const { deadLetters } = queues;
    const letters = await deadLetters.list('sweeps', 50);
    expect(letters.map(({ body }) => body).sort()).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
    expect(letters.map(({ id }) => id).sort()).toEqual([...ids].sort());
    for (const letter of letters) expect(letter.firstSentAt).toBeGreaterThan(0);
    expect(await deadLetters.list('sweeps', 2)).toHaveLength(2);
    expect(await deadLetters.list('sweeps', 50)).toHaveLength(3);
    expect(await deadLetters.list('clearing', 50)).toEqual([]);

    const second = letters.find(({ body }) => body === '{"n":2}')!;
    expect(await deadLetters.redrive('sweeps', [second.id, 'unknown'])).toEqual([second.id]);
    expect((await receive()).map((message) => message.Body)).toEqual(['{"n":2}']);
    expect(await deadLetters.list('sweeps', 50)).toHaveLength(2);
    expect(await deadLetters.redrive('sweeps', null)).toHaveLength(2);
    expect(await deadLetters.list('sweeps', 50)).toEqual([]);
    expect((await receive()).map((message) => message.Body ?? '').sort()).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
  }, 60_000);
});
