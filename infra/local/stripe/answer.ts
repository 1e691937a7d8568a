/**
 * One request of the API from its text to its answer: who asks, which route, what was asked for, has it been answered
 * before, and then one transaction. Nothing here knows of sockets.
 */
import { hash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Context, type ContextParts, type Destination } from './context.ts';
import { type ErrorBody, invalid, StripeRefusal, unauthorised } from './errors.ts';
import { type Form, parseForm } from './forms.ts';
import { readParams } from './params.ts';
import type { Presenter } from './present.ts';
import type { Route } from './resource.ts';
import type { Routes } from './routes.ts';
import type { Store } from './store.ts';

export type Incoming = {
  method: string;
  path: string;
  query: string;
  headers: IncomingHttpHeaders;
  body: string;
};
export type Answer = { status: number; body: string; headers: Record<string, string> };
/** What a switch makes of a request: work and then fail, or fail at once. */
export type Fault =
  | 'rate_limit'
  | 'conflict'
  | 'error_before'
  | 'error_after_commit'
  | 'cut_before'
  | 'cut_after_commit';

export type Server = {
  store: Store;
  routes: Routes;
  presenter: Presenter;
  key: string;
  apiVersion: string;
  url: () => string;
  /** Seconds. */
  now: () => number;
  destinations: () => readonly Destination[];
};

const DAY = 86_400;
const V1_KEPT_SECONDS = DAY;
const V2_KEPT_SECONDS = 30 * DAY;
const LONGEST_KEY = 255;

type Call = {
  route: Route;
  ids: Record<string, string>;
  given: Record<string, unknown>;
  expand: readonly string[];
  isV2: boolean;
  account: string;
  requestId: string;
  idempotencyKey: string | null;
  /** Of what was asked for; empty where there is no key to compare it under. */
  print: string;
};

/** Answers a request; every refusal is an answer, and only a bug throws. */
export function answer(server: Server, incoming: Incoming, fault?: Fault): Answer {
  const requestId = `req_${randomUUID().replaceAll('-', '').slice(-14)}`;
  const isV2 = incoming.path.startsWith('/v2/');
  let idempotencyKey: string | null = null;
  try {
    authorise(server, incoming);
    const call = callOf(server, incoming, requestId, isV2);
    idempotencyKey = call.idempotencyKey;
    if (fault === 'rate_limit') throw rateLimited();
    if (fault === 'conflict') throw keyInUse();
    return replayed(server, call, incoming) ?? perform(server, call, fault);
  } catch (error) {
    if (!(error instanceof StripeRefusal)) throw error;
    return written(server, error.status, { error: error.body }, { requestId, idempotencyKey, isV2 });
  }
}

function authorise(server: Server, { headers }: Incoming): void {
  const header = one(headers.authorization) ?? '';
  const [, scheme = '', value = ''] = /^(\w+) (.+)$/.exec(header) ?? [];
  const key = scheme === 'Basic' ? Buffer.from(value, 'base64').toString().split(':')[0] : value;
  if (key !== server.key) throw unauthorised(key === '' ? undefined : key);
}

function callOf(server: Server, incoming: Incoming, requestId: string, isV2: boolean): Call {
  const found = server.routes(incoming.method, incoming.path);
  if (found === undefined) {
    const message = `Unrecognized request URL (${incoming.method}: ${incoming.path}). The stand-in serves what its README lists.`;
    throw new StripeRefusal(404, { type: 'invalid_request_error', message });
  }
  const given: Record<string, unknown> = { ...parseForm(incoming.query), ...bodyOf(incoming, isV2) };
  const { expand, ...rest } = given;
  const account = one(incoming.headers['stripe-account']) ?? one(incoming.headers['stripe-context']) ?? '';
  if (account !== '' && server.store.get('v2.core.account', account, '') === undefined)
    throw new StripeRefusal(403, {
      type: 'invalid_request_error',
      code: 'account_invalid',
      message: `The provided key '${server.key.slice(0, 8)}…' does not have access to account '${account}' (or that account does not exist).`,
    });
  const key = incoming.method === 'GET' ? undefined : one(incoming.headers['idempotency-key']);
  if (key !== undefined && key.length > LONGEST_KEY)
    throw invalid(`Idempotency keys may have ${LONGEST_KEY} characters at most.`);
  const print =
    key === undefined
      ? ''
      : hash('sha256', JSON.stringify([incoming.method, incoming.path, account, sorted(given)]), 'base64url');
  return {
    ...found,
    given: rest,
    expand: expandOf(expand),
    isV2,
    account,
    requestId,
    idempotencyKey: key ?? null,
    print,
  };
}

function bodyOf({ method, headers, body }: Incoming, isV2: boolean): Form | Record<string, unknown> {
  if (method === 'GET' || body === '') return {};
  if (!isV2) return parseForm(body);
  if (!(one(headers['content-type']) ?? '').startsWith('application/json'))
    throw invalid('Requests to /v2 carry JSON: send the header Content-Type: application/json.');
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // Answered below: neither is an object.
  }
  throw invalid('The body is not a JSON object.');
}

function expandOf(expand: unknown): string[] {
  if (expand === undefined || expand === '') return [];
  if (Array.isArray(expand) && expand.every((path) => typeof path === 'string')) return expand;
  throw invalid('Invalid array: expand takes a list of paths.', { param: 'expand' });
}

/** The saved answer of the same key; refuses a key that was used for something else. */
function replayed(server: Server, call: Call, incoming: Incoming): Answer | undefined {
  if (call.idempotencyKey === null) return undefined;
  const row = server.store.one('SELECT * FROM answers WHERE key = ? AND until > ?', savedUnder(call), server.now());
  if (row === undefined) return undefined;
  if (row.print !== call.print)
    throw new StripeRefusal(400, {
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${call.idempotencyKey}' if you meant to execute a different request (${incoming.method} ${incoming.path}).`,
    });
  const replay = written(server, Number(row.status), String(row.body), call);
  replay.headers['idempotent-replayed'] = 'true';
  replay.headers['original-request'] = String(row.request);
  return replay;
}

const savedUnder = (call: Call): string => `${call.isV2 ? 'v2' : 'v1'}|${call.account}|${call.idempotencyKey ?? ''}`;

type Outcome = { status: number; body: string };

function perform(server: Server, call: Call, fault: Fault | undefined): Answer {
  const { store } = server;
  const params = readParams(call.route.schema, call.given);
  const failed: Outcome = { status: 500, body: JSON.stringify({ error: unavailable() }) };
  const work = (): Outcome => {
    if (fault === 'error_before') return failed;
    const context = new Context(contextParts(server, call));
    let refusal: StripeRefusal | undefined;
    let result: unknown;
    try {
      result = call.route.handle(context, { ids: call.ids, params: params as never });
    } catch (error) {
      if (!(error instanceof StripeRefusal) || !error.keeps) throw error;
      refusal = error;
    }
    if (refusal !== undefined) return { status: refusal.status, body: JSON.stringify({ error: refusal.body }) };
    const body = JSON.stringify(server.presenter.answer(context, result, call.expand));
    return fault === 'error_after_commit' ? failed : { status: 200, body };
  };
  try {
    const { status, body } = store.transaction(() => save(server, call, work()));
    return written(server, status, body, call);
  } catch (error) {
    if (!(error instanceof StripeRefusal)) throw error;
    // What it wrote is taken back; that it was refused is remembered.
    const refused = { status: error.status, body: JSON.stringify({ error: error.body }) };
    if (call.idempotencyKey !== null) store.transaction(() => save(server, call, refused));
    return written(server, refused.status, refused.body, call);
  }
}

export const contextParts = (
  server: Server,
  call: { account: string; requestId: string | null; idempotencyKey: string | null; now?: number },
): ContextParts => ({
  store: server.store,
  now: call.now ?? server.now(),
  account: call.account,
  request: { id: call.requestId, idempotencyKey: call.idempotencyKey },
  apiVersion: server.apiVersion,
  destinations: server.destinations(),
  looks: server.presenter,
  url: server.url(),
});

/** v1 replays whatever was answered once a request had begun; v2 does a failed one again. */
function save(server: Server, call: Call, outcome: Outcome): Outcome {
  const { status, body } = outcome;
  if (call.idempotencyKey === null || (call.isV2 && status >= 400)) return outcome;
  const until = server.now() + (call.isV2 ? V2_KEPT_SECONDS : V1_KEPT_SECONDS);
  const sql = 'INSERT OR REPLACE INTO answers (key, print, status, body, request, until) VALUES (?, ?, ?, ?, ?, ?)';
  server.store.run(sql, savedUnder(call), call.print, status, body, call.requestId, until);
  return outcome;
}

function written(
  server: Server,
  status: number,
  body: unknown,
  call: { requestId: string; idempotencyKey: string | null; isV2: boolean },
): Answer {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'request-id': call.requestId,
    'stripe-version': server.apiVersion,
  };
  if (call.idempotencyKey !== null) headers['idempotency-key'] = call.idempotencyKey;
  if (status === 409) headers['stripe-should-retry'] = 'true';
  // The saved answer would come again.
  if (status >= 500) headers['stripe-should-retry'] = 'false';
  return { status, body: typeof body === 'string' ? body : JSON.stringify(body), headers };
}

const rateLimited = (): StripeRefusal =>
  new StripeRefusal(429, {
    type: 'invalid_request_error',
    code: 'rate_limit',
    message: 'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
  });

/** 409: another request with this key has not ended. */
export const keyInUse = (): StripeRefusal =>
  new StripeRefusal(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: 'There is currently another in-progress request using this Idempotent Key. Please try again later.',
  });

const unavailable = (): ErrorBody => ({ type: 'api_error', message: 'An unknown error occurred.' });

export const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
