/** The checker of certificates against every volume there is to try, and what it says of one that is none. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Certificate, checkCertificate } from './certificate.ts';
import { holds } from './market.oracle.ts';
import { anyProblem, type Size } from './solver/problems.oracle.ts';
import type { TierProblem } from './solver.ts';

const TINY: Size = { classes: 2, providers: 3, steps: 3, volume: 4, money: 12 };

/** What each choice of a provider gains at most at λ, every volume tried; undefined where its minimum is out of reach. */
function gainsOf({ classes, providers }: TierProblem, lambda: readonly number[], j: number): (number | undefined)[] {
  const { capacity, steps } = providers[j]!;
  const takers = classes.flatMap((each, c) => {
    const at = each.providers.indexOf(j);
    const most = each.steps.reduce((sum, { volume }) => sum + volume, 0);
    return at === -1 ? [] : [{ most, pays: lambda[c]! - each.lossMicros[at]! }];
  });
  const serve = steps.map(({ minVolume, allInMicros }, t) => {
    const upper = Math.min(capacity, steps[t + 1]?.minVolume ?? capacity);
    let best: number | undefined;
    const take = (at: number, volume: number, gain: number): void => {
      if (volume > upper) return;
      const taker = takers[at];
      if (taker === undefined) {
        if (volume >= minVolume && (best === undefined || gain > best)) best = gain;
        return;
      }
      for (let part = 0; part <= taker.most; part += 1)
        take(at + 1, volume + part, gain + part * (taker.pays - allInMicros));
    };
    take(0, 0, 0);
    return best;
  });
  return [0, ...serve];
}

/** A part's bound at λ: what demand gains above λ, and each provider's best choice. */
function boundOf(problem: TierProblem, lambda: readonly number[], part: readonly (readonly number[])[]): number {
  let bound = 0;
  for (const [c, { steps }] of problem.classes.entries())
    for (const { reserveMicros, volume } of steps) bound += Math.max(0, reserveMicros - lambda[c]!) * volume;
  for (const [j, choices] of part.entries()) {
    const gains = gainsOf(problem, lambda, j);
    bound += Math.max(...choices.map((choice) => gains[choice] ?? Number.NEGATIVE_INFINITY));
  }
  return bound;
}

/** The part without choices that cannot be in anything above the value. */
function struck(problem: TierProblem, lambda: readonly number[], part: readonly (readonly number[])[], value: number) {
  return part.map((choices, j) => choices.filter((choice) => boundOf(problem, lambda, part.with(j, [choice])) > value));
}

test('a root, and a split below it, leave open what their duals do', async () => {
  const duals = fc.array(fc.integer({ min: -3, max: 25 }), { minLength: 2, maxLength: 2 });
  const property = fc.property(
    anyProblem(TINY),
    fc.tuple(duals, duals, duals, fc.boolean()),
    fc.nat(40),
    fc.nat(2),
    fc.integer({ min: 1, max: 3 }),
    (problem, [here, below, above, isInherited], value, provider, at) => {
      const of = (drawn: readonly number[]) => drawn.slice(0, problem.classes.length);
      const all = problem.providers.map(({ steps }) => [0, ...steps.map((_, t) => t + 1)]);
      const gapOf = (certificate: Certificate) => {
        const checked = checkCertificate(problem, certificate, BigInt(value));
        return checked.ok ? Number(checked.gapMicros) : checked.fault;
      };
      const root = boundOf(problem, of(here), all);
      expect(gapOf({ nodes: [{ duals: [of(here)], split: null }] })).toBe(Math.max(0, root - value));
      // The second duals go on from what the first have struck out; the lower bound counts.
      const left = struck(problem, of(here), all, value);
      const again = root <= value ? value : Math.min(root, boundOf(problem, of(below), left));
      expect(gapOf({ nodes: [{ duals: [of(here), of(below)], split: null }] })).toBe(Math.max(0, again - value));
      const children = [
        [below, (choice: number) => choice < at],
        [isInherited ? here : above, (choice: number) => choice >= at],
      ] as const;
      const most = children.map(([drawn, keep]) => {
        const part = left.with(provider, left[provider]!.filter(keep));
        return root <= value ? value : boundOf(problem, of(drawn), part);
      });
      const tree: Certificate = {
        nodes: [
          { duals: [of(here)], split: [provider, at, 1, 2] },
          { duals: [of(below)], split: null },
          { duals: isInherited ? [] : [of(above)], split: null },
        ],
      };
      expect(gapOf(tree)).toBe(Math.max(0, ...most.map((bound) => bound - value)));
    },
  );
  await holds('what certificates leave open', 500, property);
});

/** Six requests worth 20; two providers who take four, or none: at 5 and at 6. */
const HALVES: TierProblem = {
  classes: [{ providers: [0, 1], lossMicros: [0, 0], steps: [{ reserveMicros: 20, volume: 6 }] }],
  providers: [5, 6].map((allInMicros) => ({ capacity: 4, steps: [{ minVolume: 4, allInMicros }] })),
};
const leaf = (...duals: number[][]) => ({ duals, split: null });

test('the right to serve is paid by each rival, and counts as gained once', () => {
  // At λ = 6: 6 · 14 for demand, 4 · 1 for the first. With a right of 3: 3 more, 4 − 3 and nothing.
  const gap = (duals: number[], rivals?: number[][]) =>
    checkCertificate(HALVES, { nodes: [leaf(duals)], ...(rivals && { rivals }) }, 0n);
  expect(gap([6])).toEqual({ ok: true, gapMicros: 88n });
  expect(gap([6, 3], [[0, 1]])).toEqual({ ok: true, gapMicros: 84n + 3n + 1n });
  expect(gap([6, 5], [[0, 1]])).toEqual({ ok: true, gapMicros: 84n + 5n });
  expect(gap([6], [[0, 1]])).toEqual({ ok: true, gapMicros: 88n });
  // At λ = 20 either gains 60 or 56; a right of 60 leaves just that.
  expect(gap([20, 60], [[0, 1]])).toEqual({ ok: true, gapMicros: 60n });
  // Who is in no set pays for none: two requests of a third gain 2 · 15 beside that.
  const third = { capacity: 2, steps: [{ minVolume: 0, allInMicros: 5 }] };
  const classes = [{ ...HALVES.classes[0]!, providers: [0, 1, 2], lossMicros: [0, 0, 0] }];
  expect(
    checkCertificate(
      { classes, providers: [...HALVES.providers, third] },
      { nodes: [leaf([20, 60])], rivals: [[0, 1]] },
      0n,
    ),
  ).toEqual({ ok: true, gapMicros: 90n });
});

test('each set of rivals has a right of its own, and is paid for by its own', () => {
  // Two queues of six requests, each with two providers who take four of them: at λ = 20 the first pair gains 60 or 56,
  // the second 40 or 36 at λ = 15. Rights of 60 and 40 leave just these.
  const four = (allInMicros: number) => ({ capacity: 4, steps: [{ minVolume: 4, allInMicros }] });
  const two: TierProblem = {
    classes: [HALVES.classes[0]!, { providers: [2, 3], lossMicros: [0, 0], steps: [{ reserveMicros: 15, volume: 6 }] }],
    providers: [5, 6, 5, 6].map(four),
  };
  const gapOf = (duals: number[]) =>
    checkCertificate(
      two,
      {
        nodes: [leaf(duals)],
        rivals: [
          [0, 1],
          [2, 3],
        ],
      },
      0n,
    );
  expect(gapOf([20, 15, 60, 40])).toEqual({ ok: true, gapMicros: 100n });
  // The first right higher by ten is ten too much; lower by ten, both of the first pair gain by what it lacks.
  expect(gapOf([20, 15, 70, 40])).toEqual({ ok: true, gapMicros: 110n });
  expect(gapOf([20, 15, 50, 40])).toEqual({ ok: true, gapMicros: 50n + 10n + 6n + 40n });
  expect(gapOf([20, 15, 60, 30])).toEqual({ ok: true, gapMicros: 60n + 30n + 10n + 6n });
});

test('a step that its provider has no capacity for gains nothing, whatever requests would pay', () => {
  // Two requests pay 20 and four pay 1, which is the price from four on: but only two can be served.
  const problem: TierProblem = {
    classes: [
      { providers: [0], lossMicros: [0], steps: [{ reserveMicros: 20, volume: 2 }] },
      { providers: [0], lossMicros: [0], steps: [{ reserveMicros: 1, volume: 4 }] },
    ],
    providers: [{ capacity: 2, steps: [{ minVolume: 4, allInMicros: 1 }] }],
  };
  expect(checkCertificate(problem, { nodes: [leaf([20, 1])] }, 0n)).toEqual({ ok: true, gapMicros: 0n });
  const enough = { ...problem, providers: [{ ...problem.providers[0]!, capacity: 4 }] };
  expect(checkCertificate(enough, { nodes: [leaf([20, 1])] }, 0n)).toEqual({ ok: true, gapMicros: 38n });
});

test.each<[string, Certificate]>([
  ['node 0 has 0 duals for 1 classes and 0 sets of rivals', { nodes: [leaf([])] }],
  ['node 0 has 3 duals for 1 classes and 1 sets of rivals', { nodes: [leaf([1, 2, 3])], rivals: [[0, 1]] }],
  ['node 0 has a price below 0 for the right to serve', { nodes: [leaf([1, -1])], rivals: [[0, 1]] }],
  ['node 0 has a dual that is not a whole number', { nodes: [leaf([0.5])] }],
  ['node 0 has no duals to bound it', { nodes: [leaf()] }],
  ['node 0 splits provider 2, who is not there', { nodes: [{ duals: [[6]], split: [2, 1, 1, 2] }, leaf(), leaf()] }],
  ['node 0 lacks its part 2', { nodes: [{ duals: [[6]], split: [0, 1, 1, 2] }, leaf()] }],
  ['node 0 lacks its part 0', { nodes: [{ duals: [[6]], split: [0, 1, 0, 1] }, leaf()] }],
  ['node 1 stands for two parts', { nodes: [{ duals: [[6]], split: [0, 1, 1, 1] }, leaf()] }],
  ['provider 2 is a rival, but is not there', { nodes: [leaf([6])], rivals: [[0, 2]] }],
  ['provider 1 is a rival of its own', { nodes: [leaf([6])], rivals: [[1, 1]] }],
])('%s', (fault, certificate) => {
  expect(checkCertificate(HALVES, certificate, 0n)).toEqual({ ok: false, fault });
});

test('two are rivals where what both may serve is less than they still need', () => {
  // Each needs 4: the first may serve 1 that the other may not, the second 2. Of what both may serve they need 3 and 2.
  const problem = (both: number, minimums = [4, 4]): TierProblem => ({
    classes: [
      { providers: [0, 1], lossMicros: [0, 0], steps: [{ reserveMicros: 9, volume: both }] },
      { providers: [0], lossMicros: [0], steps: [{ reserveMicros: 9, volume: 1 }] },
      { providers: [1], lossMicros: [0], steps: [{ reserveMicros: 9, volume: 2 }] },
    ],
    providers: minimums.map((minVolume) => ({ capacity: 9, steps: [{ minVolume, allInMicros: 1 }] })),
  });
  const claim = (asked: TierProblem) =>
    checkCertificate(asked, { nodes: [leaf([1, 1, 1])], rivals: [[0, 1]] }, 100_000n);
  expect(claim(problem(4))).toEqual({ ok: true, gapMicros: 0n });
  const fault = 'providers 0 and 1 are rivals, but both can serve';
  expect(claim(problem(5))).toEqual({ ok: false, fault });
  // Who needs no more than is its own alone takes nothing from the other.
  expect(claim(problem(4, [1, 5]))).toEqual({ ok: false, fault });
  expect(claim(problem(3, [0, 9]))).toEqual({ ok: true, gapMicros: 0n });
  expect(claim({ ...problem(3), providers: [{ capacity: 9, steps: [] }, problem(3).providers[1]!] })).toEqual({
    ok: false,
    fault,
  });
});
