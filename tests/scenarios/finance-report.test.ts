/** Aged receivables and payables, accruals and forecasts over the API: they say what the books say, to whom they concern. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as finance } from '../../functions/api/finance.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { closedThrough, foldBook } from '../../shared/payout/book.store.ts';
import { TestBilling } from '../support/billing.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { startTestStripe, type TestStripe } from '../support/stripe.ts';

const START = Date.parse('2026-01-11T00:00:00Z');
const FEBRUARY = Date.parse('2026-02-01T00:00:00Z');
let engine: TestTables;
let stripe: TestStripe;
let billing: TestBilling;
let edge: TestEdge;
let market: string;
let acme: string;
let small: string;
const of = { acme: '', small: '', provider: '' };

beforeAll(async () => {
  engine = await startTestTables();
  stripe = await startTestStripe({ clock: { now: () => billing?.now ?? START }, seed: 'report' });
  billing = new TestBilling(engine.tables, stripe.stripe, START);
  edge = new TestEdge(billing.tables);
  market = await edge.operator('mara', ['market.finance']);
  [acme, small] = [await billing.company('acme'), await billing.company('small')];
  Object.assign(of, { acme: edge.person('user-acme'), small: edge.person('user-small') });
  of.provider = edge.person('user-provider');
}, 60_000);
afterAll(async () => {
  await stripe.stop();
  await engine.stop();
});

type Row = Record<string, unknown>;
async function get(path: string, token: string, query: Record<string, string> = {}) {
  edge.now = billing.now;
  const answer = await edge.call(finance, `GET /v1/${path}`, { token, query });
  expect(answer.status, answer.text).toBe(200);
  return answer.body as { items: Row[]; next: string | null };
}
/** What an account stands at in one's own statement. */
async function standing(token: string, account: string): Promise<number> {
  edge.now = billing.now;
  const answer = await edge.call(finance, 'GET /v1/statement', { token });
  const lines = answer.body.accounts as { account: string; closingMicros: number }[];
  return lines.find((line) => line.account === account)?.closingMicros ?? 0;
}
const accrued = async (token: string, query = {}) => (await get('accruals', token, query)).items;

describe('in the month itself', () => {
  it('an accrual is what was charged by an instant, company by company for the market and one’s own for a company', async () => {
    for (let day = 0; day < 10; day++) {
      billing.now = START + day * DAY;
      await billing.charge(acme, { micros: 4_000_001 });
    }
    await billing.charge(small, { micros: 2_000_000, currency: 'EUR' });
    // Through noon of the fourth day: 4 × 4.000001.
    const at = new Date(START + 3 * DAY + 12 * HOUR).toISOString();
    const row = {
      company: acme,
      currency: 'USD',
      period: '2026-01',
      carriedMicros: 0,
      takenOffMicros: 0,
      confirmedMicros: 0,
    };
    expect(await accrued(market, { at })).toEqual([
      { ...row, at, chargedMicros: 16_000_004, accruedMicros: 16_000_004, disputedMicros: 0 },
    ]);
    expect((await accrued(of.acme)).map(({ accruedMicros }) => accruedMicros)).toEqual([40_000_010]);
    expect(await accrued(of.small)).toMatchObject([{ company: small, currency: 'EUR', accruedMicros: 2_000_000 }]);
    expect(new Set((await accrued(market)).map(({ company }) => company))).toEqual(new Set([acme, small]));
  });

  it('an instant must be of the month that is asked for', async () => {
    edge.now = billing.now;
    const query = { period: '2026-01', at: '2026-02-01T00:00:00.000Z' };
    const answer = await edge.call(finance, 'GET /v1/accruals', { token: market, query });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'at' }] } });
  });

  it('a forecast goes on as the month began, for who is charged and for who earns', async () => {
    // 40.00001 in the 10 days since it registered, and 11 days to go at 4.000001 a day.
    billing.now = START + 10 * DAY;
    const [spend] = (await get('forecast', of.acme)).items;
    expect(spend).toMatchObject({ soFarMicros: 40_000_010, expectedMicros: 84_000_021, fromMicros: 84_000_021 });
    expect(spend?.sentence).toBe(
      'An estimate: $40.00 charged in 2026-01 by 2026-01-21 (UTC), and about $84.00 by its end, between $84.00 and $84.00.',
    );
    // The provider has been there all 20 days of the month, 2 a day, and in the months before without work.
    const earnings = (await get('forecast', of.provider)).items;
    expect(earnings).toMatchObject([
      { currency: 'USD', soFarMicros: 40_000_010 },
      { currency: 'EUR', soFarMicros: 2_000_000 },
    ]);
    expect(earnings[0]?.basis).toEqual([
      { period: '2026-01', microsPerDay: 2_000_001 },
      ...['2025-12', '2025-11', '2025-10'].map((period) => ({ period, microsPerDay: 0 })),
    ]);
  });
});

describe('after the month', () => {
  it('what is invoiced is receivable and not accrued any more; what is owed to providers is not due yet', async () => {
    await billing.close('2026-01');
    billing.now += MINUTE;
    expect(await standing(of.acme, '1200')).toBe(40_000_000);
    const row = { party: acme, currency: 'USD', totalMicros: 40_000_000 };
    expect((await get('aged-receivables', market)).items).toMatchObject([{ ...row, micros: { not_due: 40_000_000 } }]);
    expect((await get('aged-receivables', of.small)).items).toEqual([]);
    expect(await accrued(of.acme)).toMatchObject([
      { carriedMicros: 40_000_010, takenOffMicros: 40_000_000, accruedMicros: 10 },
    ]);
    expect(await accrued(of.acme, { period: '2026-01' })).toMatchObject([{ accruedMicros: 40_000_010 }]);
    expect((await get('aged-payables', market)).items).toMatchObject([
      { currency: 'EUR', totalMicros: 2_000_000, micros: { not_due: 2_000_000 } },
      { currency: 'USD', totalMicros: 40_000_010, micros: { not_due: 40_000_010 } },
    ]);
  });

  it('both grow old by their due dates, and their rows stay what the accounts say', async () => {
    billing.now = FEBRUARY + 10 * DAY;
    await billing.charge(acme, { micros: 3_000_000 });
    // An invoice that is charged automatically is due a week after it is final.
    billing.now = FEBRUARY + 45 * DAY + HOUR;
    const [owed] = (await get('aged-receivables', of.acme)).items;
    expect(owed).toMatchObject({ totalMicros: 40_000_000, micros: { days_31_60: 40_000_000, not_due: 0 } });
    const [provider] = (await get('aged-payables', of.provider)).items;
    expect(provider).toMatchObject({ currency: 'EUR', micros: { not_due: 2_000_000 } });
    await foldBook(billing.call(), String(provider?.party), '2024-12', await closedThrough(billing.call()));
    const rows = (await get('aged-payables', of.provider)).items;
    expect(rows).toMatchObject([
      { currency: 'EUR', micros: { days_1_30: 2_000_000, not_due: 0 } },
      { currency: 'USD', micros: { days_1_30: 40_000_010, not_due: 3_000_000 }, totalMicros: 43_000_010 },
    ]);
    expect(await standing(of.provider, '2100')).toBe(-43_000_010);
    expect(await standing(of.acme, '1200')).toBe(40_000_000);
  });

  it('a forecast looks at the months before, planned or not', async () => {
    const [spend] = (await get('forecast', of.acme)).items;
    // January: 40.00001 in 21 days; February: 3 in 28 days; March has nothing in 17 days and an hour.
    expect(spend?.basis).toEqual([
      { period: '2026-03', microsPerDay: 0 },
      { period: '2026-02', microsPerDay: 107_143 },
      { period: '2026-01', microsPerDay: 1_904_762 },
    ]);
    expect(spend).toMatchObject({ soFarMicros: 0, fromMicros: 0 });
  });
});
