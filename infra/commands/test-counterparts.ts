/**
 * `npm run test:counterparts`: the store, scenario and queue tests on engines nobody here wrote, Amazon's DynamoDB Local
 * and ElasticMQ, which need Java and Maven; the stand-in for Stripe against Stripe's own mock, which needs Go; the templates
 * on moto and before cfn-lint and checkov, which need Python. Where these are missing it says what it skips, and that is
 * no failure.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { CFN_LINT, CHECKOV, fetchPackages, hasPackages, hasPython, MOTO } from '../../tests/counterparts/python.ts';
import {
  type Counterpart,
  fetchJars,
  SERVERS,
  type ServerName,
  startServer,
} from '../../tests/counterparts/servers.ts';
import { hasGo, STRIPE_MOCK } from '../../tests/counterparts/stripe-mock.ts';

const CONFIG = 'tests/counterparts/vitest.config.ts';
const STRIPE_TESTS = ['tests/counterparts/stripe.test.ts'];
const PYTHON_TESTS = ['tests/counterparts/moto.test.ts', 'tests/counterparts/templates.test.ts'];
const CACHE = '.parley/counterparts';
const TESTS_TIMEOUT_MS = 15 * 60_000;
const PROBE_TIMEOUT_MS = 20_000;
const ENDPOINTS = { dynamodb: 'AWS_ENDPOINT_URL_DYNAMODB', sqs: 'AWS_ENDPOINT_URL_SQS' } as const;

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numFailedTestSuites: z.int(),
  numPendingTests: z.int(),
});
type Totals = { passed: number; failed: number; skipped: number };

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());

process.exitCode = await main();

/** Answers the exit code. Files that are named are all that runs. */
async function main(): Promise<number> {
  const named = process.argv.slice(2);
  try {
    if (named.length > 0 && named.every((file) => PYTHON_TESTS.includes(file)))
      return report(await inPython(fetching(), named));
    // Python's packages come while the other tests run.
    const packages = fetching();
    const first = await onEngines(named);
    return report(named.length > 0 ? first : together(first, await inPython(packages)));
  } catch (error) {
    if (stopping.signal.aborted) return interrupted();
    console.error(error instanceof Error ? error.message : error);
    console.log('0 passed, 1 failed');
    return 1;
  }
}

const NONE: Totals = { passed: 0, failed: 0, skipped: 0 };

function together(one: Totals, other: Totals): Totals {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

/** The tests of stores, scenarios and queues, and of Stripe. */
async function onEngines(named: readonly string[]): Promise<Totals> {
  const missing = missingTools();
  if (missing.length > 0) {
    console.log(`skipped: DynamoDB Local and ElasticMQ, for this machine has no working ${missing.join(' and no ')}`);
    // Stripe's mock needs neither: only Go.
    if (hasGo()) return runTests([], STRIPE_TESTS);
    console.log(`skipped: ${STRIPE_MOCK}, for this machine has no working Go`);
    return NONE;
  }
  const running: Counterpart[] = [];
  try {
    for (const name of Object.keys(SERVERS) as ServerName[]) running.push(await prepare(name));
    return await runTests(running, [...named, ...PYTHON_TESTS.flatMap((file) => ['--exclude', file])]);
  } finally {
    await Promise.all(running.map((counterpart) => counterpart.stop()));
  }
}

/** Fetches what Python has to bring; answers why that cannot be, or undefined. */
async function fetching(): Promise<string | undefined> {
  if (!hasPython()) return 'this machine has no working Python 3';
  if (!hasPackages()) console.log(`${MOTO}, ${CFN_LINT} and ${CHECKOV} are being fetched, once`);
  return fetchPackages(stopping.signal).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

async function inPython(
  packages: Promise<string | undefined>,
  files: readonly string[] = PYTHON_TESTS,
): Promise<Totals> {
  const whyNot = await packages;
  if (whyNot === undefined) return runTests([], files);
  console.log(`skipped: ${MOTO}, ${CFN_LINT} and ${CHECKOV}: ${whyNot}`);
  return NONE;
}

function report(totals: Totals): number {
  if (stopping.signal.aborted) return interrupted();
  const skippedText = totals.skipped === 0 ? '' : `, ${totals.skipped} skipped`;
  console.log(`${totals.passed} passed, ${totals.failed} failed${skippedText}`);
  return totals.failed === 0 ? 0 : 1;
}

function interrupted(): number {
  console.error('Interrupted; what was started is being stopped.');
  return 130;
}

/** Java starts both servers, Maven brings them. */
function missingTools(): string[] {
  const works = (command: string) => spawnSync(command, ['-version'], { timeout: PROBE_TIMEOUT_MS }).status === 0;
  return [works('java') ? '' : 'Java', works('mvn') ? '' : 'Maven'].filter((tool) => tool !== '');
}

async function prepare(name: ServerName): Promise<Counterpart> {
  const { title } = SERVERS[name];
  const folder = resolve(CACHE, name);
  await fetchJars(name, folder, stopping.signal, (text) => console.log(`${title}: ${text}`));
  const begun = performance.now();
  const counterpart = await startServer(name, folder, stopping.signal);
  console.log(
    `${title} answers at ${counterpart.endpoint} after ${((performance.now() - begun) / 1_000).toFixed(1)} s`,
  );
  return counterpart;
}

/** Runs vitest with the counterparts' addresses; a test file that cannot even be loaded counts as one failure. */
async function runTests(running: readonly Counterpart[], files: readonly string[]): Promise<Totals> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-counterparts-'));
  const output = join(folder, 'report.json');
  const addresses = Object.fromEntries(running.map(({ serves, endpoint }) => [ENDPOINTS[serves], endpoint]));
  const words = ['run', '--config', CONFIG, '--root', '.', '--reporter=default', '--reporter=json'];
  try {
    const code = await runVitest([...words, `--outputFile.json=${output}`, ...files], addresses);
    return readTotals(output, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runVitest(words: readonly string[], addresses: Record<string, string>): Promise<number> {
  return new Promise((done, fail) => {
    const vitest = spawn('node_modules/.bin/vitest', words, {
      stdio: 'inherit',
      env: { ...process.env, ...addresses },
    });
    const end = () => vitest.kill('SIGTERM');
    const timer = setTimeout(() => {
      console.error(`The tests did not end within ${TESTS_TIMEOUT_MS / 60_000} minutes.`);
      end();
    }, TESTS_TIMEOUT_MS);
    stopping.signal.addEventListener('abort', end);
    vitest.once('error', fail);
    vitest.once('exit', (code) => {
      clearTimeout(timer);
      done(code ?? 1);
    });
  });
}

function readTotals(output: string, code: number): Totals {
  let text: string;
  try {
    text = readFileSync(output, 'utf8');
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const report = Report.parse(JSON.parse(text));
  const broken = code !== 0 || report.numFailedTestSuites > 0 ? 1 : 0;
  const failed = Math.max(report.numFailedTests, broken);
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests };
}
