/**
 * `npm test`: types, then unit, scenario, property, contract and tidy tests, then what the tests saw each function ask of AWS against
 * what its role allows; closes with `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { checkRecorded } from '../../tests/infra/check-recorded.ts';
import { RECORDED_FOLDER } from '../../tests/support/recording/recorded.ts';

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numFailedTestSuites: z.int(),
});

const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
const output = join(folder, 'report.json');
const recorded = join(folder, 'calls');
const RECORDER = new URL('../../tests/support/recording/preload.ts', import.meta.url).href;
try {
  console.log('Types …');
  const types = run('tsc', ['-p', '.']);
  const some = process.argv.slice(2);
  const tests = run(
    'vitest',
    ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${output}`, ...some],
    // Processes that tests start record too.
    { [RECORDED_FOLDER]: recorded, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import ${RECORDER}`.trim() },
  );
  const { passed, failed, skipped } = read();
  // What some of the tests did not see says nothing.
  const areGrantsUsed = checkRecorded(recorded, some.length === 0 && failed === 0) === 0;
  const besides = [types === 0, areGrantsUsed];
  const more = besides.filter((isGood) => !isGood).length;
  const skippedText = skipped === 0 ? '' : `, ${skipped} skipped`;
  console.log(`${passed + besides.length - more} passed, ${failed + more} failed${skippedText}`);
  process.exitCode = tests === 0 && failed + more === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): number {
  return spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...environment } }).status ?? 1;
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
