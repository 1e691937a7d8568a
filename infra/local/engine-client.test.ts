/** The plain client and the SDK's, to the same engine. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { ABSENT, Tables } from '../../shared/kernel/table.ts';
import { type DynamodbEngine, startDynamodbEngine } from './dynamodb-engine.ts';
import { createTables, type TableClient, tableClient, tableNames } from './tables.ts';

const names = tableNames('plain');
const Anything = z.record(z.string(), z.unknown());
let engine: DynamodbEngine;
let clients: TableClient[];
let plain: Tables;
let sdk: Tables;

beforeAll(async () => {
  engine = await startDynamodbEngine();
  clients = [tableClient(engine.endpoint, { signs: false }), tableClient(engine.endpoint)];
  [plain, sdk] = clients.map(({ client }) => new Tables({ client, names })) as [Tables, Tables];
  await createTables(clients[0]!.client, names);
});
afterAll(async () => {
  for (const client of clients) client.close();
  await engine.stop();
});

const item = (sk: string) => ({
  pk: 'all kinds',
  sk,
  text: 'ä "quoted" \\ \u2028',
  empty: '',
  whole: 9_007_199_254_740_991,
  part: -0.25,
  yes: true,
  no: false,
  nothing: null,
  bytes: new Uint8Array([0, 255, 7]),
  list: [1, 'two', { three: [3] }, []],
  map: { B: 'a name like a type', S: { N: 1 } },
  left: undefined,
});

it('reads and writes what the SDK’s client does, of every kind that is kept', async () => {
  await plain.put('ledger', item('plain'));
  await sdk.put('ledger', item('sdk'));
  const { left: _left, ...kept } = item('plain');
  for (const tables of [plain, sdk]) {
    expect(await tables.get('ledger', { pk: 'all kinds', sk: 'plain' }, Anything)).toEqual(kept);
    expect(await tables.get('ledger', { pk: 'all kinds', sk: 'sdk' }, Anything)).toEqual({ ...kept, sk: 'sdk' });
    expect(await tables.get('ledger', { pk: 'all kinds', sk: 'none' }, Anything)).toBeUndefined();
  }
  for (const value of [Number.NaN, 2 ** 53, 10n, new Map()])
    await expect(plain.put('ledger', { pk: 'p', sk: 's', value })).rejects.toThrow();
});

it('pages, batches and indexes alike, and counts the same units', async () => {
  for (let n = 0; n < 7; n++)
    await plain.put('ledger', { pk: 'pages', sk: `${n}`, n, cpk: 'list', csk: `${9 - n}`, text: 'x'.repeat(900) });
  const seen = await Promise.all(
    [plain, sdk].map(async (owner) => {
      const tables = owner.metered();
      const index = { name: 'byCompany', pk: 'cpk', sk: 'csk' };
      const first = await tables.query('ledger', Anything, { index, pk: 'list', from: '3', limit: 3 });
      const second = await tables.query('ledger', Anything, {
        index,
        pk: 'list',
        from: '3',
        limit: 9,
        ...(first.after === undefined ? {} : { after: first.after }),
      });
      const keys = ['0', '3', 'none'].map((sk) => ({ pk: 'pages', sk }));
      const many = await tables.getMany('ledger', keys, Anything, { consistent: true });
      return { first, second, many, consumed: tables.consumed };
    }),
  );
  expect(seen[0]!.first.items.map(({ csk }) => csk)).toEqual(['3', '4', '5']);
  expect(seen[0]!.many.size).toBe(2);
  expect(seen[0]).toEqual(seen[1]);
});

it('answers lost conditions with what is there, of one write and of several', async () => {
  for (const [name, tables] of [
    ['plain', plain],
    ['sdk', sdk],
  ] as const) {
    const key = { pk: 'conditions', sk: name };
    expect(await tables.put('ledger', { ...key, bytes: new Uint8Array([1]), n: 1 }, ABSENT)).toEqual({ ok: true });
    const old = { ...key, bytes: new Uint8Array([1]), n: 1 };
    expect(await tables.put('ledger', { ...key, n: 2 }, ABSENT)).toEqual({ ok: false, old });
    expect(await tables.update('ledger', key, { set: { n: 5 } }, [['=', 'n', 4]])).toEqual({ ok: false, old });
    expect(await tables.increment('ledger', key, 'n', 3)).toEqual({ ok: true, before: 1 });
    const changed = await tables.change('ledger', key, Anything, { add: { n: 1 }, remove: ['bytes'] }, [['=', 'n', 4]]);
    expect(changed).toEqual({ ok: true, item: { ...key, n: 5 } });
    const other = { pk: 'conditions', sk: `${name} other` };
    const both = await tables.transact([
      { kind: 'put', table: 'ledger', item: { ...other, n: 1 }, when: ABSENT },
      { kind: 'update', table: 'ledger', key, change: { set: { n: 6 } }, when: [['=', 'n', 1]] },
    ]);
    expect(both).toEqual({ ok: false, at: 1, old: { ...key, n: 5 } });
    expect(await tables.get('ledger', other, Anything)).toBeUndefined();
    expect(await tables.delete('ledger', key, [['=', 'n', 5]])).toEqual({ ok: true });
  }
});

it('throws what the engine refuses, by its name', async () => {
  const wrong = new Tables({ client: clients[0]!.client, names: { ...names, ledger: 'no-such-table' } });
  await expect(wrong.get('ledger', { pk: 'a', sk: 'b' }, Anything)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
