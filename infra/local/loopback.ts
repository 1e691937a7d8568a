/** The shortest way of the SDK's own requests to an engine on this machine: nothing signed, a kept-alive connection, the answer in one piece. */
import { setTimeout as sleep } from 'node:timers/promises';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type Dispatcher, Pool } from 'undici';

type Request = Parameters<NodeHttpHandler['handle']>[0];
type Options = Parameters<NodeHttpHandler['handle']>[1];
type Answer = Awaited<ReturnType<NodeHttpHandler['handle']>>;
type Headers = Answer['response']['headers'];

/** Enough for every call in flight. */
const CONNECTIONS = 128;
const IDLE_MS = 30_000;

/** What a request that breaks, or that the engine fails at, is tried in all. */
const ATTEMPTS = 3;
const PAUSE_MS = 50;

/**
 * The steps of the SDK's clients that are for AWS: who calls and from where, at which address, with whose signature, and how
 * often again. A bundled engine is at one address, on this machine, and watched; it wants a signature to be there and never
 * looks at it. What is left is the SDK's own writing and reading of calls: a fifth to a quarter less processor time for each.
 */
const FOR_AWS_ONLY = [
  'contentLengthMiddleware',
  'endpointV2Middleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'httpAuthSchemeMiddleware',
  'httpSigningMiddleware',
  'loggerMiddleware',
  'recursionDetectionMiddleware',
  'retryMiddleware',
] as const;

type Stack = { concat: (more: never) => unknown; remove: (name: string) => boolean };

/** Leaves them out of a client's steps, and of those that a command adds; `keep` names what its commands build on. */
export function leaveOutForAws(stack: Stack, keep: readonly (typeof FOR_AWS_ONLY)[number][] = []): void {
  const names = FOR_AWS_ONLY.filter((name) => !keep.includes(name));
  const concat = stack.concat;
  stack.concat = (more) => {
    const all = concat(more) as Stack;
    for (const name of names) all.remove(name);
    return all;
  };
}

type TableClient = { readonly config: object; middlewareStack: Stack };

/**
 * Makes the calls of a client of tables light. The steps that write and read a call copy the client's whole configuration
 * each time: one that inherits all has nothing to copy, and whoever looks into it finds the same.
 */
export function lighten(client: TableClient): void {
  leaveOutForAws(client.middlewareStack);
  Object.assign(client, { config: Object.create(client.config) as object });
}

/** Brings requests to a bundled engine: no time-outs, no streams, no waiting for `100-continue`. */
export class LoopbackHandler extends NodeHttpHandler {
  private readonly pool: Pool;
  private readonly signature: Readonly<Record<string, string>>;

  constructor(endpoint: string, service: string) {
    super();
    this.signature = {
      'x-amz-date': '20260101T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=none`,
    };
    this.pool = new Pool(endpoint, {
      connections: CONNECTIONS,
      keepAliveTimeout: IDLE_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /**
   * Sends a request, and again where the connection breaks before the whole answer is there or the engine fails. Rejects
   * where that does not help, and where it is aborted.
   */
  override async handle(request: Request, options?: Options): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt === ATTEMPTS;
      try {
        const answer = await this.send(request, options ?? {});
        if (answer.response.statusCode < 500 || isLast) return answer;
      } catch (error) {
        if (isLast || !isLost(error)) throw error;
      }
      await sleep(PAUSE_MS * attempt);
    }
  }

  private send({ method, path, headers, body }: Request, { abortSignal }: NonNullable<Options>): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const chunks: Buffer[] = [];
    let statusCode = 0;
    let found: Headers = {};
    let controller: Dispatcher.DispatchController | undefined;
    const abort = (): void => controller?.abort(new DOMException('The call was aborted.', 'AbortError'));
    const signal = abortSignal as AbortSignal | undefined;
    const over = (): void => signal?.removeEventListener('abort', abort);
    signal?.addEventListener('abort', abort, { once: true });
    const order = { method: method as Dispatcher.HttpMethod, path, headers: { ...headers, ...this.signature }, body };
    this.pool.dispatch(order, {
      onRequestStart: (begun) => {
        controller = begun;
        if (signal?.aborted === true) abort();
      },
      onResponseStart: (_controller, status, headersFound) => {
        statusCode = status;
        found = headersFound as Headers;
      },
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd: () => {
        over();
        const whole = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
        resolve({ response: { statusCode, headers: found, body: whole } });
      },
      onResponseError: (_controller, error) => {
        over();
        reject(error);
      },
    });
    return promise;
  }

  override destroy(): void {
    void this.pool.destroy();
    super.destroy();
  }
}

const isLost = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['UND_ERR_SOCKET', 'ECONNRESET'].includes(String(error.code));
