import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const COMMAND = fileURLToPath(new URL('./start.ts', import.meta.url));
const LINUX = process.platform === 'linux' && process.arch === 'x64';

let folder: string;
let children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-start-'));
  // A folder that is known already: without it every start would fill the demo first.
  const marker = { kind: 'parley data folder', version: 1, createdAt: new Date().toISOString() };
  writeFileSync(join(folder, 'parley.json'), JSON.stringify(marker));
});
afterEach(async () => {
  for (const child of children) await ended(child, 'SIGKILL');
  const engine = enginePid();
  if (engine !== undefined && runs(engine)) process.kill(engine, 'SIGKILL');
  children = [];
  rmSync(folder, { recursive: true, force: true });
});

type Run = { child: ChildProcess; out: () => string; baseUrl: string };

function run(words: string[], environment: NodeJS.ProcessEnv = {}): { child: ChildProcess; out: () => string } {
  const child = spawn(process.execPath, [COMMAND, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, as a shell gives one to a command: Ctrl-C reaches all of it.
    detached: true,
    env: { ...process.env, ...environment },
  });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => {
      text += data.toString();
    });
  return { child, out: () => text };
}

/** Starts and waits until the marketplace says how to act. */
async function start(words: string[] = []): Promise<Run> {
  const { child, out } = run(['--data', folder, '--port', '0', '--no-web', ...words]);
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 50) {
    const baseUrl = /Parley is at (\S+)/.exec(out())?.[1];
    if (baseUrl !== undefined && out().includes('Ctrl-C')) return { child, out, baseUrl };
    if (child.exitCode !== null) break;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`it did not start: ${out()}`);
}

/** Ends a child with a signal, or waits for it to end by itself; its exit code. */
async function ended(child: ChildProcess, signal?: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((done) => child.once('exit', done));
    if (signal !== undefined) child.kill(signal);
    await gone;
  }
  return child.exitCode;
}

function enginePid(): number | undefined {
  try {
    return Number(readFileSync(join(folder, 'engine.pid'), 'utf8'));
  } catch {
    return undefined;
  }
}

function runs(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

const post = async (url: string, body: unknown, method: 'POST' | 'PUT' = 'POST') => {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

describe.runIf(LINUX)('npm start', () => {
  it('serves page, API, docs and health, and stops all it started when asked', async () => {
    const { child, out, baseUrl } = await start();
    expect(out()).toContain('/dev/sign-in');
    const health = await fetch(`${baseUrl}/healthz`);
    expect([health.status, ((await health.json()) as { status: string }).status]).toEqual([200, 'ok']);
    const page = await fetch(baseUrl);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('No queues yet.');
    expect(await (await fetch(`${baseUrl}/docs`)).text()).toContain('/docs/assets/swagger-ui.css');
    expect((await fetch(`${baseUrl}/docs/assets/swagger-ui.css`)).headers.get('content-type')).toContain('text/css');
    expect((await fetch(`${baseUrl}/docs/assets/package.json`)).status).toBe(404);
    const described = (await (await fetch(`${baseUrl}/v1/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(described.paths)).toContain('/v1/test-clock');
    const engine = enginePid() ?? 0;
    expect(runs(engine)).toBe(true);
    expect(await ended(child, 'SIGTERM')).toBe(0);
    expect(runs(engine)).toBe(false);
  });

  it('is the one owner of its folder; after kill -9 the next start stops what was left and has all data', async () => {
    const first = await start();
    await post(`${first.baseUrl}/v1/test-clock`, { mode: 'standing', now: '2020-01-01T00:00:00.000Z' }, 'PUT');
    const person = { email: 'ada@market.example', market: ['market.operator'] };
    await post(`${first.baseUrl}/dev/sign-in`, person);
    await post(`${first.baseUrl}/v1/test-clock/advance`, { to: '2020-02-01T00:00:00.000Z' });

    const second = run(['--data', folder, '--port', '0', '--no-web']);
    expect(await ended(second.child)).toBe(1);
    expect(second.out()).toContain(`is in use by process ${first.child.pid}`);

    const engine = enginePid() ?? 0;
    await ended(first.child, 'SIGKILL');
    expect(runs(engine)).toBe(true);
    const third = await start();
    expect(runs(engine)).toBe(false);
    const shown = await fetch(`${third.baseUrl}/v1/test-clock`);
    expect(await shown.json()).toMatchObject({ mode: 'standing', now: '2020-02-01T00:00:00.000Z' });
    const step = await post(`${third.baseUrl}/v1/test-clock/advance`, { to: '2020-02-01T00:00:00.000Z' });
    expect(step.body).toMatchObject({ complete: true });
    const { body } = await post(`${third.baseUrl}/dev/sign-in`, { email: 'ada@market.example' });
    expect(body.organisations).toEqual(['mk_market']);
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
    const last = enginePid() ?? 0;
    process.kill(-(third.child.pid ?? 0), 'SIGINT');
    expect(await ended(third.child)).toBe(0);
    expect(third.out()).not.toContain('was lost');
    expect(runs(last)).toBe(false);
  });

  it('ends, and says why, when its engine is lost', async () => {
    const { child, out } = await start();
    process.kill(enginePid() ?? 0, 'SIGKILL');
    expect(await ended(child)).toBe(1);
    expect(out()).toContain('The DynamoDB engine was lost');
  });
});

describe('npm start, asked for what cannot be,', () => {
  it('explains its options where one is unknown', async () => {
    const { child, out } = run(['--prot', '4001']);
    expect(await ended(child)).toBe(1);
    expect(out()).toMatch(/Unknown option '--prot'/);
    expect(out()).toContain('--no-actors');
  });

  it('refuses a port that is none', async () => {
    const { child, out } = run(['--port', '70000']);
    expect(await ended(child)).toBe(1);
    expect(out()).toContain("'70000' is not a port");
  });

  it('says that its port is taken, and leaves nothing behind', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as { port: number };
    const { child, out } = run(['--data', folder, '--port', String(port), '--no-web']);
    expect(await ended(child)).toBe(1);
    expect(out()).toContain(`Port ${port} is in use`);
    const engine = enginePid();
    if (engine !== undefined) expect(runs(engine)).toBe(false);
    await new Promise((done) => other.close(done));
  });

  it('never touches a folder with other people’s files', async () => {
    const own = mkdtempSync(join(tmpdir(), 'parley-own-'));
    writeFileSync(join(own, 'thesis.txt'), 'x');
    const { child, out } = run(['--data', own, '--fresh', '--port', '0', '--no-web']);
    expect(await ended(child)).toBe(1);
    expect(out()).toContain('is not a Parley data folder');
    expect(readFileSync(join(own, 'thesis.txt'), 'utf8')).toBe('x');
    rmSync(own, { recursive: true });
  });
});
