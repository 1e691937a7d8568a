/** Opaque signed texts: cursors and customers' links. HMAC-SHA-256; the payload is readable, never secret. */
import { base64url, fromBase64url, hmacSha256 } from './hash.ts';

const encoder = new TextEncoder();

type Key = Uint8Array<ArrayBuffer>;
/** One key, or several: the first signs and seals, all of them open. So a key is replaced while what it signed is out. */
export type SigningKeys = Key | readonly [Key, ...Key[]];
export const keysOf = (keys: SigningKeys): readonly [Key, ...Key[]] => (keys instanceof Uint8Array ? [keys] : keys);

const SHORTEST_KEY_BYTES = 32;
/** Keys as they are kept: base64url, parted by commas, the one that signs first. Throws where one is shorter than 32 bytes. */
export function readSigningKeys(text: string): readonly [Key, ...Key[]] {
  const [first, ...others] = text.trim().split(',').map(fromBase64url);
  if (first === undefined || [first, ...others].some((key) => key.length < SHORTEST_KEY_BYTES))
    throw new Error(`each signing key must have at least ${SHORTEST_KEY_BYTES} bytes in base64url`);
  return [first, ...others];
}

/** Signs JSON for one purpose: a text signed as a cursor is never taken as a link. */
export async function sign(keys: SigningKeys, purpose: string, value: unknown): Promise<string> {
  const payload = base64url(encoder.encode(JSON.stringify(value)));
  const signature = await hmacSha256(keysOf(keys)[0], encoder.encode(`${purpose}.${payload}`));
  return `${payload}.${base64url(signature.subarray(0, 24))}`;
}

/** The signed value, or undefined where text, purpose or signature do not fit. */
export async function unsign(keys: SigningKeys, purpose: string, text: string): Promise<unknown> {
  const [payload, signature, ...more] = text.split('.');
  if (payload === undefined || signature === undefined || more.length > 0) return undefined;
  try {
    for (const key of keysOf(keys)) {
      const expected = await hmacSha256(key, encoder.encode(`${purpose}.${payload}`));
      if (sameBytes(expected.subarray(0, 24), fromBase64url(signature)))
        return JSON.parse(new TextDecoder().decode(fromBase64url(payload)));
    }
    return undefined;
  } catch {
    return undefined;
  }
}

/** Compares without telling by its time where two texts differ. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}
