import { expect, it } from 'vitest';
import { batchesOf } from './names.ts';

it('asks for no more of a kind at once than one may, and for both kinds together', () => {
  const of = (kind: 'people' | 'organisations', count: number) => Array.from({ length: count }, () => ({ kind }));
  const batches = batchesOf([...of('people', 5), ...of('organisations', 1)], 2);
  const counts = batches.map((batch) => [
    batch.filter(({ kind }) => kind === 'people').length,
    batch.filter(({ kind }) => kind === 'organisations').length,
  ]);
  expect(counts).toEqual([
    [2, 1],
    [2, 0],
    [1, 0],
  ]);
});
