/** What no allocation can exceed, against every volume that classes and providers may take at given duals. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds } from '../market.oracle.ts';
import type { TierProblem } from '../solver.ts';
import { Bound } from './bound.ts';
import type { Instance } from './instance.ts';
import { anyProblem, lay, type Size } from './problems.oracle.ts';

const TINY: Size = { classes: 3, providers: 3, steps: 3, volume: 4, money: 12 };

/** Whole duals: per class any, per set of rivals from 0 on. */
function dualsFor({ classes, rivals }: Instance, drawn: readonly number[]): Float64Array {
  return Float64Array.from({ length: classes + rivals.length }, (_, at) => {
    const dual = drawn[at % drawn.length]!;
    return at < classes ? dual : Math.abs(dual);
  });
}

/** What a provider's choice gains at most at λ, less the rights it pays for: every volume of every class is tried. */
function gainOfChoice(problem: TierProblem, instance: Instance, lambda: Float64Array, j: number, t: number): number {
  const { capacity, steps } = problem.providers[j]!;
  const takers = problem.classes.flatMap((each, c) => {
    const at = each.providers.indexOf(j);
    if (at === -1) return [];
    const most = each.steps.reduce((sum, { volume }) => sum + volume, 0);
    return [{ most, gain: lambda[c]! - each.lossMicros[at]! - steps[t]!.allInMicros }];
  });
  const most = Math.min(capacity, steps[t + 1]?.minVolume ?? capacity);
  let best = -Infinity;
  const take = (at: number, volume: number, gain: number): void => {
    if (volume > most) return;
    const taker = takers[at];
    if (taker === undefined) {
      if (volume >= steps[t]!.minVolume) best = Math.max(best, gain);
      return;
    }
    for (let part = 0; part <= taker.most; part += 1) take(at + 1, volume + part, gain + part * taker.gain);
  };
  take(0, 0, 0);
  for (const [q, set] of instance.rivals.entries()) if (set.includes(j)) best -= lambda[instance.classes + q]!;
  return best;
}

test('the gain of each choice at any duals is the best of all volumes, and the bound is the sum of the best', async () => {
  const drawn = fc.array(fc.integer({ min: -5, max: 30 }), { minLength: 5, maxLength: 5 });
  const property = fc.property(anyProblem(TINY), drawn, drawn, fc.nat(), (problem, first, second, bits) => {
    const instance = lay(problem);
    const bound = new Bound(instance);
    // Twice, because orders are kept from one time to the next.
    for (const lambda of [dualsFor(instance, first), dualsFor(instance, second)]) {
      const open = instance.open.map((each) => ((each & bits) === 0 ? each : each & bits));
      let expected = 0;
      for (const [c, { steps }] of problem.classes.entries())
        for (const { reserveMicros, volume } of steps) expected += Math.max(0, reserveMicros - lambda[c]!) * volume;
      for (let q = 0; q < instance.rivals.length; q += 1) expected += lambda[instance.classes + q]!;
      const total = bound.at(lambda, open);
      for (let j = 0; j < instance.providers; j += 1) {
        const from = instance.first[j]!;
        const gains = Array.from({ length: instance.first[j + 1]! - from }, (_, k) =>
          k === 0 ? 0 : gainOfChoice(problem, instance, lambda, j, k - 1),
        );
        if (open[j] !== 1) expect([...bound.gain.subarray(from, instance.first[j + 1]!)]).toEqual(gains);
        const allowed = gains.filter((_, k) => ((open[j]! >> k) & 1) === 1);
        expected += Math.max(...allowed);
        expect(gains[bound.best[j]! - from]).toBe(Math.max(...allowed));
      }
      expect(total).toBe(expected);
      expect(bound.total(open)).toBe(total);
      expect(bound.total(open.map(() => 0))).toBe(-Infinity);
    }
  });
  await holds('gains of choices', 400, property);
});

const servedBy = ({ served, firstServed }: Instance, j: number) => served.slice(firstServed[j], firstServed[j + 1]);

test('classes come in order of what they pay at λ less their loss, of equal ones the first', async () => {
  const drawn = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 4, maxLength: 4 });
  const size = { ...TINY, classes: 4, money: 6 };
  const property = fc.property(anyProblem(size), drawn, drawn, (problem, first, second) => {
    const instance = lay(problem);
    const bound = new Bound(instance);
    for (const lambda of [dualsFor(instance, first), dualsFor(instance, second)]) {
      bound.at(lambda, instance.open);
      for (let j = 0; j < instance.providers; j += 1) {
        if (instance.open[j] === 1) continue;
        const pays = (c: number) => lambda[c]! - instance.loss[j * instance.classes + c]!;
        const expected = Array.from(servedBy(instance, j)).sort((a, b) => pays(b) - pays(a) || a - b);
        expect([...bound.order.subarray(instance.firstServed[j], instance.firstServed[j + 1])]).toEqual(expected);
      }
    }
  });
  await holds('orders of classes', 200, property);
});

test('what best choices use beyond what is offered is a slope of the bound: no other duals are below it', async () => {
  const drawn = fc.array(fc.integer({ min: -5, max: 30 }), { minLength: 5, maxLength: 5 });
  const property = fc.property(anyProblem(TINY), drawn, drawn, (problem, here, there) => {
    const instance = lay(problem);
    const bound = new Bound(instance);
    const [lambda, other] = [dualsFor(instance, here), dualsFor(instance, there)];
    const slope = new Float64Array(lambda.length).fill(99);
    const from = bound.at(lambda, instance.open);
    bound.excessDemand(lambda, slope);
    let least = from;
    // What rivals pay for the right is counted the other way round: by how many too many they are.
    for (const [at, dual] of other.entries())
      least += (at < instance.classes ? slope[at]! : -slope[at]!) * (dual - lambda[at]!);
    expect(bound.at(other, instance.open)).toBeGreaterThanOrEqual(least);
  });
  await holds('slopes of the bound', 1_000, property);
});

test('one class and one provider, worked out by hand', () => {
  // 3 requests at up to 20 and 4 at up to 10; the provider takes at least 2 at 8, and 5 or 6 at 6. A failure costs 1.
  const instance = lay({
    classes: [
      {
        providers: [0],
        lossMicros: [1],
        steps: [
          { reserveMicros: 20, volume: 3 },
          { reserveMicros: 10, volume: 4 },
        ],
      },
    ],
    providers: [
      {
        capacity: 6,
        steps: [
          { minVolume: 2, allInMicros: 8 },
          { minVolume: 5, allInMicros: 6 },
        ],
      },
    ],
  });
  const bound = new Bound(instance);
  const slope = new Float64Array(1);
  // At λ = 8 the 7 requests gain 3·12 + 4·2. The first step pays 8 − 1 − 8 = −1 on its 2, the second 8 − 1 − 6 = 1 on 6.
  expect(bound.at(Float64Array.of(8), instance.open)).toBe(44 + 6);
  expect([...bound.gain]).toEqual([0, -2, 6]);
  bound.excessDemand(Float64Array.of(8), slope);
  expect([...slope]).toEqual([6 - 7]);
  // At λ = 7 nothing is gained by the second step, so nothing at all is as good and is taken: all 7 are offered.
  expect(bound.at(Float64Array.of(7), instance.open)).toBe(39 + 12);
  expect([...bound.gain]).toEqual([0, -4, 0]);
  expect([...bound.best]).toEqual([0]);
  bound.excessDemand(Float64Array.of(7), slope);
  expect([...slope]).toEqual([-7]);
  // Held to its second step it takes no more than the 5 it must.
  bound.total(Int32Array.of(0b100));
  bound.excessDemand(Float64Array.of(7), slope);
  expect([...slope]).toEqual([5 - 7]);
  // At λ = 10 only the first 3 are offered.
  expect(bound.at(Float64Array.of(10), instance.open)).toBe(30 + 18);
  bound.excessDemand(Float64Array.of(10), slope);
  expect([...slope]).toEqual([6 - 3]);
});

test('one set of rivals, worked out by hand: each pays for the right, and one too many shows', () => {
  const instance = lay({
    classes: [{ providers: [0, 1], lossMicros: [0, 2], steps: [{ reserveMicros: 10, volume: 4 }] }],
    providers: [
      { capacity: 4, steps: [{ minVolume: 3, allInMicros: 1 }] },
      { capacity: 4, steps: [{ minVolume: 2, allInMicros: 1 }] },
    ],
  });
  expect(instance.rivals).toEqual([[0, 1]]);
  const bound = new Bound(instance);
  const slope = new Float64Array(2);
  // At λ = 6 and a right of 5: demand 4·4, the right itself 5, the first 4·5 − 5, the second 4·3 − 5.
  expect(bound.at(Float64Array.of(6, 5), instance.open)).toBe(16 + 5 + 15 + 7);
  bound.excessDemand(Float64Array.of(6, 5), slope);
  expect([...slope]).toEqual([8 - 4, 2 - 1]);
  // With a right of 16 the second serves nobody, with one of 20 the first is as good without, with 21 it serves nobody.
  bound.at(Float64Array.of(6, 16), instance.open);
  bound.excessDemand(Float64Array.of(6, 16), slope);
  expect([...slope]).toEqual([4 - 4, 1 - 1]);
  bound.at(Float64Array.of(6, 21), instance.open);
  bound.excessDemand(Float64Array.of(6, 21), slope);
  expect([...slope]).toEqual([0 - 4, 0 - 1]);
});
