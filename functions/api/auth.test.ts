/** `/auth` over HTTP, against a user pool's token endpoint with its rules: codes work once, refresh tokens are rotated and ended. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Front, startFront } from '../../infra/local/front.ts';
import { Gate } from '../../infra/local/gate.ts';
import { matchRoute } from '../../shared/api/match.ts';
import { tokenVerifier } from '../middleware/tokens.ts';
import { type AuthEvent, authHandler } from './auth.ts';

const CLIENT = 'client-1';
const SITE = 'https://market.example';
const RETURN = `${SITE}/sign-in/return`;
const VERIFIER = 'v'.repeat(43);
const COOKIE = '__Secure-parley_refresh';

/** The part of a user pool that `/auth` speaks with. */
class Pool {
  readonly codes = new Map<string, { challenge: string }>();
  readonly live = new Set<string>();
  /** What each call asked for, without the secrets in it. */
  readonly asked: string[] = [];
  fails: number | null = null;
  url = '';
  private server!: Server;
  private key!: CryptoKey;
  keys!: ReturnType<typeof createLocalJWKSet>;

  async start(): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    this.key = privateKey;
    this.keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }] });
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const fields = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
        void this.answer(request.url ?? '', fields).then(({ status, body }) => {
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        });
      });
    });
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    return new Promise((done) => {
      this.server.close(() => done());
      this.server.closeAllConnections();
    });
  }

  /** Somebody has shown a passkey: the code that their browser brings back. */
  code(): string {
    const code = randomBytes(8).toString('hex');
    this.codes.set(code, { challenge: createHash('sha256').update(VERIFIER).digest('base64url') });
    return code;
  }

  private async answer(path: string, fields: URLSearchParams): Promise<{ status: number; body: object }> {
    this.asked.push(`${path} ${fields.get('grant_type') ?? ''}`.trim());
    if (this.fails !== null) return { status: this.fails, body: {} };
    if (fields.get('client_id') !== CLIENT) return { status: 400, body: { error: 'invalid_client' } };
    if (path === '/oauth2/revoke') {
      this.live.delete(fields.get('token') ?? '');
      return { status: 200, body: {} };
    }
    if (fields.get('grant_type') === 'authorization_code') {
      const code = this.codes.get(fields.get('code') ?? '');
      this.codes.delete(fields.get('code') ?? '');
      const challenge = createHash('sha256')
        .update(fields.get('code_verifier') ?? '')
        .digest('base64url');
      if (code?.challenge !== challenge || fields.get('redirect_uri') !== RETURN)
        return { status: 400, body: { error: 'invalid_grant' } };
      return this.tokens();
    }
    if (!this.live.delete(fields.get('refresh_token') ?? '')) return { status: 400, body: { error: 'invalid_grant' } };
    return this.tokens();
  }

  private async tokens(): Promise<{ status: number; body: object }> {
    const refresh = randomBytes(12).toString('base64url');
    this.live.add(refresh);
    const claims = { client_id: CLIENT, token_use: 'access', 'cognito:groups': [], email: 'ada@example.com' };
    const access = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setSubject('user-1')
      .setIssuer(this.url)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(this.key);
    return {
      status: 200,
      body: {
        access_token: access,
        id_token: 'unused',
        refresh_token: refresh,
        expires_in: 3600,
        token_type: 'Bearer',
      },
    };
  }
}

let pool: Pool;
let front: Front;
const lines: string[] = [];

beforeAll(async () => {
  pool = new Pool();
  await pool.start();
  const verify = tokenVerifier({ issuer: pool.url, clientId: CLIENT, keys: pool.keys });
  const log = (...line: unknown[]) => void lines.push(JSON.stringify(line));
  const handler = authHandler({
    authority: pool.url,
    clientId: CLIENT,
    redirectUri: RETURN,
    site: SITE,
    verify,
    log,
    originSecrets: async () => ['through the edge'],
  });
  front = await startFront(0, {
    match: matchRoute,
    run: (name, event) => {
      if (name !== 'auth') throw new Error(`${name} serves a path of /auth`);
      return handler(event as AuthEvent);
    },
    ungated: new Set(),
    gate: new Gate(),
    page: () => undefined,
    log: () => undefined,
  });
});
afterAll(async () => {
  await front.stop();
  await pool.stop();
});
beforeEach(() => {
  pool.fails = null;
  pool.asked.length = 0;
  lines.length = 0;
});

type Said = { status: number; body: Record<string, unknown>; cookie: string | undefined; attributes: string[] };

async function post(
  what: string,
  options: { cookie?: string; body?: unknown; origin?: string | null; edge?: string } = {},
): Promise<Said> {
  const { cookie, body, origin = SITE, edge = 'through the edge' } = options;
  const answer = await fetch(`http://127.0.0.1:${front.port}/auth/${what}`, {
    method: 'POST',
    headers: {
      'parley-origin': edge,
      ...(origin === null ? {} : { origin }),
      ...(cookie === undefined ? {} : { cookie: `other=1; ${COOKIE}=${cookie}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const [value = '', ...attributes] = answer.headers.get('set-cookie')?.split('; ') ?? [];
  return {
    status: answer.status,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    cookie: value.startsWith(`${COOKIE}=`) ? value.slice(COOKIE.length + 1) : undefined,
    attributes,
  };
}
const signIn = () => post('session', { body: { code: pool.code(), verifier: VERIFIER } });

describe('a code of the hosted pages', () => {
  it('becomes an access token for the page, and a cookie that scripts, other sites and other paths never see', async () => {
    const { status, body, cookie, attributes } = await signIn();
    expect(status).toBe(200);
    expect(body).toEqual({
      token: expect.stringMatching(/^ey/),
      user: 'user-1',
      email: 'ada@example.com',
      expiresInSeconds: 3600,
    });
    expect(pool.live).toContain(cookie);
    expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=2592000', 'Path=/auth', 'SameSite=Strict', 'Secure']);
  });

  it('works once', async () => {
    const body = { code: pool.code(), verifier: VERIFIER };
    expect((await post('session', { body })).status).toBe(200);
    expect(await post('session', { body })).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('is worth nothing to whoever has not begun the sign-in', async () => {
    const body = { code: pool.code(), verifier: 'w'.repeat(43) };
    expect(await post('session', { body })).toMatchObject({ status: 401, cookie: undefined });
  });

  it.each([
    ['nothing', undefined],
    ['a code alone', { code: 'c' }],
    ['a short verifier', { code: 'c', verifier: 'short' }],
    ['more than that', { code: 'c', verifier: VERIFIER, redirect_uri: 'https://evil.example' }],
  ])('is asked for where %s comes, and the pool is not', async (_, body) => {
    expect(await post('session', { body })).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(pool.asked).toEqual([]);
  });
});

describe('a session', () => {
  it('is renewed with another refresh token, and the one before ends', async () => {
    const first = await signIn();
    const second = await post('refresh', { cookie: first.cookie! });
    expect(second).toMatchObject({ status: 200, body: { user: 'user-1' } });
    expect(second.cookie).not.toBe(first.cookie);
    expect(pool.live).not.toContain(first.cookie);
    expect((await post('refresh', { cookie: second.cookie! })).status).toBe(200);
  });

  it('that is over is refused, and its cookie taken back', async () => {
    expect(await post('refresh', { cookie: 'long-gone' })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
      cookie: '',
      attributes: expect.arrayContaining(['Max-Age=0']),
    });
  });

  it('is none without the cookie, and nobody is asked', async () => {
    expect(await post('refresh')).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(pool.asked).toEqual([]);
  });

  it.each([500, 503, 429])('outlives a pool that answers %i', async (status) => {
    const { cookie = '' } = await signIn();
    pool.fails = status;
    const answer = await post('refresh', { cookie });
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable', retryable: true }, cookie: undefined });
    pool.fails = null;
    expect((await post('refresh', { cookie })).status).toBe(200);
  });

  it('outlives a fault of ours that the pool refuses', async () => {
    const { cookie = '' } = await signIn();
    pool.fails = 400;
    expect(await post('refresh', { cookie })).toMatchObject({ status: 500, cookie: undefined });
  });

  it('ends with a sign-out: here, and at the pool for whoever kept the token', async () => {
    const { cookie = '' } = await signIn();
    expect(await post('sign-out', { cookie })).toMatchObject({ status: 204, cookie: '' });
    expect(pool.asked.at(-1)).toBe('/oauth2/revoke');
    expect((await post('refresh', { cookie })).status).toBe(401);
  });

  it('ends here though the pool does not answer, and where there is none', async () => {
    const { cookie = '' } = await signIn();
    pool.fails = 500;
    expect(await post('sign-out', { cookie })).toMatchObject({ status: 204, cookie: '' });
    expect(lines.join()).toContain('a session was not ended at the pool');
    expect(await post('sign-out')).toMatchObject({ status: 204, cookie: '' });
  });
});

describe('another site', () => {
  it.each([
    ['its own origin', 'https://evil.example'],
    ['an origin that begins like ours', `${SITE}.evil.example`],
    ['the same name without TLS', 'http://market.example'],
    ['no origin', null],
    ['an origin that is kept secret', 'null'],
  ])('gets nothing with %s, though the browser sent the cookie', async (_, origin) => {
    const { cookie = '' } = await signIn();
    pool.asked.length = 0;
    for (const what of ['refresh', 'sign-out', 'session'])
      expect(await post(what, { cookie, origin })).toMatchObject({ status: 403, cookie: undefined });
    expect(pool.asked).toEqual([]);
  });
});

describe('the address of the API itself', () => {
  it('serves nobody who did not come through the edge', async () => {
    const { cookie = '' } = await signIn();
    pool.asked.length = 0;
    expect(await post('refresh', { cookie, edge: 'past the firewall' })).toMatchObject({
      status: 403,
      cookie: undefined,
    });
    expect(pool.asked).toEqual([]);
  });
});

describe('what is logged', () => {
  it('is the call, and never a code or a token', async () => {
    const code = pool.code();
    const first = await post('session', { body: { code, verifier: VERIFIER } });
    const second = await post('refresh', { cookie: first.cookie! });
    await post('sign-out', { cookie: second.cookie! });
    const text = lines.join('\n');
    expect(lines).toHaveLength(3);
    expect(text).toContain('POST /auth/session');
    for (const secret of [code, VERIFIER, first.cookie!, second.cookie!, String(first.body.token)])
      expect(text).not.toContain(secret);
  });
});
