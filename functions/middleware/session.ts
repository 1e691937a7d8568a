/**
 * What `/auth` is everywhere: the refresh token stays in a cookie that no script reads and no other site sends, the access
 * token goes to the page, which keeps it in memory.
 */
import * as z from 'zod';

/** How long somebody stays signed in without coming back, in seconds. */
export const REFRESH_SECONDS = 30 * 86_400;

/** What a sign-in or a refresh answers. */
export type SessionGrant = { token: string; user: string; email: string; expiresInSeconds: number };

/** What comes back from the pages where people sign in: the code, and the secret of RFC 7636 that goes with it. */
export const CodeExchange = z.strictObject({
  code: z.string().min(1).max(4_000),
  verifier: z.string().regex(/^[A-Za-z0-9._~-]{43,128}$/),
});

export type SessionCookie = {
  name: string;
  /** Whether it comes over TLS only; one machine has none. */
  secure: boolean;
};

/** The cookie as it is set; an empty value with 0 seconds takes it back. Only paths under `/auth` get it, only from the site's own pages. */
export const setCookie = ({ name, secure }: SessionCookie, value: string, seconds: number): string =>
  `${name}=${value}; Path=/auth; HttpOnly;${secure ? ' Secure;' : ''} SameSite=Strict; Max-Age=${seconds}`;

/** Its value among the cookies of a call, each `name=value`; undefined where it is not there or empty. */
export function readCookie({ name }: SessionCookie, cookies: readonly string[]): string | undefined {
  const found = cookies.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  return found === '' ? undefined : found;
}

/** A browser names the origin of each POST; one from another site, or one without, changes nothing. */
export const isSameOrigin = (origin: string | undefined, site: string): boolean => origin === site;
