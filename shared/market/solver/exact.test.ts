/** The exact solver against every choice there is, and against HiGHS; its certificates against the checker. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocate } from '../allocation.ts';
import { checkCertificate } from '../certificate.ts';
import { holds } from '../market.oracle.ts';
import { createHighsSolver } from '../solver.highs.ts';
import type { Solver, TierProblem } from '../solver.ts';
import { Arena } from './arena.ts';
import { createExactSolver, solveExactly } from './exact.ts';
import { layOut } from './instance.ts';
import { Network } from './network.ts';

type Size = { classes: number; providers: number; steps: number; volume: number; money: number };
const SMALL: Size = { classes: 4, providers: 4, steps: 3, volume: 12, money: 20 };
const REAL: Size = { classes: 8, providers: 5, steps: 4, volume: 20_000, money: 5_000_000 };

/** Problems of every kind: ties, no minimum, minimum equal to capacity, classes without providers, curves of reserves. */
function anyProblem(size: Size): fc.Arbitrary<TierProblem> {
  const money = fc.integer({ min: 0, max: size.money });
  const volume = fc.integer({ min: 0, max: size.volume });
  const indexes = Array.from({ length: size.providers }, (_, j) => j);
  const demandClass = fc
    .record({
      providers: fc.oneof(fc.constant(indexes), fc.subarray(indexes)),
      losses: fc.array(money, { minLength: size.providers, maxLength: size.providers }),
      reserves: fc.uniqueArray(fc.integer({ min: 0, max: size.money * 3 }), { minLength: 1, maxLength: 3 }),
      volumes: fc.array(volume, { minLength: 3, maxLength: 3 }),
    })
    .map(({ providers, losses, reserves, volumes }) => ({
      providers,
      lossMicros: providers.map((j) => Math.floor(losses[j]! / 3)),
      steps: reserves.toSorted((a, b) => b - a).map((reserveMicros, s) => ({ reserveMicros, volume: volumes[s]! })),
    }));
  const supply = fc
    .record({
      capacity: fc.integer({ min: 0, max: size.volume * 3 }),
      starts: fc.uniqueArray(fc.integer({ min: 0, max: size.volume * 2 }), { minLength: 1, maxLength: size.steps }),
      prices: fc.uniqueArray(money, { minLength: size.steps, maxLength: size.steps }),
      kind: fc.constantFrom('free', 'minimum', 'whole'),
    })
    .map(({ capacity, starts, prices, kind }) => {
      const falling = prices.toSorted((a, b) => b - a);
      if (kind === 'whole') return { capacity, steps: [{ minVolume: capacity, allInMicros: falling.at(-1)! }] };
      const rising = starts.toSorted((a, b) => a - b);
      if (kind === 'free') rising[0] = 0;
      return { capacity, steps: rising.map((minVolume, t) => ({ minVolume, allInMicros: falling[t]! })) };
    });
  return fc.record({
    classes: fc.array(demandClass, { maxLength: size.classes }),
    providers: fc.array(supply, { minLength: size.providers, maxLength: size.providers }),
  });
}

/** What a choice of steps is worth, by the transport plan that the solver has no part in. */
function worthOf({ classes, providers }: TierProblem, steps: readonly (number | null)[]): bigint {
  const groups = classes.flatMap((each) =>
    each.steps.map(({ reserveMicros, volume }) => ({
      volume,
      values: providers.map((_, j) => {
        const at = each.providers.indexOf(j);
        return at === -1 ? undefined : reserveMicros - each.lossMicros[at]!;
      }),
    })),
  );
  return allocate(providers, groups, steps).valueMicros;
}

function tryEveryChoice(problem: TierProblem): bigint {
  let choices: (number | null)[][] = [[]];
  for (const { capacity, steps } of problem.providers) {
    const within = [null, ...steps.keys()].filter((t) => t === null || steps[t]!.minVolume <= capacity);
    choices = choices.flatMap((chosen) => within.map((t) => [...chosen, t]));
  }
  return choices.reduce((best, chosen) => {
    const worth = worthOf(problem, chosen);
    return worth > best ? worth : best;
  }, 0n);
}

/** The choice is as good as the bound, and the certificate proves it. */
function expectProven(problem: TierProblem, optimum: bigint): void {
  const choice = solveExactly(problem);
  expect(worthOf(problem, choice.steps)).toBe(optimum);
  expect(BigInt(choice.boundMicros)).toBe(optimum);
  expect(checkCertificate(problem, choice.certificate!, optimum)).toEqual({ ok: true, gapMicros: 0n });
}

describe('the exact solver', () => {
  test('finds the best of all choices in small problems, and its certificate proves it', async () => {
    const property = fc.property(anyProblem(SMALL), (problem) => expectProven(problem, tryEveryChoice(problem)));
    await holds('best of all choices', 1_000, property);
  }, 60_000);

  test('finds it to the micro-unit where volumes and money are of real size', async () => {
    const property = fc.property(anyProblem(REAL), (problem) => expectProven(problem, tryEveryChoice(problem)));
    await holds('best of all choices, real size', 60, property);
  }, 60_000);

  test('agrees with HiGHS where there are too many choices to try', async () => {
    const highs = createHighsSolver();
    const size = { ...REAL, providers: 10, classes: 10 };
    const property = fc.asyncProperty(anyProblem(size), async (problem) =>
      expectProven(problem, worthOf(problem, (await highs(problem)).steps)),
    );
    await holds('agreement with HiGHS', 60, property);
  }, 60_000);

  test('hands over what it knows after one node, and HiGHS finds the best choice from there', async () => {
    const highs = createHighsSolver();
    const solver = createExactSolver({ budget: { nodes: 1, augmentations: 100_000 }, fallback: highs });
    const size = { ...REAL, providers: 10, classes: 10 };
    const property = fc.asyncProperty(anyProblem(size), async (problem) => {
      const choice = await solver(problem);
      const optimum = worthOf(problem, (await highs(problem)).steps);
      expect(worthOf(problem, choice.steps)).toBe(optimum);
      expect(BigInt(choice.boundMicros)).toBeGreaterThanOrEqual(optimum);
    });
    await holds('handing over', 60, property);
  }, 60_000);

  test('is worth k times as much where all volumes, or all money, are k times as much', async () => {
    const property = fc.property(anyProblem(REAL), fc.integer({ min: 2, max: 50 }), (problem, k) => {
      const plain = BigInt(solveExactly(problem).boundMicros);
      expect(BigInt(solveExactly(scale(problem, k, 1)).boundMicros)).toBe(plain * BigInt(k));
      expect(BigInt(solveExactly(scale(problem, 1, k)).boundMicros)).toBe(plain * BigInt(k));
    });
    await holds('scaling', 150, property);
  }, 60_000);

  test('is worth the same whatever order classes and providers come in', async () => {
    const property = fc.property(anyProblem(REAL), (problem) => {
      const last = problem.providers.length - 1;
      const turned: TierProblem = {
        providers: problem.providers.toReversed(),
        classes: problem.classes.toReversed().map((each) => ({
          ...each,
          providers: each.providers.map((j) => last - j).reverse(),
          lossMicros: each.lossMicros.toReversed(),
        })),
      };
      expect(solveExactly(turned).boundMicros).toBe(solveExactly(problem).boundMicros);
    });
    await holds('order', 150, property);
  }, 60_000);

  test('serves nobody where there is nobody, or no provider', () => {
    const nobody: TierProblem = {
      classes: [],
      providers: [{ capacity: 5, steps: [{ minVolume: 1, allInMicros: 1 }] }],
    };
    expect(solveExactly(nobody)).toMatchObject({ steps: [null], boundMicros: 0 });
    const noProvider: TierProblem = {
      classes: [{ providers: [], lossMicros: [], steps: [{ reserveMicros: 5, volume: 5 }] }],
      providers: [],
    };
    expect(solveExactly(noProvider)).toMatchObject({ steps: [], boundMicros: 0 });
  });

  test('proves sums of money beyond the safe integers too', () => {
    // 40,000,000 requests worth 10¹² − 1 each at a cost of 3: 40,000,000 · (10¹² − 4) with the second step.
    const problem: TierProblem = {
      classes: [{ providers: [0], lossMicros: [0], steps: [{ reserveMicros: 999_999_999_999, volume: 40_000_000 }] }],
      providers: [
        {
          capacity: 50_000_000,
          steps: [
            { minVolume: 0, allInMicros: 5 },
            { minVolume: 39_000_000, allInMicros: 3 },
          ],
        },
      ],
    };
    const choice = solveExactly(problem);
    const value = 40_000_000n * 999_999_999_996n;
    expect(choice.steps).toEqual([1]);
    expect(worthOf(problem, choice.steps)).toBe(value);
    expect(checkCertificate(problem, choice.certificate!, value)).toEqual({ ok: true, gapMicros: 0n });
  });
});

function scale({ classes, providers }: TierProblem, volumes: number, money: number): TierProblem {
  return {
    classes: classes.map((each) => ({
      ...each,
      lossMicros: each.lossMicros.map((loss) => loss * money),
      steps: each.steps.map((step) => ({ reserveMicros: step.reserveMicros * money, volume: step.volume * volumes })),
    })),
    providers: providers.map(({ capacity, steps }) => ({
      capacity: capacity * volumes,
      steps: steps.map((step) => ({ minVolume: step.minVolume * volumes, allInMicros: step.allInMicros * money })),
    })),
  };
}

describe('the relaxation', () => {
  test('begins at a flow of least cost: what it gains is what its duals prove to be the most', async () => {
    const size = { ...REAL, classes: 20, providers: 20 };
    const property = fc.property(anyProblem(size), (problem) => {
      const instance = layOut(problem, new Arena());
      const { classes, providers, demand, reserve, firstStep, first, most, price, loss } = instance;
      const network = new Network(instance);
      const lambda = new Float64Array(classes);
      network.readDuals(lambda);
      let [gained, proven] = [0, 0];
      for (let c = 0; c < classes; c += 1) {
        // Whatever is refused is what pays least.
        let left = demand[c]! - network.sent[c]!;
        for (let s = firstStep[c]!; s < firstStep[c + 1]!; s += 1) {
          const served = Math.min(left, instance.stepVolume[s]!);
          gained += served * reserve[s]!;
          proven += Math.max(0, reserve[s]! - lambda[c]!) * instance.stepVolume[s]!;
          left -= served;
        }
        expect(left).toBe(0);
      }
      for (let j = 0; j < providers; j += 1) {
        // As prices never rise, no cost is below the last price in reach; it is met at volume 0 and where nothing is left.
        const last = first[j + 1]! - 1;
        let [volume, best] = [0, -Infinity];
        for (let c = 0; c < classes; c += 1) {
          const served = network.flow[j * classes + c]!;
          volume += served;
          if (served > 0) gained -= served * (loss[j * classes + c]! + price[last]!);
          best = Math.max(best, lambda[c]! - loss[j * classes + c]! - price[last]!);
        }
        expect(volume).toBe(network.sent[classes + j]);
        expect(volume).toBeLessThanOrEqual(most[last]!);
        proven += Math.max(0, best) * most[last]!;
      }
      expect(gained).toBe(proven);
    });
    await holds('least cost', 200, property);
  }, 60_000);
});

/** Six pairs of companies and bids on three of them, in all combinations: relaxations are of little use here. */
const HARD: TierProblem = {
  classes: Array.from({ length: 9 }, (_, c) => ({
    providers: Array.from({ length: 12 }, (_, j) => j).filter((j) => (c * 5 + j * 7) % 3 !== 0),
    lossMicros: Array.from({ length: 12 }, (_, j) => j)
      .filter((j) => (c * 5 + j * 7) % 3 !== 0)
      .map((j) => (c * 31 + j * 17) % 23),
    steps: [{ reserveMicros: 100, volume: 10 + c }],
  })),
  providers: Array.from({ length: 12 }, (_, j) => ({
    capacity: 31 + ((j * 5) % 7),
    steps: [{ minVolume: 31 + ((j * 5) % 7), allInMicros: 60 + ((j * 11) % 13) }],
  })),
};

describe('where the budget does not suffice', () => {
  const budget = { nodes: 2, augmentations: 1_000_000 };
  const optimum = BigInt(solveExactly(HARD).boundMicros);

  test('the bound says what is left open, and the certificate proves that much', async () => {
    const choice = await createExactSolver({ budget })(HARD);
    const value = worthOf(HARD, choice.steps);
    expect(BigInt(choice.boundMicros)).toBeGreaterThan(value);
    expect(BigInt(choice.boundMicros)).toBeGreaterThanOrEqual(optimum);
    const checked = checkCertificate(HARD, choice.certificate!, value);
    expect(checked).toEqual({ ok: true, gapMicros: BigInt(choice.boundMicros) - value });
  });

  test('the fallback takes over, and what it claims is not passed off as proven', async () => {
    const choice = await createExactSolver({ budget, fallback: createHighsSolver() })(HARD);
    expect(worthOf(HARD, choice.steps)).toBe(optimum);
    expect(BigInt(choice.boundMicros)).toBe(optimum);
    expect(choice.certificate).toBeNull();
    expect(choice.method).toMatch(/^HiGHS .+ after branch and bound/);
  });

  test('a fallback that knows nothing better changes neither choice nor bound', async () => {
    const nothing: Solver = async () => ({
      steps: HARD.providers.map(() => null),
      boundMicros: Number.MAX_SAFE_INTEGER,
      method: 'nothing',
      certificate: null,
    });
    const alone = await createExactSolver({ budget })(HARD);
    const { steps, boundMicros, certificate } = await createExactSolver({ budget, fallback: nothing })(HARD);
    expect({ steps, boundMicros, certificate }).toEqual({
      steps: alone.steps,
      boundMicros: alone.boundMicros,
      certificate: alone.certificate,
    });
  });
});

describe('a certificate', () => {
  const choice = solveExactly(HARD);
  const certificate = choice.certificate!;
  const value = worthOf(HARD, choice.steps);

  test('survives being written as JSON', () => {
    expect(checkCertificate(HARD, JSON.parse(JSON.stringify(certificate)), value)).toEqual({ ok: true, gapMicros: 0n });
  });

  test('proves no lower value: the gap is at least the difference', () => {
    const checked = checkCertificate(HARD, certificate, value - 5n);
    expect(checked.ok && checked.gapMicros).toBeGreaterThanOrEqual(5n);
  });

  test('is refused with duals for other classes, or with a dual that is no whole number', () => {
    const [root, ...others] = certificate.nodes;
    const short = { nodes: [{ ...root!, duals: [root!.duals[0]!.slice(1)] }, ...others] };
    expect(checkCertificate(HARD, short, value)).toMatchObject({ ok: false });
    const broken = { nodes: [{ ...root!, duals: [root!.duals[0]!.map((dual) => dual + 0.5)] }, ...others] };
    expect(checkCertificate(HARD, broken, value)).toMatchObject({ ok: false });
  });

  test('is refused where a part is missing, stands for two, or comes before its parent', () => {
    expect(certificate.nodes.length).toBeGreaterThan(2);
    expect(checkCertificate(HARD, { nodes: certificate.nodes.slice(0, -1) }, value)).toMatchObject({ ok: false });
    const [root, ...others] = certificate.nodes;
    const [provider, at, low] = root!.split!;
    for (const split of [
      [provider, at, low, low],
      [provider, at, 0, low],
      [99, at, low, low + 1],
    ] as [number, number, number, number][])
      expect(checkCertificate(HARD, { nodes: [{ ...root!, split }, ...others] }, value)).toMatchObject({ ok: false });
    expect(checkCertificate(HARD, { nodes: [{ duals: [], split: null }] }, value)).toMatchObject({ ok: false });
  });

  test('is refused with rivals who can both serve, who are not there, or who are one and the same', () => {
    const four = { steps: [{ reserveMicros: 9, volume: 4 }], lossMicros: [0, 0], providers: [0, 1] };
    const half = { capacity: 4, steps: [{ minVolume: 2, allInMicros: 1 }] };
    const more = { capacity: 4, steps: [{ minVolume: 3, allInMicros: 1 }] };
    const claim = (second: typeof half, rivals: number[]) =>
      checkCertificate(
        { classes: [four], providers: [half, second] },
        { nodes: [{ duals: [[1, 0]], split: null }], rivals: [rivals] },
        0n,
      ).ok;
    expect(claim(more, [0, 1])).toBe(true);
    expect(claim(half, [0, 1])).toBe(false);
    expect(claim(more, [0, 2])).toBe(false);
    expect(claim(more, [0, 0])).toBe(false);
  });

  test('proves no optimum with other duals, or with a part cut off', () => {
    const zero = {
      nodes: certificate.nodes.map((node) => ({ ...node, duals: node.duals.map((d) => d.map(() => 0)) })),
    };
    const open = { nodes: [{ ...certificate.nodes[0]!, split: null }] };
    for (const tampered of [zero, open]) {
      const checked = checkCertificate(HARD, tampered, value);
      expect(checked.ok && checked.gapMicros).toBeGreaterThan(0n);
    }
  });
});
