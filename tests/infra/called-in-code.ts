/**
 * The calls to tables that each function's code contains, read off its bundle: more than it ever makes, since a bundle carries some
 * code that the function never reaches, and never less.
 */
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { type FunctionName, functions, tables } from '../../infra/topology.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The table layer's methods, and the kinds of writes of a transaction. */
const ACTIONS: Readonly<Record<string, string>> = {
  get: 'GetItem',
  getMany: 'BatchGetItem',
  query: 'Query',
  queryAll: 'Query',
  put: 'PutItem',
  update: 'UpdateItem',
  change: 'UpdateItem',
  increment: 'UpdateItem',
  delete: 'DeleteItem',
  check: 'ConditionCheckItem',
};
const METHODS = Object.keys(ACTIONS).join('|');
const TABLES = Object.keys(tables).join('|');
const CALL = new RegExp(`\\.(${METHODS})\\(\\s*"(${TABLES})"`, 'g');
const PART = new RegExp(`kind: "(put|update|delete|check)",\\s*table: "(${TABLES})"`, 'g');
const homeOf = new Map(
  Object.entries(tables).flatMap(([table, { indexes }]) =>
    Object.keys(indexes).map((index) => [index, table] as const),
  ),
);
const INDEX = new RegExp(`name: "(${[...homeOf.keys()].join('|')})",\\s*pk: `, 'g');

/** By function: `dynamodb:PutItem on table:market`, `dynamodb:Query on index:market/due`. */
export function calledInCode(): ReadonlyMap<FunctionName, ReadonlySet<string>> {
  const names = Object.keys(functions) as FunctionName[];
  const { outputFiles } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(names.map((name) => [name, functions[name].file])),
    outdir: 'nowhere',
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    external: ['#stripe'],
  });
  return new Map(
    outputFiles.map(({ path, text }) => {
      const name = /([^/]+)\.js$/.exec(path)?.[1] as FunctionName;
      const onTables = [...text.matchAll(CALL), ...text.matchAll(PART)].map(
        ([, method = '', table]) => `dynamodb:${ACTIONS[method]} on table:${table}`,
      );
      const onIndexes = [...text.matchAll(INDEX)].map(
        ([, index = '']) => `dynamodb:Query on index:${homeOf.get(index)}/${index}`,
      );
      return [name, new Set([...onTables, ...onIndexes])];
    }),
  );
}
