/** What mutants of the market are tried against: its own tests and scenarios, the same draws for each mutant. */
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { withoutSuites } from './without-suites.ts';

/** Tests of parts before tests of the whole: the first that fails ends the run of a mutant. */
class PartsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => WHOLE.findIndex((part) => moduleId.includes(part)) + 1;
    return files.toSorted((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

/** From soon done to slow. */
const WHOLE = ['clearing', 'prices', 'scenarios', 'verify', 'exact', 'reference.test', 'leaving', 'merkle'];

export default defineConfig({
  plugins: [withoutSuites],
  test: {
    sequence: { sequencer: PartsFirst },
    // A mutant has a worker of its own, which no other comes after: its test files may share it.
    isolate: false,
    include: process.env.MUTATION_TESTS?.split(' ') ?? ['shared/market/**/*.test.ts', 'tests/scenarios/market.test.ts'],
    exclude: [
      // Its properties count how many draws were of the kind they are about, which takes more runs than a mutant can have.
      'shared/market/prices.properties.test.ts',
      // Slow beside the others, and about the same code: the solver against HiGHS, and the checks as a bundle.
      'shared/market/solver/exact.highs.test.ts',
      'shared/market/round-file/browser.test.ts',
    ],
    env: { MARKET_SEED: '5', MARKET_MOST_RUNS: '30' },
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
