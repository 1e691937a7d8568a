/** What a company could owe at worst, over a round that is awarded: it shrinks as its requests are charged. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DisputedMarket } from '../support/disputes.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';

let engine: TestTables;
let made: DisputedMarket;
beforeAll(async () => {
  engine = await startTestTables();
  // Ten requests awarded at a bid of 8.00 with a fee of 5 %; the next round is open, and nothing is committed in it.
  made = await DisputedMarket.open(engine.tables, 'exposure', { priceMicros: 8_000_000 });
});
afterAll(() => engine.stop());

const credit = async () => {
  const { body, status } = await made.call(made.company.token, 'GET /v1/credit', {});
  expect(status, JSON.stringify(made.edge.lines.at(-1))).toBe(200);
  return body as { exposure: Record<string, number>; sentence: string };
};

it('the worst case has what is left of awards in active rounds: all of it, and less by what was charged of it', async () => {
  const before = await credit();
  expect(before.exposure).toMatchObject({ unpaidMicros: 0, unbilledMicros: 0, worstCaseMicros: 84_000_000 });
  expect(before.sentence).toContain('awarded in active ones');
  await made.settled();
  const { exposure } = await credit();
  expect(exposure).toMatchObject({ unbilledMicros: 8_400_000, worstCaseMicros: 75_600_000 });
});
