/**
 * `npm run test:contract -- [--runs N] [--seed S]`: every route called at random, longer than `npm test` does, and every
 * tenant tried on the others' things. The same seed makes the same calls.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '40' }, seed: { type: 'string' } } });
const given = Object.entries(values).flatMap(([name, value]) => {
  if (!/^\d{1,9}$/.test(value)) throw new Error(`--${name} takes a whole number, not '${value}'`);
  return [[`PARLEY_CONTRACT_${name.toUpperCase()}`, value]];
});
const files = ['tests/contract/fuzz.test.ts', 'tests/contract/isolation.test.ts'];
const words = ['run', ...files, '--testTimeout=600000'];
process.exitCode =
  spawnSync('vitest', words, { stdio: 'inherit', env: { ...process.env, ...Object.fromEntries(given) } }).status ?? 1;
