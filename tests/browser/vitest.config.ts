import { defineConfig } from 'vitest/config';

/** One system with the demo for all suites; one suite at a time, since all share its market clock. */
export default defineConfig({
  test: {
    include: ['tests/browser/**/*.test.ts'],
    globalSetup: ['tests/browser/support/system.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
