/** A table turns every call away for a while: callers hear 503 and that they may try again, and nothing is lost or done twice. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as companyApi } from '../../functions/api/company.ts';
import { handler as providerApi } from '../../functions/api/provider.ts';
import { handler as sweeps } from '../../functions/queue/sweeps.ts';
import { handler as scheduleSweeps } from '../../functions/schedule/sweeps.ts';
import { allDue } from '../../functions/sweeps.ts';
import { sweepMessages } from '../../shared/dispatch/due.ts';
import type { TableId } from '../../shared/kernel/table.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { allEntries } from '../../shared/ledger/ledger.store.ts';
import { readOwnHead, viewRequest } from '../../shared/request/request.store.ts';
import { companyMember, providerMember } from '../support/company.ts';
import { type Answer, TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';
import { ringing } from './ringing.ts';
import { throttledTables } from './throttle.ts';

let engine: TestTables;
let edge: TestEdge;
let market: TestMarket;
let table: ReturnType<typeof throttledTables>;
let company: { id: string; token: string };
let pool: { id: string; token: string };
let keys = 0;

beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  company = await companyMember(edge, 'ada');
  pool = await providerMember(edge, 'bob');
  market = new TestMarket(engine.tables);
  await market.open('throttled');
  await market.commit(company.id, 10);
  await market.bid(pool.id, 'agent_pool', { capacity: 20, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] });
  await market.advance(FEBRUARY - 23 * HOUR);
  await market.advance(FEBRUARY + MINUTE);
  edge.now = SECOND_OF_FEBRUARY;
  table = throttledTables(engine.tables);
  edge.runtime.tables = table.tables;
});
afterAll(() => engine.stop());

const send = (externalId: string): Promise<Answer> =>
  edge.call(companyApi, 'POST /v1/requests', {
    token: company.token,
    headers: { 'idempotency-key': externalId },
    body: { externalId, queue: market.queue, customer: `${externalId}@example.com`, text: 'Where is my money?' },
  });
const provider = (route: string, params: Record<string, string>, body: unknown): Promise<Answer> =>
  edge.call(providerApi, route, { token: pool.token, params, body, headers: { 'idempotency-key': `p${++keys}` } });

async function whileThrottled<T>(tables: readonly TableId[], work: () => Promise<T>): Promise<T> {
  for (const one of tables) table.throttled.add(one);
  try {
    return await work();
  } finally {
    table.throttled.clear();
  }
}

/** One minute's schedule, and its messages as the consumer gets them. Answers those that failed. */
async function minute(): Promise<string[]> {
  edge.now += MINUTE;
  edge.machineNow += MINUTE;
  const due = (await allDue(engine.tables, edge.now)).flatMap(({ due: one, at }) =>
    one.kind === 'rounds' || one.kind === 'imports' || at > edge.now ? [] : [one],
  );
  const Records = sweepMessages(due).map((message, i) => ({
    messageId: `${i}`,
    body: JSON.stringify(message),
    attributes: { ApproximateReceiveCount: '1' },
  }));
  const { batchItemFailures } = await sweeps({ Records } as never);
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

describe('a throttled table', () => {
  it('is a 503 that says to try again, and the same call afterwards is done once', async () => {
    for (const tables of [['requests'], ['market'], ['market', 'requests', 'ledger']] as const) {
      const id = `sent-${tables.join('-')}`;
      const refused = await whileThrottled(tables, () => send(id));
      expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable', retryable: true } });
      expect(refused.headers['retry-after']).toBeDefined();
      const [first, second] = [await send(id), await send(id)];
      expect([first.status, second.status]).toEqual([201, 201]);
      const statuses = [refused.status, first.status, second.status];
      const rings = ringing({ lines: edge.lines, turnedAway: tables, statuses });
      expect(rings).toEqual(['api-fails', ...tables.map((name) => `throttles-${name}`)].sort());
      expect(second.body.id).toBe(first.body.id);
    }
    expect(table.turnedAway()).toBeGreaterThan(0);
    // The cause stands in the log, with the call.
    const failed = edge.lines.filter(({ level, message }) => level === 'error' && message === 'a call failed');
    expect(failed.length).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify(failed)).toContain('ProvisionedThroughputExceededException');
    expect(JSON.stringify(failed)).not.toContain('Where is my money');
  });

  it('in the middle of a provider’s work leaves each turn as it was, and one charge for each request', async () => {
    const claimed = await provider('POST /v1/claims', {}, { max: 10 });
    const work = claimed.body.work as { lease: { id: string; request: string } }[];
    expect(work).toHaveLength(3);
    const outcome = { code: 'solved', summary: 'Booked.' };
    for (const { lease } of work) {
      const params = { lease: lease.id };
      const refused = await whileThrottled(['requests'], () =>
        provider('POST /v1/leases/{lease}/resolve', params, outcome),
      );
      expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect((await provider('POST /v1/leases/{lease}/resolve', params, outcome)).status).toBe(200);
    }
    edge.now += 8 * DAY;
    // No pass overtakes the one before it, so posting begins a minute or two later; its messages come again.
    const failed: string[] = [];
    for (let n = 0; n < 3; n++) failed.push(...(await whileThrottled(['ledger'], minute)));
    expect(failed.length).toBeGreaterThan(0);
    expect(edge.lines.some(({ level, message }) => level === 'error' && message === 'a message failed')).toBe(true);
    for (let n = 0; n < 3; n++) expect(await minute()).toEqual([]);
    const call = { tables: engine.tables, now: edge.now };
    const heads = await Promise.all(work.map(({ lease }) => readOwnHead(call, company.id, lease.request)));
    const views = await Promise.all(heads.map((head) => viewRequest(call, head!)));
    expect(views.map(({ state }) => state)).toEqual(['settled', 'settled', 'settled']);
    expect(await allEntries(call, company.id, '2026-02')).toHaveLength(3);
  });

  it('ends the schedule’s run in an error, which is what its alarm counts', async () => {
    await whileThrottled(['market'], async () => {
      await expect(scheduleSweeps()).rejects.toThrow('throughput');
    });
  });
});
