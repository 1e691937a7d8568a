/**
 * `npm run test:money -- --seed 1 --events 60 --runs 20`: the model test of money at length. Every run draws its business
 * from its seed, which is printed, and lives it twice: as it should go, and with everything that goes wrong. The same seed
 * draws the same. `--months` is how many of them have business.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    events: { type: 'string', default: '60' },
    months: { type: 'string', default: '2' },
    runs: { type: 'string', default: '10' },
  },
});
const [seed, events, months, runs] = [values.seed, values.events, values.months, values.runs].map(Number);
if (![seed, events, months, runs].every((number) => Number.isInteger(number) && Number(number) >= 1)) {
  console.error('Say seed, events, months and runs as whole numbers.');
  process.exitCode = 2;
} else {
  console.log(`${runs} histories of ${events} events in ${months} months, from seed ${seed}`);
  const env = {
    ...process.env,
    MONEY_MODEL_SEED: String(seed),
    MONEY_MODEL_EVENTS: String(events),
    MONEY_MODEL_MONTHS: String(months),
    MONEY_MODEL_RUNS: String(runs),
    MONEY_MODEL_TELL: '1',
  };
  const tests = ['run', 'tests/simulation/money', '--testTimeout=1800000', '--hookTimeout=120000'];
  const { status } = spawnSync('node_modules/.bin/vitest', tests, { stdio: 'inherit', env });
  process.exitCode = status ?? 1;
}
