/** An invoice's page and PDF at Stripe, and its credit notes, for its company and for the market, over the real engine. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { handler as billingApi } from '../../functions/api/billing.ts';
import { handler as moneyApi } from '../../functions/api/money.ts';
import { provideRuntime } from '../../functions/runtime.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import { TestBilling } from '../support/billing.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { startTestStripe, type TestStripe } from '../support/stripe.ts';

const JANUARY = '2026-01';
let engine: TestTables;
let stripe: TestStripe;
let edge: TestEdge;
let billing: TestBilling;
let acme: string;
let other: string;
let market: string;

beforeAll(async () => {
  engine = await startTestTables();
  stripe = await startTestStripe({ clock: { now: () => billing?.now ?? 0 }, seed: 'document' });
  billing = new TestBilling(engine.tables, stripe.stripe, Date.parse('2026-01-12T09:00:00Z'));
  edge = new TestEdge(billing.tables);
  edge.runtime.stripeAccess = async () => stripe.access;
  provideRuntime(edge.runtime);
  market = await edge.operator('mara', ['market.finance']);
  [acme, other] = [await billing.company('acme'), await billing.company('other')];
  for (const [company, user] of [
    [acme, 'ann'],
    [other, 'otto'],
  ] as const)
    await addMember(billing.tables, company, { user, email: null, roles: ['company.finance'] }, billing.now);
  await billing.charge(acme, { micros: 80_000_000 });
  await billing.charge(other, { micros: 30_000_000 });
  await billing.close(JANUARY);
  edge.now = billing.now;
});
afterAll(async () => {
  await stripe.stop();
  await engine.stop();
});

const get = (route: string, token: string, invoice: string) =>
  edge.call(billingApi, `GET /v1/invoices/{invoice}/${route}`, { token, params: { invoice } });
const idOf = (company: string) => `${company}.USD.${JANUARY}.v0`;

it('opens for its company and for the market, not for another company', async () => {
  for (const token of [edge.person('ann'), market]) {
    const { status, body } = await get('document', token, idOf(acme));
    expect(status).toBe(200);
    const page = await fetch(String(body.url));
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('80.00 USD')]);
    expect(body.pdf).toMatch(/\/pdf$/);
  }
  for (const route of ['document', 'credit-notes'])
    expect((await get(route, edge.person('otto'), idOf(acme))).status).toBe(404);
});

it('has credit notes, none at first', async () => {
  expect((await get('credit-notes', edge.person('ann'), idOf(acme))).body).toEqual({ items: [], next: null });
});

it('is found among the invoices of its month by state and currency, by the market alone', async () => {
  const list = async (query: Record<string, string>, token = market) =>
    edge.call(moneyApi, 'GET /v1/money/invoices', { token, query: { period: JANUARY, ...query } });
  const ids = async (query: Record<string, string>) =>
    ((await list(query)).body.items as { id: string }[]).map(({ id }) => id).sort();
  const both = [idOf(acme), idOf(other)].sort();
  expect(await ids({})).toEqual(both);
  expect(await ids({ state: 'void' })).toEqual([]);
  expect(await ids({ currency: 'EUR' })).toEqual([]);
  expect(await ids({ period: '2026-02' })).toEqual([]);
  const states = ((await list({})).body.items as { state: string }[]).map(({ state }) => state);
  expect(await ids({ state: states[0] ?? '' })).toEqual(both);
  expect((await list({}, edge.person('ann'))).status).toBe(403);
});
