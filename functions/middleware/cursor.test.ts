/** Cursors: they go on with their own list and are good for nothing else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../shared/api/registry.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import { registerOrganisation } from '../../shared/organisation/organisation.store.ts';
import { TestEdge } from '../../tests/support/edge.ts';
import { startTestTables, type TestTables } from '../../tests/support/engine.ts';
import { approveOrganisation, listOrganisations, suspendOrganisation } from '../api/organisations.ts';
import { api } from './api.ts';
import type { Handlers } from './context.ts';

let engine: TestTables;
let edge: TestEdge;
let operator: string;
const ids = routes.filter((route) => route.function === 'operator').map((route) => route.id);
const rest = Object.fromEntries(ids.map((id) => [id, listOrganisations]));
const handler = api('operator', routes, {
  ...rest,
  listOrganisations,
  approveOrganisation,
  suspendOrganisation,
} as unknown as Handlers<'operator'>);
const list = (query: Record<string, string>, token = operator) =>
  edge.call(handler, 'GET /v1/organisations', { token, query });

beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  operator = await edge.operator();
  for (let n = 0; n < 5; n++) {
    const person = { user: `u${n}`, email: null };
    await registerOrganisation(engine.tables, person, { kind: 'company', name: `C${n}` }, 'k', edge.now + n);
  }
  await registerOrganisation(
    engine.tables,
    { user: 'p', email: null },
    { kind: 'provider', name: 'P', providerKind: 'automation' },
    'k',
    edge.now,
  );
});
afterAll(() => engine.stop());

describe('a list', () => {
  it('comes page by page, each entry once, in order of registration', async () => {
    const names: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 5; page++) {
      const answer = await list({ kind: 'company', limit: '2', ...(cursor ? { cursor } : {}) });
      names.push(...(answer.body.items as { name: string }[]).map((item) => item.name));
      if (typeof answer.body.next !== 'string') break;
      cursor = answer.body.next;
    }
    expect(names).toEqual(['C0', 'C1', 'C2', 'C3', 'C4']);
  });

  it('takes another page length with the same cursor', async () => {
    const first = await list({ kind: 'company', limit: '1' });
    const rest = await list({ kind: 'company', limit: '100', cursor: String(first.body.next) });
    expect(rest.body.items).toHaveLength(4);
  });

  it('refuses a cursor that was changed, of another list, or of another organisation', async () => {
    const first = await list({ kind: 'company', limit: '2' });
    const next = String(first.body.next);
    const [payload = '', signature = ''] = next.split('.');
    const forged = Buffer.from(JSON.stringify('000000000000000#co_other')).toString('base64url');
    await addMember(engine.tables, 'mk_other1', { user: 'second', email: null, roles: ['market.operator'] }, edge.now);
    const answers = [
      await list({ kind: 'company', cursor: `${forged}.${signature}` }),
      await list({ kind: 'company', cursor: `${payload}.${signature.slice(0, -1)}` }),
      await list({ kind: 'company', cursor: 'nonsense' }),
      await list({ kind: 'provider', cursor: next }),
      await list({ kind: 'company', cursor: next }, edge.person('second')),
    ];
    for (const answer of answers)
      expect(answer.body).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ field: 'cursor' }] });
  });
});

describe('an operator', () => {
  const change = (what: string, organisation: string, body: unknown) =>
    edge.call(handler, `POST /v1/organisations/{organisation}/${what}`, {
      token: operator,
      params: { organisation },
      body,
    });
  const idOf = async (kind: string) => String(((await list({ kind })).body.items as { id: string }[])[0]?.id);

  it('approves a company with its limit, again with another one, and suspends it', async () => {
    const id = await idOf('company');
    const approved = await change('approve', id, { creditLimitMicros: 5_000_000 });
    expect(approved.body).toMatchObject({ status: 'approved', creditLimitMicros: 5_000_000, qualityBps: null });
    expect((await change('approve', id, {})).body).toEqual(approved.body);
    expect((await change('suspend', id, undefined)).body).toMatchObject({ status: 'suspended' });
    expect((await change('approve', id, { creditLimitMicros: 7 })).body).toMatchObject({
      status: 'approved',
      creditLimitMicros: 7,
    });
  });

  it('approves a provider with the quality assumed until it is measured', async () => {
    const id = await idOf('provider');
    expect((await change('approve', id, {})).body).toMatchObject({ status: 'approved', qualityBps: 8_000 });
    expect((await change('approve', id, { qualityBps: 9_100 })).body).toMatchObject({ qualityBps: 9_100 });
    expect((await change('approve', id, {})).body).toMatchObject({ qualityBps: 9_100 });
    const wrong = await change('approve', id, { creditLimitMicros: 1 });
    expect(wrong.body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'creditLimitMicros' }] });
  });

  it('finds no organisation that does not exist, and cannot suspend the market', async () => {
    expect((await change('approve', 'co_0000000000', {})).status).toBe(404);
    expect((await change('suspend', 'mk_market', undefined)).status).toBe(404);
  });
});
