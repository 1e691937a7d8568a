/** The books over the API: what each party sees of its accounts, and adjustments by two people. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as financeApi } from '../../functions/api/finance.ts';
import { handler as moneyApi } from '../../functions/api/money.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import type { Role } from '../../shared/identity/identity.ts';
import { randomToken } from '../../shared/kernel/id.ts';
import { type NewEntry, post, readEntry } from '../../shared/ledger/ledger.store.ts';
import type { Leg } from '../../shared/ledger/ledger.ts';
import { registerOrganisation } from '../../shared/organisation/organisation.store.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';

let engine: TestTables;
let edge: TestEdge;
let company: string;
let other: string;
let provider: string;
const tokens: Record<'company' | 'other' | 'provider' | 'finance' | 'second', string> = {} as never;

beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  [tokens.finance, tokens.second] = [
    await edge.operator('fay', ['market.finance']),
    await edge.operator('gus', ['market.finance']),
  ];
  [company, other, provider] = [await party('company'), await party('other'), await party('provider')];
  await post(call(), charge('1', company, 1_200_000));
  await post(call(), charge('2', other, 700_000));
  await post(call(), {
    ...charge('3', company, 0),
    event: `round#cards#1#shortfall#${company}#${provider}`,
    kind: 'shortfall',
    legs: [leg('1100', company, 400_000), leg('2100', provider, -300_000), leg('2400', 'cards#1', -100_000)],
  });
});
afterAll(() => engine.stop());

const call = () => ({ tables: engine.tables, now: edge.now });
const leg = (account: Leg['account'], of: string | null, micros: number): Leg => ({ account, of, micros });

const REASON = 'The price was read from the wrong tier';

async function party(name: 'company' | 'other' | 'provider'): Promise<string> {
  const kind = name === 'provider' ? 'provider' : 'company';
  const input = kind === 'provider' ? { kind, name, providerKind: 'automation' } : { kind, name };
  const made = await registerOrganisation(engine.tables, { user: name, email: null }, input as never, name, edge.now);
  const roles: Role[] = [`${kind}.finance`];
  await addMember(engine.tables, made.id, { user: `${name}-fin`, email: null, roles }, edge.now);
  tokens[name] = edge.person(`${name}-fin`);
  return made.id;
}

function charge(request: string, of: string, price: number): NewEntry {
  return {
    event: `charge#${request}`,
    kind: 'charge',
    occurredAt: edge.now,
    currency: 'USD',
    company: of,
    provider,
    legs: [leg('1100', of, price), leg('2100', provider, -500_000), leg('4100', null, 500_000 - price)],
    facts: { queue: 'cards', request, priceMicros: price, bidMicros: 500_000, approvedBy: 'fay' },
  };
}

const get = (
  route: string,
  who: keyof typeof tokens,
  more: { params?: Record<string, string>; query?: Record<string, string> } = {},
) => edge.call(route.includes('adjustments') ? moneyApi : financeApi, `GET ${route}`, { token: tokens[who], ...more });
const propose = (who: keyof typeof tokens, body: object, key = `call-${randomToken(8)}`) =>
  edge.call(moneyApi, 'POST /v1/adjustments', { token: tokens[who], body, headers: { 'idempotency-key': key } });
const decide = (who: keyof typeof tokens, id: unknown, what = 'approve') =>
  edge.call(moneyApi, `POST /v1/adjustments/{adjustment}/${what}`, {
    token: tokens[who],
    params: { adjustment: String(id) },
  });
const idOf = ({ body }: { body: Record<string, unknown> }): string => String(body.id);

describe('a party', () => {
  it('reads its own accounts in a statement: opening, movements and closing', async () => {
    const { status, body } = await get('/v1/statement', 'company');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      entries: 2,
      accounts: [
        {
          account: '1100',
          name: 'unbilled',
          of: company,
          openingMicros: 0,
          debitMicros: 1_600_000,
          creditMicros: 0,
          closingMicros: 1_600_000,
        },
      ],
    });
  });

  it('reads the history of its own account, with facts that are its business and no others', async () => {
    const params = { account: '1100' };
    const { status, body } = await get('/v1/accounts/{account}/history', 'company', { params, query: { limit: '1' } });
    expect([status, body.openingMicros, body.closingMicros, body.owner]).toEqual([200, 0, 1_600_000, company]);
    expect(body.items).toMatchObject([{ event: 'charge#1', micros: 1_200_000, balanceMicros: 1_200_000 }]);
    expect((body.items as { facts: object }[])[0]?.facts).toEqual({ queue: 'cards', request: '1' });
    const query = { limit: '1', cursor: String(body.next) };
    const next = await get('/v1/accounts/{account}/history', 'company', { params, query });
    expect(next.body.items).toMatchObject([{ kind: 'shortfall', micros: 400_000, balanceMicros: 1_600_000 }]);
  });

  it('finds no account of another party, nor of the market', async () => {
    const history = (account: string, owner: string) =>
      get('/v1/accounts/{account}/history', 'company', { params: { account }, query: { owner } });
    for (const owner of [other, provider, 'cards#1', `${other}.USD.2026-01.v0`])
      expect(await history('1100', owner)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    // Its own legs in an account of the market: none.
    const fees = await get('/v1/accounts/{account}/history', 'company', { params: { account: '4100' } });
    expect(fees.body).toMatchObject({ closingMicros: 0, items: [], next: null });
    for (const route of ['/v1/trial-balance', '/v1/adjustments'])
      expect((await get(route, 'company', { query: { through: '2026-01' } })).status).toBe(403);
    expect((await get('/v1/accounts/{account}/owners', 'company', { params: { account: '1100' } })).status).toBe(403);
  });

  it('sees which months are open', async () => {
    expect((await get('/v1/periods', 'provider')).body.items).toMatchObject([{ period: '2026-01', state: 'open' }]);
  });
});

describe('the market’s people', () => {
  it('read any entry with all its legs by its event; a party does not', async () => {
    const entry = await get('/v1/ledger-entry', 'finance', { query: { event: 'charge#1' } });
    expect(entry.body).toMatchObject({ kind: 'charge', period: '2026-01', facts: { bidMicros: 500_000 } });
    expect(entry.body.legs).toHaveLength(3);
    expect((await get('/v1/ledger-entry', 'finance', { query: { event: 'charge#no' } })).status).toBe(404);
    expect((await get('/v1/ledger-entry', 'company', { query: { event: 'charge#1' } })).status).toBe(403);
  });

  it('read the trial balance, the history of any account, and its owners, which agree', async () => {
    const balance = await get('/v1/trial-balance', 'finance', { query: { through: '2026-01' } });
    expect(balance.body).toMatchObject({ entries: 3, balanced: true });
    const closing = Object.fromEntries(
      (balance.body.accounts as { account: string; closingMicros: number }[]).map((line) => [
        line.account,
        line.closingMicros,
      ]),
    );
    expect(closing).toEqual({ '1100': 2_300_000, '2100': -1_300_000, '2400': -100_000, '4100': -900_000 });
    for (const account of Object.keys(closing)) {
      const params = { account };
      const history = await get('/v1/accounts/{account}/history', 'finance', { params });
      expect(history.body.closingMicros).toBe(closing[account]);
      const owners = await get('/v1/accounts/{account}/owners', 'finance', { params });
      const sum = (owners.body.items as { closingMicros: number }[]).reduce(
        (total, line) => total + line.closingMicros,
        0,
      );
      expect(sum).toBe(closing[account]);
    }
  });
});

describe('an adjustment', () => {
  it('is posted when another person approves it, once, and says who, when and why', async () => {
    const legs = [leg('1100', company, -200_000), leg('4100', null, 200_000)];
    const body = { kind: 'adjustment', adjusts: 'charge#1', legs, reason: REASON };
    const proposed = await propose('finance', body);
    expect(proposed).toMatchObject({
      status: 201,
      body: { state: 'proposed', proposedBy: 'fay', adjusts: 'charge#1' },
    });
    const id = idOf(proposed);
    expect(await readEntry(call(), `adjustment#${id}`)).toBeUndefined();
    expect(await decide('finance', id)).toMatchObject({ status: 409, body: { code: 'second_person_needed' } });
    const before = await readEntry(call(), 'charge#1');

    edge.now += 60_000;
    expect(await decide('second', id)).toMatchObject({ status: 200, body: { state: 'posted', decidedBy: 'gus' } });
    expect(await decide('second', id)).toMatchObject({ status: 200, body: { state: 'posted' } });
    expect(await decide('finance', id)).toMatchObject({ status: 409, body: { code: 'adjustment_decided' } });
    expect(await decide('finance', id, 'withdraw')).toMatchObject({
      status: 409,
      body: { code: 'adjustment_decided' },
    });
    const entry = await readEntry(call(), `adjustment#${id}`);
    expect(entry).toMatchObject({
      kind: 'adjustment',
      legs,
      facts: {
        adjusts: 'charge#1',
        reason: REASON,
        proposedBy: 'fay',
        approvedBy: 'gus',
        proposedAt: '2026-01-15T09:00:00.000Z',
      },
      occurredAt: '2026-01-15T09:01:00.000Z',
    });
    expect(await readEntry(call(), 'charge#1')).toEqual(before);
    // The company is told why, but not by whom.
    const history = await get('/v1/accounts/{account}/history', 'company', { params: { account: '1100' } });
    const row = (history.body.items as { event: string; facts: object }[]).find(
      ({ event }) => event === `adjustment#${id}`,
    );
    expect(row?.facts).toEqual({ adjusts: 'charge#1', reason: REASON });
  });

  it('that reverses an entry can be posted once, whoever proposes it again', async () => {
    const first = idOf(await propose('finance', { kind: 'reversal', adjusts: 'charge#2', reason: REASON }, 'a'));
    const second = idOf(await propose('second', { kind: 'reversal', adjusts: 'charge#2', reason: REASON }, 'b'));
    expect((await decide('second', first)).status).toBe(200);
    expect(await decide('finance', second)).toMatchObject({ status: 409, body: { code: 'already_reversed' } });
    const reversal = await readEntry(call(), 'reversal#charge#2');
    expect(reversal?.legs).toEqual([
      leg('1100', other, -700_000),
      leg('2100', provider, 500_000),
      leg('4100', null, 200_000),
    ]);
    expect((await decide('second', second, 'withdraw')).status).toBe(200);
    const statement = await get('/v1/statement', 'other');
    expect(statement.body.accounts).toMatchObject([{ account: '1100', closingMicros: 0 }]);
  });

  it('of a shortfall gives back what it brought, the pool’s part from what is carried', async () => {
    const adjusts = `round#cards#1#shortfall#${company}#${provider}`;
    const id = idOf(await propose('finance', { kind: 'shortfall_correction', adjusts, reason: REASON }));
    expect((await decide('second', id)).status).toBe(200);
    expect(await readEntry(call(), `reversal#${adjusts}`)).toMatchObject({
      kind: 'shortfall_correction',
      legs: [leg('1100', company, -400_000), leg('2100', provider, 300_000), leg('2410', 'cards', 100_000)],
    });
  });

  it('moves the market’s own money: funds, a tax return, what is left of an account', async () => {
    const post_ = async (body: object) => {
      const id = idOf(await propose('finance', body));
      expect((await decide('second', id)).status).toBe(200);
      return (await readEntry(call(), `adjustment#${id}`))?.legs;
    };
    expect(await post_({ kind: 'own_funds', currency: 'USD', micros: 5_000_000, reason: REASON })).toEqual([
      leg('1010', null, 5_000_000),
      leg('3000', null, -5_000_000),
    ]);
    const taxes = { kind: 'tax_return', currency: 'USD', taxMicros: 900_000, inputTaxMicros: 400_000, reason: REASON };
    expect(await post_(taxes)).toEqual([
      leg('2500', null, 900_000),
      leg('1500', null, -400_000),
      leg('1010', null, -500_000),
    ]);
    const closed = { kind: 'account_closed', currency: 'USD', reason: REASON };
    expect(await propose('finance', { ...closed, owner: company })).toMatchObject({
      status: 409,
      body: { code: 'not_a_rounding' },
    });
    await post(call(), { ...charge('4', other, 9_999), legs: [leg('1100', other, 9_999), leg('4100', null, -9_999)] });
    expect(await post_({ ...closed, owner: other })).toEqual([leg('5900', null, 9_999), leg('1100', other, -9_999)]);
    expect(await propose('finance', { ...closed, owner: other }, 'again')).toMatchObject({
      status: 422,
      body: { code: 'nothing_to_adjust' },
    });
  });

  it('is refused where it cannot be an entry, or touches what stands for something else', async () => {
    const refused = async (legs: Leg[], code: string, adjusts = 'charge#1') =>
      expect((await propose('finance', { kind: 'adjustment', adjusts, legs, reason: REASON })).body.code).toBe(code);
    await refused([leg('1100', company, 1), leg('4100', null, -2)], 'legs_unbalanced');
    await refused([leg('1100', company, 0), leg('4100', null, 0)], 'nothing_to_adjust');
    await refused([leg('1310', null, 1), leg('4100', null, -1)], 'account_not_adjustable');
    await refused([leg('2400', 'cards#1', 1), leg('4100', null, -1)], 'account_not_adjustable');
    await refused([leg('1100', company, 1), leg('1100', other, -1)], 'legs_of_several');
    await refused([leg('1100', null, 1), leg('4100', null, -1)], 'legs_of_several');
    await refused([leg('4100', 'somebody', 1), leg('4190', null, -1)], 'legs_of_several');
    await refused([leg('2410', null, 1), leg('4100', null, -1)], 'legs_of_several');
    await refused([leg('1100', company, 1), leg('4100', null, -1)], 'not_found', 'charge#none');
    const shortfall = await propose('finance', { kind: 'shortfall_correction', adjusts: 'charge#1', reason: REASON });
    expect(shortfall).toMatchObject({ status: 422, body: { code: 'not_a_shortfall' } });
    expect((await propose('company', { kind: 'reversal', adjusts: 'charge#1', reason: REASON })).status).toBe(403);
  });

  it('is proposed once by the same call, and listed by its state', async () => {
    const body = { kind: 'reversal', adjusts: 'charge#1', reason: REASON };
    const [first, again] = [await propose('finance', body, 'same'), await propose('finance', body, 'same')];
    expect(idOf(again)).toBe(idOf(first));
    const params = { adjustment: idOf(first) };
    expect((await get('/v1/adjustments/{adjustment}', 'second', { params })).body).toEqual(first.body);
    const listed = await get('/v1/adjustments', 'second');
    expect((listed.body.items as { id: string }[]).map(({ id }) => id)).toContain(idOf(first));
    expect((await get('/v1/adjustments', 'second', { query: { state: 'withdrawn' } })).body.items).toHaveLength(1);
    expect((await decide('finance', idOf(first), 'withdraw')).status).toBe(200);
    const posted = await get('/v1/adjustments', 'second', { query: { state: 'posted', limit: '2' } });
    expect(posted.body.items).toHaveLength(2);
    expect(posted.body.next).not.toBeNull();
  });
});

describe('charges', () => {
  it('are filtered over all of the month, whatever page they stand on', async () => {
    const facts = (outcome: string, route: string) => ({ ...charge('0', other, 0).facts, outcome, route });
    for (const n of [10, 11, 12, 13, 14, 15, 16]) {
      const entry = charge(String(n), other, n * 100_000);
      await post(call(), {
        ...entry,
        facts: { ...facts(n === 16 ? 'assumed' : 'confirmed', 'slot'), request: String(n) },
      });
    }
    const query = { outcome: 'assumed', limit: '1' };
    const found = await get('/v1/charges', 'other', { query });
    expect(found.body.items).toMatchObject([{ request: '16', micros: 1_600_000 }]);
    expect((await get('/v1/charges', 'other', { query: { queue: 'loans' } })).body).toEqual({ items: [], next: null });
    expect((await get('/v1/charges', 'other', { query: { currency: 'EUR' } })).body).toEqual({ items: [], next: null });
    expect((await get('/v1/charges', 'other', { query: { outcome: 'no' } })).status).toBe(400);
  });
});
