/**
 * AWS Signature Version 4 for what the files gateway needs: a URL with its signature in the query, and the fields of an
 * upload form. The SDK's own signers would add 140 KB to every function that touches a file.
 */
import { hexOf, sha256Hex } from '../../kernel/hash.ts';

export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined };
export type Signing = { credentials: Credentials; region: string; atMs: number };

const encoder = new TextEncoder();
const ALGORITHM = 'AWS4-HMAC-SHA256';

/** `20130524T000000Z`. */
const stamp = (ms: number): string => new Date(ms).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');

async function hmac(key: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const made = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', made, encoder.encode(text)));
}

const scopeOf = ({ region, atMs }: Signing): string => `${stamp(atMs).slice(0, 8)}/${region}/s3/aws4_request`;

/** The signature of a text: HMAC under a key derived from day, region and service. */
export async function signatureOf(signing: Signing, text: string): Promise<string> {
  let key = encoder.encode(`AWS4${signing.credentials.secretAccessKey}`);
  for (const part of scopeOf(signing).split('/')) key = await hmac(key, part);
  return hexOf(await hmac(key, text));
}

/** RFC 3986: everything but unreserved characters. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

/** A URL that one may call with this method until `expiresInS` seconds after `atMs`, with no header but the host. */
export async function presignedUrl(
  signing: Signing,
  method: 'GET' | 'PUT' | 'DELETE',
  url: string,
  query: Readonly<Record<string, string>>,
  expiresInS: number,
): Promise<string> {
  const { host, pathname, origin } = new URL(url);
  const { accessKeyId, sessionToken } = signing.credentials;
  const all: Record<string, string> = {
    ...query,
    'X-Amz-Algorithm': ALGORITHM,
    'X-Amz-Credential': `${accessKeyId}/${scopeOf(signing)}`,
    'X-Amz-Date': stamp(signing.atMs),
    'X-Amz-Expires': String(expiresInS),
    'X-Amz-SignedHeaders': 'host',
    ...(sessionToken === undefined ? {} : { 'X-Amz-Security-Token': sessionToken }),
  };
  const sorted = Object.entries(all)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const canonical = [method, pathname, sorted, `host:${host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const toSign = [ALGORITHM, stamp(signing.atMs), scopeOf(signing), await sha256Hex(canonical)].join('\n');
  return `${origin}${pathname}?${sorted}&X-Amz-Signature=${await signatureOf(signing, toSign)}`;
}

/** The fields of a form that uploads one object: what they say is fixed by the signed policy, the size too. */
export async function postFields(
  signing: Signing,
  bucket: string,
  key: string,
  terms: { type: string; sizeBytes: number; expiresAt: number },
): Promise<Record<string, string>> {
  const { accessKeyId, sessionToken } = signing.credentials;
  const fields: Record<string, string> = {
    bucket,
    key,
    'Content-Type': terms.type,
    'X-Amz-Algorithm': ALGORITHM,
    'X-Amz-Credential': `${accessKeyId}/${scopeOf(signing)}`,
    'X-Amz-Date': stamp(signing.atMs),
    ...(sessionToken === undefined ? {} : { 'X-Amz-Security-Token': sessionToken }),
  };
  const policy = {
    expiration: new Date(terms.expiresAt).toISOString(),
    conditions: [
      ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
      ['content-length-range', terms.sizeBytes, terms.sizeBytes],
    ],
  };
  // Keys, types and names of this market are ASCII, as btoa needs it.
  const Policy = btoa(JSON.stringify(policy));
  return { ...fields, Policy, 'X-Amz-Signature': await signatureOf(signing, Policy) };
}
