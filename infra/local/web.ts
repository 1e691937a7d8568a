/** Serves the built web app: hashed files for good, pages afresh each time under a strict content security policy. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { HttpAnswer } from './http-event.ts';

/** Answers a path of the app; undefined for all others. */
export type WebSite = (path: string) => HttpAnswer | undefined;

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};
/** Vite puts a hash of the content into the names of everything in this folder. */
const HASHED = '/assets/';
/** Where programs are answered: a path below is never a page of the app. */
const NOT_PAGES = /^\/(?:v1|dev|auth|docs|files|mcp|healthz|assets)(?:\/|$)/;
/** Files that nobody has here. Anything else may be a page: ids of requests and tokens of invitations have points too. */
const NO_FILE = /\.(?:js|css|map|svg|png|ico|woff2|json|wasm|txt|xml|webmanifest|php)$/;
const CUSTOMER = '/c/';
/** Stands in the built pages wherever a nonce belongs, see `html.cspNonce` in web/vite.config.ts. */
const NONCE_PLACE = '__NONCE__';

/**
 * The site in a folder of built files, read once. Deep links of the app get its page; the browser finds the screen. A file
 * that is not there is nobody's page.
 */
export function webSite(folder: string): WebSite {
  const app = readFileSync(join(folder, 'index.html'), 'utf8');
  const names = new Set(readdirSync(folder, { recursive: true, encoding: 'utf8' }));
  const customer = names.has('customer.html') ? readFileSync(join(folder, 'customer.html'), 'utf8') : undefined;
  // All of it now: a build that replaces the folder later changes nothing for who has the old page.
  const files = new Map(
    [...names].flatMap((name) => (TYPES[extname(name)] ? [[name, readFileSync(join(folder, name))]] : [])),
  );
  const file = (name: string): HttpAnswer | undefined => {
    const body = files.get(name);
    const type = TYPES[extname(name)];
    if (type === undefined || body === undefined) return undefined;
    const cache = `/${name}`.startsWith(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache';
    return { status: 200, headers: { 'content-type': type, 'cache-control': cache }, body };
  };
  return (path) => {
    const found = file(path.slice(1));
    if (found !== undefined) return found;
    if (path.startsWith(CUSTOMER)) return customer === undefined ? undefined : pageOf(customer);
    if (NOT_PAGES.test(path) || NO_FILE.test(path)) return undefined;
    return pageOf(app);
  };
}

/** A page with a nonce of its own: Mantine makes style elements while it runs, scripts only ever come from files. */
function pageOf(html: string): HttpAnswer {
  const nonce = randomBytes(16).toString('base64url');
  return {
    status: 200,
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
