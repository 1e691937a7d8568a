/** What requests and capacity are worth at the margin, in markets worked out by hand. */
import { expect, test } from 'vitest';
import { dualsOf } from './reference.ts';
import type { TransportProblem } from './transport.ts';

type Gains = (number | undefined)[][];

function problem(demand: number[], gains: Gains, upper: number[], lower = upper.map(() => 0)): TransportProblem {
  return { demand, gains, lower, upper };
}

test('demand left unserved makes capacity worth its whole gain, and demand nothing', () => {
  expect(dualsOf(problem([10], [[5]], [4]), [[4]])).toEqual({ demand: [0], upper: [5], lower: [0] });
});

test('with room left, capacity is worth nothing and demand its whole gain; just full counts as room', () => {
  for (const demand of [3, 4]) {
    const duals = dualsOf(problem([demand], [[5]], [4]), [[demand]]);
    expect(duals).toEqual({ demand: [5], upper: [0], lower: [0] });
  }
});

test('a place is worth what the best of those left out would gain with it', () => {
  const duals = dualsOf(problem([4, 2, 2], [[8], [2], [3]], [4]), [[4], [0], [0]]);
  expect(duals).toEqual({ demand: [5, 0, 0], upper: [3], lower: [0] });
});

test('somebody left out whom a place would lose money makes it worth nothing', () => {
  const duals = dualsOf(problem([4, 2], [[8], [-1]], [4]), [[4], [0]]);
  expect(duals).toEqual({ demand: [8, 0], upper: [0], lower: [0] });
});

test('worth is passed on along a chain of displaced requests', () => {
  // Two of A at P, one at Q; of B one at Q, and one made room at R, which has places left.
  const chain = problem(
    [3, 2],
    [
      [5, 4, undefined],
      [undefined, 6, 3],
    ],
    [2, 2, 10],
  );
  const flow = [
    [2, 1, 0],
    [0, 1, 1],
  ];
  // R gives B 3, so Q's place is worth 6 − 3; A gains 4 − 3 there, so P's place is worth 5 − 1.
  expect(dualsOf(chain, flow)).toEqual({ demand: [1, 3], upper: [4, 3, 0], lower: [0, 0, 0] });
});

test('the same chain, the providers named the other way round', () => {
  const chain = problem(
    [3, 2],
    [
      [undefined, 4, 5],
      [3, 6, undefined],
    ],
    [10, 2, 2],
  );
  const flow = [
    [0, 1, 2],
    [1, 1, 0],
  ];
  expect(dualsOf(chain, flow)).toEqual({ demand: [1, 3], upper: [0, 3, 4], lower: [0, 0, 0] });
});

test('holding a threshold costs what each request loses there, and demand is worth what it gains elsewhere', () => {
  expect(dualsOf(problem([1200], [[10, 12]], [1500, 800], [1000, 0]), [[1000, 200]])).toEqual({
    demand: [12],
    upper: [0, 0],
    lower: [2, 0],
  });
});

test('a threshold that is held at no loss is worth nothing, also where all demand just fills it', () => {
  expect(dualsOf(problem([7], [[5]], [10], [7]), [[7]])).toEqual({ demand: [5], upper: [0], lower: [0] });
  expect(dualsOf(problem([7], [[5, 4]], [10, 9], [7, 0]), [[7, 0]])).toEqual({
    demand: [5],
    upper: [0, 0],
    lower: [0, 0],
  });
});

test('a threshold held with requests that lose there is paid for by the others', () => {
  // The second group loses 1 a request at the only provider, and is needed to fill it.
  expect(dualsOf(problem([3, 4], [[5], [-1]], [9], [5]), [[3], [2]])).toEqual({
    demand: [6, 0],
    upper: [0],
    lower: [1],
  });
});

test('thresholds cost the least that goes with the volumes, across providers too', () => {
  // Both thresholds are held by requests that would rather be at the third provider: 8 − 5 and 8 − 6.
  const held = problem([10], [[5, 6, 8]], [9, 9, 9], [3, 4, 0]);
  expect(dualsOf(held, [[3, 4, 3]])).toEqual({ demand: [8], upper: [0, 0, 0], lower: [3, 2, 0] });
});

test.each<[string, TransportProblem, number[][]]>([
  ['a request would gain more elsewhere', problem([4], [[5, 8]], [9, 9]), [[4, 0]]],
  ['a request that gains is not placed', problem([4], [[5]], [9]), [[3]]],
  ['a request that loses is placed', problem([4], [[-5]], [9]), [[1]]],
  [
    'two requests had better change places',
    problem(
      [1, 1],
      [
        [5, 9],
        [9, 5],
      ],
      [1, 1],
    ),
    [
      [1, 0],
      [0, 1],
    ],
  ],
  ['a better group is left out', problem([1, 1], [[5], [9]], [1]), [[1], [0]]],
])('refused, because prices would follow from volumes that are not the best: %s', (_, asked, flow) => {
  expect(() => dualsOf(asked, flow)).toThrow('volumes are not the best at the tiers they reach');
});

test('a market without anybody has no duals', () => {
  expect(dualsOf(problem([], [], []), [])).toEqual({ demand: [], upper: [], lower: [] });
});
