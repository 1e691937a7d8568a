/** `npm run certify-round` as an auditor runs it, and its program against every group of small markets. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type Clearing, clear } from '../../shared/market/clearing.ts';
import type { ClearingInput } from '../../shared/market/input.ts';
import { gainOfLeaving, type LeavingGame } from '../../shared/market/leaving.ts';
import { market } from '../../shared/market/market.examples.ts';
import { anyMarket, holds, TINY } from '../../shared/market/market.oracle.ts';
import { createMarketSolver } from '../../shared/market/market-solver.ts';
import { openMarket } from '../../shared/market/reach.ts';
import { askOracle } from './certify/oracle.ts';

const solver = createMarketSolver();
const folder = mkdtempSync(join(tmpdir(), 'certify-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Empty core: any two of three companies gain 2 together, alone none gains, and three gain no more than two. */
const emptyCore = market(
  ['1', '2', '3'].map((id) => ({
    id,
    reserveMicros: 2_000_000,
    chargesLastRound: 1,
    eligibleProviders: { 1: ['A', 'B'], 2: ['A', 'C'], 3: ['B', 'C'] }[id]!,
  })),
  ['A', 'B', 'C'].map((id) => ({
    id,
    capacity: 3,
    tiers: [
      { minVolume: 0, priceMicros: 3_000_000 },
      { minVolume: 2, priceMicros: 1_000_000 },
    ],
  })),
  { ceilingMicros: 9_000_000 },
);

function certify(content: unknown, ...options: string[]) {
  const file = join(folder, 'round.json');
  writeFileSync(file, JSON.stringify(content));
  const run = spawnSync(process.execPath, ['infra/commands/certify-round.ts', file, ...options], { encoding: 'utf8' });
  return { code: run.status, out: run.stdout, said: run.stderr };
}

test('the group that gains most is named, with its gain in money and of turnover, and proven by the bound', () => {
  const { code, out } = certify(emptyCore, '--json');
  expect(code).toBe(0);
  const answer = JSON.parse(out);
  // Two are served at 1 each: turnover 2, and a pair with the unserved one gains half of that.
  expect(answer).toMatchObject({
    turnoverMicros: 2_000_000,
    epsilonMicros: 1_000_000,
    gainMicros: 1_000_000,
    gainBps: 5_000,
    provenBy: 'bound',
  });
  expect(answer.group).toHaveLength(2);
});

test('a sealed round is certified by its awards, and gains that are not the price rule’s are named', {
  timeout: 60_000,
}, async () => {
  const clearing = await clear(emptyCore, solver);
  const sealed = { version: 1, input: emptyCore, result: clearing };
  expect(certify(sealed).out).toMatch(/proven: the bound is reached/);
  const companies = clearing.companies.map((each, i) => (i === 0 ? { ...each, surplusMicros: 7 } : each));
  const tampered = certify({ ...sealed, result: { ...clearing, companies } });
  expect(tampered.code).toBe(1);
  expect(tampered.said).toContain(`differ from the price rule's: ${companies[0]!.id}`);
});

test('a file that is no round, and a wrong option, are refused with what to do', () => {
  expect(certify({ hello: 1 })).toMatchObject({ code: 2, said: expect.stringMatching(/neither a clearing's input/) });
  expect(certify(emptyCore, '--groups', 'many')).toMatchObject({
    code: 2,
    said: expect.stringMatching(/--groups many/),
  });
});

function gameOf(input: ClearingInput, clearing: Clearing): LeavingGame {
  const results = input.companies.map(({ id }) => clearing.companies.find((each) => each.id === id)!);
  return {
    market: openMarket(input),
    shareBases: results.map((each) => each.capacityShareBase),
    surplusMicros: results.map((each) => each.surplusMicros),
  };
}

test('the program finds the largest gain of all groups', { timeout: 60_000 }, async () => {
  const property = fc.asyncProperty(anyMarket({ ...TINY, companies: 5 }), async (input) => {
    const game = gameOf(input, await clear(input, solver));
    let groups: number[][] = [[]];
    for (const [i, base] of game.shareBases.entries())
      if (base > 0) groups = groups.flatMap((group) => [group, [...group, i]]);
    let largest = 0n;
    for (const group of groups.slice(1)) {
      const { gainMicros } = await gainOfLeaving(game, group, solver);
      if (gainMicros > largest) largest = gainMicros;
    }
    const answer = await askOracle(game, 10_000);
    expect(answer.isClosed).toBe(true);
    // Gains are fractions of a micro-unit: one is rounded down, the other up.
    expect(answer.boundMicros - Number(largest)).toBeGreaterThanOrEqual(0);
    expect(answer.boundMicros - Number(largest)).toBeLessThanOrEqual(1);
  });
  await holds('program of groups', 60, property);
});
