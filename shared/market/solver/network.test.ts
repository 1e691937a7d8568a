/** The relaxation as a flow: feasible, of least cost, and its duals prove it; from scratch and from flows taken up again. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds } from '../market.oracle.ts';
import type { TierProblem } from '../solver.ts';
import type { Instance } from './instance.ts';
import { Network } from './network.ts';
import { anyProblem, lay, REAL, type Size, SMALL } from './problems.oracle.ts';

type Arc = { readonly from: number; readonly to: number; readonly cost: number };

const refusedOf = (network: Network, c: number): number => network.sent[c]!;
const volumeOf = (instance: Instance, network: Network, j: number): number => network.sent[instance.classes + j]!;

/** The corners of a provider's curve, what a request costs between them, and what the first costs. */
function hullOf({ classes }: Instance, { curves }: Network, j: number) {
  const [start, end] = [curves.start[classes + j]!, curves.end[classes + j]!];
  const volumes = [...curves.volumes.subarray(start, end + 1)];
  return { volumes, slopes: [...curves.slopes.subarray(start, end)], startCost: curves.costAt(j, volumes[0]!) };
}

/** A class's demand curve: reserve prices falling, and their volumes. */
function demandOf({ firstStep, reserve, stepVolume }: Instance, c: number) {
  const [start, end] = [firstStep[c]!, firstStep[c + 1]!];
  return { reserves: [...reserve.subarray(start, end)], volumes: [...stepVolume.subarray(start, end)] };
}

/** Where the next request refused would fall; or where the last one has. */
function reserveAt(instance: Instance, c: number, refused: number, isNext: boolean): number | undefined {
  const { reserves, volumes } = demandOf(instance, c);
  let from = 0;
  for (let s = volumes.length - 1; s >= 0; s -= 1) {
    const to = from + volumes[s]!;
    if (isNext ? from <= refused && refused < to : from < refused && refused <= to) return reserves[s];
    from = to;
  }
  return undefined;
}

function slopeAt(instance: Instance, network: Network, j: number, isNext: boolean): number | undefined {
  const { volumes, slopes } = hullOf(instance, network, j);
  const volume = volumeOf(instance, network, j);
  const k = slopes.findIndex((_, at) =>
    isNext ? volumes[at]! <= volume && volume < volumes[at + 1]! : volumes[at]! < volume && volume <= volumes[at + 1]!,
  );
  return slopes[k];
}

/** A flow that keeps to demand and hulls, and that no change of it makes cheaper: no cycle of changes costs less than 0. */
function expectCheapest(instance: Instance, network: Network): void {
  const { classes, providers, demand, loss } = instance;
  const outside = classes + providers;
  const arcs: Arc[] = [];
  const add = (from: number, to: number, cost: number | undefined): void => {
    if (cost !== undefined) arcs.push({ from, to, cost });
  };
  for (let c = 0; c < classes; c += 1) {
    let placed = refusedOf(network, c);
    expect(placed).toBeGreaterThanOrEqual(0);
    for (let j = 0; j < providers; j += 1) {
      const flow = network.flow[j * classes + c]!;
      placed += flow;
      const pair = loss[j * classes + c]!;
      expect(flow).toBeGreaterThanOrEqual(0);
      if (pair !== Infinity) add(c, classes + j, pair);
      if (flow > 0) add(classes + j, c, -pair);
    }
    expect(placed).toBe(demand[c]);
    add(c, outside, reserveAt(instance, c, refusedOf(network, c), true));
    const last = reserveAt(instance, c, refusedOf(network, c), false);
    if (last !== undefined) add(outside, c, -last);
  }
  for (let j = 0; j < providers; j += 1) {
    const volume = volumeOf(instance, network, j);
    let served = 0;
    for (let c = 0; c < classes; c += 1) served += network.flow[j * classes + c]!;
    expect(served).toBe(volume);
    expect(volume).toBeGreaterThanOrEqual(hullOf(instance, network, j).volumes.at(0)!);
    expect(volume).toBeLessThanOrEqual(hullOf(instance, network, j).volumes.at(-1)!);
    add(classes + j, outside, slopeAt(instance, network, j, true));
    const last = slopeAt(instance, network, j, false);
    if (last !== undefined) add(outside, classes + j, -last);
  }
  const distance = new Float64Array(outside + 1);
  for (let pass = 0; pass <= outside; pass += 1)
    for (const { from, to, cost } of arcs) distance[to] = Math.min(distance[to]!, distance[from]! + cost);
  const tolerance = instance.largest * 1e-9;
  for (const { from, to, cost } of arcs) expect(distance[to]!).toBeLessThanOrEqual(distance[from]! + cost + tolerance);
}

/** What the relaxation gains: reserve prices of what is served, the highest first, less losses and hull costs. */
function gainOf(instance: Instance, network: Network): number {
  const { classes, providers, loss } = instance;
  let gain = 0;
  for (let c = 0; c < classes; c += 1) {
    const { volumes, reserves } = demandOf(instance, c);
    let refused = refusedOf(network, c);
    for (let s = volumes.length - 1; s >= 0; s -= 1) {
      const left = Math.min(refused, volumes[s]!);
      refused -= left;
      gain += (volumes[s]! - left) * reserves[s]!;
    }
    for (let j = 0; j < providers; j += 1) {
      const flow = network.flow[j * classes + c]!;
      if (flow > 0) gain -= flow * loss[j * classes + c]!;
    }
  }
  for (let j = 0; j < providers; j += 1) {
    const { volumes: corners, slopes, startCost } = hullOf(instance, network, j);
    gain -= startCost;
    for (const [k, slope] of slopes.entries())
      gain -= slope * Math.max(0, Math.min(volumeOf(instance, network, j), corners[k + 1]!) - corners[k]!);
  }
  return gain;
}

/** What the relaxation can gain at most, by any prices λ per class: each corner of a hull is tried. */
function boundAt(instance: Instance, network: Network, lambda: Float64Array): number {
  const { classes, providers, loss, demand } = instance;
  let bound = 0;
  for (let c = 0; c < classes; c += 1) {
    const { volumes, reserves } = demandOf(instance, c);
    for (const [s, reserve] of reserves.entries()) bound += Math.max(0, reserve - lambda[c]!) * volumes[s]!;
  }
  for (let j = 0; j < providers; j += 1) {
    const hull = hullOf(instance, network, j);
    const offers = Array.from({ length: classes }, (_, c) => [lambda[c]! - loss[j * classes + c]!, demand[c]!] as const)
      .filter(([price]) => price !== -Infinity)
      .sort(([a], [b]) => b - a);
    // Where what is offered and what it costs bend: the gain is greatest at one of these volumes.
    const bends = [...hull.volumes];
    let sum = 0;
    for (const [, volume] of offers) {
      sum += volume;
      bends.push(sum);
    }
    let best = -Infinity;
    for (const at of bends) {
      if (at < hull.volumes[0]! || at > hull.volumes.at(-1)! || at > sum) continue;
      let gain = -hull.startCost;
      for (const [k, slope] of hull.slopes.entries())
        gain -= slope * Math.max(0, Math.min(at, hull.volumes[k + 1]!) - hull.volumes[k]!);
      let left = at;
      for (const [price, volume] of offers) {
        gain += price * Math.min(left, volume);
        left -= Math.min(left, volume);
      }
      best = Math.max(best, gain);
    }
    bound += best;
  }
  return bound;
}

/** Whether all least volumes can be met: for no set of providers is the demand that any of them may serve less. */
function canMeetMinimums({ classes, providers, demand, loss, first, least }: Instance, open: Int32Array): boolean {
  const minimum = Array.from({ length: providers }, (_, j) => {
    let k = 0;
    while (((open[j]! >> k) & 1) === 0) k += 1;
    return least[first[j]! + k]!;
  });
  for (let set = 1; set < 1 << providers; set += 1) {
    let needed = 0;
    const eligible = new Set<number>();
    for (let j = 0; j < providers; j += 1)
      if (((set >> j) & 1) === 1 && minimum[j]! > 0) {
        needed += minimum[j]!;
        for (let c = 0; c < classes; c += 1) if (loss[j * classes + c] !== Infinity) eligible.add(c);
      }
    let offered = 0;
    for (let c = 0; c < classes; c += 1) if (eligible.has(c)) offered += demand[c]!;
    if (needed > offered) return false;
  }
  return true;
}

/** Open choices drawn as bits, one at least per provider and only of those there are. */
function choose(instance: Instance, drawn: readonly number[]): Int32Array {
  return instance.open.map((bits, j) => ((bits & drawn[j]!) === 0 ? bits : bits & drawn[j]!));
}

/** Solves and looks at the answer from all sides. */
function expectSolved(instance: Instance, network: Network, open: Int32Array): boolean {
  const isSolved = network.solve(open);
  expect(isSolved).toBe(canMeetMinimums(instance, open));
  if (!isSolved) return false;
  expectCheapest(instance, network);
  const lambda = new Float64Array(instance.classes);
  network.readDuals(lambda);
  const gain = gainOf(instance, network);
  // Each dual is rounded by half a micro-unit at most: the demand of its class may gain that much, or pay that much more.
  const rounding = instance.total + instance.largest * instance.total * 1e-9;
  expect(boundAt(instance, network, lambda)).toBeGreaterThanOrEqual(gain - rounding * 1e-3);
  expect(boundAt(instance, network, lambda)).toBeLessThanOrEqual(gain + rounding);
  return true;
}

const anyBits = fc.array(fc.array(fc.integer({ min: 1, max: 31 }), { minLength: 5, maxLength: 5 }), {
  minLength: 2,
  maxLength: 5,
});

test.each<[string, Size, number]>([
  ['small', SMALL, 400],
  ['real', REAL, 150],
])('the flow is of least cost over any open choices, one set after the other: %s size', async (name, size, runs) => {
  const property = fc.property(anyProblem(size), anyBits, (problem: TierProblem, sets) => {
    const instance = lay(problem);
    let network = new Network(instance);
    expectSolved(instance, network, instance.open);
    // An infeasible flow is not gone on from.
    for (const drawn of sets)
      if (!expectSolved(instance, network, choose(instance, drawn))) network = new Network(instance);
  });
  await holds(`flows, ${name}`, runs, property);
});

test('a flow taken up again is the one that was saved, and of least cost over whatever is open then', async () => {
  const property = fc.property(anyProblem(SMALL), anyBits, (problem, sets) => {
    const instance = lay(problem);
    const network = new Network(instance);
    const [first, ...others] = sets.map((drawn) => choose(instance, drawn));
    if (!network.solve(first!)) return;
    const saved = network.save();
    const kept = { flow: network.flow.slice(), sent: network.sent.slice() };
    for (const open of others) {
      network.solve(open);
      network.load(saved);
      expect({ flow: network.flow.slice(), sent: network.sent.slice() }).toEqual(kept);
      const before = network.augmentations;
      expect(network.solve(first!)).toBe(true);
      expect(network.augmentations).toBe(before);
      if (!expectSolved(instance, network, open)) network.load(saved);
    }
  });
  await holds('flows taken up again', 200, property);
});

/** Two classes of 5 and 3 requests; the first provider takes 4 at 2, the second 6 at 3 or 1 from 4 on. */
const TWO: TierProblem = {
  classes: [
    { providers: [0, 1], lossMicros: [1, 2], steps: [{ reserveMicros: 9, volume: 5 }] },
    {
      providers: [1],
      lossMicros: [0],
      steps: [
        { reserveMicros: 8, volume: 1 },
        { reserveMicros: 2, volume: 2 },
      ],
    },
  ],
  providers: [
    { capacity: 4, steps: [{ minVolume: 0, allInMicros: 2 }] },
    {
      capacity: 6,
      steps: [
        { minVolume: 0, allInMicros: 3 },
        { minVolume: 4, allInMicros: 1 },
      ],
    },
  ],
};

test('two classes and two providers, worked out by hand', () => {
  const instance = lay(TWO);
  const network = new Network(instance);
  expect(network.solve(instance.open)).toBe(true);
  // Hulls: 4 at 2 each, 6 at 1 each. Both cost the first class 3; all 8 requests are worth it, and there is room for 10.
  expect([refusedOf(network, 0), refusedOf(network, 1)]).toEqual([0, 0]);
  expect(volumeOf(instance, network, 0) + volumeOf(instance, network, 1)).toBe(8);
  expect(gainOf(instance, network)).toBe(9 * 5 + 8 + 2 * 2 - 5 * 3 - 3 * 1);
  // The second provider held to its first step takes 4 at 3 each: the second class is served only where it pays 8.
  expect(network.solve(Int32Array.of(instance.open[0]!, 0b010))).toBe(true);
  expect([...network.flow]).toEqual([4, 0, 1, 1]);
  expect([refusedOf(network, 0), refusedOf(network, 1)]).toEqual([0, 2]);
  const lambda = new Float64Array(2);
  network.readDuals(lambda);
  // The first class pays what one request more costs there: 3 + 2. The second is at the provider’s price of 3.
  expect([...lambda]).toEqual([5, 3]);
});

test('each path is counted once: solving over the same choices again takes none', () => {
  const instance = lay(TWO);
  const network = new Network(instance);
  const first = network.augmentations;
  expect(first).toBeGreaterThan(0);
  network.solve(instance.open);
  expect(network.augmentations).toBe(first);
  // Three requests of the first class and the second class's last two are moved out: each a path of its own.
  network.solve(Int32Array.of(instance.open[0]!, 0b010));
  expect(network.augmentations).toBeGreaterThan(first);
});

test('minimums that cannot all be met: the classes taken whole are the ones whose duals are lowered', () => {
  // Both providers need 3 of the first class’s 4; the second class is nobody’s and stays as it is.
  const instance = lay({
    classes: [
      { providers: [0, 1], lossMicros: [0, 0], steps: [{ reserveMicros: 9, volume: 4 }] },
      { providers: [2], lossMicros: [0], steps: [{ reserveMicros: 9, volume: 4 }] },
    ],
    providers: [
      { capacity: 3, steps: [{ minVolume: 3, allInMicros: 1 }] },
      { capacity: 3, steps: [{ minVolume: 3, allInMicros: 1 }] },
      { capacity: 3, steps: [{ minVolume: 0, allInMicros: 1 }] },
    ],
  });
  const network = new Network(instance);
  expect(network.solve(Int32Array.of(0b10, 0b10, 0b10))).toBe(false);
  const lambda = Float64Array.of(50, 60);
  network.lowerCut(lambda, 7);
  expect([...lambda]).toEqual([43, 60]);
});
