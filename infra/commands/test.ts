/** `npm test`: types, then unit, scenario, property, contract and tidy tests; closes with `N passed, N failed`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numFailedTestSuites: z.int(),
});

const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
const output = join(folder, 'report.json');
try {
  console.log('Types …');
  const types = run('tsc', ['-p', '.']);
  const tests = run('vitest', [
    'run',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${output}`,
    ...process.argv.slice(2),
  ]);
  const { passed, failed, skipped } = read();
  const typesFailed = types === 0 ? 0 : 1;
  const skippedText = skipped === 0 ? '' : `, ${skipped} skipped`;
  console.log(`${passed + 1 - typesFailed} passed, ${failed + typesFailed} failed${skippedText}`);
  process.exitCode = types === 0 && tests === 0 && failed === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(command: string, args: readonly string[]): number {
  return spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;
}

/** A file that could not even be loaded has no tests to count: it counts as one failure. */
function read(): { passed: number; failed: number; skipped: number } {
  try {
    const report = Report.parse(JSON.parse(readFileSync(output, 'utf8')));
    return {
      passed: report.numPassedTests,
      failed: Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0),
      skipped: report.numPendingTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
