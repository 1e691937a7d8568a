/** Whether a message comes from who holds the connector's secret: HMAC-SHA-256 over its bytes, compared in constant time. */
import { fromBase64url } from '../kernel/hash.ts';
import { SECOND } from '../kernel/time.ts';
import type { Signature } from './connector.ts';
import { formOf, type Payload } from './payload.ts';

/** Undefined where the signature fits one of the secrets; else what is wrong with it. `machineNow` in milliseconds. */
export async function wrongSignature(
  signature: Signature,
  secrets: readonly string[],
  payload: Payload,
  machineNow: number,
  toleranceSeconds: number,
): Promise<string | undefined> {
  if (signature.scheme === 'password') return wrongPassword(secrets, payload);
  const signed = signedOf(signature, payload);
  if (typeof signed === 'string') return signed;
  const { timestamp, content, signatures, keyOf } = signed;
  if (timestamp !== undefined) {
    const at = instantOf(timestamp);
    if (at === undefined) return `The timestamp “${timestamp.slice(0, 40)}” is no time.`;
    const off = Math.round(Math.abs(machineNow - at) / SECOND);
    if (off > toleranceSeconds)
      return `The timestamp is ${off} s from now, more than ${toleranceSeconds} s: is this an old message, or a clock wrong?`;
  }
  for (const secret of secrets)
    for (const given of signatures) if (await fits(keyOf(secret), content, given)) return undefined;
  return 'The signature fits no secret of this connector: was the body changed on the way, or is the secret another one?';
}

type Signed = {
  timestamp: string | undefined;
  content: Uint8Array<ArrayBuffer>;
  signatures: Uint8Array<ArrayBuffer>[];
  keyOf: (secret: string) => Uint8Array<ArrayBuffer>;
};

const encoder = new TextEncoder();
const textKey = (secret: string): Uint8Array<ArrayBuffer> => encoder.encode(secret);
const missing = (header: string): string => `The header ${header} is missing.`;

/** What is signed with what; a sentence where a part is missing. */
function signedOf(signature: Exclude<Signature, { scheme: 'password' }>, payload: Payload): Signed | string {
  const { bytes, headers } = payload;
  const header = (name: string): string | undefined => headers[name.toLowerCase()]?.trim() || undefined;
  switch (signature.scheme) {
    case 'hmac': {
      const given = header(signature.header);
      if (given === undefined) return missing(signature.header);
      const signatures = decoded(
        given.startsWith(signature.prefix) ? given.slice(signature.prefix.length) : given,
        signature.encoding,
      );
      if (signature.signs === 'body') return { timestamp: undefined, content: bytes, signatures, keyOf: textKey };
      const timestamp = header(signature.timestampHeader);
      if (timestamp === undefined) return missing(signature.timestampHeader);
      const between = signature.signs === 'timestamp.body' ? '.' : '';
      return { timestamp, content: before(`${timestamp}${between}`, bytes), signatures, keyOf: textKey };
    }
    case 'zendesk': {
      // https://developer.zendesk.com/documentation/webhooks/verifying/: base64(HMACSHA256(TIMESTAMP + BODY))
      const given = header('X-Zendesk-Webhook-Signature');
      const timestamp = header('X-Zendesk-Webhook-Signature-Timestamp');
      if (given === undefined) return missing('X-Zendesk-Webhook-Signature');
      if (timestamp === undefined) return missing('X-Zendesk-Webhook-Signature-Timestamp');
      return { timestamp, content: before(timestamp, bytes), signatures: decoded(given, 'base64'), keyOf: textKey };
    }
    case 'standard-webhooks': {
      const [id, timestamp, given] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(header);
      if (id === undefined) return missing('webhook-id');
      if (timestamp === undefined) return missing('webhook-timestamp');
      if (given === undefined) return missing('webhook-signature');
      const signatures = given
        .split(' ')
        .filter((one) => one.startsWith('v1,'))
        .flatMap((one) => decoded(one.slice(3), 'base64'));
      return { timestamp, content: before(`${id}.${timestamp}.`, bytes), signatures, keyOf: standardKey };
    }
    case 'mailgun': {
      // https://documentation.mailgun.com/docs/mailgun/user-manual/events/webhooks#securing-webhooks
      const form = formOf(payload);
      const [timestamp, token, given] = ['timestamp', 'token', 'signature'].map((name) => form?.get(name) ?? undefined);
      if (timestamp === undefined || token === undefined || given === undefined)
        return "The form has no timestamp, token and signature: use Mailgun's route with forward().";
      return {
        timestamp,
        content: encoder.encode(`${timestamp}${token}`),
        signatures: decoded(given, 'hex'),
        keyOf: textKey,
      };
    }
  }
}

/** The key of a secret of Standard Webhooks: base64 behind `whsec_`; any other text as it stands. */
function standardKey(secret: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64url(secret.replace(/^whsec_/, ''));
  } catch {
    return textKey(secret);
  }
}

function before(text: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const start = encoder.encode(text);
  const all = new Uint8Array(start.length + bytes.length);
  all.set(start);
  all.set(bytes, start.length);
  return all;
}

function decoded(text: string, encoding: 'hex' | 'base64'): Uint8Array<ArrayBuffer>[] {
  if (encoding === 'hex')
    return /^(?:[0-9a-f]{2})+$/i.test(text)
      ? [Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))]
      : [];
  try {
    return [fromBase64url(text)];
  } catch {
    return [];
  }
}

async function fits(
  key: Uint8Array<ArrayBuffer>,
  content: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  if (key.length === 0) return false;
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  return crypto.subtle.verify('HMAC', imported, signature, content);
}

/** Seconds or milliseconds since 1970, or ISO 8601. */
function instantOf(text: string): number | undefined {
  const at = /^\d{1,11}$/.test(text)
    ? Number(text) * SECOND
    : /^\d{12,14}$/.test(text)
      ? Number(text)
      : Date.parse(text);
  return Number.isFinite(at) ? at : undefined;
}

/** HTTP Basic with the secret as password, or a bearer token. Both sides are compared by their MACs under a key of the moment. */
async function wrongPassword(secrets: readonly string[], { headers }: Payload): Promise<string | undefined> {
  const given = passwordIn(headers.authorization ?? '');
  if (given === undefined) return 'Send the secret as password of HTTP Basic, or as bearer token.';
  const key = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
  for (const secret of secrets) {
    const mac = await crypto.subtle.sign('HMAC', key, encoder.encode(secret));
    if (await crypto.subtle.verify('HMAC', key, mac, encoder.encode(given))) return undefined;
  }
  return 'The password is no secret of this connector.';
}

function passwordIn(authorization: string): string | undefined {
  const [kind = '', value = ''] = authorization.split(' ');
  if (kind.toLowerCase() === 'bearer') return value || undefined;
  if (kind.toLowerCase() !== 'basic') return undefined;
  try {
    const pair = new TextDecoder().decode(fromBase64url(value));
    return pair.slice(pair.indexOf(':') + 1) || undefined;
  } catch {
    return undefined;
  }
}
