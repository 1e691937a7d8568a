/** Names for ids: who is told whose. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addMember, createApiKey } from '../../shared/identity/identity.store.ts';
import type { Role } from '../../shared/identity/identity.ts';
import { MARKET_ORGANISATION } from '../../shared/organisation/organisation.store.ts';
import { TestEdge } from '../../tests/support/edge.ts';
import { startTestTables, type TestTables } from '../../tests/support/engine.ts';
import { handler } from './market.ts';

let engine: TestTables;
let edge: TestEdge;
beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
});
afterAll(() => engine.stop());

async function register(kind: 'company' | 'provider', name: string, admin: string): Promise<string> {
  const body = { kind, name, ...(kind === 'provider' ? { providerKind: 'agent_pool' } : {}) };
  const headers = { 'idempotency-key': admin };
  const made = await edge.call(handler, 'POST /v1/organisations', { token: edge.person(admin), headers, body });
  expect(made.status).toBe(201);
  return String(made.body.id);
}
const join = (id: string, user: string, roles: Role[]) =>
  addMember(engine.tables, id, { user, email: `${user}@example.com`, roles }, edge.now);
const names = async (organisation: string, as: string, query: Record<string, string>) =>
  (
    await edge.call(handler, 'GET /v1/names', {
      token: edge.person(as),
      headers: { 'parley-organisation': organisation },
      query,
    })
  ).body;

it('names are told of one’s own people and keys, of providers, and to the market of companies; of nobody else', async () => {
  const acme = await register('company', 'Acme Bank', 'ada');
  const rival = await register('company', 'Rival Bank', 'rita');
  const helpers = await register('provider', 'Helpers', 'hal');
  await join(acme, 'finn', ['company.finance']);
  const input = { name: 'CRM', roles: ['company.operator' as const], scopes: 'all' as const };
  const { key } = await createApiKey(engine.tables, acme, input, 'make', edge.now);
  await edge.operator('olga');
  const people = `ada,rita,hal,olga,key:${key.keyId}`;
  const organisations = [acme, rival, helpers, MARKET_ORGANISATION].join(',');
  const told = (named: unknown) => (named as { name: string | null }[]).map(({ name }) => name);

  // Also to who is no admin.
  const own = await names(acme, 'finn', { people, organisations });
  expect(told(own.people)).toEqual(['ada@example.com', null, null, null, 'CRM']);
  expect(told(own.organisations)).toEqual(['Acme Bank', null, 'Helpers', expect.any(String)]);

  const provider = await names(helpers, 'hal', { people, organisations });
  expect(told(provider.people)).toEqual([null, null, 'hal@example.com', null, null]);
  expect(told(provider.organisations)).toEqual([null, null, 'Helpers', expect.any(String)]);

  const market = await names(MARKET_ORGANISATION, 'olga', { people, organisations });
  expect(told(market.people)).toEqual([null, null, null, 'olga@example.com', null]);
  expect(told(market.organisations)).toEqual(['Acme Bank', 'Rival Bank', 'Helpers', expect.any(String)]);

  expect(await names(acme, 'finn', { organisations: 'nothing' })).toMatchObject({ code: 'invalid_request' });
  expect(await names(acme, 'finn', {})).toEqual({ people: [], organisations: [] });
});
