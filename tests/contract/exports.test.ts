/** Files for finance people: they add up to the statement, come whole in pages, and show a party its own figures only. */
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as exportApi } from '../../functions/api/export.ts';
import { handler as financeApi } from '../../functions/api/finance.ts';
import { handler as operatorApi } from '../../functions/api/operator.ts';
import type { ExportKind } from '../../shared/export/export.ts';
import { post } from '../../shared/ledger/ledger.store.ts';
import { chargeLegs, rate, slaCreditLegs } from '../../shared/ledger/postings/charge.ts';
import { registerOrganisation } from '../../shared/organisation/organisation.store.ts';
import { type Answer, TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';

const CSV = 'GET /v1/exports/{kind}/csv';
const LINES = 'GET /v1/exports/{kind}/ndjson';
const QUEUE = 'cards-web-en-us-us-standard';
const CHARGES = 230;
const PERIOD = '2026-01';

let engine: TestTables;
let edge: TestEdge;
const token = { company: '', provider: '', market: '', operator: '' };
const id = { company: '', provider: '' };

beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  token.operator = await edge.operator();
  token.market = await edge.operator('mara', ['market.finance']);
  for (const kind of ['company', 'provider'] as const) {
    const input =
      kind === 'company'
        ? { kind, name: '=Acme, "the best"' }
        : { kind, name: 'Pool', providerKind: 'agent_pool' as const };
    const person = { user: kind, email: `${kind}@example.com` };
    id[kind] = (await registerOrganisation(engine.tables, person, input, kind, edge.now)).id;
    token[kind] = edge.person(kind);
  }
  const parties = { company: id.company, provider: id.provider, queue: QUEUE, round: 1, isRoundClosed: false };
  const call = { tables: engine.tables, now: edge.now };
  for (let i = 0; i < CHARGES; i++) {
    const rated = rate({
      outcome: i % 3 === 0 ? 'assumed' : 'confirmed',
      route: 'slot',
      priceMicros: 1_234_567 + i,
      bidMicros: 1_000_003,
      offeredBidMicros: null,
      feeBps: 500,
      assumedRateBps: 7_000,
    });
    const request = `${id.company}.${String(i).padStart(22, 'R')}`;
    const about = {
      occurredAt: edge.now + i * 1_000,
      currency: 'USD' as const,
      company: id.company,
      provider: id.provider,
    };
    const facts = {
      ...parties,
      isRoundClosed: null,
      request,
      outcome: i % 3 === 0 ? 'assumed' : 'confirmed',
      route: 'slot',
      ...rated,
    };
    await post(call, { ...about, event: `charge#${request}`, kind: 'charge', legs: chargeLegs(rated, parties), facts });
    if (i % 50 === 0)
      await post(call, {
        ...about,
        event: `sla#${request}`,
        kind: 'sla_credit',
        legs: slaCreditLegs(rated, 1_000, parties),
        facts: { ...facts, request },
      });
  }
}, 60_000);
afterAll(() => engine.stop());

/** All pages of a file, one after the other, and how many there were. */
async function file(route: string, kind: string, who: string, query: Record<string, string> = {}) {
  let text = '';
  let pages = 0;
  let cursor: string | undefined;
  do {
    const asked = { period: PERIOD, ...query, ...(cursor === undefined ? {} : { cursor }) };
    const answer = await edge.call(exportApi, route, { token: who, params: { kind }, query: asked });
    expect(answer.status, answer.text).toBe(200);
    text += answer.text;
    pages += 1;
    cursor = answer.headers['parley-next'];
  } while (cursor !== undefined);
  return { text, pages };
}
const rowsOf = (text: string): Record<string, string>[] => parse(text, { columns: true });
/** A decimal of at most six places, exactly, in micro-units. */
const micros = (decimal: string): bigint => {
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const value = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  return decimal.startsWith('-') ? -value : value;
};
const total = (rows: Record<string, string>[], column: string): bigint =>
  rows.reduce((sum, row) => sum + micros(row[column] ?? '0'), 0n);
const balance = (answer: Answer, account: string): bigint => {
  const accounts = answer.body.accounts as { account: string; debitMicros: number; creditMicros: number }[];
  const found = accounts.find((one) => one.account === account);
  return BigInt(found?.debitMicros ?? 0) - BigInt(found?.creditMicros ?? 0);
};

describe('charges as a file', () => {
  it.each([
    ['company', '1100', 1n],
    ['provider', '2100', -1n],
  ] as const)('of a %s add up to its statement, to the micro-unit', async (who, account, sign) => {
    const rows = rowsOf((await file(CSV, 'charges', token[who])).text);
    const statement = await edge.call(financeApi, 'GET /v1/statement', {
      token: token[who],
      query: { period: PERIOD },
    });
    expect(rows.length).toBe(CHARGES + 5);
    expect(total(rows, 'amount')).toBe(sign * balance(statement, account));
  });

  it('come in pages that are one file, with one header line', async () => {
    const whole = await file(CSV, 'charges', token.company);
    const paged = await file(CSV, 'charges', token.company, { limit: '70' });
    expect(paged.pages).toBe(3);
    expect(whole.pages).toBe(1);
    expect(paged.text).toBe(whole.text);
  });

  it('come as JSON lines with the same figures', async () => {
    const lines = (await file(LINES, 'charges', token.company)).text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const rows = rowsOf((await file(CSV, 'charges', token.company)).text);
    expect(lines.map((line) => line.amount)).toEqual(rows.map((row) => row.amount));
  });
});

it('FOCUS columns carry the same cost, and a name that a spreadsheet would take for a formula does no harm', async () => {
  const rows = rowsOf((await file(CSV, 'focus', token.company)).text);
  const charges = rowsOf((await file(CSV, 'charges', token.company)).text);
  expect(total(rows, 'BilledCost')).toBe(total(charges, 'amount'));
  expect(rows[0]).toMatchObject({
    BillingAccountName: '\'=Acme, "the best"',
    BillingPeriodStart: '2026-01-01T00:00:00Z',
    BillingPeriodEnd: '2026-02-01T00:00:00Z',
    ChargeCategory: 'Usage',
    ConsumedUnit: 'Resolutions',
  });
  expect(rows.filter((row) => row.ChargeCategory === 'Credit').length).toBe(5);
});

describe('the journal', () => {
  it('of the market has every leg once and balances', async () => {
    const rows = rowsOf((await file(CSV, 'journal', token.market, { limit: '40' })).text);
    expect(new Set(rows.map((row) => row.entry)).size).toBe(CHARGES + 5);
    expect(total(rows, 'debit')).toBe(total(rows, 'credit'));
    expect(total(rows, 'debit')).toBeGreaterThan(0n);
  });

  it('of a party has its own legs only, under its own account numbers', async () => {
    const mapping = { '1100': '4711-RECEIVED' };
    const put = await edge.call(exportApi, 'PUT /v1/account-mapping', { token: token.company, body: mapping });
    expect(put.status).toBe(200);
    const rows = rowsOf((await file(CSV, 'journal', token.company)).text);
    expect(new Set(rows.map((row) => `${row.account} ${row.of}`))).toEqual(new Set([`4711-RECEIVED ${id.company}`]));
  });

  it('takes no account that the chart does not have', async () => {
    const put = await edge.call(exportApi, 'PUT /v1/account-mapping', { token: token.company, body: { '9999': 'x' } });
    expect(put).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});

describe('the audit trail', () => {
  it('has who changed what, and how it ended, also where it was refused', async () => {
    const suspend = {
      token: token.operator,
      params: { organisation: 'co_nobody00000' },
      headers: { 'idempotency-key': 'audit-1' },
    };
    const refused = await edge.call(operatorApi, 'POST /v1/organisations/{organisation}/suspend', suspend);
    expect(refused.status).toBe(404);
    const trail = await edge.call(exportApi, 'GET /v1/audit-trail', { token: token.market });
    expect(trail.body.items).toContainEqual(
      expect.objectContaining({
        user: 'operator',
        action: 'suspendOrganisation',
        params: { organisation: 'co_nobody00000' },
        status: 404,
        code: 'not_found',
      }),
    );
  });

  it('is of one’s own organisation', async () => {
    const rows = rowsOf((await file(CSV, 'audit-trail', token.company)).text);
    expect(rows.map((row) => row.action)).toEqual(['putAccountMapping']);
    expect(rows[0]?.content).toBe('{"1100":"4711-RECEIVED"}');
  });
});

/** Of whom each file is, letter by letter: company, provider, market. */
const FILES = {
  charges: 'cp',
  focus: 'c',
  journal: 'cpm',
  requests: 'c',
  invoices: 'cm',
  'invoice-lines': 'cm',
  'credit-notes': 'cm',
  disputes: 'cpm',
  payouts: 'pm',
  'self-billed-invoices': 'pm',
  receivables: 'cm',
  payables: 'pm',
  'trial-balance': 'm',
  reconciliation: 'm',
  'audit-trail': 'cpm',
} satisfies Record<ExportKind, string>;

it.each(Object.entries(FILES))('gives %s to whom the figures are of, and to nobody else', async (kind, whose) => {
  for (const who of ['company', 'provider', 'market'] as const)
    for (const route of [CSV, LINES]) {
      const query: Record<string, string> = kind === 'requests' ? { queue: QUEUE, round: '1' } : { period: PERIOD };
      const answer = await edge.call(exportApi, route, { token: token[who], params: { kind }, query });
      const isTheirs = whose.includes(who.charAt(0));
      expect([answer.status, answer.body.code], `${who}: ${answer.text}`).toEqual(
        isTheirs ? [200, undefined] : [403, 'export_not_yours'],
      );
    }
});
