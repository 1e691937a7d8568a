/** Reads files of rounds from the disk: plain, gzipped, or in the parts in which the API gives large ones. */
import { readFileSync } from 'node:fs';
import { gunzip, isGzip } from '../../../shared/kernel/gzip.ts';
import { hexOf, sha256Bytes } from '../../../shared/kernel/hash.ts';
import { fieldErrors } from '../../../shared/kernel/problem.ts';
import { ok, type Result, refuse } from '../../../shared/kernel/result.ts';
import { FileChunk, RoundFile } from '../../../shared/market/round-file/round-file.ts';

export type NamedFile = { readonly path: string; readonly file: RoundFile };

/** Each file under its path, parts of one file under the path of the first. Refused with what is wrong and where. */
export async function readRoundFiles(paths: readonly string[]): Promise<Result<NamedFile[], 'unreadable'>> {
  const files: NamedFile[] = [];
  const parts = new Map<string, { path: string; part: FileChunk }[]>();
  for (const path of paths) {
    const read = await readJson(path);
    if (!read.ok) return read;
    const part = FileChunk.safeParse(read.value);
    if (part.success) {
      const { sha256 } = part.data;
      parts.set(sha256, [...(parts.get(sha256) ?? []), { path, part: part.data }]);
      continue;
    }
    const parsed = parseFile(path, read.value);
    if (!parsed.ok) return parsed;
    files.push(parsed.value);
  }
  for (const own of parts.values()) {
    const joined = await joinParts(own);
    if (!joined.ok) return joined;
    files.push(joined.value);
  }
  return ok(files);
}

async function readJson(path: string): Promise<Result<unknown, 'unreadable'>> {
  try {
    const bytes = new Uint8Array(readFileSync(path));
    return ok(JSON.parse(isGzip(bytes) ? await gunzip(bytes) : new TextDecoder().decode(bytes)));
  } catch (error) {
    return refuse('unreadable', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseFile(path: string, value: unknown): Result<NamedFile, 'unreadable'> {
  const parsed = RoundFile.safeParse(value);
  if (parsed.success) return ok({ path, file: parsed.data });
  const faults = fieldErrors(parsed.error).slice(0, 5);
  const told = faults.map(({ field, message }) => `${field === '' ? 'the file' : field}: ${message}`).join('; ');
  return refuse('unreadable', `${path} is not a file of a round. ${told}`);
}

async function joinParts(own: { path: string; part: FileChunk }[]): Promise<Result<NamedFile, 'unreadable'>> {
  const [{ path, part }] = own as [{ path: string; part: FileChunk }];
  const byNumber = new Map(own.map((one) => [one.part.chunk, one.part.data]));
  const missing = Array.from({ length: part.chunks }, (_, n) => n + 1).filter((n) => !byNumber.has(n));
  if (missing.length > 0)
    return refuse('unreadable', `${path} is one of ${part.chunks} parts; missing: ${missing.join(', ')}`);
  const data = Array.from({ length: part.chunks }, (_, n) => Buffer.from(byNumber.get(n + 1) ?? '', 'base64url'));
  const bytes = new Uint8Array(Buffer.concat(data));
  if (hexOf(await sha256Bytes(bytes)) !== part.sha256)
    return refuse('unreadable', `the parts beginning with ${path} do not come to the hash they name: get them again`);
  try {
    return parseFile(path, JSON.parse(await gunzip(bytes)));
  } catch (error) {
    return refuse('unreadable', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
