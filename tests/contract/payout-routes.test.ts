/** Pay over the routes that people use: what two people are needed for, and what a provider sees of itself and of nobody else. */
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as billingApi } from '../../functions/api/billing.ts';
import { handler as moneyApi } from '../../functions/api/money.ts';
import { addMember, createApiKey } from '../../shared/identity/identity.store.ts';
import type { Role } from '../../shared/identity/identity.ts';
import { MARKET_ORGANISATION } from '../../shared/organisation/organisation.store.ts';
import { holdPayouts } from '../../shared/payout/hold.store.ts';
import { workRun } from '../../shared/payout/run.store.ts';
import { type CallOptions, TestEdge } from '../support/edge.ts';
import { JANUARY, LATE, openPayWorld, type PayWorld } from '../support/payouts.ts';

let world: PayWorld;
let edge: TestEdge;
const id = { company: '', pool: '', other: '' };
/** Who calls: two of the market's finance people, one who only operates, a program, and people of the parties. */
const token = { mara: '', max: '', olga: '', program: '', pool: '', other: '', company: '' };
type Who = keyof typeof token;
let serial = 0;

const money = (who: Who, route: string, options: CallOptions = {}) =>
  edge.call(moneyApi, route, {
    token: token[who],
    ...options,
    headers: { 'idempotency-key': `key-${++serial}`, ...options.headers },
  });
const billing = (who: Who, route: string, options: CallOptions = {}) =>
  edge.call(billingApi, route, { token: token[who], ...options });
const said = ({ status, body }: { status: number; body: Record<string, unknown> }) => [status, body.code ?? body.state];

beforeAll(async () => {
  world = await openPayWorld();
  await world.fund(10_000_000);
  edge = new TestEdge(world.tables);
  Object.assign(edge.runtime, { stripeAccess: async () => world.access });
  id.company = await world.company('Ada');
  id.pool = await world.provider('Pool');
  id.other = await world.provider('Other');
  token.mara = await edge.operator('mara', ['market.finance']);
  token.max = await edge.operator('max', ['market.finance']);
  token.olga = await edge.operator('olga', ['market.operator']);
  const input = { name: 'program', roles: ['market.finance'] as Role[], scopes: 'all' as const };
  token.program = (await createApiKey(world.tables, MARKET_ORGANISATION, input, 'program', edge.now)).secret ?? '';
  for (const [who, organisation, role] of [
    ['pool', id.pool, 'provider.finance'],
    ['other', id.other, 'provider.finance'],
    ['company', id.company, 'company.finance'],
  ] as const) {
    await addMember(world.tables, organisation, { user: `of-${who}`, email: null, roles: [role] }, edge.now);
    token[who] = edge.person(`of-${who}`);
  }
  await world.charge({ company: id.company, provider: id.pool, request: 'pool-1', bidMicros: 3_004_567 });
  await world.charge({ company: id.company, provider: id.other, request: 'other-1', bidMicros: 7_000_000 });
  await world.close(JANUARY);
  world.at(LATE);
  edge.now = LATE;
}, 60_000);
afterAll(() => world.stop());

describe('a payout run', () => {
  it('is made, once for a key, by people of finance only', async () => {
    for (const who of ['olga', 'program', 'pool', 'company'] as const)
      expect(said(await money(who, 'POST /v1/payout-runs'))).toEqual([403, 'forbidden']);
    const headers = { 'idempotency-key': 'the-run' };
    const made = await money('mara', 'POST /v1/payout-runs', { headers });
    expect([made.status, made.body.state, made.body.madeBy]).toEqual([201, 'collecting', 'mara']);
    const again = await money('mara', 'POST /v1/payout-runs', { headers });
    expect(again.body.run).toBe(made.body.run);
    const { items } = (await money('olga', 'GET /v1/payout-runs')).body as { items: unknown[] };
    expect(items).toHaveLength(1);
  });

  it('is paid when another person approves it, not who made it, and cannot be dropped after that', async () => {
    const { items } = (await money('mara', 'GET /v1/payout-runs')).body as { items: { run: string }[] };
    const params = { run: items[0]?.run ?? '' };
    const approve = (who: Who) => money(who, 'POST /v1/payout-runs/{run}/approval', { params });
    expect(said(await approve('max'))).toEqual([409, 'payout_run_not_proposed']);
    await workRun(world.call(), params.run);
    expect(said(await money('mara', 'GET /v1/payout-runs/{run}', { params }))).toEqual([200, 'proposed']);
    const lines = (await money('olga', 'GET /v1/payout-runs/{run}/lines', { params })).body.items as object[];
    expect(lines).toHaveLength(2);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ provider: id.pool, amountMicros: 3_000_000 }),
        expect.objectContaining({ provider: id.other, amountMicros: 7_000_000 }),
      ]),
    );
    for (const who of ['olga', 'program', 'pool', 'company'] as const)
      expect(said(await approve(who))).toEqual([403, 'forbidden']);
    expect(said(await approve('mara'))).toEqual([409, 'second_person_needed']);
    expect(await world.paid(id.pool)).toBe(0);
    expect(said(await approve('max'))).toEqual([200, 'approved']);
    expect(said(await approve('max'))).toEqual([200, 'approved']);
    expect(said(await money('mara', 'POST /v1/payout-runs/{run}/drop', { params }))).toEqual([
      409,
      'payout_run_not_proposed',
    ]);
    await workRun(world.call(), params.run);
    expect([await world.paid(id.pool), await world.paid(id.other)]).toEqual([3_000_000, 7_000_000]);
  });

  it('that was dropped is never approved, and one that never was is not there', async () => {
    const made = await money('mara', 'POST /v1/payout-runs');
    const params = { run: String(made.body.run) };
    expect(said(await money('program', 'POST /v1/payout-runs/{run}/drop', { params }))).toEqual([403, 'forbidden']);
    expect(said(await money('mara', 'POST /v1/payout-runs/{run}/drop', { params }))).toEqual([200, 'dropped']);
    const approved = await money('max', 'POST /v1/payout-runs/{run}/approval', { params });
    expect(said(approved)).toEqual([409, 'payout_run_not_proposed']);
    for (const route of ['GET /v1/payout-runs/{run}', 'POST /v1/payout-runs/{run}/approval'])
      expect(said(await money('max', route, { params: { run: 'run-none' } }))).toEqual([404, 'not_found']);
  });
});

describe('a payout', () => {
  const own = async (who: Who) =>
    (await billing(who, 'GET /v1/payouts')).body.items as { id: string; amountMicros: number }[];

  it('is seen by its provider, down to the charge, and is not there for another one', async () => {
    const [payout] = await own('pool');
    expect(payout).toMatchObject({ provider: id.pool, state: 'paid', amountMicros: 3_000_000 });
    const params = { payout: payout?.id ?? '' };
    const text = await billing('pool', 'GET /v1/payouts/{payout}/remittance/csv', { params });
    const rows = parse(text.text, { columns: true }) as Record<string, string>[];
    expect(rows.map(({ Request }) => Request)).toEqual(['pool-1']);
    const routes = ['', '/lines', '/remittance', '/remittance/csv'].map((part) => `GET /v1/payouts/{payout}${part}`);
    for (const route of routes) {
      expect((await billing('pool', route, { params })).status).toBe(200);
      const foreign = await billing('other', route, { params });
      expect(said(foreign)).toEqual([404, 'not_found']);
      const never = await billing('other', route, { params: { payout: `${id.pool}.EUR.week-2020-01-06` } });
      expect(foreign.body.detail).toBe(never.body.detail);
      expect(said(await billing('company', route, { params }))).toEqual([403, 'forbidden']);
    }
    expect((await own('other')).map(({ amountMicros }) => amountMicros)).toEqual([7_000_000]);
  });

  it('leaves to each provider what is its own: what is payable, its profile, its account', async () => {
    const payables = async (who: Who) => (await billing(who, 'GET /v1/payables')).body.items;
    expect(await payables('pool')).toMatchObject([{ currency: 'EUR', payableMicros: 4_567 }]);
    expect(JSON.stringify(await payables('other'))).not.toContain('4567');
    const profile = await billing('other', 'GET /v1/payout-profile');
    expect(profile.body).toMatchObject({ legalName: 'Other' });
    const accounts = [
      await billing('pool', 'GET /v1/payout-account'),
      await billing('other', 'GET /v1/payout-account'),
    ];
    expect(accounts.map(({ body }) => body.status)).toEqual(['active', 'active']);
    expect(accounts[0]?.body.account).not.toBe(accounts[1]?.body.account);
    const link = await billing('pool', 'POST /v1/payout-account/link');
    expect([link.status, String(link.body.url).startsWith('http')]).toEqual([200, true]);
    for (const route of ['GET /v1/payout-profile', 'GET /v1/payables', 'POST /v1/payout-account/link'])
      expect(said(await billing('company', route))).toEqual([403, 'forbidden']);
  });
});

describe('a provider’s pay', () => {
  it('is seen by the market’s people, with whom it goes to and how the account stands, and by nobody else', async () => {
    const routes = ['payout-profile', 'payouts'].map((what) => `GET /v1/organisations/{organisation}/${what}`);
    const params = { organisation: id.pool };
    for (const who of ['mara', 'olga'] as const) {
      const pay = await money(who, routes[0]!, { params });
      expect(pay.body).toMatchObject({
        profile: { provider: id.pool, legalName: 'Pool' },
        account: { provider: id.pool, status: 'active' },
      });
      const { items } = (await money(who, routes[1]!, { params })).body;
      expect(items).toMatchObject([{ provider: id.pool, state: 'paid', amountMicros: 3_000_000 }]);
    }
    for (const route of routes) {
      for (const who of ['pool', 'other', 'company'] as const)
        expect(said(await money(who, route, { params }))).toEqual([403, 'forbidden']);
      for (const organisation of [id.company, 'pr_nobody0001'])
        expect(said(await money('mara', route, { params: { organisation } }))).toEqual([404, 'not_found']);
    }
  });
});

describe('what holds pay, and what is given up of it', () => {
  it('is let go by people of finance; the provider itself cannot', async () => {
    await holdPayouts(world.call(), id.pool, 'Stripe says something else.');
    const params = { provider: id.pool };
    const release = (who: Who) => money(who, 'POST /v1/payout-holds/{provider}/release', { params });
    for (const who of ['pool', 'olga', 'program'] as const)
      expect(said(await release(who))).toEqual([403, 'forbidden']);
    expect((await money('olga', 'GET /v1/payout-holds')).body.items).toMatchObject([{ provider: id.pool }]);
    expect((await release('mara')).status).toBe(200);
    expect(said(await release('mara'))).toEqual([404, 'not_found']);
  });

  it('is a debt that one person proposes and another gives up, and no more than is owed', async () => {
    await world.post({
      event: 'dispute-accepted#other-1',
      kind: 'dispute_accepted',
      occurredAt: world.call().now,
      currency: 'EUR',
      company: null,
      provider: id.other,
      legs: [
        { account: '2100', of: id.other, micros: 900_000 },
        { account: '5300', of: null, micros: -900_000 },
      ],
      facts: {},
    });
    const propose = (who: Who, micros: number) =>
      money(who, 'POST /v1/provider-debts', {
        body: { provider: id.other, currency: 'EUR', micros, reason: 'It has ended its business.' },
      });
    for (const who of ['other', 'olga', 'program'] as const)
      expect(said(await propose(who, 900_000))).toEqual([403, 'forbidden']);
    const made = await propose('mara', 900_000);
    expect(made.status).toBe(201);
    const approve = (who: Who, debt: unknown) =>
      money(who, 'POST /v1/provider-debts/{debt}/approval', { params: { debt: String(debt) } });
    expect(said(await approve('mara', made.body.id))).toEqual([409, 'second_person_needed']);
    expect(said(await approve('program', made.body.id))).toEqual([403, 'forbidden']);
    expect(await world.balance(id.other, '2100')).toBe(-900_000);
    expect((await approve('max', made.body.id)).body).toMatchObject({ madeBy: 'mara', approvedBy: 'max' });
    expect((await approve('max', made.body.id)).status).toBe(200);
    expect(await world.balance(id.other, '2100')).toBe(0);
    const more = await propose('mara', 1);
    expect(said(await approve('max', more.body.id))).toEqual([409, 'not_owed']);
    expect(said(await approve('max', 'never-proposed'))).toEqual([404, 'not_found']);
  });
});
