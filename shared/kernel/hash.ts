/**
 * Hashing and canonical JSON. A browser computes the same digests as a function: by WebCrypto there, and in Node by its own
 * one-shot hash, since WebCrypto hands each short text to another thread and back, which costs many times the hashing.
 */

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

type Bytes = Uint8Array<ArrayBuffer>;
type NodeCrypto = {
  hash: (algorithm: 'sha256', data: Bytes, encoding: 'buffer') => Bytes;
  createHmac: (algorithm: 'sha256', secret: Bytes) => { update: (data: Bytes) => { digest: () => Bytes } };
};
type Host = { process?: { getBuiltinModule?: (name: 'node:crypto') => NodeCrypto } };
const node = (globalThis as Host).process?.getBuiltinModule?.('node:crypto');

/** SHA-256 of bytes: 32 bytes. */
export async function sha256Bytes(bytes: Bytes): Promise<Bytes> {
  if (node?.hash !== undefined) return node.hash('sha256', bytes, 'buffer');
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** HMAC-SHA-256 of bytes: 32 bytes. */
export async function hmacSha256(secret: Bytes, bytes: Bytes): Promise<Bytes> {
  if (node !== undefined) return node.createHmac('sha256', secret).update(bytes).digest();
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes));
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
