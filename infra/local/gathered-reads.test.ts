import { BatchGetItemCommand, DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type TableConfig, Tables } from '../../shared/kernel/table.ts';
import { startTestTables, type TestTables } from '../../tests/support/engine.ts';
import { gatherReads } from './gathered-reads.ts';

const Item = z.object({ pk: z.string(), sk: z.string(), n: z.number() });
const key = (n: number) => ({ pk: `A${n}`, sk: 'x' });

let engine: TestTables;
let names: TableConfig['names'];
const sent: string[] = [];
let fails = false;
/** The same tables over a client that gathers, and one that does not. */
let gathered: Tables;
beforeAll(async () => {
  engine = await startTestTables();
  const { client: plain, ...config } = engine.tables.owner as TableConfig;
  names = config.names;
  const client = new DynamoDBClient({ region: 'us-east-1' });
  client.send = ((command: GetItemCommand) => {
    sent.push(command.constructor.name);
    return fails ? Promise.reject(new Error('the engine is gone')) : plain.send(command);
  }) as typeof client.send;
  gatherReads(client);
  gathered = new Tables({ ...config, client });
  for (let n = 0; n < 250; n++) await engine.tables.put('market', { ...key(n), n });
});
afterAll(() => engine.stop());
beforeEach(() => {
  sent.length = 0;
  fails = false;
});

describe('reads that are gathered', () => {
  it('answer as each alone would, whatever is asked for beside, with one call for a table and a consistency', async () => {
    const ask = (tables: Tables) =>
      Promise.all([
        tables.get('market', key(1), Item, { consistent: true }),
        tables.get('market', key(1), Item, { consistent: true }),
        tables.get('market', { pk: 'none', sk: 'x' }, Item, { consistent: true }),
        tables.getMany('market', [key(2), key(1), { pk: 'none', sk: 'y' }], Item, { consistent: true }),
        tables.get('market', key(3), Item),
        tables.get('market', key(4), Item),
        tables.get('requests', key(1), Item),
        tables.query('market', Item, { pk: 'A5' }),
      ]);
    const answers = await ask(gathered);
    expect(sent.toSorted()).toEqual(['BatchGetItemCommand', 'BatchGetItemCommand', 'GetItemCommand', 'QueryCommand']);
    expect(answers).toEqual(await ask(engine.tables));
  });

  it('are split where there are more keys than one call may have', async () => {
    const all = Array.from({ length: 250 }, (_, n) => n);
    const items = await Promise.all(all.map((n) => gathered.get('market', key(n), Item)));
    expect(items.map((item) => item?.n)).toEqual(all);
    expect(sent).toEqual(['BatchGetItemCommand', 'BatchGetItemCommand', 'BatchGetItemCommand']);
  });

  it('cost in all what each alone costs', async () => {
    const meters = [1, 2, 3].map(() => gathered.metered());
    await Promise.all([
      meters[0]!.get('market', key(1), Item, { consistent: true }),
      meters[1]!.getMany('market', [key(2), key(3)], Item, { consistent: true }),
      meters[2]!.get('market', { pk: 'none', sk: 'x' }, Item, { consistent: true }),
    ]);
    expect(sent).toEqual(['BatchGetItemCommand']);
    expect(meters.map(({ consumed }) => consumed.readUnits)).toEqual([1, 2, 1]);
  });

  it('fail together', async () => {
    fails = true;
    const both = await Promise.allSettled([gathered.get('market', key(1), Item), gathered.get('market', key(2), Item)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    expect(await gathered.get('market', key(1), Item)).toMatchObject({ n: 1 });
  });

  it('go alone where they want a part of an item, or may be aborted', async () => {
    const { client } = gathered.owner as TableConfig;
    const whole = { TableName: names.market, Key: { pk: { S: 'A1' }, sk: { S: 'x' } } };
    const part = { [names.market]: { Keys: [whole.Key], ProjectionExpression: 'n' } };
    await Promise.all([
      client.send(new GetItemCommand({ ...whole, ProjectionExpression: 'n' })),
      client.send(new BatchGetItemCommand({ RequestItems: part })),
      client.send(new GetItemCommand(whole), { abortSignal: new AbortController().signal }),
      client.send(
        new QueryCommand({
          TableName: names.market,
          KeyConditionExpression: 'pk = :p',
          ExpressionAttributeValues: { ':p': { S: 'A1' } },
        }),
      ),
    ]);
    expect(sent.toSorted()).toEqual(['BatchGetItemCommand', 'GetItemCommand', 'GetItemCommand', 'QueryCommand']);
  });
});
