/**
 * A checker for Stryker that lets through one mutant in `MUTATION_SAMPLE`, drawn by what the mutant is: the same ones in each run,
 * on each machine. The rest count as neither noticed nor missed.
 */
import { basename } from 'node:path';

/** What of a mutant stands in Stryker's report as well as in what its checkers get. */
export type Drawn = {
  mutatorName: string;
  replacement?: string | undefined;
  location: { start: { line: number; column: number }; end: { line: number; column: number } };
};

/** Whether a mutant of `file` is among the one in `every` that are tried. */
export function isDrawn(file: string, { mutatorName, replacement = '', location }: Drawn, every: number): boolean {
  const { start, end } = location;
  const text = [basename(file), mutatorName, start.line, start.column, end.line, end.column, replacement].join('\n');
  // FNV-1a, and a last mixing: its low bits alone are too even for short texts.
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return ((hash ^ (hash >>> 16)) >>> 0) % every === 0;
}

/** A place as reports have it: they count lines and columns from one, checkers get them from zero. */
const fromOne = ({ start, end }: Drawn['location']): Drawn['location'] => ({
  start: { line: start.line + 1, column: start.column + 1 },
  end: { line: end.line + 1, column: end.column + 1 },
});

const checker = {
  async init() {},
  async check(mutants: readonly (Drawn & { id: string; fileName: string })[]) {
    const every = Number(process.env.MUTATION_SAMPLE ?? 1);
    return Object.fromEntries(
      mutants.map((mutant) => [
        mutant.id,
        isDrawn(mutant.fileName, { ...mutant, location: fromOne(mutant.location) }, every)
          ? { status: 'passed' }
          : { status: 'compileError', reason: 'not in the sample' },
      ]),
    );
  },
};

export const strykerPlugins = [{ kind: 'Checker', name: 'sample', factory: () => checker }];
