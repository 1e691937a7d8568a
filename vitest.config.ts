import { defineConfig } from 'vitest/config';
import { RECORDED_FOLDER } from './tests/support/recording/recorded.ts';
import { tagged } from './tests/support/recording/tagged.ts';

/** Where the environment asks for it, functions are loaded so that what they ask of AWS is recorded. */
const recording = {
  name: 'record-calls',
  enforce: 'pre' as const,
  transform: (source: string, path: string) => tagged(path, source),
};

export default defineConfig({
  plugins: process.env[RECORDED_FOLDER] === undefined ? [] : [recording],
  test: {
    include: ['{shared,functions,infra,tests,web}/**/*.test.ts'],
    exclude: ['node_modules/**', 'tests/counterparts/**', 'tests/browser/**', 'tests/bench/**'],
    // Files share what their worker has loaded: a module of its own for each would cost a third of the whole. A file sets what
    // it needs (the process's runtime, the environment) and takes back what others would stumble over.
    isolate: false,
    // On two cores the default is one worker, which leaves a core idle while engines and files are waited for.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
