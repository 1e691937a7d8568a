/** The shortest way of the SDK's own requests to an engine on this machine: nothing signed, a kept-alive connection, the answer in one piece. */
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { RequestSigner } from '@smithy/types';
import { type Dispatcher, Pool } from 'undici';

type Request = Parameters<NodeHttpHandler['handle']>[0];
type Options = Parameters<NodeHttpHandler['handle']>[1];
type Answer = Awaited<ReturnType<NodeHttpHandler['handle']>>;
type Headers = Answer['response']['headers'];

/** Enough for every call in flight. */
const CONNECTIONS = 128;
const IDLE_MS = 30_000;

/**
 * What a client of the SDK is made with for a bundled engine. It wants a signature to be there and never looks at it, and is
 * watched, so that no time-outs are needed: with this a call takes a third of the processor time.
 */
export const loopback = (
  endpoint: string,
  service: string,
): { requestHandler: NodeHttpHandler; signer: RequestSigner } => ({
  requestHandler: new LoopbackHandler(endpoint),
  signer: unsigned(service),
});

/** Steps of the SDK's clients that say things only AWS listens to: who calls, from which Lambda. */
const FOR_AWS_ONLY = ['getUserAgentMiddleware', 'recursionDetectionMiddleware', 'loggerMiddleware'];

export function leaveOutForAws(stack: { remove: (name: string) => boolean }): void {
  for (const name of FOR_AWS_ONLY) stack.remove(name);
}

const unsigned = (service: string): RequestSigner => ({
  sign: async (request) => {
    request.headers['x-amz-date'] = '20260101T000000Z';
    request.headers.authorization = `AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=none`;
    return request;
  },
});

/** No time-outs, no streams, no waiting for `100-continue`. */
class LoopbackHandler extends NodeHttpHandler {
  private readonly pool: Pool;

  constructor(endpoint: string) {
    super();
    this.pool = new Pool(endpoint, {
      connections: CONNECTIONS,
      keepAliveTimeout: IDLE_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Sends a request; rejects where the connection breaks before the whole answer is there, and where it is aborted. */
  override handle({ method, path, headers, body }: Request, { abortSignal }: Options = {}): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const chunks: Buffer[] = [];
    let statusCode = 0;
    let found: Headers = {};
    let controller: Dispatcher.DispatchController | undefined;
    const abort = (): void => controller?.abort(new DOMException('The call was aborted.', 'AbortError'));
    const signal = abortSignal as AbortSignal | undefined;
    const over = (): void => signal?.removeEventListener('abort', abort);
    signal?.addEventListener('abort', abort, { once: true });
    const order = { method: method as Dispatcher.HttpMethod, path, headers, body };
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
        reject(broken(error));
      },
    });
    return promise;
  }

  override destroy(): void {
    void this.pool.destroy();
    super.destroy();
  }
}

/** A connection that was lost is told of as Node's own connections do, so that the SDK tries the call again. */
function broken(error: Error & { code?: string }): Error {
  if (error.code !== 'UND_ERR_SOCKET') return error;
  return Object.assign(new Error(error.message, { cause: error }), { code: 'ECONNRESET' });
}
