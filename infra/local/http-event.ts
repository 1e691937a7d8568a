/** API Gateway's payload version 2.0 for HTTP APIs: a request as an event, and a function's result as an answer. */
import type { IncomingHttpHeaders } from 'node:http';

export type HttpCall = {
  method: string;
  /** As it came, percent-encoded. */
  path: string;
  /** As it came, without the question mark. */
  query: string;
  headers: IncomingHttpHeaders;
  body: Buffer | undefined;
  sourceIp: string;
  requestId: string;
};
export type MatchedRoute = { key: string; params: Readonly<Record<string, string>> };
export type HttpAnswer = { status: number; headers: Record<string, string | string[]>; body: string | Buffer };

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const TEXT = /^(text\/|application\/(json|problem\+json|xml|javascript|x-www-form-urlencoded|[a-z.+-]+\+(json|xml)))/i;

/** The event a function gets for a call. `atMs` is machine time. */
export function httpEvent(call: HttpCall, route: MatchedRoute, atMs: number): Record<string, unknown> {
  const { cookie, ...rest } = call.headers;
  const isText = call.headers['content-type'] === undefined || TEXT.test(call.headers['content-type']);
  const hasParams = Object.keys(route.params).length > 0;
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: call.path,
    rawQueryString: call.query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; */) }),
    headers: joined(rest),
    ...(call.query === '' ? {} : { queryStringParameters: queryParameters(call.query) }),
    ...(hasParams ? { pathParameters: route.params } : {}),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: call.headers.host ?? 'localhost',
      domainPrefix: 'localhost',
      http: {
        method: call.method,
        path: call.path,
        protocol: 'HTTP/1.1',
        sourceIp: call.sourceIp,
        userAgent: call.headers['user-agent'] ?? '',
      },
      requestId: call.requestId,
      routeKey: route.key,
      stage: '$default',
      time: gatewayTime(atMs),
      timeEpoch: atMs,
    },
    ...(call.body === undefined ? {} : { body: call.body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: call.body !== undefined && !isText,
  };
}

/** What a function's result says, as an answer: a result without a status code is a 200 with itself as JSON. */
export function httpAnswer(result: unknown): HttpAnswer {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const body = typeof result === 'string' ? result : JSON.stringify(result ?? null);
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const answer = result as {
    statusCode: number;
    headers?: Record<string, string | number | boolean>;
    cookies?: string[];
    body?: string;
    isBase64Encoded?: boolean;
  };
  const headers: HttpAnswer['headers'] = {};
  for (const [name, value] of Object.entries(answer.headers ?? {})) headers[name.toLowerCase()] = String(value);
  if (answer.cookies !== undefined && answer.cookies.length > 0) headers['set-cookie'] = answer.cookies;
  const body = answer.body ?? '';
  return {
    status: answer.statusCode,
    headers,
    body: answer.isBase64Encoded === true ? Buffer.from(body, 'base64') : body,
  };
}

/** Node gives lower-cased names already; several values of one header are joined by commas. */
function joined(headers: IncomingHttpHeaders): Record<string, string> {
  const all: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) all[name] = typeof value === 'string' ? value : value.join(',');
  }
  return all;
}

function queryParameters(query: string): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query))
    all[name] = Object.hasOwn(all, name) ? `${all[name]},${value}` : value;
  return all;
}

/** `22/Nov/2026:08:15:30 +0000`. */
function gatewayTime(atMs: number): string {
  const date = new Date(atMs);
  const two = (n: number) => String(n).padStart(2, '0');
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${time} +0000`;
}
