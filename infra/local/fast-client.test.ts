import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ABSENT, type Item, Tables } from '../../shared/kernel/table.ts';
import { type DynamodbEngine, startDynamodbEngine } from './dynamodb-engine.ts';
import { fastClient } from './fast-client.ts';
import { createTables, tableClient, tableNames } from './tables.ts';

let engine: DynamodbEngine;
const closes: (() => void)[] = [];
beforeAll(async () => {
  engine = await startDynamodbEngine();
});
afterAll(async () => {
  for (const close of closes) close();
  await engine.stop();
});

const Anything = z.looseObject({});
const item = (pk: string, more: Record<string, unknown> = {}): Item => ({ pk, sk: '-', ...more });

/** Every kind of call the table layer makes, with all that it answers or throws. */
async function everything(tables: Tables): Promise<unknown[]> {
  const seen: unknown[] = [];
  const note = async (work: Promise<unknown>) => {
    seen.push(
      await work.catch((error: Error & { CancellationReasons?: unknown }) => ({
        threw: error.name,
        reasons: error.CancellationReasons,
      })),
    );
  };
  const content = {
    n: 1.5,
    text: 'ä😀',
    flag: false,
    none: null,
    list: [1, 'b'],
    map: { a: { b: 2 } },
    gone: undefined,
  };
  await note(tables.put('requests', item('a', content), ABSENT));
  await note(tables.put('requests', item('a', { n: 9 }), ABSENT));
  await note(tables.get('requests', { pk: 'a', sk: '-' }, Anything, { consistent: true }));
  await note(tables.get('requests', { pk: 'nobody', sk: '-' }, Anything));
  await note(
    tables.update('requests', { pk: 'a', sk: '-' }, { set: { text: 'new' }, remove: ['flag'], add: { n: 2 } }),
  );
  await note(tables.update('requests', { pk: 'a', sk: '-' }, { set: { text: 'x' } }, [['=', 'text', 'other']]));
  await note(tables.change('requests', { pk: 'a', sk: '-' }, Anything, { append: { list: [3] } }, [['present', 'pk']]));
  await note(tables.increment('requests', { pk: 'c', sk: '-' }, 'count', 3));
  await note(tables.increment('requests', { pk: 'c', sk: '-' }, 'count', 1, [['<', 'count', 2]]));
  for (let n = 0; n < 5; n++)
    await note(tables.put('requests', item(`w${n}`, { wpk: 'W#1', wsk: `${n}`, big: 'x'.repeat(2_000) })));
  const index = { name: 'worklist', pk: 'wpk', sk: 'wsk' };
  const page = await tables.query('requests', Anything, { index, pk: 'W#1', limit: 2 });
  seen.push(page);
  await note(
    tables.query('requests', Anything, { index, pk: 'W#1', limit: 9, ...(page.after ? { after: page.after } : {}) }),
  );
  await note(tables.query('requests', Anything, { index, pk: 'W#1', from: '1', to: '3', descending: true }));
  const keys = ['a', 'c', 'w1', 'nobody'].map((pk) => ({ pk, sk: '-' }));
  seen.push([...(await tables.getMany('requests', keys, Anything))].sort(([a], [b]) => (a < b ? -1 : 1)));
  const write = { kind: 'put', table: 'requests', item: item('t', { n: 1 }), when: ABSENT } as const;
  const check = { kind: 'check', table: 'requests', key: { pk: 'a', sk: '-' }, when: [['=', 'text', 'new']] } as const;
  await note(tables.transact([write, check]));
  await note(tables.transact([check, write]));
  await note(tables.delete('requests', { pk: 't', sk: '-' }, [['=', 'n', 2]]));
  await note(tables.delete('requests', { pk: 't', sk: '-' }));
  await note(tables.put('requests', item('', {})));
  seen.push(tables.consumed);
  return seen;
}

const tablesWith = async (client: DynamoDBDocumentClient | undefined, stage: string): Promise<Tables> => {
  const admin = tableClient(engine.endpoint);
  closes.push(admin.close);
  const names = tableNames(stage);
  await createTables(admin.client, names);
  return new Tables({ client: client ?? admin.client, names });
};

describe('the fast client', () => {
  it('answers and throws what the SDK’s client does, for every kind of call', async () => {
    const fast = fastClient(engine.endpoint);
    closes.push(fast.close);
    const expected = await everything(await tablesWith(undefined, 'sdk'));
    expect(await everything(await tablesWith(fast.client, 'fast'))).toEqual(expected);
    expect(expected.length).toBeGreaterThan(20);
  });

  it('names the error of an engine that is gone', async () => {
    const other = await startDynamodbEngine();
    const fast = fastClient(other.endpoint);
    closes.push(fast.close);
    await other.stop();
    const tables = new Tables({ client: fast.client, names: tableNames('sdk') });
    await expect(tables.get('market', { pk: 'a', sk: '-' }, Anything)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('costs half of the SDK’s client at the most', async () => {
    const fast = fastClient(engine.endpoint);
    closes.push(fast.close);
    const [slowMs, fastMs] = [
      await costOf(await tablesWith(undefined, 'sdk2')),
      await costOf(await tablesWith(fast.client, 'fast2')),
    ];
    expect(fastMs).toBeLessThan(slowMs / 2);
  });
});

/** Processor time of this process for one call, in ms, once the code is warm. */
async function costOf(tables: Tables): Promise<number> {
  const run = async (count: number) => {
    for (let n = 0; n < count; n++) await tables.put('requests', item(`p${n}`, { x: 'y'.repeat(300), n }));
  };
  await run(300);
  const begun = process.cpuUsage();
  await run(500);
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 500_000;
}
