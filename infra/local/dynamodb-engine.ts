/** The bundled engine for the DynamoDB protocol: a child process over one SQLite file, or in memory for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { CannotStart } from './cannot-start.ts';
import { freePort, LOOPBACK } from './connection.ts';

export type DynamodbEngine = {
  endpoint: string;
  /** Null where the engine is not ours: its endpoint came from the environment. */
  pid: number | null;
  /** Settles when the engine ends without having been asked to. */
  lost: Promise<string>;
  stop: () => Promise<void>;
};

const START_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 5_000;
const START_ATTEMPTS = 5;

/** The engine's binary, or undefined on systems it is not built for. */
export function engineBinary(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve('@dynoxide/linux-x64/dynoxide');
  } catch {
    return undefined;
  }
}

/** Starts the engine on a free port, over `databasePath` or in memory; answers once it listens. */
export async function startDynamodbEngine(options: { databasePath?: string } = {}): Promise<DynamodbEngine> {
  const binary = engineBinary();
  if (binary === undefined) throw new CannotStart(withoutBinary());
  let reason = '';
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
    const port = await freePort();
    const database = options.databasePath === undefined ? [] : ['--db-path', options.databasePath];
    const child = spawn(binary, ['serve', '--host', LOOPBACK, '--port', String(port), ...database], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C reaches every process of a terminal's group: the engine must outlast the calls that are under way.
      detached: true,
    });
    const problem = await untilListening(child);
    if (problem === undefined) return running(child, `http://${LOOPBACK}:${port}`);
    reason = problem;
    // Somebody else may have taken the port between the probe and the start; anything else will not get better.
    if (!/in use/i.test(problem)) break;
  }
  throw new CannotStart(`The DynamoDB engine did not start: ${reason}`);
}

function withoutBinary(): string {
  return [
    `The bundled DynamoDB engine runs on Linux x64 only; this is ${process.platform} ${process.arch} (or npm left out optional packages).`,
    'Start any engine that speaks the DynamoDB protocol, such as Amazon’s DynamoDB Local, and set',
    '  AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000',
    'SQS is served by a bundled engine on every system; AWS_ENDPOINT_URL_SQS replaces it.',
  ].join('\n');
}

/** Undefined once the engine says that it listens, else what went wrong. */
async function untilListening(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    const finish = (problem: string | undefined) => {
      clearTimeout(timer);
      if (problem !== undefined) child.kill('SIGKILL');
      child.removeAllListeners();
      resolve(problem);
    };
    const timer = setTimeout(() => finish(`it was silent for ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS);
    child.once('error', (error) => finish(error.message));
    child.once('exit', (code, signal) => finish(said.trim() || `it ended with ${code ?? signal}`));
    const listen = (data: Buffer) => {
      said = (said + data.toString()).slice(-2_000);
      if (said.includes('listening on')) finish(undefined);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
  });
}

function running(child: ChildProcess, endpoint: string): DynamodbEngine {
  let stopping = false;
  // What it says from now on is not kept; the pipes must be read all the same, or they fill and it stands still.
  child.stdout?.removeAllListeners('data').resume();
  child.stderr?.removeAllListeners('data').resume();
  const ended = new Promise<string>((resolve) => {
    if (child.exitCode !== null) resolve(`it ended with ${child.exitCode}`);
    child.once('exit', (code, signal) => resolve(`it ended with ${code ?? signal}`));
    child.on('error', () => undefined);
  });
  const lost = new Promise<string>((resolve) => {
    void ended.then((how) => {
      if (!stopping) resolve(how);
    });
  });
  return {
    endpoint,
    pid: child.pid ?? null,
    lost,
    stop: async () => {
      stopping = true;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
