/** A runtime for tests on tables of their own, with clocks that stand until they are moved, and calls to a function's handler. */
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { ApiEvent, ApiResponse } from '../../functions/middleware/context.ts';
import { provideRuntime, type Runtime } from '../../functions/runtime.ts';
import { folderFiles } from '../../infra/local/files.ts';
import type { OutgoingMail } from '../../shared/gateways/mail.ts';
import { webhookGateway } from '../../shared/gateways/webhooks.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import type { Role, TokenClaims } from '../../shared/identity/identity.ts';
import { ok, refuse } from '../../shared/kernel/result.ts';
import type { Consumption, Tables } from '../../shared/kernel/table.ts';
import { machineClock } from '../../shared/kernel/time.ts';
import { ensureMarketOrganisation, MARKET_ORGANISATION } from '../../shared/organisation/organisation.store.ts';
import { newReceiptKey } from '../../shared/receipt/jws.ts';
import type { ReceiptKeys } from '../../shared/receipt/keys.ts';

export type ApiHandler = (event: ApiEvent, context: never) => Promise<ApiResponse>;
export type Answer = {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
  /** The body as it was sent. */
  text: string;
};
export type CallOptions = {
  params?: Record<string, string>;
  query?: Record<string, string>;
  /** Sent as JSON; `raw` is sent as it is, `bytes` as a gateway sends what is no text. */
  body?: unknown;
  raw?: string;
  bytes?: Uint8Array;
  token?: string;
  headers?: Record<string, string>;
};

const SIGNING_KEY = new Uint8Array(32).fill(7);

export class TestEdge {
  /** Business time in milliseconds. */
  now = Date.UTC(2026, 0, 15, 9);
  /** Machine time in milliseconds. */
  machineNow = Date.UTC(2030, 5, 1);
  readonly lines: { level: string; message: string; fields: Record<string, unknown> }[] = [];
  readonly consumed: { command: string; consumed: Consumption }[] = [];
  /** Attachments in a folder of the system's temporary ones, made when the first one comes. */
  readonly files = folderFiles(join(tmpdir(), `parley-files-${randomBytes(6).toString('hex')}`), SIGNING_KEY);
  readonly runtime: Runtime;
  readonly mails: OutgoingMail[] = [];
  /** The keys of receipts; a test may put others here. */
  receiptKeys: Promise<ReceiptKeys> = newReceiptKey(0).then((key) => [key]);
  private calls = 0;

  constructor(tables: Tables) {
    vi.spyOn(machineClock, 'now').mockImplementation(() => this.machineNow);
    this.runtime = {
      tables,
      clock: { now: () => this.now },
      send: async () => {},
      deadLetters: { list: async () => [], redrive: async () => [] },
      verifyToken: async (token) => this.verify(token),
      receiptKeys: () => this.receiptKeys,
      stripeAccess: async () => Promise.reject(new Error('this test has no Stripe')),
      stripeSecrets: async () => Promise.reject(new Error('this test has no Stripe')),
      mail: { isConfigured: true, send: async (mail) => void this.mails.push(mail) },
      siteUrl: () => 'https://parley.example',
      signingKey: SIGNING_KEY,
      webhooks: webhookGateway({ allowLoopback: true }),
      files: this.files,
      recordConsumption: (command, consumed) => this.consumed.push({ command, consumed: { ...consumed } }),
      log: (level, message, fields = {}) => this.lines.push({ level, message, fields }),
    };
    provideRuntime(this.runtime);
  }

  /** A person's token; it needs no signature here. `expiresInMs` counts machine time. */
  person(user: string, expiresInMs = 3_600_000): string {
    const exp = (this.machineNow + expiresInMs) / 1_000;
    return `person:${JSON.stringify({ sub: user, email: `${user}@example.com`, token_use: 'access', client_id: 'test', 'cognito:groups': [], exp })}`;
  }

  private verify(token: string) {
    if (!token.startsWith('person:')) return refuse('unauthenticated', 'no token of this test');
    const claims = JSON.parse(token.slice(7)) as TokenClaims;
    return claims.exp * 1_000 <= this.machineNow ? refuse('token_expired', 'This test’s token is over.') : ok(claims);
  }

  /** A person who belongs to the market organisation. */
  async operator(user = 'operator', roles: Role[] = ['market.operator']): Promise<string> {
    await ensureMarketOrganisation(this.runtime.tables, this.now);
    const person = { user, email: `${user}@example.com`, roles };
    await addMember(this.runtime.tables, MARKET_ORGANISATION, person, this.now);
    return this.person(user);
  }

  /** Calls a handler as API Gateway would. */
  async call(handler: unknown, routeKey: string, options: CallOptions = {}): Promise<Answer> {
    const headers: Record<string, string> = { ...options.headers };
    if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`;
    const bytes = options.bytes === undefined ? undefined : Buffer.from(options.bytes).toString('base64');
    const text = bytes ?? options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    this.calls += 1;
    const event: ApiEvent = {
      routeKey,
      headers,
      ...(options.params ? { pathParameters: options.params } : {}),
      ...(options.query ? { queryStringParameters: options.query } : {}),
      ...(text === undefined ? {} : { body: text, isBase64Encoded: bytes !== undefined }),
      requestContext: { requestId: `call-${this.calls}` },
    };
    const response = await (handler as ApiHandler)(event, {} as never);
    return {
      status: response.statusCode,
      headers: response.headers,
      body: isJson(response) ? (JSON.parse(response.body) as Record<string, unknown>) : {},
      text: response.body,
    };
  }
}

const isJson = ({ headers, body }: ApiResponse): boolean =>
  body !== '' && /[/+]json(?:;|$)/.test(headers['content-type'] ?? '');
