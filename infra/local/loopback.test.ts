import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, it } from 'vitest';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from './connection.ts';
import { LoopbackHandler, lighten } from './loopback.ts';

let server: Server;
let client: DynamoDBClient;
const serving = async (listener: RequestListener) => {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = LOCAL_CREDENTIALS;
  const own = { endpoint, region: LOCAL_REGION, credentials, maxAttempts: 2 };
  client = new DynamoDBClient({ ...own, requestHandler: new LoopbackHandler(endpoint, 'dynamodb') });
  lighten(client);
};
afterEach(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

it('brings an answer that comes in pieces, and asks with a signature that nobody made', async () => {
  let authorization = '';
  await serving((request, response) => {
    authorization = request.headers.authorization ?? '';
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.write('{"TableNames":["é');
    setTimeout(() => response.end('t"]}'), 20);
  });
  expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual(['ét']);
  expect(authorization).toContain('/dynamodb/aws4_request');
});

it('tries again where the connection is lost before the answer is whole', async () => {
  let calls = 0;
  await serving((request, response) => {
    calls += 1;
    if (calls === 1) {
      response.write('{"Tab');
      setTimeout(() => request.socket.destroy(), 20);
      return;
    }
    response.end('{"TableNames":[]}');
  });
  expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
  expect(calls).toBe(2);
});

it('gives up at once when it is told to', async () => {
  const stop = new AbortController();
  await serving(() => setTimeout(() => stop.abort(), 20));
  const begun = performance.now();
  await expect(client.send(new ListTablesCommand({}), { abortSignal: stop.signal })).rejects.toThrow();
  expect(performance.now() - begun).toBeLessThan(5_000);
});
