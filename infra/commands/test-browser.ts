/** `npm run test:browser`: the web app in a real Chromium against the whole system; closes with `N passed, N failed`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { findChromium, HOW_TO_GET_ONE } from '../../tests/browser/support/chromium.ts';
import { startSystem } from '../../tests/browser/support/system.ts';

/** Suites that look, or act in what is nobody else's: two at a time, the longest first. All others one by one, after them. */
const LOOKERS = ['screens', 'front-door', 'keyboard', 'sign-in', 'locale', 'print', 'figures', 'market'].map(
  (name) => `tests/browser/${name}.test.ts`,
);

const Report = z.object({ numPassedTests: z.int(), numFailedTests: z.int(), numFailedTestSuites: z.int() });

if (findChromium() === undefined) {
  console.error(HOW_TO_GET_ONE);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'parley-browser-'));
const asked = process.argv.slice(2);
const { status, passed, failed } = asked.length > 0 ? run(asked) : await runAll();
rmSync(folder, { recursive: true, force: true });
if (passed + failed === 0) console.error(`No test fits ${asked.map((word) => JSON.stringify(word)).join(' ')}.`);
else console.log('Pictures of every screen: .parley/screens');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = status === 0 && failed === 0 && passed > 0 ? 0 : 1;

type Outcome = { status: number; passed: number; failed: number };

/** Every suite, all on one system. */
async function runAll(): Promise<Outcome> {
  const running = process.env.BROWSER_URL;
  const system = running === undefined ? await startSystem() : { baseUrl: running, stop: async () => undefined };
  process.env.BROWSER_URL = system.baseUrl;
  try {
    const looked = run(['--fileParallelism', '--maxWorkers=2', ...LOOKERS]);
    const acted = run(LOOKERS.flatMap((file) => ['--exclude', file]));
    return {
      status: Math.max(looked.status, acted.status),
      passed: looked.passed + acted.passed,
      failed: looked.failed + acted.failed,
    };
  } finally {
    await system.stop();
  }
}

/** What vitest makes of some words. */
function run(more: readonly string[]): Outcome {
  const output = join(folder, 'report.json');
  rmSync(output, { force: true });
  const words = ['run', '--config', 'tests/browser/vitest.config.ts', '--root', '.'];
  const reports = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`];
  const { status } = spawnSync('vitest', [...words, ...reports, ...more], { stdio: 'inherit' });
  return { status: status ?? 1, ...read(output) };
}

/** A suite that could not be loaded, or a system that did not start, counts as one failure. */
function read(output: string): { passed: number; failed: number } {
  try {
    const report = Report.parse(JSON.parse(readFileSync(output, 'utf8')));
    const failed = Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0);
    return { passed: report.numPassedTests, failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
