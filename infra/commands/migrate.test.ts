/** A migration by the example of names that become two attributes: planned, stopped, gone on with, while the market writes. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Item, type TableConfig, Tables } from '../../shared/kernel/table.ts';
import { putAll } from '../../tests/bench/support/put-all.ts';
import { crashing } from '../../tests/support/crash.ts';
import { startTestTables, type TestTables } from '../../tests/support/engine.ts';
import { isOld, MIGRATIONS, type Migration, wrongWith } from './migrate/migration.ts';
import { apply, forget, plan } from './migrate/run.ts';

const COMMAND = fileURLToPath(new URL('./migrate.ts', import.meta.url));
const COUNT = 450;
const QUIET = { perSecond: 1_000_000, say: () => undefined };

const SPLIT: Migration = {
  id: '2026-12-01-names-in-two',
  says: 'A person’s name becomes a given and a family name.',
  table: 'market',
  prefix: 'PERSON#',
  to: 2,
  reads: ['name'],
  change: ({ name }) => {
    const [given = '', ...family] = String(name).split(' ');
    return { set: { given, family: family.join(' ') }, remove: ['name'] };
  },
};

/** What a release reads between expand and contract: both forms, as the new one. */
const Person = z.preprocess(
  (item) =>
    item !== null && typeof item === 'object' && 'name' in item
      ? { ...item, ...SPLIT.change(item as never).set }
      : item,
  z.object({ pk: z.string(), given: z.string(), family: z.string() }),
);

let engine: TestTables;
let tables: Tables;
beforeAll(async () => {
  engine = await startTestTables();
  tables = engine.tables;
});
afterAll(() => engine.stop());
const read = async (pk: string) =>
  (await tables.get('market', { pk, sk: '-' }, z.looseObject({}), { consistent: true })) as Item;

/** Every person, as a release that knows the new form only would find it. */
async function olds(): Promise<number> {
  return (await plan(tables, SPLIT)).old;
}

describe('a migration', () => {
  beforeEach(async () => {
    await forget(tables, SPLIT);
    const people = Array.from({ length: COUNT }, (_, i) => ({ pk: `PERSON#${i}`, sk: '-', name: `Ada L${i} Byron` }));
    const others = [
      { pk: 'PLACE#1', sk: '-', name: 'Not a person' },
      { pk: 'PERSON#new', sk: '-', v: 2, given: 'Grace', family: 'Hopper' },
    ];
    await putAll(tables, 'market', [...people, ...others]);
  });

  it('is planned without changing anything', async () => {
    const found = await plan(tables, SPLIT);
    expect(found).toMatchObject({ old: COUNT, writeUnits: COUNT, example: { sk: '-' } });
    expect(found.seen).toBeGreaterThanOrEqual(COUNT + 2);
    expect(await read('PERSON#7')).toEqual({ pk: 'PERSON#7', sk: '-', name: 'Ada L7 Byron' });
  });

  it('brings over what it is about, leaves the rest, and is read in both forms all the while', async () => {
    const before = Person.parse(await read('PERSON#7'));
    expect(await apply(tables, SPLIT, QUIET)).toBe(COUNT);
    expect(await read('PERSON#7')).toEqual({ pk: 'PERSON#7', sk: '-', v: 2, given: 'Ada', family: 'L7 Byron' });
    expect(Person.parse(await read('PERSON#7'))).toEqual(before);
    expect(await read('PERSON#new')).toMatchObject({ v: 2, given: 'Grace', family: 'Hopper' });
    expect(await read('PLACE#1')).toEqual({ pk: 'PLACE#1', sk: '-', name: 'Not a person' });
    expect(await olds()).toBe(0);
  });

  it('that was stopped goes on where it came to, and changes nothing twice', async () => {
    for (const at of [1, 3, 90, 250])
      await apply(crashing(tables, at, 'after').tables, SPLIT, QUIET).catch(() => undefined);
    const left = await olds();
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(COUNT);
    const said: string[] = [];
    await apply(tables, SPLIT, { ...QUIET, say: (line) => said.push(line) });
    expect(said[0]).toMatch(/^goes on after \d+ items$/);
    expect(await olds()).toBe(0);
    const writes: unknown[] = [];
    const again = new Tables({ ...(tables.owner as TableConfig), observe: (_table, item) => writes.push(item) });
    await apply(again, SPLIT, QUIET);
    expect(writes).toEqual([]);
    await forget(tables, SPLIT);
    expect(await apply(tables, SPLIT, QUIET)).toBe(0);
  });

  it('loses nothing that the market writes meanwhile', async () => {
    const config = tables.owner as TableConfig;
    let isFirst = true;
    const send = async (command: Parameters<typeof config.client.send>[0]) => {
      const { Key: key } = command.input as { Key?: { pk?: { S?: string } } };
      if (isFirst && command instanceof UpdateItemCommand && key?.pk?.S === 'PERSON#7') {
        isFirst = false;
        // Between what was read and what is written: another name.
        await tables.update('market', { pk: 'PERSON#7', sk: '-' }, { set: { name: 'Ada King' } });
      }
      return config.client.send(command);
    };
    await apply(new Tables({ ...config, client: { send } as unknown as typeof config.client }), SPLIT, QUIET);
    expect(isFirst).toBe(false);
    const person = Person.parse(await read('PERSON#7'));
    expect([person.given, person.family]).toEqual(['Ada', 'King']);
    expect(await read('PERSON#7')).not.toHaveProperty('name');
  });

  it('never touches an entry of the ledger, and names what it is about', () => {
    expect(wrongWith({ ...SPLIT, table: 'ledger', prefix: 'E#' })).toContain('never changed');
    expect(wrongWith({ ...SPLIT, table: 'ledger', prefix: 'E' })).toContain('never changed');
    expect(wrongWith({ ...SPLIT, prefix: '' })).toContain('name what');
    expect(wrongWith({ ...SPLIT, to: 1 })).toContain('version');
    expect(wrongWith({ ...SPLIT, table: 'ledger', prefix: 'I#' })).toBeNull();
    expect(isOld(SPLIT, { pk: 'PERSON#1', sk: '-', v: 3 })).toBe(false);
  });
});

describe('the migrations of this release', () => {
  it('can be run, in the order of their dates, each under a name of its own', () => {
    expect(MIGRATIONS.map(wrongWith).filter((wrong) => wrong !== null)).toEqual([]);
    const ids = MIGRATIONS.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    for (const id of ids) expect(id).toMatch(/^\d{4}-\d{2}-\d{2}-[a-z0-9-]+$/);
  });

  it('are run by a command, on a folder of one machine', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-migrate-'));
    const run = (...words: string[]) => {
      const child = spawn(process.execPath, [COMMAND, '--data', join(folder, 'data'), ...words], { stdio: 'ignore' });
      return new Promise((done) => child.once('exit', done));
    };
    try {
      expect([await run('--plan'), await run('--apply'), await run(), await run('--plan', '--only', 'none')]).toEqual([
        0, 0, 2, 1,
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
