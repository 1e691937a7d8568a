/** The short way to the bundled engine says and hears what the SDK's document client does. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOOPBACK } from './connection.ts';
import { type DynamodbEngine, startDynamodbEngine } from './dynamodb-engine.ts';
import { createTables, type TableClient, tableClient, tableNames } from './tables.ts';

type Command =
  | BatchGetCommand
  | DeleteCommand
  | GetCommand
  | PutCommand
  | QueryCommand
  | TransactWriteCommand
  | UpdateCommand;

const names = tableNames('calls');
const TableName = names.market;
let engine: DynamodbEngine;
let sdk: TableClient;
let short: TableClient;
beforeAll(async () => {
  engine = await startDynamodbEngine();
  sdk = tableClient(engine.endpoint);
  short = tableClient(engine.endpoint, { isOurs: true });
  await createTables(sdk.client, names);
});
afterAll(async () => {
  sdk.close();
  short.close();
  await engine.stop();
});

/** What a command answers or is refused with, without what tells of the way it took. */
async function outcome({ client }: TableClient, command: Command): Promise<Record<string, unknown>> {
  try {
    const { $metadata: _, ...answer } = (await client.send(command as GetCommand)) as unknown as Record<
      string,
      unknown
    >;
    return answer;
  } catch (error) {
    const { name, message, Item, CancellationReasons } = error as Error & Record<string, unknown>;
    return { name, message, Item, CancellationReasons };
  }
}

/** The same command both ways, the second time on what the first left where it only reads or is refused. */
async function bothWays(make: () => Command): Promise<Record<string, unknown>> {
  const expected = await outcome(sdk, make());
  expect(await outcome(short, make())).toEqual(expected);
  return expected;
}

const EVERYTHING = {
  text: 'Grüße, 世界 😀 "quoted" \\ \n',
  empty: '',
  whole: 9_007_199_254_740_991,
  negative: -7,
  fraction: 0.1,
  yes: true,
  nothing: null,
  left: undefined,
  list: ['a', 1, null, undefined, [true], { deep: [{}] }],
  map: { a: { b: { c: 'd' }, left: undefined } },
  bytes: new Uint8Array([0, 1, 254, 255]),
  set: new Set(['x', 'y']),
};
const put = (pk: string, sk: string, more: object = {}) => new PutCommand({ TableName, Item: { pk, sk, ...more } });
const get = (pk: string, sk: string) => new GetCommand({ TableName, Key: { pk, sk }, ReturnConsumedCapacity: 'TOTAL' });
const CAPACITY = { ReturnConsumedCapacity: 'TOTAL' } as const;
const OLD = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
const absent = { ConditionExpression: 'attribute_not_exists(pk)', ...OLD };

describe('an item', () => {
  it('is stored and read alike, whichever of the two ways it goes', async () => {
    await sdk.client.send(put('item', 'sdk', EVERYTHING));
    await short.client.send(put('item', 'short', EVERYTHING));
    const { Item: bySdk } = await bothWays(() => get('item', 'sdk'));
    const { Item: byShort } = await bothWays(() => get('item', 'short'));
    expect({ ...(byShort as object), sk: 'sdk' }).toEqual(bySdk);
    expect(byShort).toMatchObject({ whole: EVERYTHING.whole, nothing: null, bytes: EVERYTHING.bytes });
    expect(byShort).not.toHaveProperty('left');
  });

  it('is refused where it holds a number that no other program would read as the same', async () => {
    for (const number of [2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) {
      const refused = await bothWays(() => put('item', 'number', { number }));
      expect(refused.name).toBe('Error');
    }
  });

  it('that is not there is answered as nothing', async () => {
    expect(await bothWays(() => get('item', 'none'))).not.toHaveProperty('Item');
  });
});

describe('a command', () => {
  it('for many items or for a page of them is answered alike, with where the page ends', async () => {
    for (let n = 1; n <= 3; n++) await sdk.client.send(put('page', `${n}`, { n }));
    const Keys = ['1', '3', '9'].map((sk) => ({ pk: 'page', sk }));
    const many = await bothWays(
      () => new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } }, ...CAPACITY }),
    );
    expect((many.Responses as Record<string, unknown[]>)[TableName]).toHaveLength(2);
    const query = (after?: object) =>
      new QueryCommand({
        TableName,
        KeyConditionExpression: '#p = :p',
        ExpressionAttributeNames: { '#p': 'pk' },
        ExpressionAttributeValues: { ':p': 'page' },
        Limit: 2,
        ...(after === undefined ? {} : { ExclusiveStartKey: after as Record<string, unknown> }),
        ...CAPACITY,
      });
    const first = await bothWays(() => query());
    expect(first.LastEvaluatedKey).toEqual({ pk: 'page', sk: '2' });
    const rest = await bothWays(() => query(first.LastEvaluatedKey as object));
    expect(rest.Items).toEqual([{ pk: 'page', sk: '3', n: 3 }]);
  });

  it('that changes an item answers the item as it then is', async () => {
    await sdk.client.send(put('change', 'a', { n: 1, list: ['x'] }));
    const update = () =>
      new UpdateCommand({
        TableName,
        Key: { pk: 'change', sk: 'a' },
        UpdateExpression: 'SET #n = :n, #l = :l',
        ExpressionAttributeNames: { '#n': 'n', '#l': 'list' },
        ExpressionAttributeValues: { ':n': 2, ':l': ['x', { y: null }] },
        ReturnValues: 'ALL_NEW',
        ...CAPACITY,
      });
    expect((await bothWays(update)).Attributes).toEqual({ pk: 'change', sk: 'a', n: 2, list: ['x', { y: null }] });
  });

  it('whose condition is lost is refused with the item that was there, bytes and all', async () => {
    await sdk.client.send(put('lost', 'a', EVERYTHING));
    const refused = await bothWays(() => new PutCommand({ TableName, Item: { pk: 'lost', sk: 'a' }, ...absent }));
    expect(refused).toMatchObject({ name: 'ConditionalCheckFailedException', Item: { text: { S: EVERYTHING.text } } });
    const gone = { ConditionExpression: 'attribute_exists(pk)', ...OLD };
    const none = await bothWays(() => new DeleteCommand({ TableName, Key: { pk: 'lost', sk: 'z' }, ...gone }));
    expect(none).toMatchObject({ name: 'ConditionalCheckFailedException' });
  });

  it('of several writes happens whole, or is refused with the reason of each', async () => {
    const writes = (sk: string) =>
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName, Item: { pk: 'all', sk, n: 1 } } },
          {
            ConditionCheck: {
              TableName,
              Key: { pk: 'lost', sk: 'z' },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
          { Put: { TableName, Item: { pk: 'all', sk: 'first' }, ...absent } },
        ],
        ...CAPACITY,
      });
    expect(await outcome(short, writes('first-other'))).toHaveProperty('ConsumedCapacity');
    const refused = await bothWays(() => writes('second'));
    expect(refused.name).toBe('TransactionCanceledException');
    expect(refused.CancellationReasons).toMatchObject([{}, {}, { Code: 'ConditionalCheckFailed' }]);
  });

  it('that is none is refused with the same name and words', async () => {
    const refused = await bothWays(() => new GetCommand({ TableName, Key: { pk: 'only' } }));
    expect(refused.name).toBe('ValidationException');
  });
});

describe('an engine that fails for a moment', () => {
  it('is asked again, three times at the most; a refusal is not', async () => {
    let calls = 0;
    let fails: (n: number) => 'break' | 500 | 400 | 200 = () => 200;
    const server = createServer((request, response) => {
      const how = fails(++calls);
      if (how === 'break') return request.socket.destroy();
      response.statusCode = how;
      response.end(how === 400 ? '{"__type":"x#ValidationException","message":"no"}' : '{}');
    });
    const { client, close } = await listening(server);
    fails = (n) => (n === 1 ? 'break' : n === 2 ? 500 : 200);
    await client.send(get('a', 'b'));
    expect(calls).toBe(3);
    calls = 0;
    fails = () => 500;
    await expect(client.send(get('a', 'b'))).rejects.toThrow();
    expect(calls).toBe(3);
    calls = 0;
    fails = () => 400;
    await expect(client.send(get('a', 'b'))).rejects.toMatchObject({ name: 'ValidationException' });
    expect(calls).toBe(1);
    close();
    server.close();
  });
});

async function listening(server: Server): Promise<TableClient> {
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  return tableClient(`http://${LOOPBACK}:${(server.address() as AddressInfo).port}`, { isOurs: true });
}
