import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,functions,infra,tests,web}/**/*.test.ts'],
    exclude: ['node_modules/**', 'tests/counterparts/**', 'tests/browser/**', 'tests/bench/**'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
