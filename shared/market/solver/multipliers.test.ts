/** Where bids take whole companies: how duals are stepped from node to node, on markets worked out by hand. */
import { describe, expect, test, vi } from 'vitest';
import type { TierProblem } from '../solver.ts';
import type { Instance } from './instance.ts';
import { MultiplierGuide } from './multiplier-guide.ts';
import { Network } from './network.ts';
import { lay, Watched } from './problems.oracle.ts';
import { Proof } from './proof.ts';

type Bid = { readonly on: readonly number[]; readonly price: number; readonly least?: number };

/** Companies by volume, each request worth ten unless said otherwise; a bid serves all of its companies unless told what it must. */
function marketOf(volumes: readonly number[], bids: readonly Bid[], reserve = 10): TierProblem {
  return {
    classes: volumes.map((volume, c) => {
      const providers = [...bids.keys()].filter((j) => bids[j]!.on.includes(c));
      return { providers, lossMicros: providers.map(() => 0), steps: [{ reserveMicros: reserve, volume }] };
    }),
    providers: bids.map(({ on, price, least }) => {
      const all = on.reduce((sum, c) => sum + volumes[c]!, 0);
      return { capacity: all, steps: [{ minVolume: least ?? all, allInMicros: price }] };
    }),
  };
}

function watch(instance: Instance): { node: Watched; proof: Proof } {
  const proof = new Proof(instance.classes);
  const node = new Watched(instance, proof);
  node.index = proof.add();
  return { node, proof };
}

const times = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

/** Five companies in a ring, a bid of 4 on each two neighbours: two bids fit, and duals cannot tell that from two and a half. */
const ringOf = (from: number): Bid[] =>
  [0, 1, 2, 3, 4].map((i) => ({ on: [from + i, from + ((i + 1) % 5)], price: 4 }));

describe('two rings of companies of two requests each, which no duals close', () => {
  // An eleventh company has no request at all.
  const [first, ...others] = [...ringOf(0), ...ringOf(5)];
  const problem = marketOf([...times(10, 2), 0], [{ ...first!, on: [...first!.on, 10] }, ...others]);
  const instance = lay(problem);

  test('steps begin at the duals of the flow, and go against the slope as far as the gap suggests', () => {
    // At λ = 4 the ten companies gain 10 · 2 · 6 and no bid gains: 120, where two bids of each ring are worth 4 · 24 = 96.
    const { node } = watch(instance);
    expect(new MultiplierGuide(instance).tighten(node)).toBe(false);
    expect(node.best.value).toBe(96);
    const steps = node.measured.slice(0, 5).map(({ lambda, bound }) => ({ lambda, bound }));
    const unused = steps[0]!.lambda[10]!;
    const at = (price: number, right: number) => [...times(10, price), unused, ...times(10, right)];
    expect(steps).toEqual([
      // Offered and not taken: −1 of each company. 2 · (120 − 96)/10 is 4.8, for a company of two 2.4; no right goes below 0.
      { lambda: at(4, 0), bound: 120 },
      // 80 and 10 bids that gain 8: each company taken twice, each two rivals one too many. 1.5 · 64/(10 + 10) = 4.8.
      { lambda: at(6, 0), bound: 160 },
      // 120 and rights of 50: nothing is taken. 1.125 · 74/20 = 4.1625: half of it up, and all of it off the rights.
      { lambda: at(4, 5), bound: 170 },
      // 80, rights of 10 and 10 bids that gain 6: 0.84375 · 54/20 = 2.278.
      { lambda: at(6, 1), bound: 150 },
      // 100 and rights of 30; no bid gains.
      { lambda: at(5, 3), bound: 130 },
    ]);
    // A company without requests has no slope.
    expect(new Set(node.measured.map(({ lambda }) => lambda[10]))).toEqual(new Set([unused]));
  });

  test('it takes 120 steps at first and ten at every other node, and tries an allocation at each fifth', () => {
    const guide = new MultiplierGuide(instance);
    const { node, proof } = watch(instance);
    const offers = vi.spyOn(node.best, 'offerChoices');
    expect(guide.tighten(node)).toBe(false);
    // Once more in the end, at the best duals.
    expect(node.measured.length).toBe(121 + 1);
    expect(offers).toHaveBeenCalledTimes(25);
    expect(guide.tighten(node)).toBe(false);
    expect(node.measured.length).toBe(122 + 11 + 1);
    expect(offers).toHaveBeenCalledTimes(25 + 3);
    expect(proof.write([]).nodes[0]!.duals.length).toBe(2);
  });

  test('in the end it is back at the duals of the least bound, at the first of several, and writes them down', () => {
    const { node, proof } = watch(instance);
    new MultiplierGuide(instance).tighten(node);
    const [start] = node.measured;
    expect(node.measured.filter(({ bound }) => bound === 120).length).toBeGreaterThan(2);
    expect(Math.min(...node.measured.map(({ bound }) => bound))).toBe(120);
    expect([...node.lambda]).toEqual(start!.lambda);
    expect(node.bound).toBe(120);
    // Rights of 0 are left out.
    expect(proof.write([]).nodes[0]!.duals).toEqual([start!.lambda.slice(0, 11)]);
  });

  test('it goes on from the duals that were saved, whatever it has looked at since', () => {
    const guide = new MultiplierGuide(instance);
    const root = watch(instance).node;
    guide.tighten(root);
    const saved = guide.save();
    const other = watch(instance).node;
    // Without the first bid of each ring nothing is lost by duals: they move.
    other.open.set([1, 3, 3, 3, 3, 1, 3, 3, 3, 3]);
    guide.tighten(other);
    expect([...guide.save()]).not.toEqual([...saved]);
    expect([...saved]).toEqual([...root.lambda]);
    guide.load(saved);
    const again = watch(instance).node;
    guide.tighten(again);
    expect(again.measured[0]!.lambda).toEqual([...root.lambda]);
  });
});

test('a step that lowers the bound is followed by one as long, one that does not by a shorter', () => {
  // Three companies of two, and three bids of which each takes two of them whole: they are rivals. One is worth 24.
  const instance = lay(
    marketOf(
      [2, 2, 2],
      [
        { on: [0, 1], price: 4 },
        { on: [1, 2], price: 4 },
        { on: [2, 0], price: 4 },
      ],
    ),
  );
  expect(instance.rivals).toEqual([[0, 1, 2]]);
  const { node } = watch(instance);
  new MultiplierGuide(instance).tighten(node);
  expect(node.best.value).toBe(24);
  expect(
    node.measured.slice(0, 6).map(({ lambda, bound }) => [lambda[0], lambda[1], lambda[2], lambda[3], bound]),
  ).toEqual([
    // 3 · 2 · 6. 2 · 12/3 = 8, half of it per request.
    [4, 4, 4, 0, 36],
    // 12 and three bids that gain 16: each company is taken twice, and two too many serve. 1.5 · 36/(3 + 4) = 7.71.
    [8, 8, 8, 0, 60],
    // 36 and the right: 1.125 · 27/(3 + 1) = 7.59.
    [4, 4, 4, 15, 51],
    // 12, the right and three times 16 − 7: 0.84375 · 22/7 = 2.65.
    [8, 8, 8, 7, 46],
    // 18 and the right: lower than ever. 0.84375 again, · 6/4 = 1.27.
    [7, 7, 7, 12, 30],
    [8, 8, 8, 11, 38],
  ]);
});

test('no dual of a request goes beyond twice the largest amount, no right beyond what it can be worth', () => {
  // A ring of companies of 200 leaves 1,200 open; a sixth company of one request, with two bids on it, is stepped as far.
  const bids = [...ringOf(0), { on: [5], price: 4 }, { on: [5], price: 4 }];
  const instance = lay(marketOf([...times(5, 200), 1], bids));
  expect([...instance.rights]).toEqual([...times(5, 2 * 10 * 400), 2 * 10 * 1]);
  const { node } = watch(instance);
  new MultiplierGuide(instance).tighten(node);
  expect(node.measured.slice(0, 3)).toMatchObject([
    { lambda: [...times(6, 4), ...times(6, 0)], bound: 6_006 },
    // 2 · 1,200/6 = 400: 2 for companies of 200, and all of it for the company of one.
    { lambda: [...times(5, 6), 20, ...times(6, 0)], bound: 8_032 },
    // 1.5 · 3,226/(5 + 4 + 6) = 322.6, twice that for the company of one, which two serve that nobody wants served.
    { lambda: [...times(5, 4), -20, ...times(5, 323), 20] },
  ]);
});

test('a company nobody can serve any more is worth its highest reserve price, one taken whole less than any bid gains by', () => {
  const bids: Bid[] = [
    { on: [0], price: 4 },
    { on: [1, 3], price: 4 },
    { on: [1, 2], price: 4 },
    { on: [2, 3], price: 4 },
    { on: [3, 4], price: 4, least: 3 },
  ];
  const problem = marketOf([2, 2, 3, 4, 1], bids);
  const steps = [
    { reserveMicros: 12, volume: 1 },
    { reserveMicros: 9, volume: 1 },
  ];
  const instance = lay({ ...problem, classes: [{ ...problem.classes[0]!, steps }, ...problem.classes.slice(1)] });
  const flow = new Float64Array(5);
  new Network(instance).readDuals(flow);
  const { node } = watch(instance);
  // The first serves nobody, the third serves its two whole, the last must serve three of five: only the third takes anything.
  node.open.set([0b01, 0b11, 0b10, 0b11, 0b10]);
  new MultiplierGuide(instance).tighten(node);
  expect(node.measured[0]!.lambda.slice(0, 5)).toEqual([12, -24, -24, flow[3], flow[4]]);
});

test('a node is closed as soon as the allocation at hand is worth its bound: nothing is stepped or written after that', () => {
  // Pairs (0, 1) and (2, 3) at 4 serve everybody; crossed pairs cost 5. The flow says so: 4 · 3 · 6.
  const instance = lay(
    marketOf(
      [3, 3, 3, 3],
      [
        { on: [0, 1], price: 4 },
        { on: [2, 3], price: 4 },
        { on: [0, 2], price: 5 },
        { on: [1, 3], price: 5 },
      ],
    ),
  );
  const { node, proof } = watch(instance);
  expect(new MultiplierGuide(instance).tighten(node)).toBe(true);
  expect(node.best.value).toBe(72);
  expect(node.measured.length).toBe(1);
  expect(proof.write([]).nodes[0]!.duals).toEqual([node.measured[0]!.lambda.slice(0, 4)]);
});

test('where every request is allotted once no dual moves, and the allocation is found when it is tried again', () => {
  // The last bid serves the first and the third company at 6: 5 · 4. Taken in order, the others come first: 16 and 3.
  const bids = [
    { on: [2], price: 7 },
    { on: [0], price: 6 },
    { on: [0, 2], price: 6 },
  ];
  const instance = lay(marketOf([4, 3, 1], bids));
  const { node } = watch(instance);
  expect(new MultiplierGuide(instance).tighten(node)).toBe(true);
  expect(node.best.value).toBe(20);
  // The bound says 20 from the first. What cannot be part of it is struck out, and then nothing is left to move.
  expect(node.measured.map(({ bound }) => bound)).toEqual(times(6, 20));
  expect([...node.open]).toEqual([0b01, 0b01, 0b10]);
  expect(node.measured.at(-1)!.lambda).toEqual(node.measured.at(-2)!.lambda);
});

describe('splits', () => {
  /** Companies of four requests; the third and fourth must serve two of eight only. */
  const MIXED: Bid[] = [
    { on: [0, 1], price: 20 },
    { on: [1, 2], price: 19 },
    { on: [1, 2], price: 18, least: 2 },
    { on: [1, 2], price: 25, least: 2 },
  ];
  const splitOf = (bids: readonly Bid[], open?: readonly number[]) => {
    const instance = lay(marketOf([4, 4, 4], bids, 30));
    const { node } = watch(instance);
    if (open !== undefined) node.open.set(open);
    node.lambda.set([21, 18, 18]);
    node.measure();
    return new MultiplierGuide(instance).chooseSplit(node);
  };

  test('a bid that nobody may be served by does not count among those that take whole companies', () => {
    // Two of five take whole companies: split at the closest decision, where the fourth gains nothing and loses nothing.
    const [first, ...others] = MIXED;
    expect(splitOf([first!, { on: [], price: 1, least: 5 }, ...others])).toEqual({ provider: 3, at: 1 });
  });

  test('where no company has an undecided bid, what is left to split is the closest decision', () => {
    // Three of four take whole companies. All are decided but for how much the last serves: two to eight, or eight.
    const whole: Bid[] = [
      { on: [0], price: 20 },
      { on: [1], price: 19 },
      { on: [0, 1], price: 18 },
    ];
    const problem = marketOf([4, 4, 4], [...whole, { on: [2], price: 25, least: 2 }], 30);
    const steps = [
      { minVolume: 2, allInMicros: 19 },
      { minVolume: 4, allInMicros: 18 },
    ];
    const instance = lay({ ...problem, providers: [...problem.providers.slice(0, 3), { capacity: 4, steps }] });
    const { node } = watch(instance);
    node.open.set([0b01, 0b10, 0b01, 0b110]);
    node.lambda.set([20, 20, 20]);
    node.measure();
    expect(new MultiplierGuide(instance).chooseSplit(node)).toEqual({ provider: 3, at: 2 });
  });
});
