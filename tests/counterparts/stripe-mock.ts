/** Stripe's own mock, built once by Go: it knows every v1 request of the API and refuses what the API does not take. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort, LOOPBACK } from '../../infra/local/connection.ts';

export const STRIPE_MOCK = 'stripe-mock 0.203.0';
const MODULE = 'github.com/stripe/stripe-mock@v0.203.0';
const FOLDER = '.parley/counterparts/stripe-mock-0.203.0';
const PROBE_TIMEOUT_MS = 20_000;
const BUILD_TIMEOUT_MS = 8 * 60_000;
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;

/** Go builds it. */
export const hasGo = (): boolean => spawnSync('go', ['version'], { timeout: PROBE_TIMEOUT_MS }).status === 0;

/** Builds it unless it is there, starts it on a free port, and answers once it takes requests. */
export async function startStripeMock(): Promise<{ url: string; stop: () => Promise<void> }> {
  const binary = join(resolve(FOLDER), 'stripe-mock');
  if (!existsSync(binary)) build();
  const port = await freePort();
  const child = spawn(binary, ['-http-addr', `${LOOPBACK}:${port}`], { stdio: 'ignore' });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  // A process that ends by an error must not leave it behind.
  process.once('exit', () => child.kill('SIGKILL'));
  const url = `http://${LOOPBACK}:${port}`;
  const stop = () => stopChild(child, ended);
  const timeEnds = performance.now() + START_TIMEOUT_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || performance.now() > timeEnds) {
      await stop();
      throw new Error(`${STRIPE_MOCK} did not start`);
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  return { url, stop };
}

function build(): void {
  const folder = resolve(FOLDER);
  mkdirSync(folder, { recursive: true });
  console.log(`${STRIPE_MOCK} is being built, once; this takes a minute`);
  const built = spawnSync('go', ['install', MODULE], {
    env: { ...process.env, GOBIN: folder },
    timeout: BUILD_TIMEOUT_MS,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`Go could not build ${MODULE}:\n${built.stderr.slice(-3_000)}`);
}

const answers = async (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
