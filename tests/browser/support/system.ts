/**
 * The system under test: what `npm start` starts, on a free port, with the demo. `BROWSER_URL` names one that runs
 * already, for work on a screen.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const READY_MS = 240_000;
const END_MS = 20_000;

declare module 'vitest' {
  interface ProvidedContext {
    baseUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const running = process.env.BROWSER_URL;
  if (running !== undefined) {
    project.provide('baseUrl', running.replace(/\/$/, ''));
    return undefined;
  }
  const system = await startSystem();
  project.provide('baseUrl', system.baseUrl);
  return system.stop;
}

/** Starts the system in a folder of its own, afresh or as it was left, and waits until its demo is filled. */
export async function startSystem({ isFresh = true } = {}): Promise<{ baseUrl: string; stop: () => Promise<void> }> {
  const how = ['--data', '.parley/browser', ...(isFresh ? ['--fresh'] : []), '--port', '0', '--no-actors'];
  const words = ['infra/commands/start.ts', ...how];
  const child = spawn(process.execPath, words, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      said += data.toString();
    });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const stop = async () => {
    child.kill('SIGINT');
    const late = setTimeout(() => child.kill('SIGKILL'), END_MS);
    await ended;
    clearTimeout(late);
  };
  const until = Date.now() + READY_MS;
  while (Date.now() < until && child.exitCode === null) {
    const baseUrl = /Parley is at (\S+)/.exec(said)?.[1];
    if (baseUrl !== undefined && said.includes('Ctrl-C')) return { baseUrl, stop };
    await new Promise((done) => setTimeout(done, 100));
  }
  await stop();
  throw new Error(`the system did not start:\n${said}`);
}
