/** What a data folder's replay was begun with, so that other input never goes on in the same market. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { RoundLength } from '../../../shared/kernel/time.ts';
import type { ReplayArguments } from './arguments.ts';

const FILE = 'replay.json';
const Parameters = z.object({
  version: z.literal(1),
  source: z.string(),
  /** SHA-256 of the file as it lies there; empty for the seeded year. */
  hash: z.string(),
  map: z.string(),
  round: RoundLength,
  limit: z.int().nullable(),
  seed: z.int(),
});
export type Parameters = z.infer<typeof Parameters>;

export async function parametersOf({ file, map, round, limit, seed }: ReplayArguments): Promise<Parameters> {
  const hash = file === null ? '' : await hashOf(file);
  return { version: 1, source: file === null ? 'a seeded year' : basename(file), hash, map, round, limit, seed };
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Null where the folder holds no replay yet, or this one; else what differs, in a sentence. */
export function differenceTo(folder: string, parameters: Parameters): string | null {
  const path = join(folder, FILE);
  if (!existsSync(path)) return null;
  const kept = Parameters.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!kept.success) return `${path} cannot be read.`;
  const names = { hash: 'file', map: '--map', round: '--round', limit: '--limit', seed: '--seed' } as const;
  const changed = (Object.keys(names) as (keyof typeof names)[]).filter((key) => kept.data[key] !== parameters[key]);
  if (changed.length === 0) return null;
  return (
    `${folder} holds a replay of ${kept.data.source} with another ${changed.map((key) => names[key]).join(', ')}. ` +
    'Add --fresh to begin again, or --data for another folder.'
  );
}

export function keepParameters(folder: string, parameters: Parameters): void {
  writeFileSync(join(folder, FILE), `${JSON.stringify(parameters, null, 2)}\n`);
}
