/** The data layer against a real engine: what it writes, reads, counts, and how it refuses. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { startTestTables, type TestTables } from '../../tests/support/engine.ts';
import { ABSENT, type Item, type Key, keyText, type TableConfig, type Tables } from './table.ts';

let engine: TestTables;
const observed: { table: string; attributes: Record<string, unknown> }[] = [];
beforeAll(async () => {
  engine = await startTestTables({ observe: (table, attributes) => observed.push({ table, attributes }) });
});
afterAll(() => engine.stop());

const Anything = z.looseObject({ pk: z.string(), sk: z.string() });
const Counted = z.object({ pk: z.string(), sk: z.string(), count: z.int() });
const key = (pk: string, sk = 'a'): Key => ({ pk, sk });
const read = (tables: Tables, at: Key) => tables.get('market', at, Anything, { consistent: true });

/** A meter of its own with one item already there, uncounted. */
async function holding(item: Item): Promise<Tables> {
  await engine.tables.metered().put('market', item);
  return engine.tables.metered();
}

describe('writing', () => {
  it('takes words that DynamoDB reserves as attribute names, in changes, conditions and index keys', async () => {
    const item = { ...key('reserved'), name: 'n', state: 'open', size: 1, values: ['v'], counter: 2, ttl: 'x' };
    const tables = await holding(item);
    const changed = await tables.update(
      'market',
      key('reserved'),
      {
        set: { name: 'm', status: 'new' },
        append: { values: ['w'] },
        add: { counter: 3 },
        remove: ['ttl'],
        sum: { size: [5, 'counter'] },
      },
      [
        ['=', 'state', 'open'],
        ['in', 'name', ['n', 'o']],
        ['absent', 'date'],
        ['present', 'ttl'],
        ['<', 'size', 2],
      ],
    );
    expect(changed).toEqual({ ok: true });
    // `size` is the counter as it was before the same change, plus 5.
    expect(await read(tables, key('reserved'))).toEqual({
      ...key('reserved'),
      name: 'm',
      status: 'new',
      state: 'open',
      size: 7,
      values: ['v', 'w'],
      counter: 5,
    });
  });

  it('answers a lost condition as a value with the item that was there', async () => {
    const old = { ...key('lost'), state: 'closed', nested: { list: [1, { deep: true }] } };
    const tables = await holding(old);
    expect(await tables.put('market', { ...key('lost'), state: 'open' }, ABSENT)).toEqual({ ok: false, old });
    expect(await tables.update('market', key('lost'), { set: { state: 'open' } }, [['=', 'state', 'open']])).toEqual({
      ok: false,
      old,
    });
    expect(await tables.delete('market', key('lost'), [['=', 'state', 'open']])).toEqual({ ok: false, old });
    expect(
      await tables.change('market', key('lost'), Anything, { set: { state: 'x' } }, [['absent', 'state']]),
    ).toEqual({ ok: false, old });
    expect(await tables.increment('market', key('lost'), 'n', 1, [['absent', 'state']])).toEqual({ ok: false, old });
    expect(await read(tables, key('lost'))).toEqual(old);
  });

  it('answers null where a condition was lost because nothing is there', async () => {
    const tables = engine.tables.metered();
    const lost = await tables.update('market', key('nothing'), { set: { a: 1 } }, [['present', 'pk']]);
    expect(lost).toEqual({ ok: false, old: null });
    expect(await read(tables, key('nothing'))).toBeUndefined();
  });

  it('returns the item as it is after a change, at no read', async () => {
    const tables = await holding({ ...key('changed'), count: 1 });
    const changed = await tables.change('market', key('changed'), Counted, { add: { count: 4 } }, [['=', 'count', 1]]);
    expect(changed).toEqual({ ok: true, item: { ...key('changed'), count: 5 } });
    expect(tables.consumed).toEqual({ writeUnits: 1, readUnits: 0, calls: 1 });
  });

  it('counts up from nothing and answers the number before', async () => {
    const tables = engine.tables.metered();
    expect(await tables.increment('market', key('counter'), 'next', 3)).toEqual({ ok: true, before: 0 });
    expect(await tables.increment('market', key('counter'), 'next', 2)).toEqual({ ok: true, before: 3 });
    const both = await Promise.all(
      Array.from({ length: 10 }, () => tables.increment('market', key('counter'), 'next', 1)),
    );
    const before = both.map((answer) => (answer.ok ? answer.before : -1)).sort((a, b) => a - b);
    expect(before).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  });

  it('leaves out what a change sets to undefined', async () => {
    const tables = await holding({ ...key('undefined'), a: 1 });
    await tables.update('market', key('undefined'), { set: { a: undefined, b: 2 } });
    expect(await read(tables, key('undefined'))).toEqual({ ...key('undefined'), a: 1, b: 2 });
  });

  it('deletes', async () => {
    const tables = await holding({ ...key('deleted'), a: 1 });
    expect(await tables.delete('market', key('deleted'), [['=', 'a', 1]])).toEqual({ ok: true });
    expect(await read(tables, key('deleted'))).toBeUndefined();
  });

  it('is tried again while a transaction holds its item, five times at the most', async () => {
    const tables = await holding({ ...key('held'), n: 1 });
    const held = (times: number) => {
      const { client } = tables.owner as TableConfig;
      const refused = Object.assign(new Error('held'), { name: 'TransactionConflictException' });
      const send = vi.spyOn(client, 'send');
      for (let i = 0; i < times; i++) send.mockRejectedValueOnce(refused as never);
      return send;
    };
    const send = held(2);
    expect(await tables.increment('market', key('held'), 'n', 1)).toEqual({ ok: true, before: 1 });
    expect(send).toHaveBeenCalledTimes(3);
    send.mockRestore();
    const never = held(5);
    await expect(tables.put('market', { ...key('held'), n: 7 })).rejects.toThrow('held');
    never.mockRestore();
    expect(await read(tables, key('held'))).toEqual({ ...key('held'), n: 2 });
  });

  it('shows the observer every write before it happens, also those of a transaction', async () => {
    const tables = engine.tables.metered();
    observed.length = 0;
    await tables.put('ledger', { ...key('seen', 'put'), a: 1 });
    await tables.update('ledger', key('seen', 'put'), { set: { a: 2 } });
    await tables.change('ledger', key('seen', 'put'), Anything, { set: { a: 3 } }, []);
    await tables.transact([
      { kind: 'put', table: 'ledger', item: { ...key('seen', 'transacted'), b: 1 } },
      { kind: 'update', table: 'market', key: key('seen', 'other'), change: { set: { c: 1 } } },
    ]);
    expect(observed).toEqual([
      { table: 'ledger', attributes: { ...key('seen', 'put'), a: 1 } },
      { table: 'ledger', attributes: { ...key('seen', 'put'), a: 2 } },
      { table: 'ledger', attributes: { ...key('seen', 'put'), a: 3 } },
      { table: 'ledger', attributes: { ...key('seen', 'transacted'), b: 1 } },
      { table: 'market', attributes: { ...key('seen', 'other'), c: 1 } },
    ]);
  });
});

describe('a transaction', () => {
  it('writes all or nothing, and says which write lost and to what', async () => {
    const old = { ...key('pair', 'b'), state: 'taken' };
    const tables = await holding(old);
    const writes = (when: string) =>
      tables.transact([
        { kind: 'put', table: 'market', item: { ...key('pair', 'a'), n: 1 }, when: ABSENT },
        { kind: 'check', table: 'market', key: key('pair', 'b'), when: [['=', 'state', when]] },
        { kind: 'update', table: 'requests', key: key('pair', 'c'), change: { add: { n: 2 } } },
      ]);
    expect(await writes('free')).toEqual({ ok: false, at: 1, old });
    expect(await read(tables, key('pair', 'a'))).toBeUndefined();
    expect(await writes('taken')).toEqual({ ok: true });
    expect(await read(tables, key('pair', 'a'))).toEqual({ ...key('pair', 'a'), n: 1 });
    expect(await tables.get('requests', key('pair', 'c'), Anything, { consistent: true })).toEqual({
      ...key('pair', 'c'),
      n: 2,
    });
    expect(await writes('taken')).toEqual({ ok: false, at: 0, old: { ...key('pair', 'a'), n: 1 } });
  });

  it('costs double, lost or not', async () => {
    const tables = engine.tables.metered();
    const puts = ['a', 'b'].map((sk) => ({
      kind: 'put' as const,
      table: 'market' as const,
      item: key('double', sk),
      when: ABSENT,
    }));
    expect(await tables.transact(puts)).toEqual({ ok: true });
    expect(tables.consumed.writeUnits).toBe(4);
    expect(await tables.transact(puts)).toEqual({ ok: false, at: 0, old: key('double', 'a') });
    expect(tables.consumed).toEqual({ writeUnits: 8, readUnits: 0, calls: 2 });
  });
});

describe('reading', () => {
  it('throws where what is stored does not parse', async () => {
    const tables = await holding({ ...key('broken'), count: 'many' });
    await expect(tables.get('market', key('broken'), Counted)).rejects.toThrow(z.ZodError);
    await expect(tables.query('market', Counted, { pk: 'broken' })).rejects.toThrow(z.ZodError);
    await expect(tables.getMany('market', [key('broken')], Counted)).rejects.toThrow(z.ZodError);
    await expect(tables.change('market', key('broken'), Counted, { set: { a: 1 } }, [])).rejects.toThrow(z.ZodError);
  });

  it('finds more than a hundred keys, each once, and leaves out those that do not exist', async () => {
    const keys = Array.from({ length: 130 }, (_, n) => key('many', String(n).padStart(3, '0')));
    await Promise.all(keys.map((at, n) => engine.tables.put('market', { ...at, count: n })));
    const tables = engine.tables.metered();
    const found = await tables.getMany('market', [...keys, keys[0]!, key('many', 'none')], Counted);
    expect(found.size).toBe(130);
    for (const [n, at] of keys.entries()) expect(found.get(keyText(at))?.count).toBe(n);
    expect(found.has('many|none')).toBe(false);
    expect(tables.consumed.calls).toBe(2);
  });

  it('reads nothing, and pays nothing, for no keys', async () => {
    const tables = engine.tables.metered();
    expect((await tables.getMany('market', [], Anything)).size).toBe(0);
    expect(tables.consumed.calls).toBe(0);
  });

  it('pages through a partition in key order, within bounds, from both ends', async () => {
    for (const sk of ['a1', 'a2', 'a3', 'b1', 'b2']) await engine.tables.put('market', key('pages', sk));
    const tables = engine.tables.metered();
    const keys = async (options: object) =>
      (await tables.queryAll('market', Anything, { pk: 'pages', ...options })).map(({ sk }) => sk);
    expect(await keys({ limit: 2 })).toEqual(['a1', 'a2', 'a3', 'b1', 'b2']);
    expect(tables.consumed.calls).toBe(3);
    expect(await keys({ prefix: 'a', descending: true })).toEqual(['a3', 'a2', 'a1']);
    expect(await keys({ from: 'a2', to: 'b1' })).toEqual(['a2', 'a3', 'b1']);
    expect(await keys({ from: 'a3' })).toEqual(['a3', 'b1', 'b2']);
    expect(await keys({ to: 'a2' })).toEqual(['a1', 'a2']);
    const first = await tables.query('market', Anything, { pk: 'pages', limit: 4 });
    const rest = await tables.query('market', Anything, { pk: 'pages', limit: 4, after: first.after });
    expect([first.items.length, rest.items.map(({ sk }) => sk), rest.after]).toEqual([4, ['b2'], undefined]);
  });

  it('throws rather than read more than was foreseen', async () => {
    for (const sk of ['a', 'b', 'c']) await engine.tables.put('market', key('bounded', sk));
    const all = (most: number) => engine.tables.queryAll('market', Anything, { pk: 'bounded' }, most);
    await expect(all(2)).rejects.toThrow('more than 2 items under bounded');
    expect(await all(3)).toHaveLength(3);
  });

  it('follows an index, which holds only items with its keys', async () => {
    await engine.tables.put('market', { ...key('indexed', 'a'), opk: 'owner', osk: '2' });
    await engine.tables.put('market', { ...key('indexed', 'b'), opk: 'owner', osk: '1' });
    await engine.tables.put('market', key('indexed', 'c'));
    const index = { name: 'owner', pk: 'opk', sk: 'osk' };
    const owned = () => engine.tables.queryAll('market', Anything, { index, pk: 'owner', limit: 1 });
    expect((await owned()).map(({ sk }) => sk)).toEqual(['b', 'a']);
    await engine.tables.update('market', key('indexed', 'b'), { remove: ['opk', 'osk'] });
    expect((await owned()).map(({ sk }) => sk)).toEqual(['a']);
  });
});

describe('the meter', () => {
  it('is each command’s own', async () => {
    const [one, other] = [engine.tables.metered(), engine.tables.metered()];
    const before = { ...engine.tables.consumed };
    await one.put('market', key('meters'));
    await other.get('market', key('meters'), Anything);
    expect(one.consumed).toEqual({ writeUnits: 1, readUnits: 0, calls: 1 });
    expect(other.consumed).toEqual({ writeUnits: 0, readUnits: 0.5, calls: 1 });
    expect(engine.tables.consumed).toEqual(before);
    expect(one.owner).toBe(other.owner);
  });

  it('counts a write by the kilobyte and a read by four, half where it need not be consistent', async () => {
    const tables = engine.tables.metered();
    await tables.put('market', { ...key('sizes'), text: 'x'.repeat(4_500) });
    expect(tables.consumed.writeUnits).toBe(5);
    await read(tables, key('sizes'));
    expect(tables.consumed.readUnits).toBe(2);
    await tables.get('market', key('sizes'), Anything);
    expect(tables.consumed.readUnits).toBe(3);
  });

  it('counts an index entry that a write makes, moves or takes away', async () => {
    const tables = engine.tables.metered();
    await tables.put('market', { ...key('listed'), opk: 'list', osk: '1' });
    expect(tables.consumed.writeUnits).toBe(2);
    await tables.update('market', key('listed'), { set: { other: 1 } });
    expect(tables.consumed.writeUnits).toBe(3);
    await tables.update('market', key('listed'), { set: { osk: '2' } });
    expect(tables.consumed.writeUnits).toBe(6);
    await tables.update('market', key('listed'), { remove: ['opk', 'osk'] });
    expect(tables.consumed.writeUnits).toBe(8);
  });

  it('counts a lost condition by the size of the item it met, as AWS bills it', async () => {
    const tables = await holding({ ...key('paid'), text: 'x'.repeat(2_500) });
    await tables.put('market', key('paid'), ABSENT);
    expect(tables.consumed).toEqual({ writeUnits: 3, readUnits: 0, calls: 1 });
    await tables.update('market', key('unpaid'), { set: { a: 1 } }, [['present', 'pk']]);
    expect(tables.consumed).toEqual({ writeUnits: 4, readUnits: 0, calls: 2 });
  });
});
