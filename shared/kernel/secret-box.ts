/**
 * Secrets that must be read again (those a signature is checked or made with), closed for storage: AES-256-GCM by
 * WebCrypto, under a key derived (HKDF-SHA-256) from the market's signing key.
 */
import { base64url, fromBase64url } from './hash.ts';
import { keysOf, type SigningKeys } from './sign.ts';

/** First letters of a sealed text: another way of sealing gets another version. */
const VERSION = 'v1';
const IV_BYTES = 12;
const encoder = new TextEncoder();

const keyOf = async (signingKey: Uint8Array<ArrayBuffer>): Promise<CryptoKey> => {
  const material = await crypto.subtle.importKey('raw', signingKey, 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode('parley secret-box v1') },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
};

/**
 * Closes a secret. `place` (the owner's key, say) is sealed in with it: a sealed text that is copied to another item does
 * not open there. Sealing the same text twice gives two texts.
 */
export async function sealSecret(signingKeys: SigningKeys, text: string, place = ''): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: encoder.encode(place) },
    await keyOf(keysOf(signingKeys)[0]),
    encoder.encode(text),
  );
  return `${VERSION}.${base64url(iv)}.${base64url(new Uint8Array(sealed))}`;
}

/** The secret again. Undefined where the text was changed, or was sealed under none of the keys or for another place. */
export async function openSecret(signingKeys: SigningKeys, sealed: string, place = ''): Promise<string | undefined> {
  const [version, iv, closed, ...more] = sealed.split('.');
  if (version !== VERSION || iv === undefined || closed === undefined || more.length > 0) return undefined;
  for (const key of keysOf(signingKeys)) {
    try {
      const opened = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: fromBase64url(iv), additionalData: encoder.encode(place) },
        await keyOf(key),
        fromBase64url(closed),
      );
      return new TextDecoder().decode(opened);
    } catch {
      // Not under this one.
    }
  }
  return undefined;
}
