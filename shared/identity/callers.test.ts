import { expect, it } from 'vitest';
import type { Tables } from '../kernel/table.ts';
import { type About, callersOf, changingCallers } from './callers.ts';

const MACHINE_NOW = 1_000;

/** A caller's entry that counts how often it had to be read. */
function remembering() {
  const tables = { owner: { isAlone: true } } as unknown as Tables;
  let reads = 0;
  const read = (key: string, about: About) =>
    callersOf(tables.owner).get(key, about, MACHINE_NOW, async () => ({ ok: true, value: ++reads }) as const);
  return { tables, read, reads: () => reads };
}

it('a change forgets what follows from that person or organisation, and nothing else', async () => {
  const { tables, read } = remembering();
  const all = async () => [
    await read('of the organisation', ['anna', 'co_1']),
    await read('of the person', ['bert', 'co_2']),
    await read('of neither', ['carl', 'co_2']),
    await read('of whoever it is', 'anybody'),
  ];
  await all();
  await changingCallers(tables, ['bert', 'co_1'], async () => undefined);
  expect((await all()).map(({ value }) => value)).toEqual([5, 6, 3, 7]);
});

it('forgets also where a change failed, since it may have been made, and what was still being read', async () => {
  const { tables, read, reads } = remembering();
  const reading = read('of the organisation', ['co_1']);
  await changingCallers(tables, ['co_1'], async () => {
    throw new Error('the answer was lost');
  }).catch(() => undefined);
  await reading;
  await read('of the organisation', ['co_1']);
  expect(reads()).toBe(2);
});
