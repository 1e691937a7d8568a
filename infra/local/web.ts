/** Serves the built web app: hashed files for good, pages afresh each time under a strict content security policy. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { PAGE_FILES, pageAt, pageWith } from '../../shared/api/web-page.ts';
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
/**
 * The site in a folder of built files, read once. Deep links of the app get its page; the browser finds the screen. A file
 * that is not there is nobody's page.
 */
export function webSite(folder: string): WebSite {
  const names = new Set(readdirSync(folder, { recursive: true, encoding: 'utf8' }));
  const pages = new Map(Object.values(PAGE_FILES).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
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
    const page = pageAt(path);
    const html = page === undefined ? undefined : pages.get(PAGE_FILES[page]);
    return html === undefined ? undefined : pageOf(html);
  };
}

/** A nonce for each time that a page goes out. */
const pageOf = (html: string): HttpAnswer => ({
  status: 200,
  ...pageWith(randomBytes(16).toString('base64url'), html),
});
