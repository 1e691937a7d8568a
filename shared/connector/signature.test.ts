/** Signatures as their vendors make them, made here by other means: Node's own HMAC, and the library of Standard Webhooks. */
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { Signature } from './connector.ts';
import { wrongSignature } from './signature.ts';

const BODY = '{"type":"order.help","text":"Grüße"}';
const NOW = Date.UTC(2030, 5, 1);
const SECONDS = String(NOW / 1_000);
const SECRET = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==';
const hmac = (content: string, encoding: 'hex' | 'base64', secret = SECRET) =>
  createHmac('sha256', secret).update(content).digest(encoding);

const check = (
  signature: Signature,
  headers: Record<string, string>,
  { body = BODY, secrets = [SECRET], now = NOW }: { body?: string; secrets?: string[]; now?: number } = {},
) => wrongSignature(signature, secrets, { bytes: new TextEncoder().encode(body), headers }, now, 300);

const HMAC = {
  scheme: 'hmac',
  header: 'X-Hub-Signature-256',
  encoding: 'hex',
  prefix: 'sha256=',
  signs: 'body',
  timestampHeader: 'X-Time',
} as const;

describe('HMAC', () => {
  it('of the body fits, and of no other body, secret or header', async () => {
    const headers = { 'x-hub-signature-256': `sha256=${hmac(BODY, 'hex')}` };
    expect(await check(HMAC, headers)).toBeUndefined();
    expect(await check(HMAC, headers, { body: `${BODY} ` })).toContain('fits no secret');
    expect(await check(HMAC, headers, { secrets: ['another secret'] })).toContain('fits no secret');
    expect(await check(HMAC, headers, { secrets: [] })).toContain('fits no secret');
    expect(await check(HMAC, {})).toBe('The header X-Hub-Signature-256 is missing.');
    for (const given of ['', 'sha256=', 'sha256=zz', `sha256=${hmac(BODY, 'hex').slice(2)}`])
      expect(await check(HMAC, { 'x-hub-signature-256': given }), given).toBeDefined();
  });

  it('fits the new secret and the one before it, while both are good', async () => {
    const headers = { 'x-hub-signature-256': hmac(BODY, 'hex', 'the one before') };
    expect(await check(HMAC, headers, { secrets: [SECRET, 'the one before'] })).toBeUndefined();
  });

  it.each([
    ['timestamp.body', '.'],
    ['timestamp+body', ''],
  ] as const)('over %s refuses old messages, and timestamps that were changed', async (signs, between) => {
    const signature = { ...HMAC, signs, encoding: 'base64', prefix: '' } as const;
    const headers = (time: string, signed = time) => ({
      'x-time': time,
      'x-hub-signature-256': hmac(`${signed}${between}${BODY}`, 'base64'),
    });
    expect(await check(signature, headers(SECONDS))).toBeUndefined();
    expect(await check(signature, headers(String(NOW)))).toBeUndefined();
    expect(await check(signature, headers(new Date(NOW).toISOString()))).toBeUndefined();
    expect(await check(signature, headers(SECONDS), { now: NOW + 300_000 })).toBeUndefined();
    expect(await check(signature, headers(SECONDS), { now: NOW + 301_000 })).toContain('301 s from now');
    expect(await check(signature, headers(SECONDS), { now: NOW - 301_000 })).toContain('301 s from now');
    expect(await check(signature, headers(SECONDS, '1'))).toContain('fits no secret');
    expect(await check(signature, headers('yesterday'))).toContain('is no time');
    expect(await check(signature, { 'x-hub-signature-256': 'x' })).toBe('The header X-Time is missing.');
  });
});

describe("Zendesk's signature", () => {
  // https://developer.zendesk.com/documentation/webhooks/verifying/: base64(HMACSHA256(TIMESTAMP + BODY)), an ISO timestamp
  it('is base64 of HMAC-SHA256 over timestamp and body', async () => {
    const time = '2030-06-01T00:00:00Z';
    const headers = {
      'x-zendesk-webhook-signature': hmac(`${time}${BODY}`, 'base64'),
      'x-zendesk-webhook-signature-timestamp': time,
    };
    expect(await check({ scheme: 'zendesk' }, headers)).toBeUndefined();
    expect(await check({ scheme: 'zendesk' }, headers, { now: NOW + 3_600_000 })).toContain('3600 s from now');
    expect(await check({ scheme: 'zendesk' }, headers, { body: '' })).toContain('fits no secret');
    const { 'x-zendesk-webhook-signature': _, ...without } = headers;
    expect(await check({ scheme: 'zendesk' }, without)).toContain('X-Zendesk-Webhook-Signature is missing');
  });
});

describe('Standard Webhooks', () => {
  const secret = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;
  const at = new Date(NOW);
  const given = (signature: string) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': SECONDS,
    'webhook-signature': signature,
  });
  const STANDARD = { scheme: 'standard-webhooks' } as const;

  // https://www.standardwebhooks.com: several signatures are parted by spaces
  it('are taken as their own library makes them, one of several signatures too', async () => {
    const signed = new Webhook(secret).sign('msg_1', at, BODY);
    expect(await check(STANDARD, given(signed), { secrets: [secret] })).toBeUndefined();
    expect(await check(STANDARD, given(`v1,AAAA v2,x ${signed}`), { secrets: [secret] })).toBeUndefined();
    expect(await check(STANDARD, given(`v1a,${signed.slice(3)}`), { secrets: [secret] })).toBeDefined();
    expect(await check(STANDARD, { ...given(signed), 'webhook-id': 'msg_2' }, { secrets: [secret] })).toBeDefined();
    expect(await check(STANDARD, given(signed), { secrets: [secret], now: NOW + 400_000 })).toContain('from now');
  });
});

describe("Mailgun's form", () => {
  // https://documentation.mailgun.com/docs/mailgun/user-manual/events/webhooks#securing-webhooks: HMAC over timestamp and token
  it('carries its signature in fields', async () => {
    const token = 'ae4d2be0fa9c1f8e6a1b2c3d4e5f60718293a4b5c6d7e8f901';
    const form = (signature: string) =>
      new URLSearchParams({ timestamp: SECONDS, token, signature, 'body-mime': 'x' }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(
      await check({ scheme: 'mailgun' }, headers, { body: form(hmac(`${SECONDS}${token}`, 'hex')) }),
    ).toBeUndefined();
    expect(await check({ scheme: 'mailgun' }, headers, { body: form(hmac(`1${token}`, 'hex')) })).toBeDefined();
    expect(await check({ scheme: 'mailgun' }, headers, { body: 'body-mime=x' })).toContain('no timestamp');
  });
});

describe('a password', () => {
  const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
  const PASSWORD = { scheme: 'password' } as const;

  it('is taken from HTTP Basic or as a bearer token, and is the whole secret', async () => {
    expect(await check(PASSWORD, basic(`parley:${SECRET}`))).toBeUndefined();
    expect(await check(PASSWORD, { authorization: `Bearer ${SECRET}` })).toBeUndefined();
    for (const wrong of [
      {},
      basic('parley:'),
      basic(`parley:${SECRET.slice(1)}`),
      { authorization: 'Bearer ' },
      { authorization: 'Basic %%%' },
    ])
      expect(await check(PASSWORD, wrong)).toBeDefined();
  });
});
