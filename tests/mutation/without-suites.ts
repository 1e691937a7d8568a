/** The mutation tester asks for tests in suites by names that vitest 5 builds otherwise, and would run none of them. */
import type { Plugin } from 'vitest/config';

export const withoutSuites: Plugin = {
  name: 'tests-without-suites',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('.test.ts')) return undefined;
    return code.replace(
      /^import \{([^}]*) describe,([^}]*)\} from 'vitest';/m,
      "import {$1$2} from 'vitest'; const describe = (_name: string, suite: () => void) => suite();",
    );
  },
};
