/**
 * The HTTP front: one port on the loopback interface. It matches the path, hands the call to its function as API Gateway
 * would, and serves the few pages that need no function.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ApiFunction, Method } from '../../shared/api/route.ts';
import { type ProblemCode, problem } from '../../shared/kernel/problem.ts';
import { CannotStart } from './cannot-start.ts';
import { LOOPBACK } from './connection.ts';
import { FILES_PATH } from './files.ts';
import type { Gate } from './gate.ts';
import { type HttpAnswer, type HttpCall, httpAnswer, httpEvent } from './http-event.ts';
import type { Log } from './log.ts';
import { notFoundPage } from './pages.ts';
import { BODY_LIMIT_BYTES, readBody } from './request-body.ts';

export type RouteMatch =
  | {
      route: { id: string; function: ApiFunction; method: Method; path: string; rawBody?: { mostBytes: number } };
      params: Record<string, string>;
    }
  | { methodNotAllowed: true; allow: readonly string[] }
  | undefined;

export type FrontParts = {
  match: (method: string, path: string) => RouteMatch;
  /** Runs the function of a route; `local` is the marketplace's own. */
  run: (name: ApiFunction, event: unknown, requestId: string) => Promise<unknown>;
  /** Routes that do not wait while the market clock changes. */
  ungated: ReadonlySet<string>;
  gate: Gate;
  /** Pages without a function, by path; undefined where there is none. */
  page: (path: string, query: string) => Promise<HttpAnswer> | HttpAnswer | undefined;
  /** Signing in and out, under `/auth`; undefined for a path that is none of it. */
  auth?: (call: HttpCall) => Promise<HttpAnswer> | undefined;
  /** Files come and go under `/files`, past the functions and their limit of a body. */
  files?: (request: IncomingMessage, path: string) => Promise<HttpAnswer>;
  log: Log;
};
export type Front = {
  port: number;
  /** The same way in for this process's own pages. */
  call: (call: HttpCall) => Promise<HttpAnswer>;
  /** Takes no more calls, waits up to 3 s for those inside. */
  stop: () => Promise<void>;
};

const DRAIN_MS = 3_000;
/** Longer than Node's own: a query that is too long gets a problem that says which field, not a bare 431. */
const LONGEST_HEAD_BYTES = 128 * 1024;
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Listens on `port` (0: any free one). Throws `CannotStart` where the port is taken. */
export async function startFront(port: number, parts: FrontParts): Promise<Front> {
  const call = (incoming: HttpCall) => dispatch(incoming, parts);
  const server = createServer({
    keepAlive: true,
    noDelay: true,
    keepAliveTimeout: 65_000,
    requestTimeout: 60_000,
    maxHeaderSize: LONGEST_HEAD_BYTES,
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    serve(request, response, parts).catch((error: unknown) => {
      // A caller that goes away in the middle of its body is nobody's failure.
      if (request.destroyed && !request.complete) return;
      parts.log('error', 'a call could not be answered', { path: request.url, error });
      if (response.headersSent) response.destroy();
      else write(response, problemAnswer('unavailable', 'A part of the market does not answer.', randomUUID()), 'GET');
    });
  });
  await listen(server, port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    call,
    stop: () => close(server),
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, parts: FrontParts): Promise<void> {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const method = request.method ?? 'GET';
  const requestId = randomUUID();
  if (parts.files !== undefined && (path === FILES_PATH || path.startsWith(`${FILES_PATH}/`)))
    return write(response, await parts.files(request, path), method);
  const found = parts.match(method, path);
  const mostBytes = (found !== undefined && 'route' in found && found.route.rawBody?.mostBytes) || BODY_LIMIT_BYTES;
  const read = await readBody(request, mostBytes);
  if (read.tooLarge) {
    response.setHeader('connection', 'close');
    const detail = `The body may have ${mostBytes} bytes. Send less, or in several calls.`;
    return write(response, problemAnswer('body_too_large', detail, requestId), method);
  }
  const incoming: HttpCall = {
    method,
    path,
    query,
    headers: request.headers,
    body: read.body,
    sourceIp: request.socket.remoteAddress ?? LOOPBACK,
    requestId,
  };
  const signedIn = parts.auth?.(incoming);
  if (signedIn !== undefined) return write(response, await signedIn, method);
  const page = method === 'GET' || method === 'HEAD' ? await parts.page(path, query) : undefined;
  write(response, page ?? (await dispatch(incoming, parts)), method);
}

async function dispatch(call: HttpCall, parts: FrontParts): Promise<HttpAnswer> {
  const found = parts.match(call.method, call.path);
  if (found === undefined) return nothingHere(call);
  if ('methodNotAllowed' in found) {
    const allow = found.allow.join(', ');
    const answer = problemAnswer('method_not_allowed', `This path takes ${allow}.`, call.requestId);
    answer.headers.allow = allow;
    return answer;
  }
  const { route, params } = found;
  if (route.function === 'local' && !isFromHere(call))
    return problemAnswer('forbidden', 'This is served to programs on this machine only.', call.requestId);
  const event = httpEvent(call, { key: `${route.method} ${route.path}`, params }, Date.now());
  const isGated = !parts.ungated.has(route.id);
  const wait = isGated ? parts.gate.enter() : undefined;
  if (wait !== undefined) await wait;
  try {
    return httpAnswer(await parts.run(route.function, event, call.requestId));
  } catch (error) {
    parts.log('error', 'a function failed', { route: route.id, requestId: call.requestId, error });
    return problemAnswer('internal', 'Something went wrong on our side. Quote the id of the call.', call.requestId);
  } finally {
    if (isGated) parts.gate.leave();
  }
}

/** A page of another site in this machine's browser must not sign in here: only loopback names and origins may. */
export function isFromHere({ headers }: Pick<HttpCall, 'headers'>): boolean {
  const { host, origin } = headers;
  if (host !== undefined && !LOCAL_HOST.test(host)) return false;
  return origin === undefined || LOCAL_HOST.test(origin.replace(/^https?:\/\//, ''));
}

function nothingHere(call: HttpCall): HttpAnswer {
  if ((call.headers.accept ?? '').includes('text/html')) return notFoundPage();
  return problemAnswer('not_found', 'No such path is served here; see /docs.', call.requestId);
}

export function problemAnswer(code: ProblemCode, detail: string, requestId: string): HttpAnswer {
  const body = problem(code, detail, { instance: requestId });
  return {
    status: body.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'parley-call-id': requestId },
    body: JSON.stringify(body),
  };
}

function write(response: ServerResponse, answer: HttpAnswer, method: string): void {
  const hasNoBody = answer.status === 204 || answer.status === 304;
  if (!hasNoBody) answer.headers['content-length'] = String(Buffer.byteLength(answer.body));
  answer.headers['x-content-type-options'] = 'nosniff';
  response.writeHead(answer.status, answer.headers);
  response.end(hasNoBody || method === 'HEAD' ? undefined : answer.body);
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        reject(new CannotStart(`Port ${port} is in use. Choose another one with --port, or stop what uses it.`));
      else if (error.code === 'EACCES')
        reject(new CannotStart(`Port ${port} may not be used by you. Choose one from 1024 on with --port.`));
      else reject(error);
    });
    server.listen(port, LOOPBACK, resolve);
  });
  server.removeAllListeners('error');
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
