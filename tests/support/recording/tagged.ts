/** Changes the functions' files as they are loaded, so that what they do is recorded under their names; see `recorder.ts`. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FunctionSpec, functions } from '../../../infra/topology.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const RECORDER = fileURLToPath(new URL('./recorder.ts', import.meta.url));
const nameOf = new Map(Object.entries<FunctionSpec>(functions).map(([name, { file }]) => [file, name]));
/** Exports beside the handlers that tests and the runner on one machine call as the functions do. */
const STANDS: Readonly<Record<string, readonly string[]>> = {
  'functions/runtime.ts': ['provideRuntime'],
  'functions/sweeps.ts': ['runDue', 'allDue'],
  'functions/finance.ts': ['sweepFinance'],
  'functions/stripe.ts': ['stripeOf'],
};

/** The source of a file with the recorder around what it exports; undefined where nothing of it is recorded. */
export function tagged(path: string, source: string): string | undefined {
  const file = relative(ROOT, path);
  const name = nameOf.get(file);
  if (name !== undefined)
    return around(source, 'handler', (own) => `${own.recorder}.handlerOf(${JSON.stringify(name)}, ${own.name})`);
  const exported = STANDS[file];
  return exported?.reduce(
    (text, one) =>
      around(text, one, (own) => `${own.recorder}.stands[${JSON.stringify(`${file} ${one}`)}](${own.name})`),
    source,
  );
}

type Own = { name: string; recorder: string };

/** Lines stay where they were: the export is renamed in its place, and what stands for it comes last. */
function around(source: string, name: string, put: (own: Own) => string): string {
  const own = { name: `own__${name}`, recorder: `recorder__${name}` };
  const declared = new RegExp(`^export (const|async function|function) ${name}\\b`, 'm');
  if (!declared.test(source)) throw new Error(`there is no export ${name} to record`);
  return [
    source.replace(declared, `$1 ${own.name}`),
    `import * as ${own.recorder} from ${JSON.stringify(RECORDER)};`,
    `export const ${name} = ${put(own)};`,
    '',
  ].join('\n');
}
