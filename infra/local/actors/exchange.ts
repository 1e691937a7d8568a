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
        headers: Object.fromEntries(new Headers(init.headers)),
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
  const status = incoming.statusCode ?? 0;
  const hasBody = status !== 204 && status !== 304;
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Response(hasBody ? Buffer.concat(chunks) : null, { status, headers });
}
