/** Signatures of Standard Webhooks (`v1`, HMAC-SHA-256) by WebCrypto. */

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;
const encoder = new TextEncoder();

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** A new secret, `whsec_…`: 256 random bits. */
export const newWebhookSecret = (): string =>
  `${PREFIX}${base64(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)))}`;

/** Signs `<id>.<seconds>.<body>`; the answer is `v1,<base64>`. */
export async function signatureOf(secret: string, id: string, seconds: number, body: string): Promise<string> {
  const bytes = Uint8Array.from(atob(secret.slice(PREFIX.length)), (c) => c.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signed = await crypto.subtle.sign('HMAC', key, encoder.encode(`${id}.${seconds}.${body}`));
  return `v1,${base64(new Uint8Array(signed))}`;
}

/** The headers of one try. Several secrets give several signatures, so that a receiver may know either. */
export async function signedHeaders(
  secrets: readonly string[],
  id: string,
  machineNow: number,
  body: string,
): Promise<Record<string, string>> {
  const seconds = Math.floor(machineNow / 1_000);
  const signatures = await Promise.all(secrets.map((secret) => signatureOf(secret, id, seconds, body)));
  return {
    'content-type': 'application/json',
    'user-agent': 'Parley-Webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatures.join(' '),
  };
}
