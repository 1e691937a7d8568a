/** The house's rules, held by a test. Each finding names its file and what to do. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Made by tools, and ignored by git. */
const MADE = /^(?:node_modules|cdk\.out|coverage|\.git|\.parley|\.stryker-tmp)$|\.log$/;
const TEXT = /\.(?:ts|tsx|mjs|js|json|md|css|html|yml|yaml|sh|csv|svg)$|\/\.[^/.]+$|^\.[^/]+$|^LICENSE$|^\.ci\//;
const LARGEST_TEXT_BYTES = 2_000_000;

const TOP_FOLDERS = ['infra', 'functions', 'shared', 'web', 'tests'];
const PACKAGE = ['package.json', 'package-lock.json', 'cdk.json', 'tsconfig.json', 'biome.json', 'vitest.config.ts'];
const TOP = [...TOP_FOLDERS, ...PACKAGE, 'README.md', 'LICENSE'];
const CODE_LINES = 400;
const TEST_LINES = 600;
/** Folders of `shared` that are no noun of the business. */
const NOT_NOUNS = ['api', 'client', 'kernel', 'gateways'];
/** Each a heading, or the bold beginning of a paragraph. */
const README_PARTS = ['Owns', 'Does not own', 'Times', 'Invariants'];
const startsPart = (part: string): RegExp =>
  new RegExp(`^(?:#{1,4} |\\*\\*)(?:${part === 'Times' ? 'Times|What each time means' : part})\\b`, 'im');

type File = { path: string; text: string };

/** Text files below a folder, with paths from the root. */
function filesBelow(folder: string): string[] {
  return readdirSync(posix.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (MADE.test(entry.name)) return [];
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

const textOf = (path: string): string => readFileSync(posix.join(ROOT, path), 'utf8');
const files: readonly File[] = filesBelow('')
  .filter((path) => TEXT.test(path) && statSync(posix.join(ROOT, path)).size <= LARGEST_TEXT_BYTES)
  .map((path) => ({ path, text: textOf(path) }));
const code = files.filter(({ path }) => /\.(?:ts|tsx)$/.test(path));
/** Tests, what they share, and second opinions that only tests ask. */
const isTest = (path: string): boolean => path.startsWith('tests/') || /\.(?:test|oracle)\.tsx?$/.test(path);
const product = code.filter(({ path }) => !isTest(path));
const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:'"`\w])\/\/.*$/gm, '$1');

/** What a file imports: files of this repository as paths from the root, packages by name. */
function importsOf({ path, text }: File): string[] {
  const found = withoutComments(text).matchAll(/\b(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1/g);
  return [...found].map(([, , target = '']) =>
    target.startsWith('.') ? posix.join(posix.dirname(path), target) : target,
  );
}

type Layer =
  | 'kernel'
  | 'noun'
  | 'store'
  | 'gateways'
  | 'api'
  | 'client'
  | 'functions'
  | 'infra'
  | 'web'
  | 'tests'
  | 'package';

function layerOf(path: string): Layer {
  if (isTest(path)) return 'tests';
  const [top = '', folder = ''] = path.split('/');
  if (top === 'functions' || top === 'infra' || top === 'web') return top;
  if (top !== 'shared') return 'package';
  if (folder === 'kernel' || folder === 'gateways' || folder === 'api' || folder === 'client') return folder;
  return path.endsWith('.store.ts') ? 'store' : 'noun';
}

/** What each layer may import besides packages. */
const MAY_IMPORT: Readonly<Record<Exclude<Layer, 'tests' | 'package'>, readonly Layer[]>> = {
  kernel: ['kernel'],
  noun: ['kernel', 'noun'],
  store: ['kernel', 'noun', 'store'],
  gateways: ['kernel', 'noun', 'gateways'],
  api: ['kernel', 'noun', 'api'],
  client: ['kernel', 'noun', 'api', 'client'],
  functions: ['kernel', 'noun', 'store', 'gateways', 'api', 'functions'],
  infra: ['kernel', 'noun', 'store', 'gateways', 'api', 'client', 'infra'],
  web: ['kernel', 'noun', 'api', 'client', 'web'],
};
/** One machine carries the functions' runtime itself; handlers it loads by their path, as Lambda does. */
const CARRIED = /^functions\/(?:runtime\.ts$|sweeps\.ts$|finance\.ts$|middleware\/)/;
/** The commands that run tests or measure with their means know what they run. */
const RUNS_TESTS = /^infra\/commands\/(?:test|measure)[^/]*\.ts$/;

/** Layers that a browser runs too. */
const PURE: readonly Layer[] = ['kernel', 'noun', 'api', 'client'];
/** Packages that pure files may use, beside zod. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'shared/market/solver.highs.ts': ['highs'],
  'shared/kernel/attributes.ts': ['@aws-sdk/client-dynamodb', '@aws-sdk/util-dynamodb'],
  'shared/kernel/table.ts': ['@aws-sdk/client-dynamodb'],
  'shared/kernel/id.ts': ['ulid'],
  'shared/thread/redact.ts': ['ibantools'],
  'shared/client/client.ts': ['openapi-fetch'],
  'shared/client/webhooks.ts': ['standardwebhooks'],
  'shared/receipt/jws.ts': ['jose'],
  'shared/receipt/verify.ts': ['jose'],
  'shared/connector/mail.ts': ['postal-mime'],
  'shared/import/rows.ts': ['csv-parse/browser/esm/sync'],
  'shared/export/table.ts': ['csv-stringify/browser/esm/sync'],
};

/** What is wrong with one import, or undefined. */
function wrongImport(path: string, target: string): string | undefined {
  const [from, to] = [layerOf(path), layerOf(target)];
  if (from === 'tests' || from === 'package') return undefined;
  if (to === 'package') return PURE.includes(from) ? wrongPackage(path, target) : undefined;
  if (MAY_IMPORT[from].includes(to)) return undefined;
  if (path.startsWith('infra/local/') && CARRIED.test(target)) return undefined;
  if (RUNS_TESTS.test(path) && to === 'tests') return undefined;
  const may = MAY_IMPORT[from].join(', ');
  return `${path} imports ${target}: ${from} may import ${may}. Move what both need down, or the caller up`;
}

function wrongPackage(path: string, target: string): string | undefined {
  if (target.startsWith('node:') || builtinModules.includes(target))
    return `${path} imports ${target}: a browser runs this file too. Use what the platform has everywhere (WebCrypto, URL), or move the code to functions/ or infra/`;
  if (/^zod(?:\/mini)?$/.test(target) || PACKAGES[path]?.includes(target) === true) return undefined;
  return `${path} imports ${target}: pure files use no package but zod. Put it behind a store, a gateway or a parameter`;
}

/** Calls that make a decision depend on when and where it runs, and the files that exist to make them. */
const IMPURE = /\bDate\.now\(|\bnew Date\(\s*\)|\bMath\.random\b|\bperformance\.now\(/g;
const MAY_BE_IMPURE: Readonly<Record<string, string>> = {
  'shared/kernel/time.ts': 'the machine clock',
  'shared/kernel/id.ts': 'random names',
  'shared/client/retry.ts': 'a client spreads its repeats at random; nothing is decided',
};

/** Words that say on what machine, and by what means, a file was written. In halves, so that this file has none of them. */
const joined = (...halves: [string, string][]): string => halves.map(([a, b]) => a + b).join('|');
const TRACES: readonly { what: string; pattern: RegExp; except?: (path: string) => boolean }[] = [
  {
    what: 'a path of one machine',
    pattern: new RegExp(`(?<![\\w.}])/(?:${joined(['ro', 'ot'], ['ho', 'me/\\w+'], ['Use', 'rs/\\w+'])})/`),
  },
  // In the browser, a screen may have such an address.
  {
    what: 'a path of one machine',
    pattern: new RegExp(`(?<![\\w.}])/${joined(['wo', 'rk'])}/`),
    except: (path) => path.startsWith('web/'),
  },
  {
    what: "a package registry's host",
    pattern: new RegExp(
      `\\b(?:${joined(['registry.', 'npmjs'], ['registry.', 'yarnpkg'], ['npm.', 'pkg'], ['repo1?.', 'maven'], ['pypi.', 'org'], ['proxy.', 'golang'], ['arti', 'factory'], ['verda', 'ccio'], ['codearti', 'fact'])})`,
      'i',
    ),
  },
  {
    what: 'private tooling',
    pattern: new RegExp(
      `\\b(?:${joined(['clau', 'de'], ['anthro', 'pic'], ['chat', 'gpt'], ['open', 'ai\\b'], ['co', 'pilot'], ['sub', 'agent'], ['co-author', 'ed-by'])})`,
      'i',
    ),
  },
];

describe('layout', () => {
  it('the top level has what it should and nothing else', () => {
    const found = readdirSync(ROOT).filter((name) => !name.startsWith('.') && !MADE.test(name) && !TOP.includes(name));
    expect(found, 'Move these into infra, functions, shared, web or tests').toEqual([]);
    const missing = TOP.filter((name) => !existsSync(posix.join(ROOT, name)));
    expect(missing, 'Add what is missing at the top level').toEqual([]);
  });

  it(`a file has at most ${CODE_LINES} lines, a test ${TEST_LINES}`, () => {
    const long = code.flatMap(({ path, text }) => {
      const lines = text.split('\n').length - 1;
      const most = isTest(path) ? TEST_LINES : CODE_LINES;
      return lines > most
        ? [`${path} has ${lines} lines, more than ${most}: find the noun that is missing and give it a file`]
        : [];
    });
    expect(long).toEqual([]);
  });

  it('every noun says in its README what it owns, what it does not, its times and its invariants', () => {
    const nouns = readdirSync(posix.join(ROOT, 'shared'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !NOT_NOUNS.includes(entry.name))
      .map((entry) => `shared/${entry.name}/README.md`);
    const lacking = nouns.flatMap((path) => {
      const readme = files.find((file) => file.path === path);
      if (readme === undefined) return [`${path} is missing: write it with the parts ${README_PARTS.join(', ')}`];
      const missing = README_PARTS.filter((part) => !startsPart(part).test(readme.text));
      return missing.length === 0
        ? []
        : [
            `${path} lacks the part ${missing.join(', ')}: add it, as a heading or a paragraph that begins with it in bold`,
          ];
    });
    expect(lacking).toEqual([]);
  });
});

describe('imports', () => {
  it('run one way: kernel ← nouns ← stores, gateways ← functions; infra loads handlers by path; web knows no store', () => {
    const wrong = product.flatMap((file) => importsOf(file).flatMap((target) => wrongImport(file.path, target) ?? []));
    expect(wrong).toEqual([]);
  });

  it.each([
    ['shared/kernel/money.ts', 'shared/bid/bid.ts'],
    ['shared/bid/bid.ts', 'shared/bid/bid.store.ts'],
    ['shared/bid/bid.store.ts', 'functions/runtime.ts'],
    ['shared/bid/bid.store.ts', 'shared/gateways/stripe.ts'],
    ['shared/api/registry.ts', 'infra/topology.ts'],
    ['shared/bid/bid.ts', 'node:crypto'],
    ['shared/kernel/hash.ts', 'crypto'],
    ['shared/market/clearing.ts', 'highs'],
    ['functions/api/market.ts', 'infra/topology.ts'],
    ['infra/stacks/service.ts', 'functions/runtime.ts'],
    ['infra/local/lambda.ts', 'functions/api/market.ts'],
    ['web/src/market/page.tsx', 'shared/bid/bid.store.ts'],
    ['web/src/market/page.tsx', 'functions/runtime.ts'],
    ['functions/api/market.ts', 'web/src/market/page.tsx'],
    ['infra/local/front.ts', 'tests/support/edge.ts'],
  ])('would report %s importing %s', (path, target) => {
    expect(wrongImport(path, target)).toContain(path);
  });

  it.each([
    ["import { a,\n  b } from '../kernel/id.ts';", ['shared/kernel/id.ts']],
    ["import type { A } from './a.ts';\nexport { b } from './b.ts';", ['shared/bid/a.ts', 'shared/bid/b.ts']],
    ["import './a.ts';\nconst b = await import('zod');", ['shared/bid/a.ts', 'zod']],
    ["// import './a.ts';\n/* from 'b' */", []],
  ])('are seen in %j', (text, expected) => {
    expect(importsOf({ path: 'shared/bid/bid.ts', text })).toEqual(expected);
  });

  it('take zod as a namespace, since the named import adds about 350 KB to a bundle', () => {
    const named = code.filter(({ text }) =>
      /^import\s+(?:type\s+)?\{[^}]*\bz\b[^}]*\}\s*from\s*['"]zod['"]/m.test(text),
    );
    expect(named.map(({ path }) => `${path}: write import * as z from 'zod', or 'zod/mini'`)).toEqual([]);
  });
});

describe('decisions', () => {
  it('take time and chance as arguments: nothing under shared/ looks at the clock or rolls dice', () => {
    const impure = product
      .filter(({ path }) => path.startsWith('shared/') && !(path in MAY_BE_IMPURE))
      .flatMap(({ path, text }) =>
        [...withoutComments(text).matchAll(IMPURE)].map(
          ([call]) => `${path} uses ${call}: take the time as a parameter (ms), ids and chance from the caller`,
        ),
      );
    expect(impure).toEqual([]);
  });
});

describe('tests', () => {
  it('all run: none is singled out or left out', () => {
    const partial = /\b(?:it|test|describe|suite)(?:\.\w+)*\.(?:only|skip|todo)\s*\(/;
    const found = code.filter(({ path, text }) => isTest(path) && partial.test(text));
    expect(found.map(({ path }) => `${path} singles out or leaves out a test: let all run`)).toEqual([]);
  });
});

describe('traces', () => {
  it('no file says on what machine or by what means it was written', () => {
    const found = files.flatMap(({ path, text }) =>
      TRACES.flatMap(({ what, pattern, except }) => {
        const match = except?.(path) === true ? null : pattern.exec(text);
        return match === null ? [] : [`${path} names ${what} ('${match[0]}'): take it out`];
      }),
    );
    expect(found).toEqual([]);
  });

  it('the lock file names no registry, so that each machine takes packages from its own', () => {
    expect(textOf('package-lock.json')).not.toContain('"resolved": "http');
  });
});
