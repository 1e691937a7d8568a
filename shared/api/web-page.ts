/** The pages of the web app, as every place serves them: which path is which page, and with what it goes out. */

/** Pages of the app that whoever comes for the first time may see: their first look stands in their HTML. By path. */
export const DRAWN = { '/': 'market', '/sign-in': 'sign-in', '/welcome': 'welcome' } as const;

export type WebPage = 'app' | 'customer' | (typeof DRAWN)[keyof typeof DRAWN];

/** The built file of each. */
export const PAGE_FILES: Readonly<Record<WebPage, string>> = {
  app: 'index.html',
  customer: 'customer.html',
  market: 'market.html',
  'sign-in': 'sign-in.html',
  welcome: 'welcome.html',
};

/** Where programs are answered: a path below is never a page of the app. */
const NOT_PAGES = /^\/(?:v1|dev|auth|docs|files|mcp|healthz|outbox|assets)(?:\/|$)/;
/** Files that nobody has here. Anything else may be a page: ids of requests and tokens of invitations have points too. */
const NO_FILE = /\.(?:js|css|map|svg|png|ico|woff2|json|wasm|txt|xml|webmanifest|php)$/;
const CUSTOMER = '/c/';
/** Stands in the built pages wherever a nonce belongs, see `html.cspNonce` in web/vite.config.ts. */
export const NONCE_PLACE = '__NONCE__';

/** The page that answers a path; the browser finds the screen. Undefined where no page does. */
export function pageAt(path: string): WebPage | undefined {
  if (path.startsWith(CUSTOMER)) return 'customer';
  if (Object.hasOwn(DRAWN, path)) return DRAWN[path as keyof typeof DRAWN];
  return NOT_PAGES.test(path) || NO_FILE.test(path) ? undefined : 'app';
}

/** A built page with a nonce of its own: Mantine makes style elements while it runs, scripts only ever come from files. */
export function pageWith(nonce: string, html: string): { headers: Record<string, string>; body: string } {
  return {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': policy(nonce),
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    },
    body: html.replaceAll(NONCE_PLACE, nonce),
  };
}

/** Nothing from elsewhere, no inline script, no page that frames this one. `wasm-unsafe-eval` is for solving a round again. */
export const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
