import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { CannotStart } from './cannot-start.ts';
import { type Front, type FrontParts, startFront } from './front.ts';
import { Gate } from './gate.ts';
import { httpAnswer, httpEvent } from './http-event.ts';

let fronts: Front[] = [];
afterEach(async () => {
  await Promise.all(fronts.map((front) => front.stop()));
  fronts = [];
});

type Call = { name: string; event: Record<string, unknown>; requestId: string };

async function frontWith(parts: Partial<FrontParts> = {}, answer: unknown = { statusCode: 200, body: 'fine' }) {
  const calls: Call[] = [];
  const front = await startFront(0, {
    match: (method, path) => {
      if (!path.startsWith('/v1/') && !path.startsWith('/dev/')) return undefined;
      if (method === 'DELETE') return { methodNotAllowed: true, allow: ['GET', 'POST'] };
      const isLocal = path.startsWith('/dev/');
      const params: Record<string, string> = isLocal ? {} : { thing: decodeURIComponent(path.slice(4)) };
      const template = isLocal ? '/dev/sign-in' : '/v1/{thing}';
      return {
        route: { id: 'thing', function: isLocal ? 'local' : 'company', method: method as 'GET', path: template },
        params,
      };
    },
    run: async (name, event, requestId) => {
      calls.push({ name, event: event as Record<string, unknown>, requestId });
      return answer;
    },
    ungated: new Set(),
    gate: new Gate(),
    page: () => undefined,
    log: () => undefined,
    ...parts,
  });
  fronts.push(front);
  return { front, calls, url: `http://127.0.0.1:${front.port}` };
}

describe('the front', () => {
  it('hands a call to its function as an HTTP API does', async () => {
    const { url, calls } = await frontWith();
    const answer = await fetch(`${url}/v1/a%20b?x=1&x=2&y=%C3%A4`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Two': 'a', Cookie: 'k=v; l=w', 'User-Agent': 'test' },
      body: '{"n":1}',
    });
    expect(await answer.text()).toBe('fine');
    expect(calls).toHaveLength(1);
    const [{ name, event, requestId } = { name: '', event: {}, requestId: '' }] = calls;
    expect(name).toBe('company');
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'POST /v1/{thing}',
      rawPath: '/v1/a%20b',
      rawQueryString: 'x=1&x=2&y=%C3%A4',
      cookies: ['k=v', 'l=w'],
      headers: { 'content-type': 'application/json', 'x-two': 'a', 'user-agent': 'test' },
      queryStringParameters: { x: '1,2', y: 'ä' },
      pathParameters: { thing: 'a b' },
      body: '{"n":1}',
      isBase64Encoded: false,
      requestContext: {
        http: { method: 'POST', path: '/v1/a%20b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
        requestId,
        routeKey: 'POST /v1/{thing}',
        stage: '$default',
      },
    });
    expect((event.headers as Record<string, string>).cookie).toBeUndefined();
  });

  it('writes status, headers, cookies and body of a function’s answer', async () => {
    const { url } = await frontWith(
      {},
      {
        statusCode: 201,
        headers: { 'Content-Type': 'text/plain', 'X-Count': 3 },
        cookies: ['a=1', 'b=2'],
        body: Buffer.from('made').toString('base64'),
        isBase64Encoded: true,
      },
    );
    const answer = await fetch(`${url}/v1/x`);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-count')).toBe('3');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await answer.text()).toBe('made');
  });

  it('answers unknown paths and methods with a problem, people with a page', async () => {
    const { url, calls } = await frontWith();
    const unknown = await fetch(`${url}/nowhere`);
    expect([unknown.status, unknown.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    expect(await unknown.json()).toMatchObject({ code: 'not_found', status: 404 });
    const seen = await fetch(`${url}/nowhere`, { headers: { accept: 'text/html' } });
    expect([seen.status, seen.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    const wrong = await fetch(`${url}/v1/x`, { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, POST']);
    expect(calls).toEqual([]);
  });

  it('takes a body of 256 KB and cuts off what is larger, said or not', async () => {
    const { url, calls } = await frontWith();
    const limit = 256 * 1024;
    expect((await fetch(`${url}/v1/x`, { method: 'POST', body: 'x'.repeat(limit) })).status).toBe(200);
    const said = await fetch(`${url}/v1/x`, { method: 'POST', body: 'x'.repeat(limit + 1) });
    expect(said.status).toBe(413);
    expect(await said.json()).toMatchObject({ code: 'body_too_large' });
    const unsaid = await new Promise<number | undefined>((resolve, reject) => {
      const call = request(`${url}/v1/x`, { method: 'POST' }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      call.once('error', reject);
      for (let n = 0; n < 20; n++) call.write('x'.repeat(64 * 1024));
      call.end();
    });
    expect(unsaid).toBe(413);
    expect(calls).toHaveLength(1);
  });

  it('says that something went wrong, and nothing more, when a function fails', async () => {
    const { url } = await frontWith({ run: async () => Promise.reject(new Error('secret detail')) });
    const answer = await fetch(`${url}/v1/x`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret detail');
  });

  it('serves its own routes to this machine only', async () => {
    const { front, url, calls } = await frontWith();
    const refused = await fetch(`${url}/dev/sign-in`, { method: 'POST', headers: { origin: 'https://evil.example' } });
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([403, 'forbidden']);
    const rebound = await raw(
      front.port,
      'POST /dev/sign-in HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n',
    );
    expect(rebound).toMatch(/^HTTP\/1\.1 403/);
    expect(calls).toEqual([]);
    expect((await fetch(`${url}/dev/sign-in`, { method: 'POST' })).status).toBe(200);
  });

  it('lets calls wait while the gate is shut', async () => {
    const gate = new Gate();
    const { url, calls } = await frontWith({ gate });
    await gate.close(1_000);
    const waiting = fetch(`${url}/v1/x`);
    await new Promise((done) => setTimeout(done, 80));
    expect(calls).toHaveLength(0);
    gate.open();
    expect((await waiting).status).toBe(200);
  });

  it('says in words that its port is taken', async () => {
    const { front } = await frontWith();
    const parts = { match: () => undefined } as unknown as FrontParts;
    await expect(startFront(front.port, parts)).rejects.toThrow(CannotStart);
    await expect(startFront(front.port, parts)).rejects.toThrow(`Port ${front.port} is in use`);
  });
});

describe('an HTTP event', () => {
  const call = {
    method: 'POST',
    path: '/v1/x',
    query: '',
    headers: { 'content-type': 'application/octet-stream' },
    body: Buffer.from([0, 255]),
    sourceIp: '127.0.0.1',
    requestId: 'r1',
  };
  it('carries what is not text in base64, and leaves out what is not there', () => {
    const event = httpEvent(call, { key: 'POST /v1/x', params: {} }, Date.UTC(2026, 10, 22, 8, 5, 9));
    expect(event).toMatchObject({ body: 'AP8=', isBase64Encoded: true });
    expect(event).not.toHaveProperty('queryStringParameters');
    expect(event).not.toHaveProperty('pathParameters');
    expect(event.requestContext).toMatchObject({ time: '22/Nov/2026:08:05:09 +0000', timeEpoch: 1_795_334_709_000 });
  });
  it('turns a result without a status into a 200 of JSON', () => {
    expect(httpAnswer({ a: 1 })).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    });
  });
});

async function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.once('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}
