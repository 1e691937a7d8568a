import { describe, expect, it } from 'vitest';
import { authorizeUrl, newPending, readReturn } from './oidc.ts';

const OIDC = {
  kind: 'oidc' as const,
  authority: 'https://login.example',
  clientId: 'client-1',
  redirectUri: 'https://app.example/sign-in/return',
  scope: 'openid email parley/market',
};

describe('a sign-in at the hosted pages', () => {
  it('sends the challenge of RFC 7636, appendix B, and never the verifier', async () => {
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
    const url = new URL(await authorizeUrl(OIDC, { state: 'st', verifier, to: '/' }));
    expect(url.origin + url.pathname).toBe('https://login.example/oauth2/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'client-1',
      redirect_uri: 'https://app.example/sign-in/return',
      scope: 'openid email parley/market',
      state: 'st',
      prompt: 'login',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    });
  });

  it('is never like another one, and its verifier is as long as the standard asks', () => {
    const [a, b] = [newPending('/'), newPending('/')];
    expect(a.state).not.toBe(b.state);
    expect(a.verifier).not.toBe(b.verifier);
    expect(a.verifier.length).toBeGreaterThanOrEqual(43);
  });

  it('takes the code that belongs to it, and leads back', () => {
    const pending = { state: 'st', verifier: 'v', to: '/charges' };
    expect(readReturn('?code=c&state=st', pending)).toEqual({ ok: true, code: 'c', verifier: 'v', to: '/charges' });
  });

  it.each([
    ['another state', '?code=c&state=other', true],
    ['no code', '?state=st', true],
    ['a sign-in of another tab', '?code=c&state=st', false],
    ['a refusal', '?error=access_denied&error_description=No', true],
  ])('takes nothing of %s', (_, search, isPending) => {
    const pending = isPending ? { state: 'st', verifier: 'v', to: '/' } : undefined;
    expect(readReturn(search, pending).ok).toBe(false);
  });
});
