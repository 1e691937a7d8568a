import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/simulation/flows/*.crash.ts', 'tests/simulation/{payout,claims}-crash.test.ts'],
    env: { PARLEY_EVERY_CRASH: '1' },
    hookTimeout: 60_000,
    testTimeout: 600_000,
  },
});
