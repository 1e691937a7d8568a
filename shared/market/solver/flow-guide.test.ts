/** Where the relaxation as a flow leads: which provider is split and where, how often it is solved, what proves it has no solution. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../market.oracle.ts';
import type { TierProblem } from '../solver.ts';
import { Bound } from './bound.ts';
import { closestDecision, FlowGuide } from './flow-guide.ts';
import { anyProblem, lay, SMALL, Watched } from './problems.oracle.ts';
import { Proof } from './proof.ts';

type Side = { readonly asked: number; readonly steps: readonly (readonly [minVolume: number, price: number])[] };

/** Each side has a provider of its own, who is asked for so many requests worth 20; as many as the last step takes are worth 1. */
function sidesOf(...sides: readonly Side[]): TierProblem {
  return {
    classes: sides.map(({ asked, steps }, j) => ({
      providers: [j],
      lossMicros: [0],
      steps: [
        { reserveMicros: 20, volume: asked },
        { reserveMicros: 1, volume: steps.at(-1)![0] },
      ],
    })),
    providers: sides.map(({ steps }) => ({
      capacity: steps.at(-1)![0],
      steps: steps.map(([minVolume, allInMicros]) => ({ minVolume, allInMicros })),
    })),
  };
}

/** Where the sides are split, once nothing is struck out. */
function splitOf(problem: TierProblem, open?: readonly number[]) {
  const instance = lay(problem);
  const proof = new Proof(instance.classes);
  const node = new Watched(instance, proof);
  node.index = proof.add();
  if (open !== undefined) node.open.set(open);
  const guide = new FlowGuide(instance);
  expect(guide.tighten(node)).toBe(false);
  expect(node.measured.length).toBe(1);
  return guide.chooseSplit(node);
}

describe('the split is where the true cost is furthest above the hull', () => {
  /** Half of what a lower price takes is asked for, at a price that is higher by so much: too cheap by that much a request. */
  const halfOf = (asked: number, by: number): Side => ({
    asked,
    steps: [
      [0, 7 + by],
      [2 * asked, 7],
    ],
  });

  test('of equal gaps the first, else the wider', () => {
    expect(splitOf(sidesOf(halfOf(5, 3), halfOf(3, 5)))).toEqual({ provider: 0, at: 2 });
    expect(splitOf(sidesOf(halfOf(5, 3), halfOf(4, 4)))).toEqual({ provider: 1, at: 2 });
    expect(splitOf(sidesOf(halfOf(4, 4), halfOf(5, 3)))).toEqual({ provider: 0, at: 2 });
  });

  test('a volume below a minimum award is as far off as an eighth of what it takes to serve nobody or the minimum', () => {
    // 250 requests too cheap by 2 each, against 300 to go of 1,000 at 10 or at 14: 500, 375 and 525.
    const less = halfOf(250, 2);
    const minimum = (asked: number, price: number): Side => ({ asked, steps: [[1_000, price]] });
    expect(splitOf(sidesOf(less, minimum(300, 10)))).toEqual({ provider: 0, at: 2 });
    expect(splitOf(sidesOf(less, minimum(700, 10)))).toEqual({ provider: 0, at: 2 });
    expect(splitOf(sidesOf(less, minimum(300, 14)))).toEqual({ provider: 1, at: 1 });
    expect(splitOf(sidesOf(less, minimum(700, 14)))).toEqual({ provider: 1, at: 1 });
  });

  test('a volume between two steps that are open is as far off as an eighth of what it takes to the nearer', () => {
    const steps = [
      [0, 12],
      [40, 11],
      [100, 10],
    ] as const;
    // Up to 40, or from 100 on: of 60 it is 20 to 40, of 90 it is 10 to 100, at 10 each.
    const open = [0b110, 0b1010];
    expect(splitOf(sidesOf(halfOf(26, 1), { asked: 60, steps }), open)).toEqual({ provider: 0, at: 2 });
    expect(splitOf(sidesOf(halfOf(25, 1), { asked: 60, steps }), open)).toEqual({ provider: 1, at: 3 });
    expect(splitOf(sidesOf(halfOf(14, 1), { asked: 90, steps }), open)).toEqual({ provider: 0, at: 2 });
    expect(splitOf(sidesOf(halfOf(12, 1), { asked: 90, steps }), open)).toEqual({ provider: 1, at: 3 });
    // 40 may be served, at 12 each where the hull says 10.
    expect(splitOf(sidesOf(halfOf(81, 1), { asked: 40, steps }), open)).toEqual({ provider: 0, at: 2 });
    expect(splitOf(sidesOf(halfOf(79, 1), { asked: 40, steps }), open)).toEqual({ provider: 1, at: 3 });
  });
});

test('where no cost is above its hull, the closest decision is split: of equally close ones the first', () => {
  // Each may serve two or nobody at 5, and λ is 5.
  const same = { capacity: 2, steps: [{ minVolume: 2, allInMicros: 5 }] };
  const instance = lay({
    classes: [{ providers: [0, 1], lossMicros: [0, 0], steps: [{ reserveMicros: 9, volume: 4 }] }],
    providers: [same, same],
  });
  const node = new Watched(instance, new Proof(instance.classes));
  node.lambda.set([5]);
  node.measure();
  expect(closestDecision(instance, node)).toEqual({ provider: 0, at: 1 });
  // The second, held to serving, has nothing to decide.
  node.open.set([0b11, 0b10]);
  node.measure();
  expect(closestDecision(instance, node)).toEqual({ provider: 0, at: 1 });
});

test('whenever choices are struck out the flow is solved anew, and the duals of each are kept', async () => {
  let most = 0;
  const property = fc.property(anyProblem(SMALL), fc.nat(), (problem, bits) => {
    const instance = lay(problem);
    const proof = new Proof(instance.classes);
    const node = new Watched(instance, proof);
    node.index = proof.add();
    for (const [j, all] of instance.open.entries()) if ((all & bits) !== 0) node.open[j] = all & bits;
    if (new FlowGuide(instance).tighten(node)) return;
    const { measured } = node;
    for (const [at, { open }] of measured.entries()) if (at > 0) expect(open).not.toEqual(measured[at - 1]!.open);
    expect([...node.open]).toEqual(measured.at(-1)!.open);
    expect(proof.write([]).nodes[0]!.duals).toEqual(measured.map(({ lambda }) => lambda.slice(0, instance.classes)));
    most = Math.max(most, measured.length);
  });
  await holds('flows solved anew', 300, property);
  expect(most).toBeGreaterThan(1);
});

test('minimums that cannot all be met close a node: the demand they lack is priced until the duals prove it', () => {
  // Both must serve three of the first company’s four; the second company is another’s, which serves it whole.
  const instance = lay({
    classes: [
      { providers: [0, 1], lossMicros: [0, 0], steps: [{ reserveMicros: 9, volume: 4 }] },
      { providers: [2], lossMicros: [0], steps: [{ reserveMicros: 9, volume: 4 }] },
    ],
    providers: [1, 2, 3].map((allInMicros) => ({ capacity: 4, steps: [{ minVolume: 3, allInMicros }] })),
  });
  const proof = new Proof(instance.classes);
  const node = new Watched(instance, proof);
  node.index = proof.add();
  node.open.set([0b10, 0b10, 0b10]);
  expect(new FlowGuide(instance).tighten(node)).toBe(true);
  expect(node.best.value).toBe(0);
  const { duals } = proof.write([]).nodes[0]!;
  expect(duals.length).toBe(1);
  // 4 · (9 − λ) + 3 · (λ − 1) + 3 · (λ − 2), below λ = 1, is 27 + 2λ; the second company gains 4 · 6 with whatever λ it has.
  const [first, second] = duals[0]!;
  expect(second).toBeGreaterThanOrEqual(3);
  expect(second).toBeLessThanOrEqual(9);
  expect(27 + 2 * first! + 24).toBeLessThanOrEqual(0);
  expect(new Bound(instance).at(Float64Array.of(first!, second!, 0), node.open)).toBe(27 + 2 * first! + 24);
  // It is lowered until that is proven, and no further.
  expect(node.measured.map(({ bound }) => bound > 0)).toEqual(
    node.measured.map((_, at) => at < node.measured.length - 1),
  );
  expect(node.measured.length).toBeLessThanOrEqual(3);
});
