/** What is served without a function: the page, the readable API, its OpenAPI, health. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { WebConfig } from '../../shared/api/web-config.ts';
import type { PublicQueue, PublicRound } from '../../shared/queue/queue.ts';
import { page } from './html.ts';
import type { HttpAnswer } from './http-event.ts';
import { outboxPage } from './outbox-page.ts';
import { queuePage } from './queue-page.ts';
import type { WebSite } from './web.ts';

export type Health = { healthy: boolean; parts: Record<string, string>; notice?: string };
export type PageParts = {
  health: () => Promise<Health>;
  openApi: () => unknown;
  docsPage: () => string;
  docsPolicy: () => Promise<string>;
  /** The files of `swagger-ui-dist` that the readable API loads, with their types. */
  docsAssets: Readonly<Record<string, string>>;
  /** A page of the public list of queues, as the API answers it. */
  listQueues: (cursor: string | null) => Promise<{ items: PublicQueue[]; next: string | null }>;
  /** The newest rounds of a queue, as the API answers them. */
  listRounds: (queue: string) => Promise<PublicRound[]>;
  /** The web app, where it was built; else a plain page stands at `/`. */
  web?: WebSite | undefined;
  market: () => { nowMs: number; clockMode: 'running' | 'standing' | null; notice: string | null };
};

/** The page shows so many pages of a hundred queues at the most. */
const MOST_PAGES = 10;
/** So many queues' rounds are read at once. */
const AT_ONCE = 16;
const ASSETS = '/docs/assets/';
/** What the web app is told of where it runs. */
const WEB_CONFIG: WebConfig = { signIn: { kind: 'development' }, isLocal: true };
/** Answers the paths that are pages; undefined for all others. */
export function pages(parts: PageParts): (path: string) => Promise<HttpAnswer> | HttpAnswer | undefined {
  let described: string | undefined;
  return (path) => {
    const ofTheApp = parts.web?.(path);
    if (ofTheApp !== undefined) return ofTheApp;
    switch (path) {
      case '/':
        return home(parts);
      case '/config.json':
        return answer(200, 'application/json', JSON.stringify(WEB_CONFIG));
      case '/outbox':
        return outboxPage();
      case '/healthz':
        return healthz(parts);
      case '/docs':
      case '/docs/':
        return docs(parts);
      case '/v1/openapi.json':
        described ??= JSON.stringify(parts.openApi());
        return answer(200, 'application/json', described);
      default:
        return path.startsWith(ASSETS) ? asset(path.slice(ASSETS.length), parts.docsAssets) : undefined;
    }
  };
}

/** The page for a path that leads nowhere. */
export const notFoundPage = (): HttpAnswer =>
  page({
    status: 404,
    title: 'Nothing here · Parley',
    body: '<header><h1>There is nothing here</h1><p>Go to <a href="/">the queues</a> or to <a href="/docs">the API</a>.</p></header>',
  });

async function home(parts: PageParts): Promise<HttpAnswer> {
  const queues: PublicQueue[] = [];
  let next: string | null = null;
  for (let n = 0; n < MOST_PAGES; n++) {
    const listed = await parts.listQueues(next);
    queues.push(...listed.items);
    next = listed.next;
    if (next === null) break;
  }
  return queuePage({ queues, past: await pastRounds(queues, parts), isCut: next !== null, ...parts.market() });
}

/** A market whose rounds are over, such as a finished replay, shows what its last rounds came to. */
async function pastRounds(queues: readonly PublicQueue[], parts: PageParts): Promise<Map<string, PublicRound>> {
  const past = new Map<string, PublicRound>();
  const without = queues.filter((queue) => queue.current === null).map((queue) => queue.id);
  for (let at = 0; at < without.length; at += AT_ONCE) {
    const found = without.slice(at, at + AT_ONCE).map(async (id) => {
      const last = (await parts.listRounds(id)).find((round) => round.figures !== null);
      if (last !== undefined) past.set(id, last);
    });
    await Promise.all(found);
  }
  return past;
}

async function healthz(parts: PageParts): Promise<HttpAnswer> {
  const health = await parts.health();
  const { healthy, ...rest } = health;
  const body = JSON.stringify({ status: healthy ? 'ok' : 'unhealthy', ...rest });
  return answer(healthy ? 200 : 503, 'application/json', body);
}

async function docs(parts: PageParts): Promise<HttpAnswer> {
  const page = answer(200, 'text/html; charset=utf-8', parts.docsPage());
  page.headers['content-security-policy'] = await parts.docsPolicy();
  return page;
}

/** One of the files that the readable API loads, and no other. */
async function asset(name: string, assets: PageParts['docsAssets']): Promise<HttpAnswer> {
  const type = Object.hasOwn(assets, name) ? assets[name] : undefined;
  if (type === undefined) return notFoundPage();
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const found = answer(200, type, await readFile(join(folder, name)));
  found.headers['cache-control'] = 'public, max-age=86400';
  return found;
}

const answer = (status: number, type: string, body: string | Buffer): HttpAnswer => ({
  status,
  headers: { 'content-type': type, 'cache-control': 'no-store' },
  body,
});
