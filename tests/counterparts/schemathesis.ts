/** Schemathesis, a fuzzer of OpenAPI descriptions that nobody here wrote: how pip brings it and how it is run. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export const VERSION = '4.32.0';
const PROBE_TIMEOUT_MS = 20_000;
const FETCH_TIMEOUT_MS = 8 * 60_000;

/** Why it cannot run on this machine; undefined where it can. */
export function missingTool(): string | undefined {
  const works = spawnSync('python3', ['-m', 'venv', '--help'], { timeout: PROBE_TIMEOUT_MS }).status === 0;
  return works ? undefined : 'Python 3 with venv';
}

/** Brings it into a folder of its own, unless it is there; answers the program. Throws where pip cannot reach it. */
export async function fetchSchemathesis(folder: string, say: (text: string) => void): Promise<string> {
  const program = resolve(folder, 'bin', 'schemathesis');
  if (existsSync(program)) return program;
  say(`bringing ${VERSION} with pip`);
  await finish('python3', ['-m', 'venv', folder]);
  try {
    await finish(join(folder, 'bin', 'pip'), ['install', '--quiet', `schemathesis==${VERSION}`]);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return program;
}

async function finish(command: string, words: readonly string[]): Promise<void> {
  const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'inherit'], timeout: FETCH_TIMEOUT_MS });
  const code = await endOf(child);
  if (code !== 0) throw new Error(`${command} ${words.join(' ')} ended with ${code}`);
}

export type Run = {
  program: string;
  baseUrl: string;
  /** The API key of whoever calls. */
  apiKey: string;
  /** The ids of the routes to call. */
  operations: readonly string[];
  seed: number;
  maxExamples: number;
  phases: 'stateful' | 'examples,coverage,fuzzing';
  timeoutMs: number;
  signal: AbortSignal;
};

/** Runs every check over some operations, with stateful links; answers its exit code, 0 where nothing was found. */
export async function runSchemathesis(run: Run): Promise<number> {
  const words = [
    '--config-file',
    resolve('tests/counterparts/schemathesis.toml'),
    'run',
    `${run.baseUrl}/v1/openapi.json`,
    '--header',
    `Authorization: Bearer ${run.apiKey}`,
    '--include-operation-id-regex',
    `^(${run.operations.join('|')})$`,
    '--seed',
    String(run.seed),
    '--max-examples',
    String(run.maxExamples),
    '--phases',
    run.phases,
    '--workers',
    '1',
    '--no-color',
    '--warnings',
    'off',
  ];
  const { timeoutMs: timeout, signal } = run;
  // It keeps a folder of its own where it runs: beside the program, out of the project.
  const cwd = dirname(dirname(run.program));
  return endOf(spawn(run.program, words, { cwd, stdio: ['ignore', 'inherit', 'inherit'], timeout, signal }));
}

const endOf = (child: ChildProcess): Promise<number> =>
  new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => done(code ?? 1));
  });
