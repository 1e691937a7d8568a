/**
 * `/auth`: signing in, staying so, and signing out for the pages of the site. The pool's own pages ask for the passkey; here
 * their code becomes a session (RFC 6749 with PKCE, RFC 7636), which its refresh token renews. Each renewal gives another refresh
 * token, and the one before ends; signing out ends the last (RFC 7009). It holds nothing and reads no table.
 */
import { createRemoteJWKSet } from 'jose';
import * as z from 'zod';
import { randomToken } from '../../shared/kernel/id.ts';
import { ok, type Refusal, type Result, refuse } from '../../shared/kernel/result.ts';
import type { ApiEvent, ApiResponse } from '../middleware/context.ts';
import { refusedAtTheEdge } from '../middleware/edge.ts';
import { failureOf, respond } from '../middleware/problems.ts';
import {
  CodeExchange,
  isSameOrigin,
  REFRESH_SECONDS,
  readCookie,
  type SessionGrant,
  setCookie,
} from '../middleware/session.ts';
import { tokenVerifier } from '../middleware/tokens.ts';
import { originSecretsOf } from '../parameters.ts';
import type { Runtime } from '../runtime.ts';

export type Auth = {
  /** Where the pages and the token endpoint are, such as `https://parley-dev-1.auth.eu-central-1.amazoncognito.com`. */
  authority: string;
  clientId: string;
  /** The page of the site that the code comes back to. */
  redirectUri: string;
  /** The site's origin: only its pages may call. */
  site: string;
  verify: Runtime['verifyToken'];
  originSecrets?: NonNullable<Runtime['originSecrets']>;
  log(level: 'info' | 'warn', message: string, fields: Record<string, unknown>): void;
};

/** The prefix makes browsers refuse it without TLS. */
const COOKIE = { name: '__Secure-parley_refresh', secure: true };
const TIMEOUT_MS = 5_000;
/** Longer than any token of the pool, shorter than anything that fills memory. */
const LONGEST_BODY = 16_384;

const Tokens = z.object({
  access_token: z.string(),
  expires_in: z.number(),
  refresh_token: z.string().optional(),
});
const Refused = z.object({ error: z.string() });

type Code = 'forbidden' | 'invalid_request' | 'unauthenticated' | 'unavailable' | 'not_found';
type Session = { grant: SessionGrant; refresh: string };
type Answer = ApiResponse & { cookies?: string[] };
export type AuthEvent = ApiEvent & { cookies?: string[] };

const SIGNED_OUT = refuse('unauthenticated', 'Nobody is signed in.');
const SILENT = refuse('unavailable', 'The sign-in does not answer just now. Try again.', { retryable: true });

/** The handler over one user pool. */
export function authHandler(auth: Auth): (event: AuthEvent) => Promise<Answer> {
  const routes: Readonly<Record<string, (event: AuthEvent, auth: Auth, callId: string) => Promise<Answer>>> = {
    'POST /auth/session': signIn,
    'POST /auth/refresh': renew,
    'POST /auth/sign-out': signOut,
  };
  return async (event) => {
    const startedMs = performance.now();
    const callId = event.requestContext?.requestId ?? `call_${randomToken(12)}`;
    const answer = await serve(routes, event, auth, callId);
    const durationMs = Math.round((performance.now() - startedMs) * 100) / 100;
    auth.log('info', 'call', { callId, route: event.routeKey, status: answer.statusCode, durationMs });
    return answer;
  };
}

async function serve(
  routes: Readonly<Record<string, (event: AuthEvent, auth: Auth, callId: string) => Promise<Answer>>>,
  event: AuthEvent,
  auth: Auth,
  callId: string,
): Promise<Answer> {
  const route = routes[event.routeKey];
  if (route === undefined) return respond(refuse('not_found', 'No such path is served here.'), callId);
  try {
    const foreign = await refusedAtTheEdge(auth, event);
    if (foreign !== undefined) return respond(foreign, callId);
    if (!isSameOrigin(event.headers.origin, auth.site))
      return respond(refuse('forbidden', 'Only the pages of this market may sign in.'), callId);
    return await route(event, auth, callId);
  } catch (error) {
    auth.log('warn', 'a sign-in failed', { callId, route: event.routeKey, error: String(error) });
    return respond(failureOf(error), callId);
  }
}

async function signIn(event: AuthEvent, auth: Auth, callId: string): Promise<Answer> {
  const body = CodeExchange.safeParse(parsed(event));
  if (!body.success) return respond(refuse('invalid_request', 'Send the code and its verifier.'), callId);
  const session = await tokensFor(auth, {
    grant_type: 'authorization_code',
    code: body.data.code,
    redirect_uri: auth.redirectUri,
    code_verifier: body.data.verifier,
  });
  return session.ok ? signedIn(session.value, callId) : respond(session, callId);
}

async function renew(event: AuthEvent, auth: Auth, callId: string): Promise<Answer> {
  const refresh = readCookie(COOKIE, event.cookies ?? []);
  if (refresh === undefined) return respond(SIGNED_OUT, callId);
  const session = await tokensFor(auth, { grant_type: 'refresh_token', refresh_token: refresh }, refresh);
  if (session.ok) return signedIn(session.value, callId);
  // A session that is over leaves no cookie; one that cannot be asked about keeps it for the next try.
  return session.code === 'unauthenticated'
    ? { ...respond(session, callId), cookies: [GONE] }
    : respond(session, callId);
}

/** The cookie goes in any case; a refresh token that could not be ended is of no use to anybody without it. */
async function signOut(event: AuthEvent, auth: Auth, callId: string): Promise<Answer> {
  const refresh = readCookie(COOKIE, event.cookies ?? []);
  if (refresh !== undefined) {
    const answer = await post(auth, '/oauth2/revoke', { token: refresh }).catch((error: unknown) => String(error));
    if (typeof answer === 'string' || !answer.ok)
      auth.log('warn', 'a session was not ended at the pool', {
        callId,
        reason: typeof answer === 'string' ? answer : answer.status,
      });
  }
  return { ...respond({ status: 204, body: null }, callId), cookies: [GONE] };
}

const GONE = setCookie(COOKIE, '', 0);

const signedIn = ({ grant, refresh }: Session, callId: string): Answer => ({
  ...respond({ status: 200, body: grant }, callId),
  cookies: [setCookie(COOKIE, refresh, REFRESH_SECONDS)],
});

/**
 * Asks the token endpoint. `kept` is the refresh token that holds on where the answer brings no other. Refused:
 * `unauthenticated` where what was shown is worth nothing (any more), `unavailable` where nobody answered.
 */
async function tokensFor(
  auth: Auth,
  fields: Record<string, string>,
  kept?: string,
): Promise<Result<Session, Code> | Refusal<Code>> {
  const answer = await post(auth, '/oauth2/token', fields).catch(() => undefined);
  if (answer === undefined || answer.status === 429 || answer.status >= 500) return SILENT;
  const said: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) {
    const { error } = Refused.safeParse(said).data ?? { error: `status ${answer.status}` };
    // Anything else is no matter of theirs: nobody is signed out for a fault of ours.
    if (error !== 'invalid_grant') throw new Error(`the token endpoint refused: ${error}`);
    return refuse('unauthenticated', 'The sign-in is over or was used already. Sign in again.');
  }
  const tokens = Tokens.parse(said);
  const claims = await auth.verify(tokens.access_token);
  if (!claims.ok) return claims.code === 'token_expired' ? SIGNED_OUT : refuse('unauthenticated', claims.detail);
  const refresh = tokens.refresh_token ?? kept;
  if (refresh === undefined) throw new Error('the token endpoint gave no refresh token');
  const { sub, email } = claims.value;
  const grant = { token: tokens.access_token, user: sub, email: email ?? '', expiresInSeconds: tokens.expires_in };
  return ok({ grant, refresh });
}

const post = (auth: Auth, path: string, fields: Record<string, string>): Promise<Response> =>
  fetch(new URL(path, auth.authority), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({ client_id: auth.clientId, ...fields }),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });

function parsed({ body = '', isBase64Encoded }: AuthEvent): unknown {
  if (body.length > LONGEST_BODY) return undefined;
  try {
    return JSON.parse(isBase64Encoded === true ? Buffer.from(body, 'base64').toString('utf8') : body);
  } catch {
    return undefined;
  }
}

/** Reads `ISSUER`, `CLIENT_ID`, `SIGN_IN_URL`, `SITE_URL` and `ORIGIN_SECRET`. */
function fromEnvironment(env: NodeJS.ProcessEnv): Auth {
  const read = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '') throw new Error(`${name} is not set for this function`);
    return value;
  };
  const [issuer, clientId, site] = [read('ISSUER'), read('CLIENT_ID'), read('SITE_URL')];
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  return {
    authority: read('SIGN_IN_URL'),
    clientId,
    redirectUri: `${site}${RETURN_PATH}`,
    site,
    verify: tokenVerifier({ issuer, clientId, keys }),
    originSecrets: originSecretsOf(env, read('ORIGIN_SECRET')),
    log: (level, message, fields) => console.log(JSON.stringify({ level, message, ...fields })),
  };
}

/** The page of the web app that the code comes back to. */
const RETURN_PATH = '/sign-in/return';
let made: ReturnType<typeof authHandler> | undefined;

export const handler = (event: AuthEvent): Promise<Answer> => {
  made ??= authHandler(fromEnvironment(process.env));
  return made(event);
};
