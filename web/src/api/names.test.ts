import { expect, it } from 'vitest';
import { NamesQuery } from '../../../shared/organisation/names.ts';
import { batchesOf, mayAsk } from './names.ts';

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

it('asks only for ids that the market takes', () => {
  const ids = [
    'co_1abc',
    'pr_sandboxp1abc',
    'mk_market',
    'co_',
    'invoice.1',
    '',
    'a,b',
    'key:0123',
    'u-1',
    'x'.repeat(201),
  ];
  for (const kind of ['people', 'organisations'] as const)
    for (const id of ids)
      expect(mayAsk(kind, id), `${kind} ${id}`).toBe(
        id !== '' && !id.includes(',') && NamesQuery.safeParse({ [kind]: id }).success,
      );
});
