/**
 * A payout run whose process dies at every call it makes, to the table or to Stripe, before it arrives or with its answer lost;
 * and one that another process works while the first stands at any of its calls to the table.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TableConfig, Tables } from '../../shared/kernel/table.ts';
import { DAY, HOUR, monthOf } from '../../shared/kernel/time.ts';
import { endOf } from '../../shared/ledger/period.ts';
import { foldBook } from '../../shared/payout/book.store.ts';
import { readPurses } from '../../shared/payout/purse.store.ts';
import { approveRun, makeRun, readRun, workRun } from '../../shared/payout/run.store.ts';
import { listRunLines } from '../../shared/payout/run-line.store.ts';
import { dying, isTried, untilDead, type When } from '../support/dying.ts';
import { openPayWorld, type PayWorld } from '../support/payouts.ts';

let world: PayWorld;
beforeAll(async () => {
  world = await openPayWorld();
});
afterAll(() => world.stop());

const EVERY = 7;
const dyingAt = (at: number, when: When) =>
  dying(world.call(), world.access.secretKey, world.access.standIn.port, at, when);

let cases = 0;
/** A provider with a cent more than 3.23 payable, of which one charge is disputed, and a run that is proposed for it. */
async function proposed(name: string): Promise<{ run: string; provider: string; period: string }> {
  // Each case has a month of its own, which its charges find open.
  const start = Date.UTC(2026, 3 * cases++, 5, 9);
  const period = monthOf(start);
  world.at(start);
  const [company, provider] = [await world.company(name), await world.provider(name)];
  await world.charge({ company, provider, request: `${name}-1`, bidMicros: 1_234_567 });
  await world.charge({ company, provider, request: `${name}-2`, bidMicros: 2_000_000 });
  await world.charge({ company, provider, request: `${name}-3`, bidMicros: 700_000 });
  await world.post({
    event: `dispute-opened#${name}`,
    kind: 'dispute_opened',
    occurredAt: start + 1,
    currency: 'EUR',
    company,
    provider,
    facts: { company, provider, request: `${name}-3` },
    legs: [
      { account: '2100', of: provider, micros: 700_000 },
      { account: '2110', of: provider, micros: -700_000 },
    ],
  });
  await world.close(period);
  world.at(endOf(period) + 46 * DAY);
  await makeRun(world.call(), name, 'maker');
  await workRun(world.call(), name);
  return { run: name, provider, period };
}

/** What must hold at the end, however it came there. */
async function expectPaidOnce({ run, provider, period }: Awaited<ReturnType<typeof proposed>>): Promise<void> {
  expect((await readRun(world.call(), run))?.state).toBe('done');
  expect((await listRunLines(world.call(), run, { limit: 10 })).items).toMatchObject([
    { provider, state: 'paid', amountMicros: 3_230_000 },
  ]);
  expect(await world.paid(provider)).toBe(3_230_000);
  expect(await world.balance(provider, '2100', period)).toBe(4_567);
  expect(await world.balance(provider, '2110', period)).toBe(700_000);
  expect(await world.balance(provider, '2120', period)).toBe(0);
  await foldBook(world.call(), provider, period, period);
  expect(await readPurses(world.call(), [provider])).toMatchObject([
    { currency: 'EUR', carryMicros: 4_567, current: null },
  ]);
  await world.unlist(provider);
}

describe('a payout run', () => {
  it('pays once and whole, whichever call its process dies at, and asks Stripe once for a payout', async () => {
    await world.fund(5_000_000);
    const clean = await proposed('clean');
    const whole = dyingAt(Number.POSITIVE_INFINITY, 'before');
    await approveRun(whole.call, clean.run, 'approver');
    await workRun(whole.call, clean.run);
    await expectPaidOnce(clean);
    expect(whole.seen.stripe).toBeLessThanOrEqual(2);
    expect(whole.seen.stripe).toBeGreaterThan(0);
    const calls = whole.seen.calls;
    for (let at = 1; at <= calls; at += 1)
      for (const when of ['before', 'after'] as const) {
        if (!isTried(at, when, EVERY) && at < calls) continue;
        const one = await proposed(`${when}${at}`);
        const { run } = one;
        const process = dyingAt(at, when);
        await untilDead(process, async (call) => {
          await approveRun(call, run, 'approver');
          await workRun(call, run);
        });
        expect(process.seen.dead, `call ${at} was reached`).toBe(true);
        await approveRun(world.call(), run, 'approver');
        await workRun(world.call(), run);
        await expectPaidOnce(one);
      }
  }, 600_000);

  it('pays once and whole where another process works it too, whichever call the slower one stands at', async () => {
    await world.fund(5_000_000);
    const counted = await proposed('alone');
    await approveRun(world.call(), counted.run, 'approver');
    const alone = standing(Number.POSITIVE_INFINITY, async () => {});
    await workRun(alone.call, counted.run);
    await expectPaidOnce(counted);
    for (let at = 1; at <= alone.seen.calls; at += 1)
      for (const [name, stripe] of [
        ['faster', world.stripeOver()],
        ['unanswered', world.stripeOver(deaf)],
      ] as const) {
        if (!isTried(at, name === 'faster' ? 'before' : 'after', EVERY)) continue;
        const one = await proposed(`${name}${at}`);
        await approveRun(world.call(), one.run, 'approver');
        const slower = standing(at, () =>
          workRun(world.call({ stripe }), one.run).catch((error: unknown) => {
            if (name === 'faster') throw error;
          }),
        );
        await workRun(slower.call, one.run);
        expect(slower.seen.calls, `call ${at} was reached`).toBeGreaterThanOrEqual(at);
        // What met the other one, or had no answer, is tried again later.
        world.at(world.call().now + HOUR);
        await workRun(world.call(), one.run);
        await expectPaidOnce(one);
      }
  }, 600_000);
});

/** Stripe does not answer. */
const deaf: Stripe.HttpClient = Object.create(Stripe.createNodeHttpClient(), {
  makeRequest: { value: () => Promise.reject(new Error('no answer')) },
});

/** A process that stands at its n-th call to the table while something else is done. */
function standing(at: number, meanwhile: () => Promise<void>) {
  const base = world.call();
  const config = base.tables.owner as TableConfig;
  const seen = { calls: 0 };
  const send = async (command: Parameters<DynamoDBClient['send']>[0]): Promise<unknown> => {
    seen.calls += 1;
    if (seen.calls === at) await meanwhile();
    return config.client.send(command);
  };
  return { call: { ...base, tables: new Tables({ ...config, client: { send } as unknown as DynamoDBClient }) }, seen };
}
