/**
 * The client half of OpenID Connect with authorization code and PKCE (RFC 7636, S256). The code goes to `/auth/session`,
 * which exchanges it, keeps the refresh token in its cookie and answers the access token.
 */
import type { WebConfig } from '../../../shared/api/web-config.ts';
import { base64url } from '../../../shared/kernel/hash.ts';
import { t } from '../messages/en.ts';
import type { Grant } from './session.ts';

type Oidc = Extract<WebConfig['signIn'], { kind: 'oidc' }>;
/** What must survive the way to the hosted pages and back, in this tab. */
export type Pending = { state: string; verifier: string; to: string };

export const PENDING = 'parley.sign-in';

/** A fresh sign-in that will lead back to `to`. */
export function newPending(to: string): Pending {
  return { state: base64url(randomBytes(16)), verifier: base64url(randomBytes(32)), to };
}

/** The address of the hosted pages for a sign-in. */
export async function authorizeUrl(oidc: Oidc, pending: Pending): Promise<string> {
  const url = new URL('/oauth2/authorize', oidc.authority);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier));
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: oidc.clientId,
    redirect_uri: oidc.redirectUri,
    scope: oidc.scope,
    state: pending.state,
    // The pages' own cookie outlives a sign-out here: nobody is let in by it who did not show a passkey again.
    prompt: 'login',
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  }).toString();
  return url.toString();
}

export type Returned = { ok: true; code: string; verifier: string; to: string } | { ok: false; why: string };

/** What came back from the hosted pages, checked against what was sent: an answer nobody here asked for is refused. */
export function readReturn(search: string, pending: Pending | undefined): Returned {
  const query = new URLSearchParams(search);
  const error = query.get('error');
  if (error !== null) return { ok: false, why: query.get('error_description') ?? error };
  const code = query.get('code');
  if (pending === undefined || code === null || query.get('state') !== pending.state)
    return { ok: false, why: t('app.signIn.foreign') };
  return { ok: true, code, verifier: pending.verifier, to: pending.to };
}

/** Exchanges the code for a session. */
export async function exchange(code: string, verifier: string): Promise<Grant> {
  const answer = await fetch('/auth/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, verifier }),
  });
  if (!answer.ok) throw new Error(t('app.signIn.refused', { status: String(answer.status) }));
  return (await answer.json()) as Grant;
}

function randomBytes(count: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(count));
}
