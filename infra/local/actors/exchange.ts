/**
 * The connection of the simulated actors: kept-alive HTTP with little work per call. A replay makes some hundred thousand
 * calls from the process that also serves them, where the platform's fetch costs as much as a simple handler.
 */
import { Agent, type IncomingMessage, request } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';

/** What `createParley` takes in place of the platform's fetch. */
export type Exchange = (url: string, init: RequestInit) => Promise<Response>;

const CONNECTIONS = { keepAlive: true, maxSockets: 64 };

/** An exchange over connections of its own. Calls are cut off by the caller's signal. */
export function newExchange(): Exchange {
  const plain = new Agent(CONNECTIONS);
  const secure = new SecureAgent(CONNECTIONS);
  return (url, init) =>
    new Promise((resolve, reject) => {
      const isSecure = url.startsWith('https:');
      const options = {
        method: init.method ?? 'GET',
        headers: Object.fromEntries(init.headers instanceof Headers ? init.headers : new Headers(init.headers)),
        agent: isSecure ? secure : plain,
        ...(init.signal ? { signal: init.signal } : {}),
      };
      const outgoing = (isSecure ? secureRequest : request)(url, options, (incoming) => {
        answerOf(incoming).then(resolve, reject);
      });
      outgoing.on('error', reject);
      outgoing.end(typeof init.body === 'string' ? init.body : undefined);
    });
}

async function answerOf(incoming: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return new Answer(incoming, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)) as unknown as Response;
}

/** So much of a `Response` as the client reads of one, without its streams. */
class Answer implements Pick<Response, 'status' | 'ok' | 'text' | 'json' | 'arrayBuffer'> {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Pick<Headers, 'get' | 'has'>;
  private readonly bytes: Buffer;

  constructor({ statusCode = 0, headers }: IncomingMessage, bytes: Buffer) {
    this.status = statusCode;
    this.ok = statusCode >= 200 && statusCode < 300;
    this.bytes = bytes;
    const get = (name: string) => {
      const value = headers[name.toLowerCase()];
      return value === undefined ? null : String(value);
    };
    this.headers = { get, has: (name) => get(name) !== null };
  }

  async text(): Promise<string> {
    return this.bytes.toString('utf8');
  }

  async json(): Promise<unknown> {
    return JSON.parse(this.bytes.toString('utf8'));
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(this.bytes).buffer;
  }
}
