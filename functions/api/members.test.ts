/** Who belongs to an organisation: roles, leaving, and invitations taken back, through the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, listMembers } from '../../shared/identity/identity.store.ts';
import type { Role } from '../../shared/identity/identity.ts';
import { DAY } from '../../shared/kernel/time.ts';
import { TestEdge } from '../../tests/support/edge.ts';
import { startTestTables, type TestTables } from '../../tests/support/engine.ts';
import { handler } from './market.ts';

let engine: TestTables;
let edge: TestEdge;
let organisations = 0;
let keys = 0;
beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
});
afterAll(() => engine.stop());

async function company(...admins: string[]): Promise<string> {
  const id = `co_members${String(++organisations).padStart(4, '0')}`;
  for (const user of admins) await join(id, user, ['company.admin']);
  return id;
}
const join = (id: string, user: string, roles: Role[]) =>
  addMember(engine.tables, id, { user, email: `${user}@example.com`, roles }, edge.now);
const call = (id: string, as: string, routeKey: string, params = {}, body?: unknown) =>
  edge.call(handler, routeKey, {
    token: edge.person(as),
    params,
    headers: { 'parley-organisation': id, 'idempotency-key': `key-${++keys}` },
    ...(body === undefined ? {} : { body }),
  });
const give = (id: string, as: string, user: string, roles: string[]) =>
  call(id, as, 'PUT /v1/members/{user}', { user }, { roles });
const remove = (id: string, as: string, user: string) => call(id, as, 'DELETE /v1/members/{user}', { user });
const members = async (id: string) =>
  (await listMembers(engine.tables, id)).map(({ user, roles }) => `${user}: ${roles.join(', ')}`);

describe('a member', () => {
  it('has other roles at once, and no more than those', async () => {
    const id = await company('ada');
    await join(id, 'bob', ['company.operator', 'company.finance']);
    expect(await give(id, 'ada', 'bob', ['company.finance'])).toMatchObject({
      status: 200,
      body: { user: 'bob', email: 'bob@example.com', roles: ['company.finance'] },
    });
    expect(await members(id)).toEqual(['ada: company.admin', 'bob: company.finance']);
    expect((await give(id, 'bob', 'bob', ['company.admin'])).body.code).toBe('forbidden');
    expect((await give(id, 'ada', 'bob', ['provider.agent'])).body.code).toBe('invalid_request');
    expect((await give(id, 'ada', 'nobody', ['company.finance'])).status).toBe(404);
  });

  it('who is taken out may do nothing there any more, and comes back by an invitation only', async () => {
    const id = await company('ada', 'bea');
    expect((await call(id, 'bea', 'GET /v1/organisation', {})).body.code).toBe('not_found');
    expect((await remove(id, 'ada', 'bea')).status).toBe(204);
    expect((await call(id, 'bea', 'GET /v1/organisation', {})).status).toBe(403);
    expect((await remove(id, 'ada', 'bea')).status).toBe(404);
    expect(await members(id)).toEqual(['ada: company.admin']);
  });

  it('of another organisation is not found', async () => {
    const [id, other] = [await company('ada'), await company('eve', 'eva')];
    expect((await remove(id, 'ada', 'eva')).status).toBe(404);
    expect((await give(id, 'ada', 'eva', ['company.finance'])).status).toBe(404);
    expect(await members(other)).toEqual(['eva: company.admin', 'eve: company.admin']);
  });
});

describe('the last admin', () => {
  it('neither leaves nor gives the role up', async () => {
    const id = await company('ada');
    await join(id, 'bob', ['company.operator']);
    expect((await remove(id, 'ada', 'ada')).body.code).toBe('last_admin');
    expect((await give(id, 'ada', 'ada', ['company.finance'])).body.code).toBe('last_admin');
    expect((await give(id, 'ada', 'ada', ['company.admin', 'company.finance'])).status).toBe(200);
    await give(id, 'ada', 'bob', ['company.admin']);
    expect((await remove(id, 'ada', 'ada')).status).toBe(204);
    expect(await members(id)).toEqual(['bob: company.admin']);
  });

  it('stays, though the two admins take each other out at the same moment', async () => {
    for (let time = 0; time < 8; time++) {
      const id = await company('ada', 'bea');
      const both = await Promise.all([remove(id, 'ada', 'bea'), remove(id, 'bea', 'ada')]);
      expect(both.map(({ status }) => status).filter((status) => status === 204)).toHaveLength(1);
      expect(await members(id)).toHaveLength(1);
    }
  });
});

describe('an invitation', () => {
  const open = async (id: string) =>
    (await call(id, 'ada', 'GET /v1/open-invitations')).body.items as { id: string; email: string }[];
  const invite = async (id: string, email: string) =>
    String((await call(id, 'ada', 'POST /v1/invitations', {}, { email, roles: ['company.operator'] })).body.token);
  const accept = (token: string, user: string) =>
    edge.call(handler, 'POST /v1/invitations/{token}/accept', { token: edge.person(user), params: { token } });

  it('is listed without its link until it is accepted, withdrawn or over', async () => {
    // Only an organisation that exists invites.
    const made = await edge.call(handler, 'POST /v1/organisations', {
      token: edge.person('ada'),
      body: { kind: 'company', name: 'Ada' },
      headers: { 'idempotency-key': 'an-organisation' },
    });
    const id = String(made.body.id);
    const [first, second] = [await invite(id, 'bob@example.com'), await invite(id, 'cas@example.com')];
    const listed = await open(id);
    expect(listed.map(({ email }) => email).sort()).toEqual(['bob@example.com', 'cas@example.com']);
    expect(JSON.stringify(listed)).not.toContain(first);
    await accept(first, 'bob');
    expect((await open(id)).map(({ email }) => email)).toEqual(['cas@example.com']);
    const withdraw = (invitation: string) =>
      call(id, 'ada', 'DELETE /v1/open-invitations/{invitation}', { invitation });
    const [bob, cas] = ['bob@example.com', 'cas@example.com'].map(
      (mail) => listed.find(({ email }) => email === mail)!,
    );
    expect((await withdraw(bob!.id)).body.code).toBe('invitation_used');
    expect((await withdraw(cas!.id)).status).toBe(204);
    expect((await withdraw(cas!.id)).status).toBe(204);
    expect(await open(id)).toEqual([]);
    expect((await accept(second, 'cas')).body.code).toBe('not_found');
    const late = await invite(id, 'dan@example.com');
    edge.now += 7 * DAY - 1;
    expect((await open(id)).map(({ email }) => email)).toEqual(['dan@example.com']);
    edge.now += 1;
    expect(await open(id)).toEqual([]);
    expect((await accept(late, 'dan')).body.code).toBe('invitation_expired');
  });

  it('of another organisation is not found', async () => {
    const [id, other] = [await company('ada'), await company('eve')];
    const { items } = (await call(other, 'eve', 'GET /v1/open-invitations')).body as { items: unknown[] };
    expect(items).toEqual([]);
    const params = { invitation: 'a'.repeat(64) };
    expect((await call(id, 'ada', 'DELETE /v1/open-invitations/{invitation}', params)).status).toBe(404);
  });
});
