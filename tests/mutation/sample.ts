/**
 * A checker for Stryker that lets through the mutants to be tried: one in `MUTATION_SAMPLE`, drawn by what the mutant is, the
 * same ones in each run on each machine; and where `MUTATION_ONLY` names a file, only those whose keys it lists. The rest count
 * as neither noticed nor missed.
 */
import { readFileSync } from 'node:fs';

/** What of a mutant stands in Stryker's report as well as in what its checkers get. */
export type Mutation = {
  mutatorName: string;
  replacement?: string | undefined;
  location: { start: { line: number; column: number }; end: { line: number; column: number } };
};

/** What a mutant is: its file from the project's root on, its place as reports have it, and what stands there instead. */
export function keyOf(file: string, { mutatorName, replacement = '', location }: Mutation): string {
  const { start, end } = location;
  const path = file.slice(file.lastIndexOf('shared/'));
  return [path, mutatorName, start.line, start.column, end.line, end.column, replacement].join('\n');
}

/** Whether a mutant is among the one in `every` that are tried. */
export function isDrawn(file: string, mutant: Mutation, every: number): boolean {
  // FNV-1a, and a last mixing: its low bits alone are too even for short texts.
  let hash = 0x811c9dc5;
  for (const letter of keyOf(file, mutant)) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return ((hash ^ (hash >>> 16)) >>> 0) % every === 0;
}

/** A place as reports have it: they count lines and columns from one, checkers get them from zero. */
const fromOne = ({ start, end }: Mutation['location']): Mutation['location'] => ({
  start: { line: start.line + 1, column: start.column + 1 },
  end: { line: end.line + 1, column: end.column + 1 },
});

const every = Number(process.env.MUTATION_SAMPLE ?? 1);
const { MUTATION_ONLY: list } = process.env;
const only = list === undefined ? undefined : new Set<string>(JSON.parse(readFileSync(list, 'utf8')));

const checker = {
  async init() {},
  async check(mutants: readonly (Mutation & { id: string; fileName: string })[]) {
    return Object.fromEntries(
      mutants.map(({ id, fileName, ...mutant }) => {
        const own = { ...mutant, location: fromOne(mutant.location) };
        const isTried = isDrawn(fileName, own, every) && (only?.has(keyOf(fileName, own)) ?? true);
        return [id, isTried ? { status: 'passed' } : { status: 'compileError', reason: 'not to be tried' }];
      }),
    );
  },
};

export const strykerPlugins = [{ kind: 'Checker', name: 'chosen', factory: () => checker }];
