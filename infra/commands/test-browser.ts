/** `npm run test:browser`: the web app in a real Chromium against the whole system; closes with `N passed, N failed`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { findChromium, HOW_TO_GET_ONE } from '../../tests/browser/support/chromium.ts';

const Report = z.object({ numPassedTests: z.int(), numFailedTests: z.int(), numFailedTestSuites: z.int() });

if (findChromium() === undefined) {
  console.error(HOW_TO_GET_ONE);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'parley-browser-'));
const output = join(folder, 'report.json');
const words = ['run', '--config', 'tests/browser/vitest.config.ts', '--root', '.'];
const reports = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`];
const asked = process.argv.slice(2);
const { status } = spawnSync('vitest', [...words, ...reports, ...asked], { stdio: 'inherit' });
const { passed, failed } = read();
rmSync(folder, { recursive: true, force: true });
if (passed + failed === 0) console.error(`No test fits ${asked.map((word) => JSON.stringify(word)).join(' ')}.`);
else console.log('Pictures of every screen: .parley/screens');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = status === 0 && failed === 0 && passed > 0 ? 0 : 1;

/** A suite that could not be loaded, or a system that did not start, counts as one failure. */
function read(): { passed: number; failed: number } {
  try {
    const report = Report.parse(JSON.parse(readFileSync(output, 'utf8')));
    const failed = Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0);
    return { passed: report.numPassedTests, failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
