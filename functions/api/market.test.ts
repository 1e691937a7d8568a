/** Joining: organisations, invitations, API keys, and who may do what. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestEdge } from '../../tests/support/edge.ts';
import { startTestTables, type TestTables } from '../../tests/support/engine.ts';
import { handler } from './market.ts';

let engine: TestTables;
let edge: TestEdge;
let serial = 0;

beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());
beforeEach(() => {
  edge = new TestEdge(engine.tables);
  serial += 1;
});

const DAY = 24 * 3_600_000;
const named = (name: string) => `${name}${serial}`;
const key = (text: string) => ({ 'idempotency-key': `${text}-${serial}` });
const invitation = (body: unknown, token: string, text = 'invite') =>
  edge.call(handler, 'POST /v1/invitations', { token, headers: key(text), body });
const accept = (link: unknown, token: string) =>
  edge.call(handler, 'POST /v1/invitations/{token}/accept', { token, params: { token: String(link) } });
const newKey = (body: unknown, token: string, text = 'key') =>
  edge.call(handler, 'POST /v1/api-keys', { token, headers: key(text), body });

async function company(admin: string): Promise<{ id: string; token: string }> {
  const token = edge.person(admin);
  const body = { kind: 'company', name: 'Acme Bank' };
  const registered = await edge.call(handler, 'POST /v1/organisations', { token, headers: key(admin), body });
  expect(registered.status).toBe(201);
  return { id: String(registered.body.id), token };
}

describe('registration', () => {
  it('makes a pending organisation whose admin is who registered it', async () => {
    const { id, token } = await company(named('ada'));
    const own = await edge.call(handler, 'GET /v1/organisation', { token });
    expect(own.body).toEqual({
      id,
      kind: 'company',
      name: 'Acme Bank',
      providerKind: null,
      status: 'pending',
      creditLimitMicros: 0,
      qualityBps: null,
      calls: null,
      createdAt: '2026-01-15T09:00:00.000Z',
    });
    const members = await edge.call(handler, 'GET /v1/members', { token });
    expect(members.body.items).toMatchObject([{ user: named('ada'), roles: ['company.admin'] }]);
  });

  it('refuses a provider without its kind and says which field is missing', async () => {
    const body = { kind: 'provider', name: 'Helpers' };
    const token = edge.person(named('bob'));
    const answer = await edge.call(handler, 'POST /v1/organisations', { token, headers: key('r'), body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([
      { field: 'providerKind', message: expect.stringContaining('is missing: send one of') },
    ]);
  });
});

describe('choosing the organisation', () => {
  it('asks a person with two organisations for the header, and takes it', async () => {
    const first = await company(named('eve'));
    const second = await edge.call(handler, 'POST /v1/organisations', {
      token: first.token,
      headers: key('second'),
      body: { kind: 'company', name: 'Second' },
    });
    const unsaid = await edge.call(handler, 'GET /v1/organisation', { token: first.token });
    expect(unsaid.body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'Parley-Organisation' }] });
    const said = await edge.call(handler, 'GET /v1/organisation', {
      token: first.token,
      headers: { 'parley-organisation': String(second.body.id) },
    });
    expect(said.body).toMatchObject({ name: 'Second' });
  });

  it('tells no difference between a foreign and an unknown organisation', async () => {
    const other = await company(named('other'));
    await company(named('mine'));
    const token = edge.person(named('mine'));
    const ask = (id: string) =>
      edge.call(handler, 'GET /v1/organisation', { token, headers: { 'parley-organisation': id } });
    const [foreign, unknown] = [await ask(other.id), await ask('co_0000000000')];
    expect(foreign.status).toBe(403);
    expect({ ...foreign.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
  });
});

describe('invitations', () => {
  it('make the invited person a member once, with the roles given', async () => {
    const { id, token } = await company(named('ada'));
    const email = `${named('Zoe')}@Example.com`;
    const made = await invitation({ email, roles: ['company.operator'] }, token);
    expect(made.status).toBe(201);
    expect(made.body.expiresAt).toBe('2026-01-22T09:00:00.000Z');
    const seen = await edge.call(handler, 'GET /v1/invitations/{token}', {
      params: { token: String(made.body.token) },
    });
    expect(seen.body).toMatchObject({ organisation: id, organisationName: 'Acme Bank', email });

    const zoe = edge.person(named('zoe'));
    const joined = await accept(made.body.token, zoe);
    expect(joined.body).toEqual({ organisation: id, roles: ['company.operator'] });
    expect((await accept(made.body.token, zoe)).body).toEqual(joined.body);
    const memberships = await edge.call(handler, 'GET /v1/memberships', { token: zoe });
    expect(memberships.body.items).toEqual([{ organisation: id, roles: ['company.operator'] }]);
  });

  it('are refused for another address, after seven days of business time, and when they are not known', async () => {
    const { token } = await company(named('ada'));
    const email = `${named('yan')}@example.com`;
    const made = await invitation({ email, roles: ['company.finance'] }, token);
    expect((await accept(made.body.token, edge.person(named('mallory')))).body.code).toBe('email_mismatch');
    expect((await accept('x'.repeat(40), edge.person(named('yan')))).body.code).toBe('not_found');
    edge.now += 7 * DAY - 1;
    const params = { token: String(made.body.token) };
    expect((await edge.call(handler, 'GET /v1/invitations/{token}', { params })).status).toBe(200);
    edge.now += 1;
    expect((await accept(made.body.token, edge.person(named('yan')))).body.code).toBe('invitation_expired');
    expect((await edge.call(handler, 'GET /v1/invitations/{token}', { params })).status).toBe(410);
  });

  it('give the same link when the call is repeated, though only its hash is stored', async () => {
    const { token } = await company(named('ada'));
    const body = { email: 'x@example.com', roles: ['company.finance'] };
    const first = await invitation(body, token);
    edge.now += 1_000;
    expect((await invitation(body, token)).body).toEqual(first.body);
    expect((await invitation({ ...body, email: 'y@example.com' }, token)).body.code).toBe('idempotency_key_reused');
  });

  it('give only roles of the organisation’s own kind', async () => {
    const { token } = await company(named('ada'));
    const answer = await invitation({ email: 'x@example.com', roles: ['market.operator'] }, token);
    expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'roles' }] });
  });

  it('are not an operator’s to make', async () => {
    const { token } = await company(named('ada'));
    const made = await invitation({ email: `${named('op')}@example.com`, roles: ['company.operator'] }, token);
    const operator = edge.person(named('op'));
    await accept(made.body.token, operator);
    const answer = await invitation({ email: 'x@example.com', roles: ['company.admin'] }, operator);
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain('company.admin');
  });
});

describe('API keys', () => {
  it('act for their organisation within role and scope, show their secret once, and stop when revoked', async () => {
    const { id, token } = await company(named('ada'));
    const input = { name: 'CRM', roles: ['company.admin'], scopes: ['organisation:read'] };
    const made = await newKey(input, token);
    expect(made.status).toBe(201);
    const secret = String(made.body.secret);
    expect(secret).toMatch(/^parley_co_[0-9a-z]+_[0-9a-f]{12}_[\w-]{43}$/);
    expect((await newKey(input, token)).body).toEqual({ ...made.body, secret: null });

    const own = await edge.call(handler, 'GET /v1/organisation', { token: secret });
    expect(own.body.id).toBe(id);
    const beyond = await newKey(input, secret, 'by-program');
    expect(beyond).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(beyond.body.detail).toContain('organisation:write');

    const params = { keyId: String(made.body.keyId) };
    const revoked = await edge.call(handler, 'DELETE /v1/api-keys/{keyId}', { token, params });
    expect(revoked.status).toBe(204);
    expect((await edge.call(handler, 'GET /v1/organisation', { token: secret })).status).toBe(401);
    const listed = await edge.call(handler, 'GET /v1/api-keys', { token });
    expect(listed.body.items).toMatchObject([{ name: 'CRM', revokedAt: '2026-01-15T09:00:00.000Z' }]);
    expect(JSON.stringify(listed.body)).not.toContain('secret');
  });

  it('cannot make keys that may do more than they themselves', async () => {
    const { token } = await company(named('ada'));
    const made = await newKey({ name: 'A', roles: ['company.admin'], scopes: ['organisation:write'] }, token);
    const secret = String(made.body.secret);
    const wider = { name: 'B', roles: ['company.admin'], scopes: ['demand:write'] };
    expect((await newKey(wider, secret, 'wider')).body).toMatchObject({ errors: [{ field: 'scopes' }] });
    const silent = await newKey({ name: 'C', roles: ['company.admin'] }, secret, 'silent');
    expect(silent.body.scopes).toEqual(['organisation:write']);
  });

  it('of another organisation are not found', async () => {
    const mine = await company(named('ada'));
    const other = await company(named('bea'));
    const made = await newKey({ name: 'A', roles: ['company.admin'] }, mine.token);
    const params = { keyId: String(made.body.keyId) };
    const answer = await edge.call(handler, 'DELETE /v1/api-keys/{keyId}', { token: other.token, params });
    expect(answer.status).toBe(404);
    const own = await edge.call(handler, 'GET /v1/organisation', { token: String(made.body.secret) });
    expect(own.body.id).toBe(mine.id);
  });

  it('are no people: they register nothing', async () => {
    const { token } = await company(named('ada'));
    const made = await newKey({ name: 'A', roles: ['company.admin'] }, token);
    const answer = await edge.call(handler, 'GET /v1/memberships', { token: String(made.body.secret) });
    expect(answer.body.code).toBe('forbidden');
  });
});
