/** Gzip with the streams that browsers and Node share. */

/** Text as gzip of its UTF-8 bytes. */
export const gzip = (text: string): Promise<Uint8Array<ArrayBuffer>> => gzipBytes(new TextEncoder().encode(text));

/** The text that was gzipped. Throws on bytes that are no gzip. */
export const gunzip = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  new TextDecoder().decode(await gunzipBytes(bytes));

/** Bytes as gzip. */
export const gzipBytes = (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  through(bytes, new CompressionStream('gzip'));

/** The bytes that were gzipped. Throws on bytes that are no gzip. */
export const gunzipBytes = (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  through(bytes, new DecompressionStream('gzip'));

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

/** Whether bytes begin as gzip does. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
