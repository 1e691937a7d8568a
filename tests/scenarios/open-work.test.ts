/** A company's open work over all queues, through the API: what is due first, and how what was resolved held. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as overviewApi } from '../../functions/api/overview.ts';
import { provideRuntime } from '../../functions/runtime.ts';
import { HOUR } from '../../shared/kernel/time.ts';
import type { AllOpenWork } from '../../shared/operations/operations.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readHead } from '../../shared/request/request.store.ts';
import { reject } from '../../shared/resolution/resolution.store.ts';
import { DisputedMarket } from '../support/disputes.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { must, TERMS, TestMarket } from '../support/round.ts';

let engine: TestTables;
let world: DisputedMarket;
beforeAll(async () => {
  engine = await startTestTables();
  world = await DisputedMarket.open(engine.tables, 'open-work');
});
afterAll(() => engine.stop());

async function work(): Promise<AllOpenWork> {
  provideRuntime({ ...world.edge.runtime, tables: world.market.tables });
  const { status, body } = await world.edge.call(overviewApi, 'GET /v1/open-work', { token: world.company.token });
  expect(status).toBe(200);
  return body as AllOpenWork;
}
const send = async (externalId: string) => {
  const input = { externalId, queue: world.market.queue, customer: externalId, text: 'Hello', fields: {} };
  return must(await acceptRequest(world.market.call(), world.company.id, input, null)).view;
};

describe('open work', () => {
  it('is told for each queue with a commitment, what is due first in front, and what came back or was late', async () => {
    const { company, market } = world;
    const other = new TestMarket(market.tables, TERMS);
    await other.open('another queue');
    await other.commit(company.id, 5);
    await world.resolved();
    await world.resolved({ late: true });
    const back = await world.resolved({ confirmed: false });
    const head = (await readHead(market.call(), back, { consistent: true }))!;
    must(await reject(market.call(), head, { code: 'other', text: '' }));
    const first = await send('first');
    await world.advance(market.now + HOUR);
    const second = await send('second');
    const { queues, next, isWhole } = await work();
    expect(isWhole).toBe(true);
    expect(queues.map(({ queue }) => queue)).toEqual([other.queue, market.queue].sort());
    const own = queues.find(({ queue }) => queue === market.queue);
    expect(own).toMatchObject({
      looked: { count: 5, isAtLeast: false },
      open: { queued: 3, confirmed: 2 },
      overdue: 0,
      resolved: { count: 3, withinSla: 2, reopened: 1 },
    });
    expect(queues.find(({ queue }) => queue === other.queue)).toMatchObject({ looked: { count: 0 }, open: {} });
    const due = next.map(({ request }) => request);
    expect(due.toSorted()).toEqual([back, first.id, second.id].toSorted());
    expect(due.indexOf(first.id)).toBeLessThan(due.indexOf(second.id));
    expect(next.map(({ deadline }) => deadline)).toEqual(next.map(({ deadline }) => deadline).toSorted());
    // Nothing has looked at the lanes since the deadline passed.
    world.edge.now = Date.parse(first.deadline) + 1;
    expect((await work()).queues.find(({ queue }) => queue === market.queue)).toMatchObject({
      overdue: 2,
      earliestDeadline: next[0]?.deadline,
    });
  });
});
