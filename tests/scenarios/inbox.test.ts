/** What waits for whom: worked out from what stands, for the reader's roles, in order, and gone once it is dealt with. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handler as overviewApi } from '../../functions/api/overview.ts';
import { provideRuntime } from '../../functions/runtime.ts';
import { askAccountEnd, withdrawAccountEnd } from '../../shared/account-end/account-end.store.ts';
import { noteAlerts, putBudget } from '../../shared/budget/budget.store.ts';
import { enterOrder, withdrawOrder } from '../../shared/cash/order.store.ts';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { leaseIdOf } from '../../shared/dispatch/lease.ts';
import { addMember, createApiKey } from '../../shared/identity/identity.store.ts';
import type { Role, Scope } from '../../shared/identity/identity.ts';
import type { InboxItem } from '../../shared/inbox/inbox.ts';
import { DAY, HOUR, iso } from '../../shared/kernel/time.ts';
import { changeStatus, registerOrganisation } from '../../shared/organisation/organisation.store.ts';
import { proposeDebt, withdrawDebt } from '../../shared/payout/debt.store.ts';
import { readRound } from '../../shared/queue/queue.store.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { DisputedMarket } from '../support/disputes.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { must } from '../support/round.ts';

let engine: TestTables;
let world: DisputedMarket;
let opened = 0;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  world = await DisputedMarket.open(engine.tables, `inbox-${++opened}`);
});

async function page(token: string, query: Record<string, string> = {}) {
  provideRuntime(world.edge.runtime);
  const { status, body } = await world.edge.call(overviewApi, 'GET /v1/inbox', { token, query });
  expect([status, body.code]).toEqual([200, undefined]);
  return body as { items: InboxItem[]; next: string | null; isWhole: boolean };
}
const inbox = async (token: string) => (await page(token)).items;
const kinds = async (token: string) => (await inbox(token)).map(({ kind }) => kind);
/** What waits because of this test's market: those of other tests share the tables. */
const ofKind = async (token: string, kind: InboxItem['kind']) =>
  (await inbox(token)).filter((one) => one.kind === kind);
async function member(tenant: string, user: string, roles: Role[]): Promise<string> {
  await addMember(world.market.tables, tenant, { user, email: null, roles }, 0);
  return world.edge.person(user);
}

describe('a dispute', () => {
  it('waits for the provider, then for whoever decides, with its offer for the company; nobody has it once it is over', async () => {
    const { company, provider, operator } = world;
    const request = await world.settled();
    const dispute = String((await world.dispute(request)).body.id);
    const answered = (body: unknown) =>
      world.call(provider.token, 'POST /v1/disputes/{dispute}/answer', { dispute }, body);
    const [waits] = await ofKind(provider.token, 'dispute_to_answer');
    // Five working days from Wednesday, 11 February: Wednesday the 18th.
    expect(waits).toMatchObject({
      deadline: '2026-02-18T09:00:00.000Z',
      facts: { dispute, currency: 'USD', micros: 2_000_000 },
    });
    expect(await kinds(company.token)).toEqual([]);
    await answered({ answer: 'accept_part', bps: 2_500, statement: 'A quarter of it.' });
    expect(await kinds(provider.token)).toEqual([]);
    const [offer] = await ofKind(company.token, 'dispute_offer');
    expect(offer?.facts).toEqual({ dispute, currency: 'USD', micros: 525_000 });
    expect((await ofKind(operator, 'dispute_to_decide')).map(({ deadline }) => deadline)).toEqual([offer?.deadline]);
    await world.call(company.token, 'POST /v1/disputes/{dispute}/take-offer', { dispute });
    expect(await kinds(company.token)).toEqual([]);
    expect(await ofKind(operator, 'dispute_to_decide')).toEqual([]);
  });
});

describe('a round that closes within a week', () => {
  it('is named to who had put something into the one before and nothing into this one', async () => {
    const { company, provider, market } = world;
    const { closesAt } = (await readRound(market.tables, market.queue, 2))!;
    await world.advance(closesAt - 7 * DAY - HOUR);
    expect([...(await kinds(company.token)), ...(await kinds(provider.token))]).toEqual([]);
    await world.advance(closesAt - 7 * DAY);
    const deadline = iso(closesAt);
    expect(await inbox(company.token)).toMatchObject([
      { kind: 'commitment_missing', deadline, facts: { queue: market.queue, round: 2, committedIn: 1 } },
    ]);
    expect(await inbox(provider.token)).toMatchObject([
      { kind: 'bid_missing', deadline, facts: { queue: market.queue, round: 2, bidIn: 1 } },
    ]);
    await market.commit(company.id, 5, {}, 2);
    expect(await kinds(company.token)).toEqual([]);
  });
});

describe('a turn', () => {
  it('is named to its agent, and to the admin, when its request has two hours left', async () => {
    const { company, provider, market } = world;
    const input = { externalId: 'turn', queue: market.queue, customer: 'c', text: 'Hello', fields: {} };
    must(await acceptRequest(market.call(), company.id, input, null));
    const mine = await member(provider.id, 'mia', ['provider.agent']);
    const other = await member(provider.id, 'max', ['provider.agent']);
    // 48 hours of the terms, less two.
    await world.advance(market.now + 46 * HOUR - 1);
    const { work } = await claimWork(market.call(), provider.id, [market.queue], 1, Math.random, 'mia');
    const lease = work[0]!.lease;
    expect(await kinds(mine)).toEqual([]);
    await world.advance(market.now + 1);
    expect(await inbox(mine)).toMatchObject([
      { kind: 'turn_due', deadline: iso(lease.deadline), facts: { lease: leaseIdOf(lease) } },
    ]);
    expect(await kinds(other)).toEqual([]);
    expect(await kinds(provider.token)).toEqual(['turn_due']);
  });
});

describe('what takes two people', () => {
  it('is marked for who made it, and whole for another', async () => {
    const { market, finance, operator } = world;
    const order = { kind: 'bank_payout', currency: 'USD', amountMicros: 10_000_000, note: 'Weekly.' } as const;
    must(await enterOrder(market.call(), 'order-1', order, 'fred'));
    const [made] = await ofKind(finance, 'cash_order_to_approve');
    expect(made).toMatchObject({ needsAnother: true, since: iso(market.now), facts: { orderKind: 'bank_payout' } });
    expect(await ofKind(operator, 'cash_order_to_approve')).toMatchObject([{ id: made?.id, needsAnother: false }]);
    must(await withdrawOrder(market.call(), 'order-1'));
    expect(await ofKind(operator, 'cash_order_to_approve')).toEqual([]);
  });
});

describe('the end of an account, and a debt that is given up', () => {
  it('wait for another person until they are decided', async () => {
    const { market, company, provider, finance, operator } = world;
    const debt = { provider: provider.id, currency: 'USD' as const, micros: 900_000, reason: 'Insolvent.' };
    await proposeDebt(market.call(), 'debt-1', 'fred', debt);
    must(await askAccountEnd(market.call(), 'fred', company.id, 'It leaves the market.'));
    for (const kind of ['provider_debt_to_approve', 'account_end_to_approve'] as const) {
      expect(await ofKind(finance, kind)).toMatchObject([{ needsAnother: true, since: iso(market.now) }]);
      expect(await ofKind(operator, kind)).toMatchObject([{ needsAnother: false }]);
    }
    const facts = { debt: 'debt-1', provider: provider.id, currency: 'USD', micros: 900_000 };
    expect((await ofKind(operator, 'provider_debt_to_approve'))[0]?.facts).toEqual(facts);
    must(await withdrawDebt(market.call(), 'debt-1'));
    must(await withdrawAccountEnd(market.call(), company.id));
    for (const kind of ['provider_debt_to_approve', 'account_end_to_approve'] as const)
      expect(await ofKind(operator, kind)).toEqual([]);
  });
});

describe('an organisation', () => {
  it('waits for the operator until it is approved or suspended, not for the market’s finance', async () => {
    const { market, operator, finance } = world;
    const person = { user: 'new', email: null };
    const { id } = await registerOrganisation(market.tables, person, { kind: 'company', name: 'New' }, 'k', market.now);
    expect(await ofKind(operator, 'organisation_to_approve')).toMatchObject([
      { since: iso(market.now), facts: { organisation: id, name: 'New', organisationKind: 'company' } },
    ]);
    expect(await ofKind(finance, 'organisation_to_approve')).toEqual([]);
    await changeStatus(market.tables, id, 'approve');
    expect(await ofKind(operator, 'organisation_to_approve')).toEqual([]);
  });
});

describe('a budget', () => {
  it('is named by the highest share that was told, until the cap is raised', async () => {
    const { company, market } = world;
    must(await putBudget(market.call(), company.id, { currency: 'USD', capMicros: 1_000_000_000, beyond: 'refuse' }));
    const month = { pk: `B#${company.id}#2026-02`, sk: 'USD' };
    await noteAlerts(market.call(), month, [50, 80], 1_000_000_000);
    const facts = { month: '2026-02', currency: 'USD', percent: 80, capMicros: 1_000_000_000 };
    expect(await inbox(company.token)).toMatchObject([{ kind: 'budget_used', deadline: null, facts }]);
    must(await putBudget(market.call(), company.id, { currency: 'USD', capMicros: 9_000_000_000, beyond: 'refuse' }));
    expect(await kinds(company.token)).toEqual([]);
  });
});

describe('who reads', () => {
  it('finds what the roles and the scopes of a key allow', async () => {
    const { company, provider, market } = world;
    await world.dispute(await world.settled());
    const agent = await member(provider.id, 'ann', ['provider.agent']);
    expect(await kinds(agent)).toEqual([]);
    const key = async (name: string, scopes: Scope[]) =>
      (await createApiKey(market.tables, provider.id, { name, roles: ['provider.admin'], scopes }, name, 0)).secret ??
      '';
    expect(await kinds(await key('narrow', ['organisation:read']))).toEqual([]);
    expect(await kinds(await key('wider', ['organisation:read', 'finance:read']))).toEqual(['dispute_to_answer']);
    expect(await kinds(company.token)).toEqual([]);
  });

  it('gets all of it in order of deadline, a page at a time, each once', async () => {
    const { company, provider, market } = world;
    const { closesAt } = (await readRound(market.tables, market.queue, 2))!;
    const requests = [await world.resolved(), await world.resolved()];
    await world.advance(closesAt - 3 * DAY);
    for (const request of requests) await world.dispute(request);
    expect(await kinds(company.token)).toEqual(['commitment_missing']);
    const whole = await page(provider.token);
    expect(whole.items.map(({ kind }) => kind)).toEqual(['bid_missing', 'dispute_to_answer', 'dispute_to_answer']);
    expect(whole).toMatchObject({ next: null, isWhole: true });
    const first = await page(provider.token, { limit: '2' });
    const second = await page(provider.token, { limit: '2', cursor: first.next ?? '' });
    expect([...first.items, ...second.items]).toEqual(whole.items);
    expect(second.next).toBeNull();
  });
});
