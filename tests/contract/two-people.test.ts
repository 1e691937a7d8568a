/** An invoice issued anew and an account that ends, over the routes that people use: each takes two people of the market. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as billingApi } from '../../functions/api/billing.ts';
import { handler as moneyApi } from '../../functions/api/money.ts';
import { createApiKey } from '../../shared/identity/identity.store.ts';
import type { Role } from '../../shared/identity/identity.ts';
import { sweepReissues } from '../../shared/invoice/reissue.store.ts';
import { MARKET_ORGANISATION, readOrganisation } from '../../shared/organisation/organisation.store.ts';
import { TestBilling } from '../support/billing.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { startTestStripe, type TestStripe } from '../support/stripe.ts';

const START = Date.parse('2026-01-12T09:00:00Z');
let engine: TestTables;
let stripe: TestStripe;
let billing: TestBilling;
let edge: TestEdge;
const id = { acme: '', other: '' };
const token = { mara: '', max: '', olga: '', program: '', acme: '', other: '' };
type Who = keyof typeof token;
const OUTSIDERS = ['olga', 'program', 'acme', 'other'] as const;

const call = (who: Who, route: string, params: Record<string, string>, body?: object) => {
  edge.now = billing.now;
  return edge.call(moneyApi, route, { token: token[who], params, ...(body === undefined ? {} : { body }) });
};
const said = ({ status, body }: { status: number; body: Record<string, unknown> }) => [status, body.code ?? body.state];

beforeAll(async () => {
  engine = await startTestTables();
  stripe = await startTestStripe({ clock: { now: () => billing?.now ?? START }, seed: 'two-people' });
  billing = new TestBilling(engine.tables, stripe.stripe, START);
  edge = new TestEdge(billing.tables);
  Object.assign(edge.runtime, {
    stripeAccess: async () => stripe.access,
    send: async (_queue: string, bodies: { kind: string; id: string }[]) => void billing.sent.push(...bodies),
  });
  token.mara = await edge.operator('mara', ['market.finance']);
  token.max = await edge.operator('max', ['market.finance']);
  token.olga = await edge.operator('olga', ['market.operator']);
  const input = { name: 'program', roles: ['market.finance'] as Role[], scopes: 'all' as const };
  token.program = (await createApiKey(billing.tables, MARKET_ORGANISATION, input, 'program', START)).secret ?? '';
  for (const name of ['acme', 'other'] as const) {
    id[name] = await billing.company(name);
    token[name] = edge.person(`user-${name}`);
    await billing.charge(id[name], { micros: 60_000_000 });
  }
  await billing.close('2026-01');
}, 60_000);
afterAll(async () => {
  await stripe.stop();
  await engine.stop();
});

describe('an invoice issued anew', () => {
  const path = '/v1/invoices/{invoice}';
  const ofAcme = () => ({ invoice: `${id.acme}.USD.2026-01.v0` });

  it('is asked for once its invoice is void, by people of finance, and is nothing that its company can see or do', async () => {
    expect(said(await call('mara', `GET ${path}/reissue`, ofAcme()))).toEqual([404, 'not_found']);
    expect(said(await call('mara', `POST ${path}/reissue`, ofAcme()))).toEqual([409, 'invoice_state']);
    for (const who of ['olga', 'acme', 'other'] as const)
      expect(said(await call(who, `POST ${path}/void`, ofAcme()))).toEqual([403, 'forbidden']);
    expect(said(await call('mara', `POST ${path}/void`, ofAcme()))).toEqual([200, 'void']);
    for (const who of OUTSIDERS)
      expect(said(await call(who, `POST ${path}/reissue`, ofAcme()))).toEqual([403, 'forbidden']);
    expect(said(await call('mara', `POST ${path}/reissue`, ofAcme()))).toEqual([200, 'asked']);
    expect(said(await call('olga', `GET ${path}/reissue`, ofAcme()))).toEqual([200, 'asked']);
    for (const who of ['acme', 'other'] as const)
      expect(said(await call(who, `GET ${path}/reissue`, ofAcme()))).toEqual([403, 'forbidden']);
  });

  it('is approved by another person than who asked, when its amount is fixed, and then bills the same', async () => {
    const approve = (who: Who) => call(who, `POST ${path}/reissue/approve`, ofAcme());
    expect(said(await approve('max'))).toEqual([409, 'invoice_state']);
    billing.now += 6 * 60_000;
    await sweepReissues(billing.call());
    for (const who of OUTSIDERS) expect(said(await approve(who))).toEqual([403, 'forbidden']);
    expect(said(await approve('mara'))).toEqual([409, 'second_person_needed']);
    expect(said(await approve('max'))).toEqual([200, 'approved']);
    await billing.work();
    const params = { invoice: `${id.acme}.USD.2026-01.v1` };
    const own = await edge.call(billingApi, `GET ${path}`, { token: token.acme, params });
    expect(own.body).toMatchObject({ state: 'open', subtotalMicros: 60_000_000 });
    const foreign = await edge.call(billingApi, `GET ${path}`, { token: token.other, params });
    expect(said(foreign)).toEqual([404, 'not_found']);
  });

  it('is not there for an invoice that never was', async () => {
    const params = { invoice: `${id.other}.USD.2025-01.v0` };
    for (const route of [`GET ${path}/reissue`, `POST ${path}/reissue`, `POST ${path}/reissue/approve`])
      expect(said(await call('max', route, params))).toEqual([404, 'not_found']);
  });
});

describe('the end of an account', () => {
  const path = '/v1/organisations/{organisation}/account-end';
  const body = { reason: 'They have left the market.' };
  const status = async (company: string) => (await readOrganisation(billing.tables, company))?.status;

  it('is asked for by people of finance, of a company that is there, with a reason', async () => {
    const params = { organisation: id.other };
    for (const who of OUTSIDERS)
      expect(said(await call(who, `POST ${path}`, params, body))).toEqual([403, 'forbidden']);
    expect(said(await call('mara', `POST ${path}`, { organisation: 'co_none000000' }, body))).toEqual([
      404,
      'not_found',
    ]);
    expect(said(await call('mara', `POST ${path}`, params, { reason: 'short' }))).toEqual([400, 'invalid_request']);
    expect(said(await call('mara', `GET ${path}`, params))).toEqual([404, 'not_found']);
    expect(said(await call('mara', `POST ${path}`, params, body))).toEqual([200, 'asked']);
    expect(said(await call('olga', `GET ${path}`, params))).toEqual([200, 'asked']);
    for (const who of ['acme', 'other'] as const)
      expect(said(await call(who, `GET ${path}`, params))).toEqual([403, 'forbidden']);
  });

  it('can be taken back until another person has approved it, which suspends that company and no other', async () => {
    const params = { organisation: id.other };
    expect(said(await call('max', `POST ${path}/withdraw`, params))).toEqual([200, 'withdrawn']);
    expect(said(await call('max', `POST ${path}/approve`, params))).toEqual([409, 'account_end_decided']);
    await call('mara', `POST ${path}`, params, body);
    for (const who of OUTSIDERS)
      expect(said(await call(who, `POST ${path}/approve`, params))).toEqual([403, 'forbidden']);
    expect(said(await call('mara', `POST ${path}/approve`, params))).toEqual([409, 'second_person_needed']);
    expect(await status(id.other)).not.toBe('suspended');
    const approved = await call('max', `POST ${path}/approve`, params);
    expect(approved.body).toMatchObject({ state: 'approved', by: 'mara', approvedBy: 'max' });
    // What is unpaid stands against its end, by name.
    expect(JSON.stringify(approved.body.waitsFor)).toContain(`${id.other}.USD.2026-01.v0`);
    expect([await status(id.other), await status(id.acme)]).toEqual(['suspended', 'pending']);
    expect(said(await call('mara', `POST ${path}/withdraw`, params))).toEqual([409, 'account_end_decided']);
  });
});
