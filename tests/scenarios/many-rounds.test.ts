/** Many rounds that fall due at the same instant: one run of the schedule takes them all, page by page. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mapConcurrent } from '../../shared/kernel/call.ts';
import { MINUTE } from '../../shared/kernel/time.ts';
import { readRound, roundItem } from '../../shared/queue/queue.store.ts';
import { CLEARING_RETRY_MS } from '../../shared/round/round.ts';
import { stepDueRounds } from '../../shared/round/step.store.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { TestMarket } from '../support/round.ts';

/** More than one page of due rounds, which has 100. */
const ROUNDS = 512;

let engine: TestTables;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

describe('rounds that fall due together', () => {
  it('are all closed in one run and each asked to be cleared once; a lost message is asked for again later', async () => {
    const market = new TestMarket(engine.tables);
    await market.open('many');
    const opened = (await readRound(market.tables, market.queue, 1))!;
    // As they stand after their last provisional clearing: next due at the hard close.
    const first = { ...opened, dueAt: opened.closesAt };
    const rounds = Array.from({ length: ROUNDS }, (_, i) => ({ ...first, round: i + 1 }));
    await mapConcurrent(rounds, 16, (round) => market.tables.put('market', roundItem(round)));
    const sent: { round: number }[] = [];
    let messages = 0;
    const send = async (_queue: string, bodies: readonly unknown[]) => {
      messages += 1;
      sent.push(...(bodies as { round: number }[]));
    };
    const step = (now: number) => stepDueRounds({ tables: market.tables.metered(), now }, send);
    expect((await step(first.closesAt - 1)).nextAt).toBe(first.closesAt);
    expect(sent).toEqual([]);
    const { nextAt } = await step(first.closesAt);
    expect(new Set(sent.map((one) => one.round)).size).toBe(ROUNDS);
    expect(sent.length).toBe(ROUNDS);
    // Six pages: the messages of each are sent together.
    expect(messages).toBe(6);
    expect(nextAt).toBe(first.closesAt + CLEARING_RETRY_MS);
    await step(first.closesAt + MINUTE);
    expect(sent.length).toBe(ROUNDS);
    await step(first.closesAt + CLEARING_RETRY_MS);
    expect(sent.length).toBe(2 * ROUNDS);
  }, 120_000);

  it('do not wait for one that fails: it is reported, stays due, and the others go on', async () => {
    const market = new TestMarket(engine.tables);
    await market.open('one fails');
    const first = (await readRound(market.tables, market.queue, 1))!;
    // Terms that nobody published: a step of this round throws.
    const broken = { ...first, queue: `${market.queue}-0`, termsVersion: 99 };
    await market.tables.put('market', roundItem(broken));
    const sent: unknown[] = [];
    const send = async (_queue: string, bodies: readonly unknown[]) => void sent.push(...bodies);
    const step = () => stepDueRounds({ tables: market.tables.metered(), now: first.closesAt }, send);
    await expect(step()).rejects.toThrow('1 due rounds failed');
    expect(sent).toContainEqual({ queue: market.queue, round: 1 });
    await expect(step()).rejects.toThrow('has no terms 99');
  });
});
