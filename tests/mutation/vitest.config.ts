/** What mutants of the market are tried against: its own tests and scenarios, the same draws for each mutant. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [
    {
      // The mutation tester asks for tests in suites by names that vitest 5 builds otherwise, and would run none of them.
      name: 'tests-without-suites',
      enforce: 'pre',
      transform(code, id) {
        if (!id.endsWith('.test.ts')) return undefined;
        return code.replace(
          /^import \{ describe, ([^}]*)\} from 'vitest';/m,
          "import { $1 } from 'vitest'; const describe = (_name: string, suite: () => void) => suite();",
        );
      },
    },
  ],
  test: {
    include: ['shared/market/**/*.test.ts', 'tests/scenarios/market.test.ts'],
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
