/**
 * Calling organisations' endpoints. A host is resolved once, every address checked, and the connection made to exactly what
 * was checked, so that a name that changes its mind in between (DNS rebinding) leads nowhere. Redirects are not followed.
 */
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { machineClock, SECOND } from '../kernel/time.ts';
import type { Cause } from '../webhook/webhook.ts';
import {
  hostOf,
  isLoopbackAddress,
  isPublicAddress,
  literalAddress,
  type Resolve,
  type Resolved,
  resolveBySystem,
} from './public-address.ts';

export type WebhookCall = { url: string; headers: Readonly<Record<string, string>>; body: string };
export type WebhookAnswer = {
  /** Null where no answer came. */
  status: number | null;
  /** Null where it was taken: status 200–299. */
  cause: Cause | null;
  latencyMs: number;
  /** The beginning of the answer's body. */
  response: string;
  /** What the endpoint asks for by `Retry-After`. */
  retryAfterMs: number | null;
};
export type WebhookGateway = {
  /** What is wrong with a URL, as the end of a sentence; undefined where it may be called. */
  refuse(url: string): string | undefined;
  /** One POST. It never throws, and ends within the time-out. */
  send(call: WebhookCall): Promise<WebhookAnswer>;
};

export type WebhookGatewayOptions = {
  /** On one machine only: loopback addresses too, there with `http` and any port. */
  allowLoopback?: boolean;
  resolve?: Resolve;
  /** Certificates to trust instead of the system's. */
  ca?: string;
  timeoutMs?: number;
};

/** For the answer's status: connecting included. */
const TIMEOUT_MS = 10 * SECOND;
/** Once the status is there, its body is waited for no longer than this: it is only shown. */
const BODY_MS = SECOND;
const MOST_BODY_BYTES = 1_024;
const MOST_SHOWN = 256;
const PORTS = ['', '443', '8443'];

type Checked = { url: URL; host: string; addresses: readonly Resolved[] };

export function webhookGateway(options: WebhookGatewayOptions = {}): WebhookGateway {
  const { allowLoopback = false, resolve = resolveBySystem, timeoutMs = TIMEOUT_MS } = options;

  const mayCall = (url: URL, address: string): boolean =>
    (url.protocol === 'https:' && PORTS.includes(url.port) && isPublicAddress(address)) ||
    (allowLoopback && isLoopbackAddress(address));

  async function check(text: string): Promise<Checked | { cause: Cause }> {
    if (refuseUrl(text, allowLoopback) !== undefined) return { cause: 'address' };
    const url = new URL(text);
    const host = hostOf(url);
    const literal = literalAddress(host);
    const found = literal === undefined ? await resolve(host).catch(() => []) : [{ address: literal, family: 0 }];
    if (found.length === 0) return { cause: 'dns' };
    // One that is not allowed spoils them all: nobody needs a mixture.
    return found.every(({ address }) => mayCall(url, address)) ? { url, host, addresses: found } : { cause: 'address' };
  }

  return {
    refuse: (url) => refuseUrl(url, allowLoopback),
    send: async (call) => {
      const startedAt = machineClock.now();
      const failed = (cause: Cause): WebhookAnswer => ({
        status: null,
        cause,
        latencyMs: machineClock.now() - startedAt,
        response: '',
        retryAfterMs: null,
      });
      let isOver = false;
      let end: (() => void) | undefined;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<WebhookAnswer>((resolveLate) => {
        timer = setTimeout(() => resolveLate(failed('timeout')), timeoutMs);
      });
      const work = async (): Promise<WebhookAnswer> => {
        const checked = await check(call.url);
        if ('cause' in checked) return failed(checked.cause);
        if (isOver) return failed('timeout');
        const posted = post(checked, call, options.ca);
        end = posted.end;
        const answer = await posted.answer;
        return 'cause' in answer ? failed(answer.cause) : answerOf(answer, machineClock.now() - startedAt);
      };
      try {
        return await Promise.race([work(), late]);
      } catch {
        return failed('connect');
      } finally {
        isOver = true;
        clearTimeout(timer);
        end?.();
      }
    },
  };
}

/** What can be told from the URL alone. */
function refuseUrl(text: string, allowLoopback: boolean): string | undefined {
  if (!URL.canParse(text)) return 'is not a URL';
  const url = new URL(text);
  const host = hostOf(url);
  const literal = literalAddress(host);
  if (url.username !== '' || url.password !== '') return 'must not hold a user or password';
  const isLoopback = literal === undefined ? /^(?:.+\.)?localhost$/.test(host) : isLoopbackAddress(literal);
  if (allowLoopback && isLoopback && /^https?:$/.test(url.protocol)) return undefined;
  if (url.protocol !== 'https:') return 'must begin with https://';
  if (!PORTS.includes(url.port)) return 'must use port 443 or 8443';
  if (literal === undefined ? isLoopback || !host.includes('.') : !isPublicAddress(literal))
    return 'must name a public host';
  return undefined;
}

type Answered = { status: number; retryAfter: string | undefined; body: string };

/** Posts to the checked addresses and nowhere else; the name stays in `Host`, in SNI and in what the certificate must say. */
function post(
  { url, host, addresses }: Checked,
  call: WebhookCall,
  ca: string | undefined,
): { answer: Promise<Answered | { cause: Cause }>; end: () => void } {
  const lookup: LookupFunction = (_host, { all }, callback) => {
    const [first] = addresses;
    if (all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family ?? 4);
  };
  const body = Buffer.from(call.body);
  const request = (url.protocol === 'http:' ? http : https).request({
    host,
    port: url.port === '' ? undefined : Number(url.port),
    path: `${url.pathname}${url.search}`,
    method: 'POST',
    headers: { ...call.headers, 'content-length': String(body.length) },
    agent: false,
    lookup,
    ...(ca === undefined ? {} : { ca }),
  });
  const answer = new Promise<Answered | { cause: Cause }>((resolve) => {
    request.on('error', (error: NodeJS.ErrnoException) => resolve({ cause: causeOf(error) }));
    request.on('response', (response) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      const done = (): void => {
        clearTimeout(timer);
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
          body: Buffer.concat(parts).subarray(0, MOST_BODY_BYTES).toString(),
        });
      };
      const timer = setTimeout(done, BODY_MS);
      response.on('data', (part: Buffer) => {
        parts.push(part);
        bytes += part.length;
        if (bytes >= MOST_BODY_BYTES) done();
      });
      response.on('end', done);
      response.on('error', done);
    });
  });
  request.end(body);
  return { answer, end: () => request.destroy() };
}

function answerOf({ status, retryAfter, body }: Answered, latencyMs: number): WebhookAnswer {
  return {
    status,
    cause: causeOfStatus(status),
    latencyMs,
    response: body.replaceAll(/[^\P{C}\n\t]/gu, '').slice(0, MOST_SHOWN),
    retryAfterMs: retryAfter === undefined ? null : retryAfterMs(retryAfter),
  };
}

function causeOfStatus(status: number): Cause | null {
  if (status >= 200 && status < 300) return null;
  if (status === 410) return 'gone';
  return status >= 300 && status < 400 ? 'redirect' : 'status';
}

/** `Retry-After` in milliseconds from now: whole seconds, or an HTTP date; null for anything else. */
function retryAfterMs(text: string): number | null {
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * SECOND;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - machineClock.now());
}

function causeOf({ code = '' }: NodeJS.ErrnoException): Cause {
  if (/^(?:ENOTFOUND|EAI_)/.test(code)) return 'dns';
  return /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO|ERR_OSSL)/.test(code) ? 'tls' : 'connect';
}
