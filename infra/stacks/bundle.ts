/** Bundles the functions' code, all in one run, each into a folder of its own that is its asset. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';

export type Bundled = {
  /** Holds all that the function needs. */
  folder: string;
  /** Size of the minified code that every start loads: without source map, solver, its loader, model and Stripe's SDK. */
  bytes: number;
  /** Whether the solver's WebAssembly lies beside the code. */
  hasSolver: boolean;
  /** Whether the model for triage lies beside the code. */
  hasModel: boolean;
  /** Whether Stripe's SDK lies beside the code, to be loaded when it is first needed. */
  hasStripe: boolean;
};

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILE = 'index.mjs';
const SOLVER_LOADER = 'node_modules/highs/build/highs.mjs';
const SOLVER = 'highs.wasm';
const MODEL_LOADER = 'functions/triage-model.ts';
const MODEL = 'functions/triage.model';
/** How the code names Stripe's SDK, where it comes from, and the file it lies in beside a function. */
const STRIPE_NAME = '#stripe';
const STRIPE_SOURCE = 'shared/gateways/stripe.ts';
const STRIPE = 'stripe.mjs';
/** What stands in the place of parts of packages that no function uses, and of what they bring along for browsers. */
const LEFT_OUT = {
  'csv-parse/browser/esm/sync': 'csv-parse/sync',
  'csv-stringify/browser/esm/sync': 'csv-stringify/sync',
  '@aws-sdk/credential-provider-node': './infra/stacks/lambda-credentials.ts',
  '@smithy/core/event-streams': './infra/stacks/no-event-streams.ts',
  debug: './infra/stacks/no-debug.ts',
  ajv: './infra/stacks/no-forms.ts',
  'ajv-formats': './infra/stacks/no-forms.ts',
};
/** The handler setting of a function whose asset was made here. */
export const HANDLER = 'index.handler';

/** Bundles the file of each name, a path from the root, into `<into>/<name>/`. What was in `into` is gone. */
export function bundle<Name extends string>(files: Record<Name, string>, into: string): Record<Name, Bundled> {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  const names = Object.keys(files) as Name[];
  const entryPoints = Object.fromEntries(names.map((name) => [`${name}/${FILE.replace('.mjs', '')}`, files[name]]));
  const { outputs } = buildSync({ ...OPTIONS, entryPoints, outdir: into, external: [STRIPE_NAME] }).metafile;
  const finished = names.map((name) => [name, finish(join(into, name), outputs)] as const);
  const stripe = finished.flatMap(([, { hasStripe, folder }]) => (hasStripe ? [folder] : []));
  if (stripe.length > 0) putStripeInto(stripe);
  return Object.fromEntries(finished) as Record<Name, Bundled>;
}

const OPTIONS = {
  absWorkingDir: ROOT,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  minify: true,
  metafile: true,
  sourcemap: true,
  sourcesContent: false,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // Packages that come in both shapes are taken as ES modules: the parts nobody uses fall away.
  mainFields: ['module', 'main'],
  alias: LEFT_OUT,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** Stripe's SDK, once for all: where a function's code names it, Node finds the file beside it. */
function putStripeInto(folders: readonly string[]): void {
  const outfile = join(folders[0]!, STRIPE);
  buildSync({ ...OPTIONS, outExtension: {}, entryPoints: [STRIPE_SOURCE], outfile });
  const manifest = JSON.stringify({ type: 'module', imports: { [STRIPE_NAME]: `./${STRIPE}` } });
  for (const folder of folders) {
    writeFileSync(join(folder, 'package.json'), manifest);
    if (folder === folders[0]) continue;
    for (const file of [STRIPE, `${STRIPE}.map`]) copyFileSync(join(folders[0]!, file), join(folder, file));
  }
}

/** Adds what the code looks for beside the file it runs from: the solver's WebAssembly, the model for triage. */
function finish(folder: string, outputs: Metafile['outputs']): Bundled {
  const file = join(folder, FILE);
  const output = Object.entries(outputs).find(([path]) => resolve(ROOT, path) === resolve(file))?.[1];
  if (output === undefined) throw new Error(`the bundler wrote no ${relative(ROOT, file)}`);
  const found = Object.entries(output.inputs).find(([input]) => input.endsWith(SOLVER_LOADER))?.[1];
  if (found !== undefined) {
    const loader = createRequire(import.meta.url).resolve('highs');
    copyFileSync(join(dirname(loader), SOLVER), join(folder, SOLVER));
  }
  const hasModel = MODEL_LOADER in output.inputs;
  if (hasModel) copyFileSync(join(ROOT, MODEL), join(folder, basename(MODEL)));
  const hasStripe = output.imports.some(({ path }) => path === STRIPE_NAME);
  const bytes = output.bytes - (found?.bytesInOutput ?? 0);
  return { folder, bytes, hasSolver: found !== undefined, hasModel, hasStripe };
}
