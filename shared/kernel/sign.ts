/** Opaque signed texts: cursors and customers' links. HMAC-SHA-256; the payload is readable, never secret. */
import { base64url, fromBase64url, hmacSha256 } from './hash.ts';

const encoder = new TextEncoder();

/** Signs JSON for one purpose: a text signed as a cursor is never taken as a link. */
export async function sign(secret: Uint8Array<ArrayBuffer>, purpose: string, value: unknown): Promise<string> {
  const payload = base64url(encoder.encode(JSON.stringify(value)));
  const signature = await hmacSha256(secret, encoder.encode(`${purpose}.${payload}`));
  return `${payload}.${base64url(signature.subarray(0, 24))}`;
}

/** The signed value, or undefined where text, purpose or signature do not fit. */
export async function unsign(secret: Uint8Array<ArrayBuffer>, purpose: string, text: string): Promise<unknown> {
  const [payload, signature, ...more] = text.split('.');
  if (payload === undefined || signature === undefined || more.length > 0) return undefined;
  try {
    const expected = await hmacSha256(secret, encoder.encode(`${purpose}.${payload}`));
    if (!sameBytes(expected.subarray(0, 24), fromBase64url(signature))) return undefined;
    return JSON.parse(new TextDecoder().decode(fromBase64url(payload)));
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
