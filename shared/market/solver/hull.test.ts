/** The cheapest convex cost below a provider's true cost, against all mixtures of two volumes. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds } from '../market.oracle.ts';
import { Curves } from './hull.ts';
import type { Instance } from './instance.ts';
import { lay } from './problems.oracle.ts';

/** One provider with these steps, and demand enough for its capacity. */
function supply(capacity: number, steps: readonly (readonly [minVolume: number, price: number])[]): Instance {
  return lay({
    classes: [{ providers: [0], lossMicros: [0], steps: [{ reserveMicros: 100, volume: capacity }] }],
    providers: [{ capacity, steps: steps.map(([minVolume, allInMicros]) => ({ minVolume, allInMicros })) }],
  });
}

/** The corners of a provider's curve over its open choices, and what serving least costs. */
function hullOf(instance: Instance, j: number, open: number) {
  const curves = new Curves(instance);
  curves.span(j, open);
  const [start, end] = [curves.start[instance.classes + j]!, curves.end[instance.classes + j]!];
  const volumes = [...curves.volumes.subarray(start, end + 1)];
  return { volumes, slopes: [...curves.slopes.subarray(start, end)], startCost: curves.costAt(j, volumes[0]!) };
}

test('a single price without minimum is its own hull', () => {
  // Nothing is left out: it is the step at volume 0.
  expect(hullOf(supply(8, [[0, 5]]), 0, 0b10)).toEqual({ volumes: [0, 8], slopes: [5], startCost: 0 });
});

test('a lower price from a threshold on is mixed with nothing below it', () => {
  // 0 … 4 at 6, 4 … 8 at 3: (0, 0), (4, 24) or (4, 12), (8, 24). From 0 to (8, 24) is 3 a request: a line through (4, 12).
  expect(
    hullOf(
      supply(8, [
        [0, 6],
        [4, 3],
      ]),
      0,
      0b110,
    ),
  ).toEqual({ volumes: [0, 8], slopes: [3], startCost: 0 });
});

test('only the choices still open count', () => {
  const instance = supply(9, [
    [2, 6],
    [4, 3],
    [6, 1],
  ]);
  // All: nothing, or up to 9 for 9. The second step alone: 4 for 12 up to 6 for 18. Nothing and the first: 4 for 24.
  expect(hullOf(instance, 0, 0b1111)).toEqual({ volumes: [0, 9], slopes: [1], startCost: 0 });
  expect(hullOf(instance, 0, 0b0100)).toEqual({ volumes: [4, 6], slopes: [3], startCost: 12 });
  expect(hullOf(instance, 0, 0b0011)).toEqual({ volumes: [0, 4], slopes: [6], startCost: 0 });
  // First and second: 2 for 12 to 6 for 18, below 4 for 24 and 4 for 12? That one is lower: 12 − 12 is no rise at all.
  expect(hullOf(instance, 0, 0b0110)).toEqual({ volumes: [2, 4, 6], slopes: [0, 3], startCost: 12 });
  // The last: 6 for 6 to 9 for 9. With the first, from 2 for 12 it falls by 6 in 4 requests.
  expect(hullOf(instance, 0, 0b1010)).toEqual({ volumes: [2, 6, 9], slopes: [-1.5, 1], startCost: 12 });
});

test('serving a volume costs what the curve says there: at corners, between them, and at either end', () => {
  // The first and the last step of a curve that falls before it rises: (2, 12), (6, 6), (9, 9).
  const instance = supply(9, [
    [2, 6],
    [4, 3],
    [6, 1],
  ]);
  const curves = new Curves(instance);
  curves.span(0, 0b1010);
  expect([2, 4, 6, 7, 9].map((volume) => curves.costAt(0, volume))).toEqual([12, 9, 6, 7, 9]);
});

test('it is the least of all mixtures of two open volumes, and its slopes rise', async () => {
  const step = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 9 }));
  const property = fc.property(
    fc.uniqueArray(step, { minLength: 1, maxLength: 4, selector: ([minVolume]) => minVolume }),
    fc.integer({ min: 12, max: 15 }),
    fc.integer({ min: 1, max: 31 }),
    (drawn, capacity, bits) => {
      const minVolumes = drawn.map(([minVolume]) => minVolume).toSorted((a, b) => a - b);
      const prices = drawn.map(([, price]) => price).toSorted((a, b) => b - a);
      const instance = supply(
        capacity,
        minVolumes.map((minVolume, t) => [minVolume, prices[t]!]),
      );
      const open = bits & ((1 << (drawn.length + 1)) - 1);
      if (open === 0) return;
      const points: [volume: number, cost: number][] = (open & 1) === 1 ? [[0, 0]] : [];
      for (const [t, price] of prices.entries())
        if (((open >> (t + 1)) & 1) === 1)
          for (const volume of [minVolumes[t]!, minVolumes[t + 1] ?? capacity]) points.push([volume, volume * price]);
      const hull = hullOf(instance, 0, open);
      expect(hull.volumes.at(0)).toBe(Math.min(...points.map(([volume]) => volume)));
      expect(hull.volumes.at(-1)).toBe(Math.max(...points.map(([volume]) => volume)));
      expect(hull.slopes).toEqual(hull.slopes.toSorted((a, b) => a - b));
      expect(new Set(hull.slopes).size).toBe(hull.slopes.length);
      const curves = new Curves(instance);
      curves.span(0, open);
      for (let volume = hull.volumes[0]!; volume <= hull.volumes.at(-1)!; volume += 1)
        expect(curves.costAt(0, volume)).toBeCloseTo(cheapestMixture(points, volume), 9);
      let cost = hull.startCost;
      for (const [k, volume] of hull.volumes.entries()) {
        if (k > 0) cost += hull.slopes[k - 1]! * (volume - hull.volumes[k - 1]!);
        expect(cost).toBeCloseTo(cheapestMixture(points, volume), 9);
        expect(points.some(([v, c]) => v === volume && Math.abs(c - cost) < 1e-9)).toBe(true);
      }
    },
  );
  await holds('hulls', 500, property);
});

function cheapestMixture(points: readonly (readonly [number, number])[], volume: number): number {
  let least = Infinity;
  for (const [from, fromCost] of points)
    for (const [to, toCost] of points) {
      if (from === volume) least = Math.min(least, fromCost);
      if (from < volume && volume < to)
        least = Math.min(least, fromCost + ((toCost - fromCost) * (volume - from)) / (to - from));
    }
  return least;
}
