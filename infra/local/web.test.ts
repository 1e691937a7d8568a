import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGE_FILES } from '../../shared/api/web-page.ts';
import { type WebSite, webSite } from './web.ts';

let folder: string;
let site: WebSite;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-web-'));
  mkdirSync(join(folder, 'assets'));
  for (const [page, file] of Object.entries(PAGE_FILES))
    writeFileSync(join(folder, file), `<script nonce="__NONCE__">the page ${page}</script>`);
  writeFileSync(join(folder, 'assets', 'index-abc.js'), 'code');
  site = webSite(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bodyAt = (path: string) => String(site(path)?.body);

describe('the site', () => {
  it('gives the app at each of its addresses, also where an id or a token has a point', () => {
    for (const path of ['/queues/a', '/requests/co_11ogmgew06e.AbC-_1234567890abcdefg', '/invitations/WyJj.4A5sS4wm'])
      expect(bodyAt(path), path).toContain('the page app');
    expect(bodyAt('/c/eyJyZXE.sig')).toContain('the page customer');
  });

  it('gives the pages that are drawn for whoever comes first, at their own addresses alone', () => {
    expect(bodyAt('/')).toContain('the page market');
    expect(bodyAt('/sign-in')).toContain('the page sign-in');
    expect(bodyAt('/welcome')).toContain('the page welcome');
    for (const path of ['/sign-in/return', '/welcome/', '/toString'])
      expect(bodyAt(path), path).toContain('the page app');
  });

  it('leaves programs’ paths and files that are not there to others', () => {
    for (const path of ['/v1/queues', '/auth/refresh', '/docs', '/assets/gone.js', '/robots.txt', '/favicon.ico'])
      expect(site(path), path).toBeUndefined();
  });

  it('keeps hashed files for good, and gives each page a nonce of its own', () => {
    expect(site('/assets/index-abc.js')).toMatchObject({
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
      },
    });
    const [first, second] = [site('/')!, site('/')!];
    expect(first.headers['content-security-policy']).not.toBe(second.headers['content-security-policy']);
    const nonce = /nonce="([^"]+)"/.exec(String(first.body))?.[1];
    expect(first.headers['content-security-policy']).toContain(`'nonce-${nonce}'`);
    expect(first.headers['content-security-policy']).not.toContain("script-src 'self' 'unsafe-inline'");
  });
});
