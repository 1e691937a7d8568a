/** A file of a round that is too large for one answer: its parts in order are a gzip, whose hash says that nothing is missing. */
import { gunzip } from '../../../../shared/kernel/gzip.ts';
import { fromBase64url, hexOf, sha256Bytes } from '../../../../shared/kernel/hash.ts';
import { FileChunk } from '../../../../shared/market/round-file/round-file.ts';

/** The whole text; throws where the parts do not fit together. */
export async function inParts(chunks: number, read: (chunk: number) => Promise<unknown>): Promise<string> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let sha256 = '';
  for (let chunk = 1; chunk <= chunks; chunk++) {
    const part = FileChunk.parse(await read(chunk));
    parts.push(fromBase64url(part.data));
    sha256 = part.sha256;
  }
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  if (hexOf(await sha256Bytes(bytes)) !== sha256) throw new Error('The parts of the file do not fit together.');
  return gunzip(bytes);
}
