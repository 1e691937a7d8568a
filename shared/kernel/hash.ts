/** Hashing and canonical JSON with WebCrypto only, so that a browser computes the same digests as a function. */

/** JSON with sorted keys and without `undefined`: equal content gives equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((v) => canonicalJson(v ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

const encoder = new TextEncoder();

export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
}

/** SHA-256 of bytes: 32 bytes. */
export async function sha256Bytes(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** Bytes in lower-case hex. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const sha256 = (text: string): Promise<Uint8Array> => sha256Bytes(encoder.encode(text));

/** SHA-256 in lower-case hex, 64 characters. */
export async function sha256Hex(text: string): Promise<string> {
  return hexOf(await sha256(text));
}

/** The first 128 bits of SHA-256 in base64url, 22 characters: short enough for a key, long enough never to collide. */
export async function shortHash(text: string): Promise<string> {
  return base64url((await sha256(text)).subarray(0, 16));
}

/** The first 128 bits of SHA-256 over canonical JSON: two values share it only if they are the same content. */
export async function contentHash(value: unknown): Promise<string> {
  return shortHash(canonicalJson(value));
}

/** A well-spread 32-bit number from text (FNV-1a): for shards and seeded draws, never for security. */
export function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
