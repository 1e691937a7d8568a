/** Transport plans worked out by hand: who is served where, how ties fall, and what is short. */
import { expect, test } from 'vitest';
import { planTransport } from './transport.ts';

type Gains = (number | undefined)[][];
const plan = (demand: number[], gains: Gains, upper: number[], lower = upper.map(() => 0)) =>
  planTransport({ demand, gains, lower, upper });

test('a request that gains nothing is served, one that loses is not', () => {
  expect(plan([2, 3], [[0], [-1]], [9])).toEqual({ flow: [[2], [0]], served: [2], shortfall: [0] });
});

test('of equal gains the provider and the group that come first are taken first', () => {
  expect(plan([3], [[5, 5]], [2, 2]).flow).toEqual([[2, 1]]);
  expect(plan([2, 2], [[5], [5]], [3]).flow).toEqual([[2], [1]]);
});

test('a group makes room where another gains more from it', () => {
  // Alone each group would take the first provider; the second one loses 4 by moving, the first only 1.
  expect(
    plan(
      [2, 2],
      [
        [9, 8],
        [9, 5],
      ],
      [2, 2],
    ),
  ).toEqual({
    flow: [
      [0, 2],
      [2, 0],
    ],
    served: [2, 2],
    shortfall: [0, 0],
  });
});

test('room is made along a chain, by the group that loses least at each step', () => {
  const flow = plan(
    [3, 2, 1],
    [
      [5, 4, undefined],
      [undefined, 6, 3],
      [7, undefined, undefined],
    ],
    [3, 2, 10],
  ).flow;
  // Group 2 takes a place of P; A is left with two there and one at Q, where B makes room and goes to R.
  expect(flow).toEqual([
    [2, 1, 0],
    [0, 1, 1],
    [1, 0, 0],
  ]);
});

test('a lower bound is met even at a loss, but with no request more than it takes', () => {
  expect(plan([4], [[-3]], [4], [2])).toEqual({ flow: [[2]], served: [2], shortfall: [0] });
  expect(plan([4], [[5, 2]], [9, 9], [0, 3]).flow).toEqual([[1, 3]]);
});

test('where lower bounds cannot be met, the plan comes as near as it can and says what is short', () => {
  expect(plan([2], [[1]], [9], [5])).toEqual({ flow: [[2]], served: [2], shortfall: [3] });
  expect(plan([2], [[undefined, 1]], [9, 9], [1, 0])).toEqual({ flow: [[0, 2]], served: [0, 2], shortfall: [1, 0] });
});

test('nothing is placed where nobody may trade, or there is no room', () => {
  expect(plan([2], [[undefined]], [9]).served).toEqual([0]);
  expect(plan([2], [[4]], [0]).served).toEqual([0]);
  expect(plan([], [], [3])).toEqual({ flow: [], served: [0], shortfall: [0] });
});

test('gains too large to be added along a path are refused', () => {
  expect(() => plan([1], [[Number.MAX_SAFE_INTEGER / 8]], [1])).toThrow(
    'gains too large to add along a path without losing digits',
  );
});
