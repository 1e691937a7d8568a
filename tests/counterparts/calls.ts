/** The calls that both engines must answer alike, in the order in which they are made on empty tables. */
import { TransactWriteItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { ABSENT, type Key, type TableConfig, type Tables } from '../../shared/kernel/table.ts';

/** Answers what was seen: the same on both engines, unless the difference is a known one. */
export type EngineCall = (tables: Tables) => Promise<unknown>;

const Anything = z.looseObject({ pk: z.string(), sk: z.string() });
const INDEX = { name: 'owner', pk: 'opk', sk: 'osk' };
const key = (pk: string, sk = 'a'): Key => ({ pk, sk });
const text = (bytes: number) => 'x'.repeat(bytes);
const wide = (pk: string, sk: string, bytes: number) => ({ ...key(pk, sk), text: text(bytes) });
const entry = (sk: string, owner: string) => ({ ...key('indexed', sk), opk: owner, osk: sk });
const raw = (tables: Tables) => tables.owner as TableConfig;

const WRITES = {
  'put a new item': (t) => t.put('market', { ...key('one'), state: 'open', n: 1 }),
  'put over an item': (t) => t.put('market', { ...key('one'), state: 'open', n: 2 }),
  'put under a condition that is lost': (t) => t.put('market', key('one'), ABSENT),
  'update an item': (t) =>
    t.update('market', key('one'), { set: { name: 'n', list: [1] }, add: { n: 1 } }, [['=', 'state', 'open']]),
  'update an item that is not there': (t) => t.update('market', key('born'), { set: { a: 1 } }),
  'update under a condition that is lost': (t) =>
    t.update('market', key('one'), { set: { n: 9 } }, [['=', 'state', 'shut']]),
  'update under a condition on nothing': (t) => t.update('market', key('none'), { set: { n: 9 } }, [['present', 'pk']]),
  'append, sum and remove': (t) =>
    t.update('market', key('one'), { append: { list: [2, 3] }, sum: { m: [10, 'n'] }, remove: ['name'] }),
  'change and read the new item': (t) =>
    t.change('market', key('one'), Anything, { set: { state: 'done' } }, [['=', 'state', 'open']]),
  'change under a condition that is lost': (t) =>
    t.change('market', key('one'), Anything, { set: { a: 1 } }, [['=', 'state', 'open']]),
  'increment from nothing': (t) => t.increment('market', key('counter'), 'next', 5),
  'increment again': (t) => t.increment('market', key('counter'), 'next', 1),
  'increment past a bound': (t) => t.increment('market', key('counter'), 'next', 1, [['<', 'next', 6]]),
  'delete an item': (t) => t.delete('market', key('born')),
  'delete an item that is not there': (t) => t.delete('market', key('born')),
  'delete under a condition that is lost': (t) => t.delete('market', key('one'), [['absent', 'pk']]),
} satisfies Record<string, EngineCall>;

const INDEXES = {
  'put an item into an index': (t) => t.put('market', entry('a', 'first')),
  'put a second item into an index': (t) => t.put('market', entry('b', 'first')),
  'update beside an index': (t) => t.update('market', key('indexed'), { set: { other: 1 } }),
  'move an index entry': (t) => t.update('market', key('indexed'), { set: { osk: 'z' } }),
  'set an index key to what it was': (t) => t.update('market', key('indexed'), { set: { osk: 'z' } }),
  'query an index': (t) => t.query('market', Anything, { index: INDEX, pk: 'first' }),
  'query an index by pages': (t) => t.queryAll('market', Anything, { index: INDEX, pk: 'first', limit: 1 }),
  'query an index backwards': (t) =>
    t.query('market', Anything, { index: INDEX, pk: 'first', descending: true, limit: 1 }),
  'take an item out of an index': (t) => t.update('market', key('indexed'), { remove: ['opk', 'osk'] }),
  'put an item into two indexes': (t) => t.put('market', { ...entry('c', 'two'), dpk: 'due', dsk: '1' }),
  'move both index entries': (t) => t.update('market', key('indexed', 'c'), { set: { osk: 'y', dsk: '2' } }),
  'lose a condition on an indexed item': (t) =>
    t.update('market', key('indexed', 'c'), { set: { osk: 'x' } }, [['=', 'osk', 'q']]),
  'delete an item from two indexes': (t) => t.delete('market', key('indexed', 'c')),
} satisfies Record<string, EngineCall>;

const SIZES = {
  'put an item of just one kilobyte': (t) => t.put('market', wide('wide', 'a', 1_024 - 'pkwideskatext'.length)),
  'put an item of one byte more': (t) => t.put('market', wide('wide', 'b', 1_025 - 'pkwideskbtext'.length)),
  'put an item of 100 kilobytes': (t) => t.put('market', wide('wide', 'c', 100_000)),
  'shrink a big item': (t) => t.update('market', key('wide', 'c'), { set: { text: 'x' } }),
  'grow it again': (t) => t.update('market', key('wide', 'c'), { set: { text: text(20_000) } }),
  'put an item of numbers, lists, maps and nulls': (t) =>
    t.put('market', {
      ...key('wide', 'd'),
      n: 12_345_678_901,
      f: -0.5,
      l: Array.from({ length: 300 }, (_, i) => i),
      m: { a: { b: [null, true, 'é€😀'] } },
    }),
  'lose a condition on a big item': (t) => t.put('market', key('wide', 'c'), ABSENT),
  'get a big item': (t) => t.get('market', key('wide', 'c'), Anything),
  'get a big item consistently': (t) => t.get('market', key('wide', 'c'), Anything, { consistent: true }),
  'get the item of numbers': (t) => t.get('market', key('wide', 'd'), Anything),
  'get nothing': (t) => t.get('market', key('none'), Anything),
  'get several, some not there': async (t) =>
    [...(await t.getMany('market', [key('wide', 'a'), key('wide', 'c'), key('none'), key('one')], Anything))].sort(
      ([a], [b]) => (a < b ? -1 : 1),
    ),
  'query a partition': (t) => t.query('market', Anything, { pk: 'wide' }),
  'query a partition by pages': (t) => t.queryAll('market', Anything, { pk: 'wide', limit: 2, consistent: true }),
  'query between bounds': (t) => t.query('market', Anything, { pk: 'wide', from: 'b', to: 'c' }),
  'query an empty partition': (t) => t.query('market', Anything, { pk: 'none' }),
  'query more than a megabyte': async (t) => {
    for (let i = 0; i < 5; i++) await t.put('market', wide('heavy', String(i), 300_000));
    const { items, after } = await t.query('market', Anything, { pk: 'heavy' });
    return { items: items.map(({ sk }) => sk), after };
  },
} satisfies Record<string, EngineCall>;

const pair = (n: number) => [
  { kind: 'put' as const, table: 'market' as const, item: { ...key('pair', 'a'), n }, when: ABSENT },
  { kind: 'update' as const, table: 'ledger' as const, key: key('pair', 'b'), change: { add: { n } } },
  { kind: 'check' as const, table: 'market' as const, key: key('one'), when: [['=', 'state', 'done'] as const] },
];

async function tokenTwice(tables: Tables): Promise<unknown> {
  const { client, names } = raw(tables);
  const command = () =>
    new TransactWriteItemsCommand({
      TransactItems: [{ Put: { TableName: names.market, Item: marshall(key('token')) } }],
      ClientRequestToken: 'the-same-token',
      ReturnConsumedCapacity: 'TOTAL',
    });
  const units = [];
  for (let i = 0; i < 2; i++)
    units.push((await client.send(command())).ConsumedCapacity?.map(({ CapacityUnits }) => CapacityUnits));
  return units;
}

const TRANSACTIONS = {
  'a transaction of a put, an update and a check': (t) => t.transact(pair(1)),
  'a transaction that is lost': (t) => t.transact(pair(2)),
  'what the lost transaction left': (t) => t.get('ledger', key('pair', 'b'), Anything, { consistent: true }),
  'a transaction with index entries and a big item': (t) =>
    t.transact([
      { kind: 'put', table: 'market', item: { ...entry('t', 'third'), text: text(3_000) } },
      { kind: 'delete', table: 'market', key: key('pair', 'a') },
    ]),
  'a transaction with a token, twice': tokenTwice,
} satisfies Record<string, EngineCall>;

/** Name and text of what a call is refused with. */
async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Error ? { name: error.name, message: error.message } : error),
  );
}

const broken = (t: Tables, UpdateExpression: string, values?: object) =>
  refusal(
    raw(t).client.send(
      new UpdateItemCommand({
        TableName: raw(t).names.market,
        Key: marshall(key('one')),
        UpdateExpression,
        ExpressionAttributeValues: values === undefined ? undefined : marshall(values),
      }),
    ),
  );

const REFUSALS = {
  'refuse an item over 400 kilobytes': (t) => refusal(t.put('market', wide('huge', 'a', 410_000))),
  'refuse an empty key': (t) => refusal(t.put('market', key(''))),
  'refuse an empty index key': (t) => refusal(t.put('market', { ...key('emptyIndex'), opk: '', osk: 'a' })),
  'refuse a number as an index key': (t) => refusal(t.put('market', { ...key('numberIndex'), opk: 1, osk: 'a' })),
  'refuse to add to a text': (t) => refusal(t.update('market', key('one'), { add: { state: 1 } })),
  'refuse to append to what is not there': (t) => refusal(t.update('market', key('one'), { append: { missing: [1] } })),
  'refuse an update of a key': (t) => refusal(t.update('market', key('one'), { set: { sk: 'b' } })),
  'refuse a reserved word that is not aliased': (t) => broken(t, 'SET name = :v', { ':v': 1 }),
  'refuse an alias that is not used': (t) => broken(t, 'SET a = :v', { ':v': 1, ':w': 2 }),
  'refuse a consistent read of an index': (t) =>
    refusal(t.query('market', Anything, { index: INDEX, pk: 'first', consistent: true })),
  'refuse one item twice in a transaction': (t) =>
    refusal(
      t.transact([
        { kind: 'put', table: 'market', item: key('twice') },
        { kind: 'delete', table: 'market', key: key('twice') },
      ]),
    ),
} satisfies Record<string, EngineCall>;

export const CALLS: Readonly<Record<string, EngineCall>> = {
  ...WRITES,
  ...INDEXES,
  ...SIZES,
  ...TRANSACTIONS,
  ...REFUSALS,
};
