/**
 * `npm run test:properties -- --runs 1000 --seed 7`: the properties of money at length. Every property in
 * `tests/properties/money/` is tried on so many draws in memory, and `--engine 20` histories go through the engine. The
 * seed is printed; the same one draws the same.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    engine: { type: 'string', default: '20' },
    seed: { type: 'string', default: '20260101' },
  },
  allowPositionals: true,
});
const [runs, engine, seed] = [Number(values.runs), Number(values.engine), Number(values.seed)];
if (![runs, engine, seed].every((number) => Number.isInteger(number) && number >= 1)) {
  console.error('Say runs, engine and seed as whole numbers.');
  process.exitCode = 2;
} else {
  console.log(`${runs} draws of each property, ${engine} through the engine, seed ${seed}`);
  const tests = ['run', 'tests/properties/money', '--testTimeout=1800000', '--hookTimeout=120000', ...positionals];
  const env = {
    ...process.env,
    MONEY_RUNS: String(runs),
    MONEY_ENGINE_SEEDS: String(engine),
    MONEY_SEED: String(seed),
  };
  const { status } = spawnSync('node_modules/.bin/vitest', tests, { stdio: 'inherit', env });
  process.exitCode = status ?? 1;
}
