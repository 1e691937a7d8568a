/** What providers' pay does by the calendar: runs on Mondays, and the nights that look at providers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, HOUR, iso } from '../../shared/kernel/time.ts';
import { monthAfter } from '../../shared/ledger/period.ts';
import { readAccount } from '../../shared/payout/account.store.ts';
import { approveRun, makeRun, readRun, sweepRuns, workRun } from '../../shared/payout/run.store.ts';
import { listRunLines } from '../../shared/payout/run-line.store.ts';
import { beginSchedule, sweepSchedule } from '../../shared/payout/schedule.store.ts';
import { listDocuments } from '../../shared/payout/self-billed.store.ts';
import { JANUARY, LATE, openPayWorld, type PayWorld, START } from '../support/payouts.ts';

let world: PayWorld;
let earner: string;
let idle: string;
beforeAll(async () => {
  world = await openPayWorld();
  await world.fund(10_000_000);
  const company = await world.company('buyer');
  [earner, idle] = [await world.provider('earner'), await world.provider('idle')];
  await beginSchedule(world.call());
  await world.charge({ company, provider: earner, request: 'one', bidMicros: 2_000_000 });
});
afterAll(() => world.stop());

/** Which of the two Stripe was asked about at this instant. */
async function askedAt(now: number): Promise<string[]> {
  world.at(now);
  await sweepSchedule(world.call());
  const asked: string[] = [];
  for (const provider of [earner, idle])
    if ((await readAccount(world.call(), provider))?.checkedAt === now) asked.push(provider);
  return asked;
}

describe('a night', () => {
  it('asks Stripe about the accounts of those who are owed anything, until they are paid, and of nobody else', async () => {
    expect(await askedAt(START + DAY)).toEqual([]);
    await world.close(JANUARY);
    expect(await askedAt(LATE)).toEqual([earner]);
    expect((await listDocuments(world.call(), earner, { limit: 5 })).items).toMatchObject([{ period: JANUARY }]);
    expect(await askedAt(LATE + DAY)).toEqual([earner]);
    await world.close(monthAfter(JANUARY));
    expect(await askedAt(LATE + 2 * DAY)).toEqual([earner]);
    await makeRun(world.call(), 'paid', 'maker');
    await workRun(world.call(), 'paid');
    await approveRun(world.call(), 'paid', 'approver');
    await workRun(world.call(), 'paid');
    expect(await world.paid(earner)).toBe(2_000_000);
    expect(await askedAt(LATE + 3 * DAY)).toEqual([]);
  });
});

describe('a Monday', () => {
  it('proposes a run, which the sweep of the runs collects without a message', async () => {
    const company = await world.company('another buyer');
    await world.charge({ company, provider: idle, request: 'two', bidMicros: 3_000_000 });
    const month = iso(world.call().now).slice(0, 7);
    await world.close(month);
    const monday = Date.UTC(2026, 5, 1, 6);
    world.at(monday - HOUR);
    await sweepSchedule(world.call());
    const messages: unknown[] = [];
    world.at(monday);
    const call = {
      ...world.call(),
      hurry: async (_: unknown, some: readonly unknown[]) => void messages.push(...some),
    };
    await sweepSchedule(call);
    await sweepRuns(call);
    expect(messages).toEqual([]);
    expect(await readRun(world.call(), 'week-2026-06-01')).toMatchObject({ state: 'proposed', madeBy: 'schedule' });
    expect((await listRunLines(world.call(), 'week-2026-06-01', { limit: 5 })).items).toMatchObject([
      { provider: idle, state: 'proposed', amountMicros: 3_000_000 },
    ]);
  });
});
