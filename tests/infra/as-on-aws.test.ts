/**
 * The market as AWS runs it: schedules at their pace, messages to the queues' consumers, and nothing else; no scheduler looks
 * on. Whatever is due is found by key and worked through the functions of the topology.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Handlers } from '../../infra/local/lambda.ts';
import { loadHandlers } from '../../infra/local/lambda.ts';
import { type FunctionName, type FunctionSpec, functions } from '../../infra/topology.ts';
import type { QueueName } from '../../shared/kernel/message.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { readRound } from '../../shared/queue/queue.store.ts';
import { LaidMarket } from '../support/laid-market.ts';
import { FEBRUARY } from '../support/round.ts';

const specs = Object.entries(functions) as [FunctionName, FunctionSpec][];
const schedules = specs.flatMap(([name, { trigger }]) => (trigger.kind === 'schedule' ? [name] : []));
const consumerOf = (queue: QueueName): FunctionName =>
  specs.find(([, { trigger }]) => trigger.kind === 'queue' && trigger.queue === queue)![0];
const MARCH = Date.UTC(2026, 2, 1);

let laid: LaidMarket;
let handlers: Handlers;
const waiting: { queue: QueueName; body: unknown }[] = [];
const failed: unknown[] = [];
const ran = new Set<FunctionName>();

beforeAll(async () => {
  laid = await LaidMarket.lay();
  handlers = await loadHandlers();
  laid.edge.runtime.send = async (queue, bodies) => void waiting.push(...bodies.map((body) => ({ queue, body })));
}, 180_000);
afterAll(() => laid.stop());

async function run(name: FunctionName, event: unknown): Promise<unknown> {
  ran.add(name);
  return handlers.get(name)!(event, {} as never);
}

/** Starts each schedule once, as its rule would, then works messages until none is left. */
async function tick(): Promise<void> {
  for (const name of schedules) await run(name, { 'detail-type': 'Scheduled Event' });
  for (let turn = 0; waiting.length > 0; turn++) {
    if (turn > 20_000) throw new Error('messages never end');
    const { queue, body } = waiting.shift()!;
    const record = { messageId: randomUUID(), body: JSON.stringify(body), attributes: {}, eventSourceARN: queue };
    const answer = (await run(consumerOf(queue), { Records: [record] })) as { batchItemFailures: unknown[] };
    if (answer.batchItemFailures.length > 0) failed.push({ queue, body });
  }
}

describe('schedules and messages alone', () => {
  it('take a round from its bids to its awards, and the work of the one before to its outcomes', async () => {
    const { edge, market, queue } = laid;
    const before = edge.now;
    // Days while requests wait for answers, then the hours around the change of the month.
    for (let now = before + HOUR; now < MARCH - DAY; now += 2 * DAY) {
      edge.now = now;
      await tick();
    }
    const change = [MARCH - 23 * HOUR, MARCH + MINUTE, MARCH + HOUR, MARCH + 2 * DAY];
    // Then on until the windows of the round before have passed, and it is closed with what it was short of.
    const after = Array.from({ length: 30 }, (_, i) => MARCH + (2 + 2 * i) * DAY);
    for (const now of [...change, ...after]) {
      edge.now = now;
      await tick();
    }
    expect(before).toBeGreaterThan(FEBRUARY);
    expect(failed).toEqual([]);
    const states = await Promise.all([1, 2].map((round) => readRound(market.tables, queue, round)));
    expect(states.map((round) => round?.state)).toEqual(['closed', 'closed']);
  }, 180_000);

  it('start every schedule, and the consumers of what they send', () => {
    expect([...ran]).toEqual(
      expect.arrayContaining([...schedules, 'queue-clearing', 'queue-sweeps', 'queue-deliveries', 'queue-imports']),
    );
  });
});
