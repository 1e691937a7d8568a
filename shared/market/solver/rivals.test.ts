/** Who rules whom out, worked out by hand. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds } from '../market.oracle.ts';
import { findRivals } from './rivals.ts';

/** Classes with their demand, and for each provider its minimum and the classes it may serve. */
function rivals(demand: readonly number[], providers: readonly (readonly [minimum: number, classes: number[]])[]) {
  const firstServed = [0];
  for (const [, classes] of providers) firstServed.push(firstServed.at(-1)! + classes.length);
  return findRivals({
    demand: Float64Array.from(demand),
    firstServed: Int32Array.from(firstServed),
    served: Int32Array.from(providers.flatMap(([, classes]) => classes)),
    eligible: Float64Array.from(providers, ([, classes]) => classes.reduce((sum, c) => sum + demand[c]!, 0)),
    minimum: Float64Array.from(providers, ([minimum]) => minimum),
  });
}

test('two clash where their minimums are more than the demand of both, and only then', () => {
  expect(
    rivals(
      [10],
      [
        [6, [0]],
        [5, [0]],
      ],
    ),
  ).toEqual([[0, 1]]);
  expect(
    rivals(
      [10],
      [
        [5, [0]],
        [5, [0]],
      ],
    ),
  ).toEqual([]);
});

test('demand that both may serve counts once', () => {
  // 4 + 3 + 4 = 11 in all, of which each may serve 7: 6 + 6 is too much, 6 + 5 is not.
  expect(
    rivals(
      [4, 3, 4],
      [
        [6, [0, 1]],
        [6, [1, 2]],
      ],
    ),
  ).toEqual([[0, 1]]);
  expect(
    rivals(
      [4, 3, 4],
      [
        [6, [0, 1]],
        [5, [1, 2]],
      ],
    ),
  ).toEqual([]);
  // The shared class is the second of one and the third of the other, with another in between.
  expect(
    rivals(
      [5, 2, 3, 4],
      [
        [8, [1, 3]],
        [4, [0, 2, 3]],
      ],
    ),
  ).toEqual([]);
  expect(
    rivals(
      [5, 2, 3, 4],
      [
        [6, [1, 3]],
        [9, [0, 2, 3]],
      ],
    ),
  ).toEqual([[0, 1]]);
});

test('who shares nothing with the other leaves it its own demand', () => {
  expect(
    rivals(
      [6, 6],
      [
        [6, [0]],
        [6, [1]],
      ],
    ),
  ).toEqual([]);
});

test('what the next provider may serve is nobody else’s', () => {
  const parts = rivals(
    [5, 1, 5],
    [
      [5, [2]],
      [5, [0]],
      [0, [2]],
    ],
  );
  expect(parts).toEqual([]);
});

test('who has no minimum clashes with nobody', () => {
  expect(
    rivals(
      [10],
      [
        [0, [0]],
        [10, [0]],
        [10, [0]],
      ],
    ),
  ).toEqual([[1, 2]]);
  expect(
    rivals(
      [10],
      [
        [10, [0]],
        [0, [0]],
        [10, [0]],
      ],
    ),
  ).toEqual([[0, 2]]);
  expect(
    rivals(
      [10],
      [
        [0, [0]],
        [0, [0]],
      ],
    ),
  ).toEqual([]);
});

test('all that clash with one another are one set; a pair that is in none gets one of its own', () => {
  // Of ten requests: 7, 6 and 5 clash in pairs, 4 with the 7 alone.
  expect(
    rivals(
      [10],
      [
        [7, [0]],
        [6, [0]],
        [5, [0]],
        [4, [0]],
      ],
    ),
  ).toEqual([
    [0, 1, 2],
    [0, 3],
  ]);
  // The large one last: it is in both, and sets list providers rising.
  expect(
    rivals(
      [10],
      [
        [4, [0]],
        [6, [0]],
        [5, [0]],
        [7, [0]],
      ],
    ),
  ).toEqual([
    [0, 3],
    [1, 2, 3],
  ]);
});

test('every pair that clashes is in a set, no set holds another pair, and none can be made larger', async () => {
  const provider = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.subarray([0, 1, 2, 3]));
  const demands = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 4, maxLength: 4 });
  const property = fc.property(demands, fc.array(provider, { minLength: 2, maxLength: 6 }), (demand, drawn) => {
    const most = (classes: readonly number[]) => classes.reduce((sum, c) => sum + demand[c]!, 0);
    const providers = drawn.map(([minimum, classes]): [number, number[]] => [
      Math.min(minimum, most(classes)),
      classes,
    ]);
    const clash = (j: number, k: number): boolean => {
      const [[a, own], [b, other]] = [providers[j]!, providers[k]!];
      return a > 0 && b > 0 && a + b > most([...new Set([...own, ...other])]);
    };
    const sets = rivals(demand, providers);
    for (const [j] of providers.entries())
      for (let k = 0; k < j; k += 1) expect(sets.some((set) => set.includes(j) && set.includes(k))).toBe(clash(j, k));
    for (const set of sets) {
      expect(set).toEqual([...new Set(set)].toSorted((a, b) => a - b));
      for (const j of set) for (const k of set) if (j !== k) expect(clash(j, k)).toBe(true);
      for (const [l] of providers.entries()) if (!set.includes(l)) expect(set.every((j) => clash(j, l))).toBe(false);
    }
  });
  await holds('rivals', 400, property);
});
