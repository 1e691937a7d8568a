/** What tests recorded of the functions' calls; see `recorder.ts`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The environment's name for the folder in which each process leaves a file of what it saw. */
export const RECORDED_FOLDER = 'PARLEY_RECORDED_CALLS';

/** One thing that a function asked of AWS: `dynamodb:PutItem` on `table:market`, under a key that begins with `leading`. */
export type RecordedCall = { function: string; action: string; resource: string; leading: string };

/** What all processes of a run saw, each thing once. */
export function readRecorded(folder: string): RecordedCall[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.tsv'));
  const lines = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  return [...new Set(lines)].filter(Boolean).map((line) => {
    const [name = '', action = '', resource = '', leading = ''] = line.split('\t');
    return { function: name, action, resource, leading };
  });
}
