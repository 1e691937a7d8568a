import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** All share one market: who looks comes before who acts, and who moves its clock by weeks comes last; the longest first. */
const ORDER = [
  'screens',
  'front-door',
  'keyboard',
  'sign-in',
  'locale',
  'print',
  'figures',
  'market',
  'customer',
  'states',
  'long-lists',
  'account',
  'dispute',
  'company',
  'provider',
  'market-finance',
  'expired-link',
];

/** Thousands of rows, and every list in every state: minutes that the gate does not have. */
const WITHOUT_THE_GATE = ['tests/browser/long-lists.test.ts', 'tests/browser/states.test.ts'];

class LookersFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number =>
      ORDER.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
    return files.toSorted((a, b) => rank(a) - rank(b));
  }
}

/** One system with the demo for all suites; one suite at a time, but for those that only look (`npm run test:browser`). */
export default defineConfig({
  test: {
    include: ['tests/browser/**/*.test.ts'],
    exclude: process.env.CI === 'true' ? WITHOUT_THE_GATE : [],
    globalSetup: ['tests/browser/support/system.ts'],
    fileParallelism: false,
    sequence: { sequencer: LookersFirst },
    // Screens are looked at side by side: a page waits for its network most of the time.
    maxConcurrency: 4,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
