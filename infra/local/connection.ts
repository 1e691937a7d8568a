/** How this machine's processes reach each other: loopback ports, kept-alive connections, credentials nobody checks. */
import { Agent } from 'node:http';
import { createServer } from 'node:net';

export const LOCAL_REGION = 'us-east-1';
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
export const LOOPBACK = '127.0.0.1';

/** Connections to one engine: enough for every call in flight, reused, closed after 30 idle seconds. */
export const pooledAgent = (): Agent =>
  new Agent({ keepAlive: true, maxSockets: 128, maxFreeSockets: 128, timeout: 30_000, scheduling: 'lifo' });

/** A port that was free a moment ago; who binds it must be ready to lose it and ask again. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, LOOPBACK, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
