/** Access tokens: only those of the issuer, for this application, that have not ended. */
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { type TokenRules, tokenVerifier } from './tokens.ts';

const ISSUER = 'https://issuer.test/pool';
const CLAIMS = { client_id: 'web', token_use: 'access', email: 'ada@example.com' };
const HOUR_SECONDS = 3_600;

let rules: TokenRules;
let sign: (claims: JWTPayload, changes?: { issuer?: string; exp?: number; foreign?: boolean }) => Promise<string>;

beforeAll(async () => {
  const own = await generateKeyPair('RS256');
  const foreign = await generateKeyPair('RS256');
  rules = {
    issuer: ISSUER,
    clientId: 'web',
    keys: createLocalJWKSet({ keys: [{ ...(await exportJWK(own.publicKey)), kid: 'a', alg: 'RS256' }] }),
  };
  const now = Math.floor(Date.now() / 1_000);
  sign = (claims, { issuer = ISSUER, exp = now + HOUR_SECONDS, foreign: isForeign = false } = {}) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'a' })
      .setSubject('user-1')
      .setIssuer(issuer)
      .setExpirationTime(exp)
      .sign(isForeign ? foreign.privateKey : own.privateKey);
});

const codeOf = async (token: string) => {
  const verified = await tokenVerifier(rules)(token);
  return verified.ok ? verified.value.sub : verified.code;
};

describe('an access token', () => {
  it('is taken with its claims', async () => {
    expect(await tokenVerifier(rules)(await sign(CLAIMS))).toMatchObject({
      ok: true,
      value: { sub: 'user-1', email: 'ada@example.com', 'cognito:groups': [] },
    });
  });

  it('is told to have expired', async () => {
    expect(await codeOf(await sign(CLAIMS, { exp: Math.floor(Date.now() / 1_000) - 60 }))).toBe('token_expired');
  });

  it('is refused from another issuer or key, for another application, as an id token, changed or malformed', async () => {
    const good = await sign(CLAIMS);
    const [header, , signature] = good.split('.');
    const payload = Buffer.from(JSON.stringify({ ...CLAIMS, sub: 'root', iss: ISSUER, exp: 9e9 })).toString(
      'base64url',
    );
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    for (const token of [
      await sign(CLAIMS, { issuer: 'https://elsewhere.test' }),
      await sign(CLAIMS, { foreign: true }),
      await sign({ ...CLAIMS, client_id: 'other' }),
      await sign({ ...CLAIMS, token_use: 'id' }),
      `${header}.${payload}.${signature}`,
      unsigned,
      'nonsense',
    ])
      expect(await codeOf(token)).toBe('unauthenticated');
  });

  it('is nobody’s fault where the issuer’s keys cannot be had', async () => {
    const unreachable: TokenRules = { ...rules, keys: () => Promise.reject(new TypeError('fetch failed')) };
    await expect(tokenVerifier(unreachable)(await sign(CLAIMS))).rejects.toThrow('fetch failed');
  });
});
