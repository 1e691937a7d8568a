/**
 * The files of a cleared round, `F#<queue>#<round>`: `public` is the public file; `sealed` is the manifest of the sealed
 * one, whose gzip lies in chunks `sealed#<hash>#<n>` beside it. The manifest is written last and names its chunks by the
 * hash of what they hold, so that a reader finds all of one file or none, and writing again changes nothing.
 */
import * as z from 'zod';
import { cachePerOwner } from '../kernel/cache.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { gunzip, gzip } from '../kernel/gzip.ts';
import { hexOf, sha256Bytes } from '../kernel/hash.ts';
import { roundKey } from '../kernel/id.ts';
import { type Key, keyText } from '../kernel/table.ts';
import { PublicFile, SealedFile } from '../market/round-file/round-file.ts';

/** An item holds 400 KB. */
const CHUNK_BYTES = 300_000;
const WIDTH = 8;

const Manifest = z.object({ sha256: z.string(), count: z.int().min(1) });
type Manifest = z.infer<typeof Manifest>;
const Chunk = z.object({ bytes: z.instanceof(Uint8Array) });

const fileKey = (queue: string, round: number, name: string): Key => ({
  pk: `F#${queue}#${roundKey(round)}`,
  sk: name,
});

const chunkKeys = (queue: string, round: number, { sha256, count }: Manifest): Key[] =>
  Array.from({ length: count }, (_, n) =>
    fileKey(queue, round, `sealed#${sha256.slice(0, 32)}#${String(n).padStart(6, '0')}`),
  );

/** Keeps the files of a round. Before the round says that it is cleared, so that no cleared round is without. */
export async function writeRoundFiles(call: Call, file: SealedFile): Promise<void> {
  const { queue, round } = file.public;
  const bytes = await gzip(JSON.stringify(file));
  const manifest = { sha256: hexOf(await sha256Bytes(bytes)), count: Math.ceil(bytes.length / CHUNK_BYTES) };
  await mapConcurrent(chunkKeys(queue, round, manifest), WIDTH, (key, n) =>
    call.tables.put('market', { ...key, bytes: bytes.subarray(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES) }),
  );
  await call.tables.put('market', { ...fileKey(queue, round, 'public'), file: file.public });
  await call.tables.put('market', { ...fileKey(queue, round, 'sealed'), ...manifest });
}

/** The public file of a round; undefined where it was not cleared yet. */
export async function readPublicFile(call: Call, queue: string, round: number): Promise<PublicFile | undefined> {
  const item = await call.tables.get('market', fileKey(queue, round, 'public'), z.object({ file: PublicFile }));
  return item?.file;
}

const sealedFiles = cachePerOwner<SealedFile | undefined>(20);

/**
 * The sealed file of a round, remembered; undefined where it was not cleared yet. It holds what every party sent: callers
 * give a party its own part of it only. Throws where what is stored is not what was written.
 */
export async function readSealedFile(call: Call, queue: string, round: number): Promise<SealedFile | undefined> {
  const cache = sealedFiles(call.tables.owner);
  const key = `${queue}#${round}`;
  const found = await cache.get(key, () => loadSealed(call, queue, round));
  if (found === undefined) cache.forget(key);
  return found;
}

async function loadSealed(call: Call, queue: string, round: number): Promise<SealedFile | undefined> {
  const manifest = await call.tables.get('market', fileKey(queue, round, 'sealed'), Manifest);
  if (manifest === undefined) return undefined;
  const keys = chunkKeys(queue, round, manifest);
  const chunks = await call.tables.getMany('market', keys, Chunk);
  const parts = keys.map((key) => chunks.get(keyText(key))?.bytes ?? new Uint8Array());
  const bytes = new Uint8Array(await new Blob(parts.map((part) => new Uint8Array(part))).arrayBuffer());
  if (hexOf(await sha256Bytes(bytes)) !== manifest.sha256)
    throw new Error(`the sealed file of ${queue} ${round} is not what was written`);
  return SealedFile.parse(JSON.parse(await gunzip(bytes)));
}
