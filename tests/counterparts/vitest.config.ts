/** What `npm run test:counterparts` runs: everything that touches a table, and the tests that only counterparts can serve. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'shared/**/*.store.test.ts',
      'shared/kernel/table.test.ts',
      'tests/scenarios/**/*.test.ts',
      'tests/counterparts/**/*.test.ts',
    ],
    // It starts a whole marketplace, whose engines are its own.
    exclude: ['tests/scenarios/agent-example.test.ts'],
    // The counterparts are slower than the bundled engines, and every file shares them.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
