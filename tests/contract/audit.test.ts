/**
 * Whatever is privileged leaves a trace: each route that only admins, finance people or the market's own people may change something
 * by is called, and stands in the trail with who called and how it ended. Routes come from the registry, so that a new one is looked at too.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadHandlers } from '../../infra/local/lambda.ts';
import type { FunctionName } from '../../infra/topology.ts';
import type { Route } from '../../shared/api/route.ts';
import { listRecords } from '../../shared/audit-trail/audit-trail.store.ts';
import type { AuditRecord } from '../../shared/audit-trail/audit-trail.ts';
import { addMember, createApiKey } from '../../shared/identity/identity.store.ts';
import { ROLES_OF, type Role } from '../../shared/identity/identity.ts';
import { MARKET_ORGANISATION } from '../../shared/organisation/organisation.store.ts';
import { callsOf, fits, served } from '../support/contract.ts';
import { type Answer, type CallOptions, TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';

/** Privileged by their roles, and kept elsewhere. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'demand:write': 'commitments and calendars have versions of their own, and are sealed until the round is cleared',
  'supply:write': 'bids and availability have versions of their own, and are sealed until the round is cleared',
  'supply:read': 'a preview changes nothing',
  'finance:read': 'looking anew at Stripe changes nothing but what we know of it',
  'requests:read': 'trying a connector changes nothing',
};
const ORDINARY: readonly Role[] = ['company.operator', 'provider.agent'];
const KINDS = ['company', 'provider', 'market'] as const;
const TENANTS = { company: 'co_audited1', provider: 'pr_audited1', market: MARKET_ORGANISATION };

const isPrivileged = ({ access, method }: Route): boolean =>
  access.who === 'members' && method !== 'GET' && !access.roles.some((role) => ORDINARY.includes(role));
const scopeOf = ({ access }: Route): string => (access.who === 'members' ? access.scope : '');
const privileged = served.filter((route) => isPrivileged(route) && ELSEWHERE[scopeOf(route)] === undefined);

let engine: TestTables;
let edge: TestEdge;
let handlers: Awaited<ReturnType<typeof loadHandlers>>;
let serial = 0;
const tokens = new Map<string, string>();

beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  handlers = await loadHandlers();
  await edge.operator();
  for (const kind of KINDS) {
    const user = `chief-of-${kind}`;
    await addMember(
      engine.tables,
      TENANTS[kind],
      { user, email: `chief-of-${kind}@example.com`, roles: ROLES_OF[kind] },
      edge.now,
    );
    tokens.set(kind, edge.person(user));
  }
}, 60_000);
afterAll(() => engine.stop());

const kindOf = (route: Route) =>
  KINDS.find(
    (kind) => route.access.who === 'members' && route.access.roles.some((role) => role.startsWith(`${kind}.`)),
  )!;

function call(route: Route, options: CallOptions): Promise<Answer> {
  const headers = { 'idempotency-key': `audit-${++serial}` };
  const handler = handlers.get(`api-${route.function}` as FunctionName);
  return edge.call(handler, `${route.method} ${route.path}`, { headers, ...options });
}

async function trail(tenant: string): Promise<AuditRecord[]> {
  const all: AuditRecord[] = [];
  let after: Parameters<typeof listRecords>[3]['after'];
  do {
    const page = { limit: 100, ...(after === undefined ? {} : { after }) };
    const found = await listRecords({ tables: engine.tables, now: edge.now }, tenant, '2026-01', page);
    all.push(...found.records);
    after = found.after;
  } while (after !== undefined);
  return all;
}

/** A call that the route takes, of things that need not be there: it is written down before anybody looks for them. */
function fitting(route: Route): CallOptions {
  const found = fc.sample(callsOf(route, {}), { numRuns: 300, seed: 5 }).find((one) => fits(route, one));
  if (found === undefined) throw new Error(`no call fits ${route.id}: give it an example in shared/api/examples.ts`);
  return found;
}

describe('the trail', () => {
  it('is of many routes, and each scope that is kept elsewhere is one of a route', () => {
    expect(privileged.length).toBeGreaterThan(50);
    const scopes = new Set(served.filter(isPrivileged).map(scopeOf));
    expect(Object.keys(ELSEWHERE).filter((scope) => !scopes.has(scope))).toEqual([]);
  });

  it.each(privileged.map((route) => [route.id, route] as const))(
    'has a call of %s, and how it ended',
    async (id, route) => {
      const kind = kindOf(route);
      const answer = await call(route, { ...fitting(route), token: tokens.get(kind)! });
      const own = (await trail(TENANTS[kind])).filter(({ action }) => action === id);
      expect(own).toMatchObject([
        {
          tenant: TENANTS[kind],
          user: `chief-of-${kind}`,
          email: `chief-of-${kind}@example.com`,
          call: answer.headers['parley-call-id'],
          status: answer.status,
          code: answer.status < 300 ? null : answer.body.code,
        },
      ]);
    },
  );

  it('names the key where a program calls', async () => {
    const route = privileged.find(({ id }) => id === 'deleteWebhook')!;
    const input = { name: 'k', roles: ROLES_OF.company, scopes: 'all' as const };
    const { key, secret } = await createApiKey(engine.tables, TENANTS.company, input, 'audit', edge.now);
    await call(route, { ...fitting(route), token: secret! });
    expect((await trail(TENANTS.company)).map(({ user }) => user)).toContain(`key:${key.keyId}`);
  });

  it('has who accepted an invitation, and never the link', async () => {
    const [invite, accept] = ['invite', 'acceptInvitation'].map((id) => served.find((route) => route.id === id)!);
    await edge.call(handlers.get('api-market'), 'POST /v1/organisations', {
      token: edge.person('founder'),
      headers: { 'idempotency-key': 'found' },
      body: { kind: 'company', name: 'Bank' },
    });
    const invited = await call(invite!, {
      token: edge.person('founder'),
      body: { email: 'new@example.com', roles: ['company.finance'] },
    });
    const token = String(invited.body.token);
    const wrong = await call(accept!, { token: edge.person('other'), params: { token } });
    const right = await call(accept!, { token: edge.person('new'), params: { token } });
    expect([wrong.status, right.status]).toEqual([403, 200]);
    const records = await trail(String(right.body.organisation));
    expect(records.map(({ action, user, status }) => [action, user, status])).toEqual([
      ['invite', 'founder', 201],
      ['acceptInvitation', 'other', 403],
      ['acceptInvitation', 'new', 200],
    ]);
    expect(JSON.stringify(records)).not.toContain(token);
  });

  it('has no content of what names people or is a secret', async () => {
    const scopes = new Map(served.map((route) => [route.id, scopeOf(route)]));
    const records = await trail(TENANTS.company);
    const quiet = records.filter(({ action }) => /^(?:organisation|webhooks|requests):/.test(scopes.get(action) ?? ''));
    expect(quiet.length).toBeGreaterThan(10);
    expect(quiet.filter(({ content }) => content !== null)).toEqual([]);
  });
});
