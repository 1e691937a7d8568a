/** Counterparts that Python brings: moto, which is AWS as far as templates need it, and two readers of templates. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort, LOOPBACK } from '../../infra/local/connection.ts';

export const MOTO = 'moto 5.2.5';
export const CFN_LINT = 'cfn-lint 1.58.0';
export const CHECKOV = 'checkov 3.3.30';
const PACKAGES = ['moto[server,cloudformation,dynamodb,sqs]==5.2.5', 'cfn-lint==1.58.0', 'checkov==3.3.30'];
const FOLDER = '.parley/counterparts/python';
const PROBE_TIMEOUT_MS = 20_000;
const INSTALL_TIMEOUT_MS = 8 * 60_000;
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;

/** Python 3 with its own environments, and pip in them. */
export const hasPython = (): boolean =>
  spawnSync('python3', ['-c', 'import venv, ensurepip'], { timeout: PROBE_TIMEOUT_MS }).status === 0;

const binary = (name: string): string => join(resolve(FOLDER), 'bin', name);
const complete = (): string => join(resolve(FOLDER), `${PACKAGES.join('+').replaceAll(/[^\w.+=-]/g, '_')}.complete`);
/** Whether what the tests need has been fetched. */
export const hasPackages = (): boolean => existsSync(complete());

/** Fetches the packages unless they are there; a fetch that was interrupted begins again. It takes a minute or two, once. */
export async function fetchPackages(stopping: AbortSignal): Promise<void> {
  if (hasPackages()) return;
  rmSync(resolve(FOLDER), { recursive: true, force: true });
  mkdirSync(resolve(FOLDER), { recursive: true });
  await ended(spawn('python3', ['-m', 'venv', resolve(FOLDER)], { stdio: 'ignore', signal: stopping }));
  const words = ['install', '--quiet', '--disable-pip-version-check', ...PACKAGES];
  await ended(spawn(binary('pip'), words, { stdio: ['ignore', 'ignore', 'pipe'], signal: stopping }));
  writeFileSync(complete(), '');
}

/** Runs one of the tools over files; answers its standard output, whatever it exits with. */
export async function runTool(name: 'cfn-lint' | 'checkov', words: readonly string[]): Promise<string> {
  const child = spawn(binary(name), words, { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  await new Promise((done) => child.once('close', done));
  return output;
}

/** Starts moto's server on a free port, and answers once it takes requests. */
export async function startMoto(): Promise<{ url: string; stop: () => Promise<void> }> {
  const port = await freePort();
  const child = spawn(binary('moto_server'), ['-H', LOOPBACK, '-p', String(port)], { stdio: 'ignore' });
  const end = new Promise<void>((done) => child.once('exit', () => done()));
  // A process that ends by an error must not leave it behind.
  process.once('exit', () => child.kill('SIGKILL'));
  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await end;
    clearTimeout(timer);
  };
  const url = `http://${LOOPBACK}:${port}`;
  const timeEnds = performance.now() + START_TIMEOUT_MS;
  while (!(await answers(`${url}/moto-api/`))) {
    if (child.exitCode !== null || performance.now() > timeEnds) {
      await stop();
      throw new Error(`${MOTO} did not start`);
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  return { url, stop };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

async function ended(child: ChildProcess): Promise<void> {
  let said = '';
  child.stderr?.on('data', (data: Buffer) => {
    said = (said + data.toString()).slice(-3_000);
  });
  const timer = setTimeout(() => child.kill('SIGTERM'), INSTALL_TIMEOUT_MS);
  const code = await new Promise<number | string>((done) => {
    child.once('error', (error) => done(error.message));
    child.once('close', (status, signal) => done(status ?? signal ?? 'ended'));
  });
  clearTimeout(timer);
  if (code !== 0) throw new Error(`Python's packages could not be fetched (${code}):\n${said}`);
}
