import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestStripe } from '../../../tests/support/stripe.ts';
import { Store } from './store.ts';

type Note = { id: string; object: 'local.note'; [more: string]: unknown };

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-store-'));
  store = new Store(':memory:', 'seed');
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const keep = (id: string, more: object): void => {
  const note: Note = { id, object: 'local.note', ...more };
  store.put('local.note', id, '', note);
};
const idsOf = (where: Record<string, string>): string[] =>
  store.select('local.note', '', { where, order: 'oldest', limit: 10 }).map(({ id }) => id);

it('finds an object by what it is now, and in the place that it had from the first', () => {
  store.transaction(() => {
    keep('one', { customer: 'a' });
    keep('two', { customer: 'a' });
  });
  expect(idsOf({ customer: 'a' })).toEqual(['one', 'two']);
  store.transaction(() => keep('one', { customer: 'a', more: 1 }));
  expect(store.get('local.note', 'one', '')).toMatchObject({ more: 1 });
  expect(idsOf({ customer: 'a' })).toEqual(['one', 'two']);
  store.transaction(() => keep('one', { customer: 'b' }));
  expect(idsOf({ customer: 'a' })).toEqual(['two']);
  expect(idsOf({ customer: 'b' })).toEqual(['one']);
  store.transaction(() => store.remove('one'));
  expect(idsOf({ customer: 'b' })).toEqual([]);
  expect(store.get('local.note', 'one', '')).toBeUndefined();
});

it('shows an object to its own account and kind only, however often it is asked for', () => {
  keep('one', {});
  for (let n = 0; n < 2; n++) {
    expect(store.get('local.note', 'one', 'acct_1')).toBeUndefined();
    expect(store.any('one', 'acct_1')).toBeUndefined();
    expect(store.get('customer', 'one', '')).toBeUndefined();
    expect(store.get('local.note', 'one', '')).toMatchObject({ id: 'one' });
  }
});

it('forgets what was read and written when it is taken back', () => {
  store.transaction(() => keep('one', { customer: 'a', n: 1 }));
  expect(idsOf({ customer: 'a' })).toEqual(['one']);
  const broken = () =>
    store.transaction(() => {
      keep('one', { customer: 'a', n: 2 });
      keep('two', { customer: 'a' });
      const id = store.newId('three_');
      keep(id, { customer: 'a' });
      store.later(5, 'job', '', {});
      expect(idsOf({ customer: 'a' })).toEqual(['one', 'two', id]);
      expect(store.get('local.note', 'one', '')).toMatchObject({ n: 2 });
      throw new Error('taken back');
    });
  expect(broken).toThrow('taken back');
  expect(idsOf({ customer: 'a' })).toEqual(['one']);
  expect(store.get('local.note', 'one', '')).toMatchObject({ n: 1 });
  expect(store.get('local.note', 'two', '')).toBeUndefined();
  expect(store.dueJob(10)).toBeUndefined();
});

it('hands out what it keeps anew each time, so that nobody changes it by the way', () => {
  keep('one', { list: [1] });
  const first = store.get('local.note', 'one', '') as Note;
  (first.list as number[]).push(2);
  expect(store.get('local.note', 'one', '')?.list).toEqual([1]);
  const [listed] = store.select('local.note', '', { order: 'oldest', limit: 10 }) as [Note];
  (listed.list as number[]).push(2);
  expect(store.select('local.note', '', { order: 'oldest', limit: 10 })[0]?.list).toEqual([1]);
});

it('lists those since an instant in the order in which they came, also where their times do not follow it', () => {
  const times = [50, 10, 40, 20, 60, 30, 45];
  for (const [n, created] of times.entries()) keep(`n${n}`, { created });
  for (const edge of ['gt', 'gte'] as const)
    for (const since of [0, 20, 40, 45, 60, 99])
      for (const order of ['newest', 'oldest'] as const)
        for (const after of [undefined, 'n0', 'n3', 'n6'])
          for (const limit of [1, 3, 10]) {
            const found = store.select('local.note', '', { created: { [edge]: since }, order, after, limit });
            const all = times.map((created, n) => ({ created, n }));
            if (order === 'newest') all.reverse();
            const from = after === undefined ? 0 : all.findIndex(({ n }) => `n${n}` === after) + 1;
            const wanted = all
              .slice(from)
              .filter(({ created }) => (edge === 'gt' ? created > since : created >= since))
              .slice(0, limit);
            expect(found.map(({ id }) => id)).toEqual(wanted.map(({ n }) => `n${n}`));
          }
});

it('tells of each job when it is due and not before, whatever was planned or done meanwhile', () => {
  expect(store.dueJob(100)).toBeUndefined();
  store.later(50, 'second', '', {});
  expect(store.dueJob(49)).toBeUndefined();
  store.later(20, 'first', '', {});
  expect(store.dueJob(19)).toBeUndefined();
  expect(store.dueJob(60)?.name).toBe('first');
  store.run("DELETE FROM jobs WHERE name = 'first'");
  expect(store.dueJob(49)).toBeUndefined();
  expect(store.dueJob(50)?.name).toBe('second');
});

it('counts the meter events of a file that is older than their index, which it gets', async () => {
  const database = join(folder, 'stripe.sqlite');
  const hour = Date.UTC(2026, 0, 1) / 1_000;
  const sum = async (isFirst: boolean): Promise<number[]> => {
    const test = await startTestStripe({ database });
    try {
      const { billing, customers } = test.stripe;
      if (isFirst) {
        const { id } = await customers.create({ metadata: {} });
        await billing.meters.create({
          display_name: 'Made',
          event_name: 'made',
          default_aggregation: { formula: 'last' },
        });
        for (const [at, value] of [
          [hour - 7_200, '3'],
          [hour - 10_800, '5'],
          [hour - 3_600 * 30, '7'],
        ] as const)
          await billing.meterEvents.create({
            event_name: 'made',
            payload: { stripe_customer_id: id, value },
            timestamp: at,
          });
      }
      const [customer] = (await customers.list()).data;
      const [meter] = (await billing.meters.list()).data;
      const { data } = await billing.meters.listEventSummaries(meter?.id ?? '', {
        customer: customer?.id ?? '',
        start_time: hour - 86_400,
        end_time: hour,
      });
      return data.map(({ aggregated_value: value }) => value);
    } finally {
      await test.stop();
    }
  };
  // Of the two within the day, the one that was told last.
  expect(await sum(true)).toEqual([5]);
  const file = new DatabaseSync(database);
  file.exec('DROP INDEX meter_events_of');
  file.close();
  expect(await sum(false)).toEqual([5]);
  const again = new DatabaseSync(database);
  const plan = again
    .prepare(
      `EXPLAIN QUERY PLAN SELECT seq FROM objects WHERE kind = 'billing.meter_event' AND account = ?
        AND json_extract(keys, '$."payload.stripe_customer_id"') = ?
        AND json_extract(body, '$.timestamp') >= ? AND json_extract(body, '$.timestamp') < ?`,
    )
    .all('', '', 0, 1);
  again.close();
  expect(plan.map(({ detail }) => detail).join()).toContain('meter_events_of');
});
