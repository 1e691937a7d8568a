/** The exact solver against every choice there is; its certificates against the checker. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Certificate, checkCertificate } from '../certificate.ts';
import { holds } from '../market.oracle.ts';
import { createHighsSolver } from '../solver.highs.ts';
import type { Solver, TierProblem } from '../solver.ts';
import { Arena } from './arena.ts';
import { createExactSolver, solveExactly } from './exact.ts';
import { layOut } from './instance.ts';
import { Network } from './network.ts';
import { anyProblem, HARD, REAL, SMALL, tryEveryChoice, worthOf } from './problems.oracle.ts';

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
  test.each([
    ['of real size', { ...REAL, classes: 20, providers: 20 }],
    // Hardly any two amounts differ: most exchanges move nothing, and the method has to end all the same.
    ['full of ties', { classes: 14, providers: 14, steps: 2, volume: 2, money: 2 }],
  ])(
    'begins at a flow of least cost: what it gains is what its duals prove to be the most, %s',
    async (_, size) => {
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
    },
    60_000,
  );
});

describe('where the budget does not suffice', () => {
  const budget = { nodes: 2, augmentations: 1_000_000 };
  const optimum = () => BigInt(solveExactly(HARD).boundMicros);

  test('the bound says what is left open, and the certificate proves that much', async () => {
    const choice = await createExactSolver({ budget })(HARD);
    const value = worthOf(HARD, choice.steps);
    expect(BigInt(choice.boundMicros)).toBeGreaterThan(value);
    expect(BigInt(choice.boundMicros)).toBeGreaterThanOrEqual(optimum());
    const checked = checkCertificate(HARD, choice.certificate!, value);
    expect(checked).toEqual({ ok: true, gapMicros: BigInt(choice.boundMicros) - value });
  });

  test('the fallback takes over, and what it claims is not passed off as proven', async () => {
    const choice = await createExactSolver({ budget, fallback: createHighsSolver() })(HARD);
    expect(worthOf(HARD, choice.steps)).toBe(optimum());
    expect(BigInt(choice.boundMicros)).toBe(optimum());
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
  /** The certificate of the hard problem, and what its choice is worth. */
  function certify(): { certificate: Certificate; value: bigint } {
    const { certificate, steps } = solveExactly(HARD);
    return { certificate: certificate!, value: worthOf(HARD, steps) };
  }

  test('survives being written as JSON', () => {
    const { certificate, value } = certify();
    expect(checkCertificate(HARD, JSON.parse(JSON.stringify(certificate)), value)).toEqual({ ok: true, gapMicros: 0n });
  });

  test('proves no lower value: the gap is at least the difference', () => {
    const { certificate, value } = certify();
    const checked = checkCertificate(HARD, certificate, value - 5n);
    expect(checked.ok && checked.gapMicros).toBeGreaterThanOrEqual(5n);
  });

  test('is refused with duals for other classes, or with a dual that is no whole number', () => {
    const { certificate, value } = certify();
    const [root, ...others] = certificate.nodes;
    const short = { nodes: [{ ...root!, duals: [root!.duals[0]!.slice(1)] }, ...others] };
    expect(checkCertificate(HARD, short, value)).toMatchObject({ ok: false });
    const broken = { nodes: [{ ...root!, duals: [root!.duals[0]!.map((dual) => dual + 0.5)] }, ...others] };
    expect(checkCertificate(HARD, broken, value)).toMatchObject({ ok: false });
  });

  test('is refused where a part is missing, stands for two, or comes before its parent', () => {
    const { certificate, value } = certify();
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
    const { certificate, value } = certify();
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
