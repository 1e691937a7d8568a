/** The solver that rounds are cleared with: on its own as long as its budget lasts, then with HiGHS. */
import { expect, test } from 'vitest';
import { createInstance } from '../../tests/bench/market/instances.ts';
import { buildTierProblem, groupCompanies } from './groups.ts';
import { createMarketSolver } from './market-solver.ts';
import { openMarket } from './reach.ts';
import { solveExactly } from './solver/exact.ts';
import { worthOf } from './solver/problems.oracle.ts';

const OWN = 'branch and bound with whole duals';

function problemOf(family: 'tight' | 'partial', index: number) {
  const market = openMarket(createInstance(family, { providers: 18, companies: 24 }, 1, index));
  return buildTierProblem(market, groupCompanies(market));
}

test('where the counted budget does not suffice HiGHS goes on, and the choice is the best there is', async () => {
  const problem = problemOf('partial', 4);
  const solver = createMarketSolver();
  const choice = await solver(problem);
  expect(choice.method).toMatch(new RegExp(`^HiGHS \\S+ after ${OWN}$`));
  // A hundred nodes were not enough; with as many as it takes it is proven what is best.
  expect(choice.statistics!.nodes).toBe(100);
  const proven = solveExactly(problem, { nodes: 100_000, augmentations: 10_000_000 });
  expect(BigInt(proven.boundMicros)).toBe(worthOf(problem, proven.steps));
  expect(worthOf(problem, choice.steps)).toBe(worthOf(problem, proven.steps));
  expect(await solver(problemOf('tight', 0))).toMatchObject({ method: OWN });
}, 60_000);
