/** How alike companies share: whole requests, worked out by hand. */
import { expect, test } from 'vitest';
import { shareAmongAlike } from './sharing.ts';

const share = (byProvider: number[], ...volumes: number[]) =>
  shareAmongAlike(
    byProvider,
    volumes.map((volume) => ({ volume })),
  );

test('totals follow the volumes, the odd request going to the largest remainder, then to the earlier member', () => {
  expect(share([100], 100, 50)).toEqual([[67], [33]]);
  expect(share([2], 1, 1, 1)).toEqual([[1], [1], [0]]);
  expect(share([3], 2, 3)).toEqual([[1], [2]]);
});

test('with more than nine members the tie still goes by their order, not by how numbers are spelt', () => {
  const volumes = Array.from({ length: 12 }, () => 1);
  expect(share([3], ...volumes).map(([n]) => n)).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
});

test('dear and cheap providers are mixed alike: each request goes to the member furthest behind', () => {
  // Totals 4 and 2. Keys of the first member: 1/4 3/4 5/4 7/4, of the second 1/2 3/2.
  expect(share([1, 1, 1, 1, 1, 1], 4, 2)).toEqual([
    [1, 0, 1, 1, 0, 1],
    [0, 1, 0, 0, 1, 0],
  ]);
  expect(share([3, 3], 4, 2)).toEqual([
    [2, 2],
    [1, 1],
  ]);
});

test('members of equal totals take turns, the earlier first', () => {
  expect(share([1, 1, 2], 2, 2)).toEqual([
    [1, 0, 1],
    [0, 1, 1],
  ]);
});

test('who commits nothing gets nothing, and nothing is shared where nothing is awarded', () => {
  expect(share([4, 1], 0, 5)).toEqual([
    [0, 0],
    [4, 1],
  ]);
  expect(share([0], 3, 4)).toEqual([[0], [0]]);
});

test('a member whose key is just reached has its request, the others take turns after it', () => {
  // Totals 5, 3 and 1: keys 1/5 3/5 5/5 7/5 9/5, 1/3 3/3 5/3 and 1/1. Handed out: a b a a b c a b a; ties to the earlier.
  expect(share([1, 1, 1, 1, 1, 1, 1, 1, 1], 5, 3, 1)).toEqual([
    [1, 0, 1, 1, 0, 0, 1, 0, 1],
    [0, 1, 0, 0, 1, 0, 0, 1, 0],
    [0, 0, 0, 0, 0, 1, 0, 0, 0],
  ]);
  expect(share([4, 3, 2], 5, 3, 1)).toEqual([
    [3, 1, 1],
    [1, 1, 1],
    [0, 1, 0],
  ]);
});
