/** `npm run test:simulation -- --seed N --requests N`: one simulated market, every statement with how often it was tried. */

import { progress, readArguments, wholeNumber } from '../../bench/support/arguments.ts';
import { startTestTables } from '../../support/engine.ts';
import { simulate } from './run.ts';
import { judgeRun } from './statements.ts';

const USAGE = `npm run test:simulation -- [options]
  --requests N     requests that come, ten an hour for each agent (default 10000)
  --seed N         seed of everything that is drawn (default 1); the same seed replays the same run
  --help           this text
`;
const { seed, extra } = readArguments(USAGE, ['requests']);
const requests = wholeNumber('requests', extra.requests ?? '10000');
const engine = await startTestTables({ bundled: true });
try {
  const run = await simulate(engine.tables, { seed, requests, progress });
  progress('looking at what became of everything');
  const report = await judgeRun(run);
  progress('');
  const { crashes, throttled, answersLost, lagged, claims, stale, strangers } = run.counts;
  const states = Object.entries(report.states).map(([state, count]) => `${count} ${state}`);
  process.stdout.write(`seed ${seed}: ${run.accepted.size} requests of ${requests}, ${run.world.agents.length} agents, ${claims} claims
${crashes} crashes, ${throttled} calls throttled, ${answersLost} answers lost, ${lagged} index entries shown late, ${stale} stale holders, ${strangers} strangers; clocks up to 30 s apart
${states.join(', ')}; ${report.lostSlots} slots lost to crashes; ${report.unitsPerSettled.toFixed(2)} write units a settled request, all it took included
`);
  let failed = 0;
  for (const { number, says, tried, broken } of report.statements) {
    // A promise that was never put to the test is none that was seen to hold.
    const isKept = broken.length === 0 && tried > 0;
    if (!isKept) failed += 1;
    process.stdout.write(`${isKept ? 'passed' : 'FAILED'}  ${number} ${says} (${tried} times)\n`);
    for (const what of broken.slice(0, 10)) process.stdout.write(`        ${what}\n`);
  }
  process.stdout.write(`${report.statements.length - failed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await engine.stop();
}
