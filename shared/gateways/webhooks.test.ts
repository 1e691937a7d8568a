import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isPublicAddress, type Resolved } from './public-address.ts';
import { webhookGateway } from './webhooks.ts';

const call = (url: string) => ({ url, headers: { 'content-type': 'application/json' }, body: '{"a":1}' });
const v4 = (address: string): Resolved => ({ address, family: 4 });
const servers: http.Server[] = [];

/** Serves on a loopback address and any port; answers the port. */
async function serve(handle: http.RequestListener, address = '127.0.0.1', tls?: https.ServerOptions): Promise<number> {
  const server = tls === undefined ? http.createServer(handle) : https.createServer(tls, handle);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, address, done));
  return (server.address() as AddressInfo).port;
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

describe('an address', () => {
  it.each(['93.184.215.14', '8.8.8.8', '2606:2800:21f:cb07:6820:80da:af6b:8b2c', '2a00:1450:4001:82b::200e'])(
    '%s is of the public internet',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
  it.each([
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['loopback', '::1'],
    ['unspecified', '0.0.0.0'],
    ['unspecified', '::'],
    ['this network', '0.1.2.3'],
    ['link-local', '169.254.0.1'],
    ['cloud metadata', '169.254.169.254'],
    ['cloud metadata', 'fd00:ec2::254'],
    ['container metadata', '169.254.170.2'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['unique local', 'fc00::1'],
    ['site-local', 'fec0::1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['carrier-grade NAT', '100.127.255.255'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation', '2001:db8::1'],
    ['benchmarking', '198.18.0.1'],
    ['IPv4-mapped', '::ffff:127.0.0.1'],
    ['IPv4-mapped, of a public address too', '::ffff:8.8.8.8'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['local NAT64', '64:ff9b:1::a00:1'],
    ['6to4', '2002:7f00:1::1'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['another spelling', '0x7f.1'],
    ['another spelling', '2130706433'],
    ['no address', 'example.com'],
  ])('that is %s is not: %s', (_what, address) => expect(isPublicAddress(address)).toBe(false));
});

describe('a URL', () => {
  const gateway = webhookGateway();
  it.each([
    'https://hooks.example.com/in?x=1',
    'https://hooks.example.com:8443/',
    'https://xn--bcher-kva.example/',
    'https://bücher.example/',
    'https://93.184.215.14/',
    'https://hooks.example.com./',
  ])('%s may be called', (url) => expect(gateway.refuse(url)).toBeUndefined());
  it.each([
    ['plain http', 'http://hooks.example.com/'],
    ['another scheme', 'file:///etc/passwd'],
    ['another scheme', 'gopher://hooks.example.com/'],
    ['another port', 'https://hooks.example.com:22/'],
    ['another port', 'https://hooks.example.com:6379/'],
    ['a user', 'https://user:pass@hooks.example.com/'],
    ['one label', 'https://localhost/'],
    ['one label', 'https://localhost./'],
    ['one label', 'https://metadata/'],
    ['a name of this machine', 'https://hooks.localhost/'],
    ['loopback', 'https://127.0.0.1/'],
    ['loopback with a trailing dot', 'https://127.0.0.1./'],
    ['loopback in decimal', 'https://2130706433/'],
    ['loopback in octal', 'https://0177.0.0.1/'],
    ['loopback in hex', 'https://0x7f000001/'],
    ['loopback, shortened', 'https://127.1/'],
    ['loopback in full-width digits', 'https://１２７.0.0.1/'],
    ['IPv4-mapped loopback', 'https://[::ffff:127.0.0.1]/'],
    ['IPv6 loopback', 'https://[::1]/'],
    ['metadata', 'https://169.254.169.254/latest/meta-data/'],
    ['metadata in hex', 'https://0xA9FEA9FE/'],
    ['not a URL', 'hooks.example.com'],
  ])('with %s may not: %s', async (_what, url) => {
    expect(gateway.refuse(url)).toEqual(expect.any(String));
    expect(await gateway.send(call(url))).toMatchObject({ status: null, cause: 'address' });
  });

  it('of this machine may be called where the setting for one machine is made, and only there', async () => {
    const local = webhookGateway({ allowLoopback: true });
    expect(local.refuse('http://127.0.0.1:4000/')).toBeUndefined();
    expect(local.refuse('http://localhost:4000/')).toBeUndefined();
    expect(local.refuse('http://hooks.example.com/')).toEqual(expect.any(String));
    expect(local.refuse('https://hooks.example.com:4000/')).toEqual(expect.any(String));
    expect(local.refuse('https://169.254.169.254/')).toEqual(expect.any(String));
    expect(local.refuse('http://192.168.0.1/')).toEqual(expect.any(String));
    const intranet = webhookGateway({ allowLoopback: true, resolve: async () => [v4('192.168.0.1')] });
    expect(await intranet.send(call('https://hooks.example.com/'))).toMatchObject({ cause: 'address' });
  });
});

describe('a host', () => {
  it.each([
    ['private', [v4('10.0.0.1')]],
    ['metadata', [v4('169.254.169.254')]],
    ['IPv4-mapped', [{ address: '::ffff:10.0.0.1', family: 6 }]],
    ['a mixture', [v4('93.184.215.14'), v4('127.0.0.1')]],
  ])('that resolves to %s is not called', async (_what, addresses) => {
    const gateway = webhookGateway({ resolve: async () => addresses });
    expect(await gateway.send(call('https://hooks.example.com/'))).toMatchObject({ status: null, cause: 'address' });
  });

  it('that does not resolve is said so', async () => {
    const gateway = webhookGateway({ resolve: () => Promise.reject(new Error('ENOTFOUND')) });
    expect(await gateway.send(call('https://hooks.example.com/'))).toMatchObject({ status: null, cause: 'dns' });
  });

  it('that changes its mind after the check leads nowhere: it is resolved once, and the checked address called', async () => {
    const hits: string[] = [];
    const answers = [[v4('127.0.0.1')], [v4('127.0.0.2')]];
    let asked = 0;
    const port = await serve((request, response) => {
      hits.push(request.socket.localAddress ?? '');
      response.end('ok');
    }, '0.0.0.0');
    const resolve = async () => answers[Math.min(asked++, 1)] ?? [];
    const gateway = webhookGateway({ allowLoopback: true, resolve });
    expect(await gateway.send(call(`http://localhost:${port}/`))).toMatchObject({ status: 200, cause: null });
    expect(asked).toBe(1);
    expect(hits).toEqual(['127.0.0.1']);
  });
});

describe('an endpoint', () => {
  const gateway = webhookGateway({ allowLoopback: true, timeoutMs: 400 });

  it('gets one POST with the body to the letter', async () => {
    const seen: unknown[] = [];
    const port = await serve((request, response) => {
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () => {
        seen.push([request.method, request.url, request.headers['content-type'], request.headers.host, body]);
        response.statusCode = 202;
        response.end('taken');
      });
    });
    const answer = await gateway.send(call(`http://127.0.0.1:${port}/in?x=1`));
    expect(answer).toMatchObject({ status: 202, cause: null, response: 'taken', retryAfterMs: null });
    expect(seen).toEqual([['POST', '/in?x=1', 'application/json', `127.0.0.1:${port}`, '{"a":1}']]);
  });

  it.each([301, 302, 307, 308])('that redirects (%i) to a private address is not followed', async (status) => {
    let hits = 0;
    const inner = await serve((_request, response) => {
      hits += 1;
      response.end();
    });
    const port = await serve((_request, response) => {
      response.writeHead(status, { location: `http://127.0.0.1:${inner}/` });
      response.end();
    });
    expect(await gateway.send(call(`http://127.0.0.1:${port}/`))).toMatchObject({ status, cause: 'redirect' });
    expect(hits).toBe(0);
  });

  it.each([
    [400, 'status'],
    [410, 'gone'],
    [500, 'status'],
  ])('that answers %i has failed: %s', async (status, cause) => {
    const port = await serve((_request, response) => {
      response.statusCode = status;
      response.end('no');
    });
    expect(await gateway.send(call(`http://127.0.0.1:${port}/`))).toMatchObject({ status, cause, response: 'no' });
  });

  it('may ask for a pause in seconds', async () => {
    const port = await serve((_request, response) => {
      response.writeHead(503, { 'retry-after': '120' });
      response.end();
    });
    expect(await gateway.send(call(`http://127.0.0.1:${port}/`))).toMatchObject({ status: 503, retryAfterMs: 120_000 });
  });

  it('that never answers is left after the time-out', async () => {
    const port = await serve(() => undefined);
    expect(await gateway.send(call(`http://127.0.0.1:${port}/`))).toMatchObject({ status: null, cause: 'timeout' });
  });

  it('that drips its head byte by byte is left after the time-out', async () => {
    const port = await serve((request) => {
      const { socket } = request;
      const timer = setInterval(() => socket.write('H'), 50);
      socket.on('close', () => clearInterval(timer));
      socket.on('error', () => undefined);
    });
    const { status, cause } = await gateway.send(call(`http://127.0.0.1:${port}/`));
    expect(status).toBeNull();
    expect(['timeout', 'connect']).toContain(cause);
  });

  it('that sends a body without end is cut off; its status counts', async () => {
    let sent = 0;
    const port = await serve((_request, response) => {
      response.writeHead(200);
      const pump = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 97))) sent += 65_536;
      };
      response.on('drain', pump);
      pump();
    });
    const answer = await gateway.send(call(`http://127.0.0.1:${port}/`));
    expect(answer).toMatchObject({ status: 200, cause: null });
    expect(answer.response).toBe('a'.repeat(256));
    expect(sent).toBeLessThan(50_000_000);
  });

  it('that nobody serves is said so', async () => {
    const port = await serve(() => undefined);
    const server = servers.pop();
    await new Promise((done) => server?.close(done));
    expect(await gateway.send(call(`http://127.0.0.1:${port}/`))).toMatchObject({ status: null, cause: 'connect' });
  });
});

describe('TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-tls-'));
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  beforeAll(() => {
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
    openssl(
      ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ca'.split(' '),
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
    );
    openssl(
      ...'req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=hooks.localhost -addext subjectAltName=DNS:hooks.localhost -keyout key.pem -out csr.pem'.split(
        ' ',
      ),
    );
    openssl(
      ...'x509 -req -in csr.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -copy_extensions copy -out cert.pem'.split(
        ' ',
      ),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const gatewayOf = (ca?: string) =>
    webhookGateway({
      allowLoopback: true,
      resolve: async () => [v4('127.0.0.1')],
      ...(ca === undefined ? {} : { ca }),
    });
  const serveTls = (handle: http.RequestListener) =>
    serve(handle, '127.0.0.1', { key: read('key.pem'), cert: read('cert.pem') });

  it('checks the certificate against the name, though the connection goes to the checked address', async () => {
    const seen: unknown[] = [];
    const port = await serveTls((request, response) => {
      seen.push([request.headers.host, (request.socket as import('node:tls').TLSSocket).servername]);
      response.end();
    });
    const gateway = gatewayOf(read('ca.pem'));
    expect(await gateway.send(call(`https://hooks.localhost:${port}/`))).toMatchObject({ status: 200, cause: null });
    expect(seen).toEqual([[`hooks.localhost:${port}`, 'hooks.localhost']]);
    expect(await gateway.send(call(`https://other.localhost:${port}/`))).toMatchObject({
      status: null,
      cause: 'tls',
    });
  });

  it('refuses a certificate that nobody known has signed', async () => {
    const port = await serveTls((_request, response) => response.end());
    expect(await gatewayOf().send(call(`https://hooks.localhost:${port}/`))).toMatchObject({ cause: 'tls' });
  });
});
