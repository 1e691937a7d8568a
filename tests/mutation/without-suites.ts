/**
 * The mutation tester asks for tests in suites by names that vitest 5 builds otherwise, and would run none of them. And it counts
 * failed tests only: what fails before all tests of a file has to fail in each of them, or the fault would pass as not noticed.
 */
import type { Plugin } from 'vitest/config';

const IMPORT = /^import \{([^}]*)\} from 'vitest';/m;

/** What stands in place of a name that is imported from vitest. */
const INSTEAD: Readonly<Record<string, string>> = {
  describe: 'const describe = (_name: string, suite: () => void) => suite();',
  beforeAll:
    'const beforeAll = (setUp: () => unknown) => { let done: Promise<unknown> | undefined; beforeEachTest(() => (done ??= Promise.resolve().then(setUp))); };',
};

export const withoutSuites: Plugin = {
  name: 'tests-without-suites',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('.test.ts')) return undefined;
    return code.replace(IMPORT, (_, list: string) => {
      const names = list.split(',').map((name) => name.trim());
      const kept = names.filter((name) => name !== '' && INSTEAD[name] === undefined);
      const instead = names.flatMap((name) => INSTEAD[name] ?? []).join(' ');
      return `import { ${[...kept, 'beforeEach as beforeEachTest'].join(', ')} } from 'vitest'; ${instead}`;
    });
  },
};
