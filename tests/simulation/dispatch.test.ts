/** A small simulated market; `npm run test:simulation` runs large ones with any seed. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestTables } from '../support/engine.ts';
import { simulate } from './dispatch/run.ts';
import { judgeRun } from './dispatch/statements.ts';

const SEED = 7;

let engine: Awaited<ReturnType<typeof startTestTables>>;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

it(`keeps every promise of dispatch through crashes, lost answers, a late index and wrong clocks (seed ${SEED})`, async () => {
  const run = await simulate(engine.tables, { seed: SEED, requests: 60, progress: () => undefined });
  const { statements } = await judgeRun(run);
  expect(run.accepted.size).toBe(60);
  expect(run.counts.crashes).toBeGreaterThan(0);
  for (const { number, says, broken, tried } of statements) {
    expect(broken, `${number} ${says}`).toEqual([]);
    expect(tried, `${number} ${says}`).toBeGreaterThan(0);
  }
}, 120_000);
