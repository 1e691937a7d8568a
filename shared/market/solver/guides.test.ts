/** What leads the search: sound whatever it suggests, and where it matters as good as worked out by hand. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../market.oracle.ts';
import type { TierProblem } from '../solver.ts';
import { planTransport } from '../transport.ts';
import { Bound } from './bound.ts';
import { closestDecision, FlowGuide } from './flow-guide.ts';
import { Greedy } from './greedy.ts';
import type { Instance } from './instance.ts';
import { forcesWholeCompanies, MultiplierGuide } from './multiplier-guide.ts';
import { anyProblem, lay, type Size, tryEveryChoice, worthOf } from './problems.oracle.ts';
import { Proof } from './proof.ts';
import { type Guide, Node, Search } from './search.ts';

const TINY: Size = { classes: 3, providers: 3, steps: 3, volume: 6, money: 20 };
const LARGE = { nodes: 1_000, augmentations: 100_000 };
const anyBits = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 3, maxLength: 3 });

const stepsOf = (choices: Int32Array) => Array.from(choices, (each) => (each === 0 ? null : each - 1));

/** The best that open choices can be worth; undefined where their minimums cannot all be met. */
function bestWithin(problem: TierProblem, open: Int32Array): number | undefined {
  let parts: number[][] = [[]];
  for (const bits of open)
    parts = parts.flatMap((chosen) =>
      Array.from(bits.toString(2))
        .reverse()
        .flatMap((bit, k) => (bit === '1' ? [[...chosen, k]] : [])),
    );
  let best: number | undefined;
  for (const chosen of parts) {
    const worth = tryWorth(problem, chosen);
    if (worth !== undefined && (best === undefined || worth > best)) best = worth;
  }
  return best;
}

/** What choices are worth where each is kept to its own volumes, by the transport plan; undefined where they cannot be. */
function tryWorth({ classes, providers }: TierProblem, chosen: readonly number[]): number | undefined {
  const gains: (number | undefined)[][] = [];
  const demand: number[] = [];
  for (const each of classes)
    for (const { reserveMicros, volume } of each.steps) {
      demand.push(volume);
      gains.push(
        providers.map(({ steps }, j) => {
          const at = each.providers.indexOf(j);
          const step = steps[chosen[j]! - 1];
          return at === -1 || step === undefined ? undefined : reserveMicros - each.lossMicros[at]! - step.allInMicros;
        }),
      );
    }
  const lower = providers.map(({ steps }, j) => steps[chosen[j]! - 1]?.minVolume ?? 0);
  const upper = providers.map(({ capacity, steps }, j) =>
    chosen[j] === 0 ? 0 : Math.min(capacity, steps[chosen[j]!]?.minVolume ?? capacity),
  );
  const { flow, shortfall } = planTransport({ demand, gains, lower, upper });
  if (shortfall.some((missing) => missing > 0)) return undefined;
  return flow.reduce((sum, row, g) => row.reduce((all, volume, j) => all + volume * (gains[g]![j] ?? 0), sum), 0);
}

const GUIDES: [string, (instance: Instance) => Guide<never>][] = [
  ['flow', (instance) => new FlowGuide(instance) as unknown as Guide<never>],
  ['subgradient steps', (instance) => new MultiplierGuide(instance) as unknown as Guide<never>],
];

for (const [name, create] of GUIDES) {
  test(`never closes a part that holds something better, whatever is open: ${name}`, async () => {
    const property = fc.property(anyProblem(TINY), anyBits, (problem, bits) => {
      const instance = lay(problem);
      const proof = new Proof(instance.classes);
      const node = new Node(instance, proof);
      node.index = proof.add();
      for (const [j, drawn] of bits.entries()) if ((node.open[j]! & drawn) !== 0) node.open[j]! &= drawn;
      const open = node.open.slice();
      const best = bestWithin(problem, open);
      const isClosed = create(instance).tighten(node);
      expect(BigInt(node.best.value)).toBeLessThanOrEqual(worthOf(problem, stepsOf(node.best.choices)));
      if (isClosed) expect(node.best.value).toBeGreaterThanOrEqual(best ?? 0);
      else {
        expect(node.bound).toBeGreaterThan(node.best.value);
        expect(Math.max(node.bound, node.best.value)).toBeGreaterThanOrEqual(best ?? 0);
        // What is struck out is in nothing better.
        for (const [j, all] of open.entries())
          for (let bit = 1; bit <= all; bit <<= 1) {
            if ((all & bit) === 0 || (node.open[j]! & bit) !== 0) continue;
            const alone = open.slice();
            alone[j] = bit;
            expect(bestWithin(problem, alone) ?? 0).toBeLessThanOrEqual(node.best.value);
          }
      }
      // The duals written down prove as much to anybody.
      const bounds = new Bound(instance);
      const proven = proof.write([]).nodes[0]!.duals.map((duals) => {
        const lambda = new Float64Array(instance.classes + instance.rivals.length);
        lambda.set(duals);
        return bounds.at(lambda, open);
      });
      expect(proven.length).toBeGreaterThan(0);
      if (best !== undefined) expect(Math.min(...proven)).toBeGreaterThanOrEqual(best);
      else if (name === 'flow') {
        // Minimums that cannot all be met: nothing is left to look for, and the duals say so.
        expect(isClosed).toBe(true);
        expect(Math.min(...proven)).toBeLessThanOrEqual(node.best.value);
      }
      // With one choice each, there is nothing left to look for.
      if (open.every((each) => (each & (each - 1)) === 0)) {
        expect(isClosed).toBe(true);
        expect(Math.min(...proven)).toBeLessThanOrEqual(node.best.value);
      }
    });
    await holds(`soundness, ${name}`, 600, property);
  });

  test(`leads to the best of all choices: ${name}`, async () => {
    const property = fc.property(anyProblem(TINY), (problem) => {
      const instance = lay(problem);
      const found = new Search(instance, create(instance)).run(LARGE);
      const best = tryEveryChoice(problem);
      expect(BigInt(found.value)).toBe(best);
      expect(BigInt(found.bound)).toBe(best);
      expect(worthOf(problem, stepsOf(found.choices))).toBe(best);
      expect(found.nodes).toBeLessThan(LARGE.nodes);
    });
    await holds(`optimum, ${name}`, 400, property);
  });
}

/** Six requests worth 20; two providers who take four, or none: at 5 and at 6. */
const HALVES: TierProblem = {
  classes: [{ providers: [0, 1], lossMicros: [0, 0], steps: [{ reserveMicros: 20, volume: 6 }] }],
  providers: [
    { capacity: 4, steps: [{ minVolume: 4, allInMicros: 5 }] },
    { capacity: 4, steps: [{ minVolume: 4, allInMicros: 6 }] },
  ],
};

describe('the flow guide, worked out by hand', () => {
  test('reads duals and an allocation from the flow, and splits where the hull is too cheap', () => {
    const instance = lay(HALVES);
    const node = new Node(instance, new Proof(instance.classes));
    const proof = new Proof(instance.classes);
    const own = new Node(instance, proof);
    own.index = proof.add();
    const guide = new FlowGuide(instance);
    // Four at the first and two at the second, where one more costs 6: λ = 6 and 6 · 14 + 4 · 1. The two go back.
    expect(guide.tighten(own)).toBe(false);
    expect([...own.lambda.subarray(0, 1)]).toEqual([6]);
    expect(own.bound).toBe(88);
    expect(own.best.value).toBe(4 * 15);
    expect([...own.best.choices]).toEqual([1, 0]);
    expect(guide.chooseSplit(own)).toEqual({ provider: 1, at: 1 });
    expect(node.best.value).toBe(0);
  });

  test('five nodes: the root, the second serving, with the first too, then either alone', () => {
    // Serving, the second takes four and the first two: split there. Both cannot serve; alone they are worth 56 and 60.
    const instance = lay(HALVES);
    const found = new Search(instance, new FlowGuide(instance)).run(LARGE);
    expect(found).toMatchObject({ value: 60, bound: 60, nodes: 5 });
    expect(found.proof.write([]).nodes.map(({ split }) => split)).toEqual([
      [1, 1, 1, 2],
      null,
      [0, 1, 3, 4],
      null,
      null,
    ]);
  });

  test('one node where every cost is its own hull', () => {
    const instance = lay({
      ...HALVES,
      providers: HALVES.providers.map(({ steps, ...each }) => ({ ...each, steps: [{ ...steps[0]!, minVolume: 0 }] })),
    });
    // Four at 5 and two at 6.
    const found = new Search(instance, new FlowGuide(instance)).run(LARGE);
    expect(found).toMatchObject({ value: 4 * 15 + 2 * 14, bound: 88, nodes: 1 });
  });

  test('of two gaps the wider one is split, at its first choice above the volume', () => {
    // Five of eight at the first, and three of ten at the second are too cheap by 5 · (9 − 6) and by 3 · (9 − 5).
    const problem: TierProblem = {
      classes: [
        {
          providers: [0],
          lossMicros: [0],
          steps: [
            { reserveMicros: 20, volume: 5 },
            { reserveMicros: 1, volume: 9 },
          ],
        },
        {
          providers: [1],
          lossMicros: [0],
          steps: [
            { reserveMicros: 20, volume: 3 },
            { reserveMicros: 1, volume: 9 },
          ],
        },
      ],
      providers: [
        {
          capacity: 8,
          steps: [
            { minVolume: 0, allInMicros: 9 },
            { minVolume: 8, allInMicros: 6 },
          ],
        },
        {
          capacity: 10,
          steps: [
            { minVolume: 0, allInMicros: 9 },
            { minVolume: 10, allInMicros: 5 },
          ],
        },
      ],
    };
    for (const [providers, provider] of [
      [problem.providers, 0],
      [problem.providers.toReversed(), 1],
    ] as const) {
      const classes =
        provider === 0 ? problem.classes : problem.classes.map((c) => ({ ...c, providers: [1 - c.providers[0]!] }));
      const instance = lay({ classes, providers });
      const proof = new Proof(instance.classes);
      const node = new Node(instance, proof);
      node.index = proof.add();
      const guide = new FlowGuide(instance);
      expect(guide.tighten(node)).toBe(false);
      expect(node.best.value).toBe(8 * 11);
      expect(guide.chooseSplit(node)).toEqual({ provider, at: 2 });
    }
  });
});

test('the closest decision is the provider whose second best choice is nearest to its best, of equal ones the first', async () => {
  const drawn = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 5, maxLength: 5 });
  const property = fc.property(anyProblem(TINY), drawn, anyBits, (problem, duals, bits) => {
    const instance = lay(problem);
    const node = new Node(instance, new Proof(instance.classes));
    for (const [j, each] of bits.entries()) if ((node.open[j]! & each) !== 0) node.open[j]! &= each;
    node.lambda.set(duals.slice(0, node.lambda.length));
    node.measure();
    const { gain, best } = node.bounds;
    const decisions = [...node.open].flatMap((open, j) =>
      Array.from({ length: instance.first[j + 1]! - instance.first[j]! }, (_, k) => k)
        .filter((k) => ((open >> k) & 1) === 1 && instance.first[j]! + k !== best[j])
        .map((k) => ({
          provider: j,
          at: Math.max(k, best[j]! - instance.first[j]!),
          loss: gain[best[j]!]! - gain[instance.first[j]! + k]!,
        })),
    );
    const closest = decisions.reduce<(typeof decisions)[number] | undefined>(
      (least, each) => (each.loss < (least?.loss ?? Infinity) ? each : least),
      undefined,
    );
    const { provider, at } = closest ?? {};
    expect(closestDecision(instance, node)).toEqual(closest === undefined ? undefined : { provider, at });
  });
  await holds('closest decisions', 400, property);
});

describe('greedy allocations', () => {
  /** Offers what a greedy pass at λ makes of it. */
  function offer(problem: TierProblem, lambda: readonly number[], bits?: readonly number[]) {
    const instance = lay(problem);
    const node = new Node(instance, new Proof(instance.classes));
    if (bits !== undefined) node.open.set(bits);
    node.lambda.set(lambda);
    node.measure();
    new Greedy(instance).offer(node);
    return { value: node.best.value, choices: [...node.best.choices] };
  }

  test('who gains most at λ comes first and takes what is left of it; others what they need, or nothing', () => {
    // At λ = 20 the first gains 4 · 15 and takes four; two of the six are left, too few for the second.
    expect(offer(HALVES, [20])).toEqual({ value: 60, choices: [1, 0] });
    // Who must serve comes first.
    expect(offer(HALVES, [20], [0b11, 0b10])).toEqual({ value: 56, choices: [0, 1] });
    // Who can only serve nobody is not asked.
    expect(offer(HALVES, [20], [0b01, 0b11])).toEqual({ value: 56, choices: [0, 1] });
    // At λ = 0 nobody gains; what is left over is served where it is worth it all the same.
    expect(offer(HALVES, [0])).toEqual({ value: 60, choices: [1, 0] });
  });

  test('of equal gains the first comes first, and nobody is served at a loss', () => {
    const same = { capacity: 4, steps: [{ minVolume: 4, allInMicros: 5 }] };
    expect(offer({ ...HALVES, providers: [same, same] }, [20])).toEqual({ value: 60, choices: [1, 0] });
    const dear = { capacity: 4, steps: [{ minVolume: 4, allInMicros: 20 }] };
    expect(offer({ ...HALVES, providers: [dear, same] }, [30])).toEqual({ value: 60, choices: [0, 1] });
    expect(
      offer(
        { ...HALVES, providers: [dear], classes: [{ ...HALVES.classes[0]!, providers: [0], lossMicros: [0] }] },
        [30],
      ),
    ).toEqual({
      value: 0,
      choices: [0],
    });
  });

  test('a choice takes the classes that pay most, more than it must only of those that pay its price, and failures cost', () => {
    // At λ = (12, 9), failures 1 and 0: 11 and 9 a request. At least 3 at 10: the first class’s 2 and one of the second’s.
    const problem: TierProblem = {
      classes: [
        { providers: [0], lossMicros: [1], steps: [{ reserveMicros: 30, volume: 2 }] },
        { providers: [0], lossMicros: [0], steps: [{ reserveMicros: 15, volume: 5 }] },
      ],
      providers: [{ capacity: 6, steps: [{ minVolume: 3, allInMicros: 10 }] }],
    };
    expect(offer(problem, [12, 9])).toEqual({ value: 2 * 19 + 5, choices: [1] });
    expect(offer(problem, [12, 11])).toEqual({ value: 2 * 19 + 4 * 5, choices: [1] });
  });

  test('the best of the choices that serve is taken where none gains at λ', () => {
    const problem: TierProblem = {
      classes: [{ providers: [0], lossMicros: [0], steps: [{ reserveMicros: 20, volume: 6 }] }],
      providers: [
        {
          capacity: 6,
          steps: [
            { minVolume: 2, allInMicros: 9 },
            { minVolume: 5, allInMicros: 8 },
          ],
        },
      ],
    };
    // At λ = 7 the first loses 2 · 2, the second 5 · 1; at λ = 4 it is 2 · 5 and 5 · 4.
    expect(offer(problem, [7])).toEqual({ value: 22, choices: [1] });
    // Held to the second, it takes that.
    expect(offer(problem, [7], [0b101])).toEqual({ value: 60, choices: [2] });
  });
});

describe('where minimum awards force whole companies', () => {
  const bid = (minVolume: number, capacity = minVolume) => ({ capacity, steps: [{ minVolume, allInMicros: 1 }] });
  const over = (providers: TierProblem['providers'], volume: number): TierProblem => ({
    classes: [
      { providers: [...providers.keys()], lossMicros: providers.map(() => 0), steps: [{ reserveMicros: 9, volume }] },
    ],
    providers,
  });

  test('more than half of the bids that can be awarded anything must need more than half of what they may serve', () => {
    expect(forcesWholeCompanies(lay(over([bid(3)], 5)))).toBe(true);
    expect(forcesWholeCompanies(lay(over([bid(3)], 6)))).toBe(false);
    expect(forcesWholeCompanies(lay(over([bid(3), bid(2)], 5)))).toBe(false);
    expect(forcesWholeCompanies(lay(over([bid(3), bid(3), bid(2)], 5)))).toBe(true);
    // A bid out of reach does not count.
    expect(forcesWholeCompanies(lay(over([bid(3), bid(6, 9)], 5)))).toBe(true);
    expect(forcesWholeCompanies(lay(over([bid(6, 9)], 5)))).toBe(false);
  });

  test('what is paid for the right to serve closes in one node what requests alone leave open', () => {
    // Three companies of 2, three bids of which each takes two whole: one of them can serve, though half of each would fit.
    const problem: TierProblem = {
      classes: [0, 1, 2].map((c) => ({
        providers: [0, 1, 2].filter((j) => j !== c),
        lossMicros: [0, 0],
        steps: [{ reserveMicros: 10, volume: 2 }],
      })),
      providers: [4, 5, 6].map((allInMicros) => ({ capacity: 4, steps: [{ minVolume: 4, allInMicros }] })),
    };
    const instance = lay(problem);
    expect(instance.rivals).toEqual([[0, 1, 2]]);
    const found = new Search(instance, new MultiplierGuide(instance)).run(LARGE);
    expect(found).toMatchObject({ value: 4 * 6, bound: 4 * 6, nodes: 1 });
  });

  test('with one dual per company, bids that fit beside each other are found at once', () => {
    // Four companies of 3; pairs (0, 1) and (2, 3) at 4, crossed pairs at 5: the straight ones are worth 2 · 6 · 6.
    const pairs = [
      [0, 1],
      [2, 3],
      [0, 2],
      [1, 3],
    ];
    const problem: TierProblem = {
      classes: [0, 1, 2, 3].map((c) => {
        const providers = [0, 1, 2, 3].filter((j) => pairs[j]!.includes(c));
        return { providers, lossMicros: providers.map(() => 0), steps: [{ reserveMicros: 10, volume: 3 }] };
      }),
      providers: [4, 4, 5, 5].map((allInMicros) => ({ capacity: 6, steps: [{ minVolume: 6, allInMicros }] })),
    };
    const instance = lay(problem);
    const found = new Search(instance, new MultiplierGuide(instance)).run(LARGE);
    expect(found).toMatchObject({ value: 72, bound: 72, nodes: 1 });
    expect([...found.choices]).toEqual([1, 1, 0, 0]);
  });
});
