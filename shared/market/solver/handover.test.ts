/** What the exact solver hands over where its budget does not suffice, and what it makes of the answer. */
import { describe, expect, test } from 'vitest';
import { createInstance } from '../../../tests/bench/market/instances.ts';
import { checkCertificate } from '../certificate.ts';
import { buildTierProblem, groupCompanies } from '../groups.ts';
import { openMarket } from '../reach.ts';
import type { Known, Solver, TierChoice, TierProblem } from '../solver.ts';
import { createExactSolver, solveExactly } from './exact.ts';
import { HARD, lay, worthOf } from './problems.oracle.ts';

const budget = { nodes: 2, augmentations: 1_000_000 };
const NOBODY = HARD.providers.map(() => null);
const THEIRS = { nodes: [{ duals: [], split: null }] };

/** A fallback that answers what it is told, and what it was asked. */
function answering(more: Partial<TierChoice>): { asked: Known[]; fallback: Solver } {
  const asked: Known[] = [];
  const fallback: Solver = async (_problem, known) => {
    asked.push(known!);
    const nothing = { steps: NOBODY, boundMicros: Number.MAX_SAFE_INTEGER, method: 'theirs', certificate: null };
    return { ...nothing, ...more };
  };
  return { asked, fallback };
}

/** Six requests worth 20, and two bids for four of them each: at most one of the two can serve. */
const RIVALS: TierProblem = {
  classes: [{ providers: [0, 1], lossMicros: [0, 0], steps: [{ reserveMicros: 20, volume: 6 }] }],
  providers: [5, 6].map((allInMicros) => ({ capacity: 4, steps: [{ minVolume: 4, allInMicros }] })),
};

describe('handing over', () => {
  test('nobody is asked where the bound is met', async () => {
    const { asked, fallback } = answering({});
    const choice = await createExactSolver({ fallback })(RIVALS);
    expect(choice).toMatchObject({ steps: [0, null], boundMicros: 60, method: 'branch and bound with whole duals' });
    expect(asked).toEqual([]);
  });

  test('the choice at hand, the rivals, and every step that anything better takes are handed on', async () => {
    const { asked, fallback } = answering({});
    const own = await createExactSolver({ budget })(HARD);
    const choice = await createExactSolver({ budget, fallback })(HARD);
    expect(asked.length).toBe(1);
    expect(asked[0]!.steps).toEqual(own.steps);
    expect(asked[0]!.rivals).toEqual([]);
    expect(asked[0]!.open.map((steps) => steps.length)).toEqual(HARD.providers.map(({ steps }) => steps.length));
    const best = solveExactly(HARD);
    expect(worthOf(HARD, best.steps)).toBeGreaterThan(worthOf(HARD, own.steps));
    for (const [j, t] of best.steps.entries()) if (t !== null) expect(asked[0]!.open[j]![t]).toBe(true);
    expect(choice.statistics).toEqual(own.statistics);
    expect(own.statistics!.nodes).toBe(2);
    expect(own.statistics!.augmentations).toBeGreaterThan(0);
  });

  test('no path is sought beyond the budget’s', async () => {
    const own = await createExactSolver({ budget: { nodes: 1_000, augmentations: 1 } })(HARD);
    expect(own.statistics!.nodes).toBe(1);
  });

  test('a better choice is taken with the lower bound, and its certificate where that is its own', async () => {
    const best = solveExactly(HARD);
    const optimum = Number(worthOf(HARD, best.steps));
    const theirs = { steps: best.steps, boundMicros: optimum, certificate: THEIRS };
    const choice = await createExactSolver({ budget, fallback: answering(theirs).fallback })(HARD);
    expect(choice).toMatchObject({ steps: best.steps, boundMicros: optimum, certificate: THEIRS });
    expect(choice.method).toBe('theirs after branch and bound with whole duals');
  });

  test('of two bounds the lower counts, but never one below a choice at hand', async () => {
    const own = await createExactSolver({ budget })(HARD);
    const value = Number(worthOf(HARD, own.steps));
    const lower = answering({ boundMicros: own.boundMicros - 1, certificate: THEIRS });
    expect(await createExactSolver({ budget, fallback: lower.fallback })(HARD)).toMatchObject({
      steps: own.steps,
      boundMicros: own.boundMicros - 1,
      certificate: THEIRS,
    });
    const same = answering({ boundMicros: own.boundMicros, certificate: THEIRS });
    const kept = await createExactSolver({ budget, fallback: same.fallback })(HARD);
    expect(kept).toMatchObject({ steps: own.steps, boundMicros: own.boundMicros });
    expect(kept.certificate).toEqual(own.certificate);
    const wrong = answering({ boundMicros: 1 });
    expect((await createExactSolver({ budget, fallback: wrong.fallback })(HARD)).boundMicros).toBe(value);
    const best = solveExactly(HARD);
    const claimed = answering({ steps: best.steps, boundMicros: 1 });
    const taken = await createExactSolver({ budget, fallback: claimed.fallback })(HARD);
    expect(BigInt(taken.boundMicros)).toBe(worthOf(HARD, best.steps));
  });
});

test('where bids take whole companies the search ends after four nodes per pair of rivals, a hundred at least', async () => {
  const problemOf = (providers: number, companies: number, index: number): TierProblem => {
    const market = openMarket(createInstance('partial', { providers, companies }, 1, index));
    return buildTierProblem(market, groupCompanies(market));
  };
  const pairsOf = (problem: TierProblem): number => {
    const { rivals } = lay(problem);
    const pairs = rivals.flatMap((set) => set.flatMap((j, at) => set.slice(at + 1).map((k) => `${j} ${k}`)));
    return pairs.length;
  };
  const [many, few] = [problemOf(30, 40, 0), problemOf(18, 24, 4)];
  expect(pairsOf(many)).toBeGreaterThan(25);
  expect(pairsOf(few)).toBeLessThan(25);
  for (const [problem, nodes] of [
    [many, 4 * pairsOf(many)],
    [few, 100],
  ] as const) {
    const { asked, fallback } = answering({ steps: problem.providers.map(() => null) });
    const choice = await createExactSolver({ fallback })(problem);
    expect(asked.length).toBe(1);
    expect(choice.statistics!.nodes).toBe(nodes);
  }
});

test('a certificate names rivals where there are some, and only there', () => {
  expect(Object.keys(solveExactly(HARD).certificate!)).toEqual(['nodes']);
  expect(solveExactly(RIVALS).certificate!.rivals).toEqual([[0, 1]]);
});

test('where sums lose digits in floating point the bound is still the certificate’s, to the last digit there is', () => {
  // As above, a thousandfold volumes and money that is no round number: sums of 4 · 10¹⁶.
  const odd = (k: number) => 10 ** 10 + k * 99 + 1;
  const large: TierProblem = {
    classes: HARD.classes.map((each, c) => ({
      ...each,
      lossMicros: each.lossMicros.map((loss, at) => loss * odd(c + at)),
      steps: each.steps.map(({ reserveMicros, volume }) => ({
        reserveMicros: reserveMicros * odd(c),
        volume: volume * 1_000 + c,
      })),
    })),
    providers: HARD.providers.map(({ capacity, steps }, j) => ({
      capacity: capacity * 1_000,
      steps: steps.map((step) => ({ minVolume: step.minVolume * 1_000, allInMicros: step.allInMicros * odd(j) })),
    })),
  };
  for (const nodes of [1, 2, 20]) {
    const choice = solveExactly(large, { ...budget, nodes });
    const value = worthOf(large, choice.steps);
    expect(value).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER));
    const checked = checkCertificate(large, choice.certificate!, value);
    if (!checked.ok) throw new Error(checked.fault);
    expect(choice.boundMicros).toBe(Number(value + checked.gapMicros));
  }
});

test('where sums pass the safe integers the bound is what the certificate proves', () => {
  const money = 10 ** 10;
  const large: TierProblem = {
    classes: HARD.classes.map((each) => ({
      ...each,
      lossMicros: each.lossMicros.map((loss) => loss * money),
      steps: each.steps.map((step) => ({ ...step, reserveMicros: step.reserveMicros * money })),
    })),
    providers: HARD.providers.map((each) => ({
      ...each,
      steps: each.steps.map((step) => ({ ...step, allInMicros: step.allInMicros * money })),
    })),
  };
  for (const nodes of [2, 3_000]) {
    const choice = solveExactly(large, { ...budget, nodes });
    const value = worthOf(large, choice.steps);
    const checked = checkCertificate(large, choice.certificate!, value);
    if (!checked.ok) throw new Error(checked.fault);
    expect(choice.boundMicros).toBe(Number(value + checked.gapMicros));
    expect(checked.gapMicros > 0n).toBe(nodes === 2);
    expect(choice.statistics!.nodes).toBeLessThanOrEqual(nodes);
  }
});
