/** Files for a message: which may go with it, and under which names. */
import type { FileType } from '../../../shared/thread/attachment.ts';

export const MOST_FILES = 5;
export const MOST_BYTES = 20 * 1024 * 1024;
const TYPES: readonly FileType[] = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/pdf',
  'text/plain',
];
export const ACCEPTED = TYPES.join(',');

export type Unfit = { problem: 'file.tooMany' | 'file.tooLarge' | 'file.type'; name: string };
type FileFacts = Pick<File, 'name' | 'size' | 'type'>;

/** What of the files chosen now may go along with those chosen before, and what is wrong with the first that may not. */
export function fitting<F extends FileFacts>(
  before: readonly F[],
  chosen: readonly F[],
): { files: F[]; unfit: Unfit | null } {
  const files = [...before];
  let unfit: Unfit | null = null;
  for (const file of chosen) {
    const problem = problemOf(file, files.length);
    if (problem === null) files.push(file);
    else unfit ??= { problem, name: file.name };
  }
  return { files, unfit };
}

function problemOf({ size, type }: FileFacts, before: number): Unfit['problem'] | null {
  if (before >= MOST_FILES) return 'file.tooMany';
  if (!TYPES.includes(type as FileType) || size === 0) return 'file.type';
  return size > MOST_BYTES ? 'file.tooLarge' : null;
}

const MOST_LETTERS = 120;

/** A name that the market takes: no slashes or control characters, not longer than allowed, its ending kept. */
export function nameOf(name: string): string {
  const plain = name.replaceAll(/[/\\]|\p{Cc}/gu, '_').trim() || 'file';
  if (plain.length <= MOST_LETTERS) return plain;
  const dot = plain.lastIndexOf('.');
  const ending = dot > 0 ? plain.slice(dot, dot + 10) : '';
  return plain.slice(0, MOST_LETTERS - ending.length) + ending;
}
