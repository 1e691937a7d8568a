/** What mutants of money are tried against: the tests of its pure files and its properties, the same draws for each mutant. */
import { defineConfig } from 'vitest/config';
import { withoutSuites } from './without-suites.ts';

export default defineConfig({
  plugins: [withoutSuites],
  test: {
    // A mutant has a worker of its own, which no other comes after: its test files may share it.
    isolate: false,
    include: [
      'shared/{ledger,invoice}/**/*.test.ts',
      'shared/kernel/money.test.ts',
      'tests/properties/money/{ledger,rounding,invoice-lines,billing}.test.ts',
    ],
    env: { MONEY_RUNS: '20' },
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
