/** What a company and a provider lack, from registration until nothing is missing, through the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as marketApi } from '../../functions/api/market.ts';
import { handler as overviewApi } from '../../functions/api/overview.ts';
import { provideRuntime } from '../../functions/runtime.ts';
import { putProfile } from '../../shared/billing-profile/billing-profile.store.ts';
import { putBudget } from '../../shared/budget/budget.store.ts';
import type { Checklist } from '../../shared/checklist/checklist.ts';
import { createApiKey } from '../../shared/identity/identity.store.ts';
import { changeStatus } from '../../shared/organisation/organisation.store.ts';
import { putPayoutProfile } from '../../shared/payout/account.store.ts';
import { PayoutProfileInput } from '../../shared/payout/account.ts';
import { putPlaybook } from '../../shared/playbook/playbook.store.ts';
import { PlaybookInput } from '../../shared/playbook/playbook.ts';
import { PROFILE } from '../support/billing.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { must, TestMarket } from '../support/round.ts';

let engine: TestTables;
let edge: TestEdge;
let market: TestMarket;
beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  market = new TestMarket(engine.tables);
  await market.open('checklist');
  provideRuntime({ ...edge.runtime, tables: market.tables, clock: { now: () => market.now } });
});
afterAll(() => engine.stop());

async function join(user: string, body: object): Promise<{ id: string; token: string }> {
  const token = edge.person(user);
  const headers = { 'idempotency-key': `join-${user}` };
  const made = await edge.call(marketApi, 'POST /v1/organisations', { token, body, headers });
  return { id: String(made.body.id), token };
}
async function checklist(token: string): Promise<Checklist> {
  const { status, body } = await edge.call(overviewApi, 'GET /v1/organisation/checklist', { token });
  expect(status).toBe(200);
  return body as Checklist;
}
const lacking = ({ steps }: Checklist) => steps.filter(({ isDone }) => !isDone).map(({ step }) => step);
const ready = ({ stages }: Checklist) => stages.filter(({ isReady }) => isReady).map(({ stage }) => stage);

describe('a company', () => {
  it('is ready for each stage when what that takes is there, and is told what else is missing', async () => {
    const { id, token } = await join('ada', { kind: 'company', name: 'Ada' });
    expect(lacking(await checklist(token))).toEqual([
      'sandbox',
      'approval',
      'commitment',
      'way_in',
      'playbook',
      'budget',
      'billing_profile',
      'payment_method',
    ]);
    expect(ready(await checklist(token))).toEqual([]);
    await changeStatus(market.tables, id, 'approve');
    expect(ready(await checklist(token))).toEqual(['commitment', 'request']);
    await market.commit(id, 10);
    const playbook = (await checklist(token)).steps.find(({ step }) => step === 'playbook');
    expect(playbook).toMatchObject({ isDone: false, isRequired: false, queues: [market.queue] });
    const written = PlaybookInput.parse({ sections: [{ title: 'Tone', markdown: 'Kind.' }] });
    must(await putPlaybook(market.call(), id, market.queue, written));
    must(await putBudget(market.call(), id, { currency: 'USD', capMicros: 1_000_000, beyond: 'hold' }));
    const key = { name: 'CRM', roles: ['company.operator'], scopes: 'all' } as const;
    await createApiKey(market.tables, id, key, 'crm', market.now);
    await createApiKey(market.tables, id, { ...key, sandbox: true }, 'sandbox', market.now);
    must(await putProfile(market.call(), id, { ...PROFILE, collectionMethod: 'charge_automatically' }));
    expect(lacking(await checklist(token))).toEqual(['payment_method']);
    must(await putProfile(market.call(), id, { ...PROFILE, collectionMethod: 'send_invoice' }));
    const whole = await checklist(token);
    expect([lacking(whole), ready(whole)]).toEqual([[], ['commitment', 'request', 'invoice']]);
  });
});

describe('a provider', () => {
  it('may bid once it is approved, and is paid once Stripe lets it', async () => {
    const { id, token } = await join('bob', { kind: 'provider', name: 'Bob', providerKind: 'agent_pool' });
    expect(lacking(await checklist(token))).toEqual([
      'sandbox',
      'approval',
      'certificates',
      'bid',
      'availability',
      'payout_profile',
      'payout_account',
    ]);
    await changeStatus(market.tables, id, 'approve');
    expect(ready(await checklist(token))).toEqual(['bid']);
    await market.bid(id, 'agent_pool', { capacity: 5, tiers: [{ minVolume: 0, priceMicros: 1_000_000 }] });
    expect(ready(await checklist(token))).toEqual(['bid', 'work']);
    const { legalName, address } = PROFILE;
    const profile = PayoutProfileInput.parse({ legalName, address, contactEmail: 'pay@bob.example' });
    await putPayoutProfile(market.call(), id, profile);
    expect(lacking(await checklist(token))).toEqual(['sandbox', 'certificates', 'availability', 'payout_account']);
    expect(ready(await checklist(token))).toEqual(['bid', 'work']);
  });
});

describe('the market’s people', () => {
  it('have none', async () => {
    const { status } = await edge.call(overviewApi, 'GET /v1/organisation/checklist', { token: await edge.operator() });
    expect(status).toBe(403);
  });
});
