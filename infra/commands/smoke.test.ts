/** The smoke test against the whole marketplace over HTTP, and against one that is broken. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParley, dataOf } from '../../shared/client/client.ts';
import { type Marketplace, openMarketplace } from '../local/marketplace.ts';
import { smokeTest } from './smoke/walk.ts';

const COMMAND = fileURLToPath(new URL('./smoke.ts', import.meta.url));
let folder: string;
let market: Marketplace;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-smoke-'));
  market = await openMarketplace({ dataFolder: join(folder, 'data'), port: 0, terminal: () => undefined });
}, 60_000);
afterAll(async () => {
  await market.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function walk(api: string, more: Partial<Parameters<typeof smokeTest>[0]> = {}) {
  const lines: string[] = [];
  const code = await smokeTest({ api, say: (line) => lines.push(line), ...more });
  return { code, lines };
}

async function keysOf(
  kind: 'company' | 'provider',
): Promise<{ revoked: number; live: number; secret: () => Promise<string> }> {
  const { token, organisations } = await dataOf(
    createParley({ baseUrl: market.baseUrl }).POST('/dev/sign-in', { body: { email: 'smoke@test.example' } }),
  );
  const organisation = organisations.find((id) => id.startsWith(kind === 'company' ? 'co_' : 'pr_'));
  const owner = createParley({
    baseUrl: market.baseUrl,
    token,
    ...(organisation === undefined ? {} : { organisation }),
  });
  const { items } = await dataOf(owner.GET('/v1/api-keys'));
  const revoked = items.filter(({ revokedAt }) => revokedAt !== null).length;
  const secret = async () => {
    const roles = [kind === 'company' ? ('company.operator' as const) : ('provider.agent' as const)];
    return (await dataOf(owner.POST('/v1/api-keys', { body: { name: 'given', roles, sandbox: true } }))).secret ?? '';
  };
  return { revoked, live: items.length - revoked, secret };
}

describe('the smoke test', () => {
  it('walks the whole job on one machine, again and again, and leaves no key behind', async () => {
    for (let n = 1; n <= 2; n++) {
      const { code, lines } = await walk(market.baseUrl);
      expect(lines.filter((line) => line.includes('✗'))).toEqual([]);
      expect(code).toBe(0);
      expect(lines.at(-1)).toMatch(/^All \d+ steps went as they should\.$/);
      for (const kind of ['company', 'provider'] as const)
        expect(await keysOf(kind)).toMatchObject({ live: 0, revoked: n });
    }
  });

  it('acts with sandbox keys that are given, and with no others', async () => {
    const keys = {
      company: await (await keysOf('company')).secret(),
      provider: await (await keysOf('provider')).secret(),
    };
    expect((await walk(market.baseUrl, { keys })).code).toBe(0);
    const wrong = await walk(market.baseUrl, { keys: { ...keys, company: 'parley_co_1abc_real' } });
    expect(wrong.code).toBe(1);
    expect(wrong.lines.join('\n')).toContain('these are no sandbox keys');
  });

  it('ends with 1 and names the step where a part of the market does not work', async () => {
    const broken = await proxyBreaking('/confirm');
    try {
      const { code, lines } = await walk(broken.url);
      expect(code).toBe(1);
      expect(lines.at(-2)).toMatch(/✗ The company confirms another one itself: 500 internal/);
      expect(lines.at(-1)).toMatch(/^Stopped at step 11 of 16\./);
    } finally {
      broken.server.closeAllConnections();
      broken.server.close();
    }
    expect(await keysOf('company')).toMatchObject({ live: 1 });
  }, 60_000);

  it('is a command: 0 where all is well, 1 where nobody answers, 2 for half of its keys', async () => {
    expect(await run(['--api', market.baseUrl])).toBe(0);
    expect(await run(['--api', 'http://127.0.0.1:9'])).toBe(1);
    expect(await run(['--api', market.baseUrl], { PARLEY_SMOKE_COMPANY_KEY: 'one' })).toBe(2);
  }, 60_000);
});

function run(words: string[], more: NodeJS.ProcessEnv = {}): Promise<number | null> {
  const child = spawn(process.execPath, [COMMAND, ...words], { stdio: 'ignore', env: { ...process.env, ...more } });
  return new Promise((done) => child.once('exit', done));
}

/** Passes every call on to the market but those whose path ends so: these fail inside. */
async function proxyBreaking(end: string): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url?.endsWith(end) === true) {
        const problem = { type: 'about:blank', title: 'Internal', status: 500, code: 'internal', detail: 'It broke.' };
        response.writeHead(500, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
        return;
      }
      const { host: _host, connection: _connection, ...headers } = request.headers;
      const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
      fetch(`${market.baseUrl}${request.url}`, {
        method: request.method ?? 'GET',
        headers: headers as Record<string, string>,
        ...body,
      })
        .then(async (answer) => {
          const type = answer.headers.get('content-type');
          response
            .writeHead(answer.status, type === null ? {} : { 'content-type': type })
            .end(Buffer.from(await answer.arrayBuffer()));
        })
        .catch(() => response.writeHead(502).end());
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
