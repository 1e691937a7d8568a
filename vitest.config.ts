import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,functions,infra,tests,web}/**/*.test.ts'],
    exclude: ['node_modules/**', 'tests/counterparts/**', 'tests/browser/**', 'tests/bench/**'],
    // Files share what their worker has loaded: a module of its own for each would cost a third of the whole. A file sets what
    // it needs (the process's runtime, the environment) and takes back what others would stumble over.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
