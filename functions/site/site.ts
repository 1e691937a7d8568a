/**
 * What browsers open: the app's pages, each time with a nonce of its own, the readable API, what the app is told of this
 * place, and a problem for everything else. CloudFront alone may call it. Files come from a bucket, programs call the API.
 */
import { readFile } from 'node:fs/promises';
import { docsPage, docsPolicy } from '../../shared/api/docs.ts';
import { PAGE_FILES, pageAt, pageWith, type WebPage } from '../../shared/api/web-page.ts';
import { randomToken } from '../../shared/kernel/id.ts';
import { refuse } from '../../shared/kernel/result.ts';
import type { ApiResponse } from '../middleware/context.ts';
import { respond } from '../middleware/problems.ts';

/** What is read of the event of a function's own address, payload 2.0. */
export type SiteEvent = { rawPath: string; requestContext?: { requestId?: string } };

const NONCE_BYTES = 16;
const read = new Map<WebPage, Promise<string>>();

export const handler = async ({ rawPath, requestContext }: SiteEvent): Promise<ApiResponse> => {
  switch (rawPath) {
    case '/config.json':
      return answer('application/json', process.env.WEB_CONFIG ?? '');
    case '/docs':
    case '/docs/':
      return answer('text/html; charset=utf-8', docsPage(), { 'content-security-policy': await docsPolicy() });
  }
  const page = pageAt(rawPath);
  if (page !== undefined) return { statusCode: 200, ...pageWith(randomToken(NONCE_BYTES), await htmlOf(page)) };
  const callId = requestContext?.requestId ?? `call_${randomToken(12)}`;
  return respond(refuse('not_found', 'No such path is served here; see /docs.'), callId);
};

const answer = (type: string, body: string, headers: Record<string, string> = {}): ApiResponse => ({
  statusCode: 200,
  headers: { 'content-type': type, 'cache-control': 'no-store', ...headers },
  body,
});

function htmlOf(page: WebPage): Promise<string> {
  const known = read.get(page);
  if (known !== undefined) return known;
  // The built pages lie beside this code; see `infra/stacks/web-files.ts`.
  const reading = readFile(new URL(`./${PAGE_FILES[page]}`, import.meta.url), 'utf8');
  read.set(page, reading);
  reading.catch(() => read.delete(page));
  return reading;
}
