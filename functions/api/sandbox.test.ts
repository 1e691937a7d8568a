/** People in the sandbox of their organisation: what they may do there, and that nobody else's people may. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember } from '../../shared/identity/identity.store.ts';
import type { Role } from '../../shared/identity/identity.ts';
import { TestEdge } from '../../tests/support/edge.ts';
import { startTestTables, type TestTables } from '../../tests/support/engine.ts';
import { handler as companyApi } from './company.ts';
import { handler as marketApi } from './market.ts';
import { handler as providerApi } from './provider.ts';

let engine: TestTables;
let edge: TestEdge;
let keys = 0;
beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
});
afterAll(() => engine.stop());

const join = (id: string, user: string, role: Role) =>
  addMember(engine.tables, id, { user, email: `${user}@example.com`, roles: [role] }, edge.now);
const as =
  (user: string, organisation: string) =>
  (handler: unknown, route: string, more: object = {}) =>
    edge.call(handler, route, {
      token: edge.person(user),
      headers: { 'parley-organisation': organisation, 'idempotency-key': `key-${++keys}` },
      ...more,
    });

describe('a person in the sandbox of the own organisation', () => {
  it('sends requests as a company that nobody has approved, and sees the simulated provider resolve them', async () => {
    await join('co_people0001', 'ada', 'company.operator');
    const own = as('ada', 'co_people0001');
    expect((await own(marketApi, 'GET /v1/sandbox')).body).toMatchObject({ isOpen: false });
    const opened = await own(marketApi, 'POST /v1/sandbox');
    expect(opened).toMatchObject({ status: 200, body: { isOpen: true, round: 1 } });
    expect((await own(marketApi, 'GET /v1/sandbox')).body).toEqual(opened.body);

    const there = as('ada', String(opened.body.organisation));
    const body = { externalId: 'p-1', queue: opened.body.queue, customer: 'c@example.com', text: 'Hello' };
    expect((await there(companyApi, 'POST /v1/requests', { body })).status).toBe(201);
    const query = { queue: String(opened.body.queue), round: '1' };
    const listed = await there(companyApi, 'GET /v1/requests', { query });
    expect(listed.body.items).toMatchObject([
      { externalId: 'p-1', state: 'resolved', provider: opened.body.counterpart },
    ]);
    // Nothing of it is the organisation's own, and nothing of money or members is there.
    const { request } = { request: String((listed.body.items as { id: string }[])[0]?.id) };
    expect((await own(companyApi, 'GET /v1/requests/{request}', { params: { request } })).status).toBe(404);
    expect((await there(marketApi, 'GET /v1/members')).body).toMatchObject({ code: 'forbidden' });
  });

  it('claims made-up work as an agent, with the roles it has and no others', async () => {
    await join('pr_people0001', 'abe', 'provider.agent');
    const opened = await as('abe', 'pr_people0001')(marketApi, 'POST /v1/sandbox');
    const there = as('abe', String(opened.body.organisation));
    const claimed = await there(providerApi, 'POST /v1/claims', { body: { max: 2 } });
    expect(claimed.body.work).toHaveLength(2);
    expect((await there(companyApi, 'GET /v1/requests', { query: { queue: 'x', round: '1' } })).status).toBe(403);
  });

  it('is nobody in another’s, and never its simulated counterpart', async () => {
    await join('co_people0002', 'bea', 'company.admin');
    await join('co_people0003', 'cid', 'company.admin');
    const opened = await as('bea', 'co_people0002')(marketApi, 'POST /v1/sandbox');
    const query = { queue: String(opened.body.queue), round: '1' };
    for (const organisation of [opened.body.organisation, opened.body.counterpart])
      expect(await as('cid', String(organisation))(companyApi, 'GET /v1/requests', { query })).toMatchObject({
        status: 403,
        body: { detail: expect.stringContaining('do not belong') },
      });
    expect((await as('bea', String(opened.body.counterpart))(companyApi, 'GET /v1/requests', { query })).status).toBe(
      403,
    );
  });
});
