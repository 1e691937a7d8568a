/** The link at the foot of a long invoice: what it shows adds up to the invoice, to whoever holds it, as long as it lasts. */
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler } from '../../functions/api/export.ts';
import { detailUrlBy } from '../../functions/stripe-out.ts';
import { signDetailLink } from '../../shared/invoice/detail-link.ts';
import { readInvoice } from '../../shared/invoice/invoice.store.ts';
import type { Invoice } from '../../shared/invoice/invoice.ts';
import { runInvoice } from '../../shared/invoice/run.store.ts';
import { sign } from '../../shared/kernel/sign.ts';
import { TestBilling } from '../support/billing.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { must } from '../support/round.ts';
import { startTestStripe, type TestStripe } from '../support/stripe.ts';

const START = Date.parse('2026-01-08T09:00:00Z');
const DAY = 86_400_000;
const DETAIL = 'GET /v1/invoice-details/{detailLink}/csv';
const CHARGES = 'GET /v1/invoice-details/{detailLink}/charges/csv';
/** In each of so many queues three rounds, at odd prices: 210 lines and more charges. */
const QUEUES = 70;
let engine: TestTables;
let stripe: TestStripe;
let billing: TestBilling;
let edge: TestEdge;
let long: Invoice;
let short: Invoice;
let footer: string;
let chargedMicros = 0;

beforeAll(async () => {
  engine = await startTestTables();
  stripe = await startTestStripe({ clock: { now: () => billing?.now ?? START }, seed: 'detail' });
  billing = new TestBilling(engine.tables, stripe.stripe, START);
  edge = new TestEdge(billing.tables);
  const acme = await billing.company('acme');
  const other = await billing.company('other');
  for (let n = 0; n < QUEUES * 3; n++) {
    const micros = 1_234_567 + n * 7_001;
    chargedMicros += micros;
    await billing.charge(acme, { micros, queue: `queue-${n % QUEUES}`, round: 1 + Math.floor(n / QUEUES) });
  }
  await billing.charge(acme, { micros: 400_000_000, currency: 'EUR' });
  await billing.charge(other, { micros: 90_000_000 });
  await billing.plan('2026-01');
  await billing.approve('2026-01');
  const ids = billing.sent.splice(0).map(({ id }) => id);
  const made = new Map<string, Invoice>();
  for (const id of ids) made.set(id, must(await runInvoice(billing.call(), id, detailUrlBy(edge.runtime))));
  const invoiceOf = (id: string): Invoice => made.get(id) ?? must({ ok: false, detail: `no ${id}` } as never);
  [long, short] = [invoiceOf(`${acme}.USD.2026-01.v0`), invoiceOf(`${other}.USD.2026-01.v0`)];
  footer = (await stripe.stripe.invoices.retrieve(long.stripeInvoice ?? '')).footer ?? '';
  edge.now = billing.now;
}, 120_000);
afterAll(async () => {
  await stripe.stop();
  await engine.stop();
});

const tokenIn = (text: string): string => /invoice-details\/([^/]+)\/csv$/.exec(text)?.[1] ?? '';
const get = (route: string, token: string, query: Record<string, string> = {}) =>
  edge.call(handler, route, { params: { detailLink: token }, query });
const rowsOf = (text: string): Record<string, string>[] => parse(text, { columns: true });
const microsOf = (rows: Record<string, string>[]): bigint =>
  rows.reduce((sum, { amount = '' }) => {
    const [whole = '', part = ''] = amount.split('.');
    return sum + BigInt(whole + part.padEnd(6, '0'));
  }, 0n);

describe('the detail of a long invoice', () => {
  it('is named at the foot of the invoice at Stripe, and only there', async () => {
    expect(footer).toMatch(/^Its detail .* as CSV until 2026-06-\d\d \(UTC\): https:\/\/parley\.example\/v1\/invoice-/);
    const brief = await stripe.stripe.invoices.retrieve(short.stripeInvoice ?? '');
    expect(brief.footer).toBeNull();
  });

  it('has a row for each queue, round and kind, which sum to the invoice to the cent', async () => {
    const { status, text, headers } = await get(DETAIL, tokenIn(footer));
    expect([status, headers['content-type']?.split(';')[0]]).toEqual([200, 'text/csv']);
    const rows = rowsOf(text);
    expect(rows).toHaveLength(QUEUES * 3);
    expect(microsOf(rows)).toBe(BigInt(long.subtotalMicros));
    const atStripe = await stripe.stripe.invoices.retrieve(long.stripeInvoice ?? '');
    expect(microsOf(rows)).toBe(BigInt(atStripe.subtotal) * 10_000n);
  });

  it('has every charge of it and no other company’s or currency’s, page after page', async () => {
    const rows: Record<string, string>[] = [];
    let text = '';
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await get(CHARGES, tokenIn(footer), { limit: '80', ...(cursor === undefined ? {} : { cursor }) });
      expect(page.status).toBe(200);
      text += page.text;
      cursor = page.headers['parley-next'];
      pages += 1;
    } while (cursor !== undefined && pages < 10);
    rows.push(...rowsOf(text));
    expect(rows).toHaveLength(QUEUES * 3);
    expect(new Set(rows.map(({ event }) => event)).size).toBe(QUEUES * 3);
    expect(microsOf(rows)).toBe(BigInt(chargedMicros));
    expect(new Set(rows.map(({ currency }) => currency))).toEqual(new Set(['USD']));
    expect(rows.every(({ request = '' }) => request.startsWith(`${long.company}.`))).toBe(true);
  });

  it('is nobody’s with a text that the market did not sign for it', async () => {
    const token = tokenIn(footer);
    const [payload = '', signature = ''] = token.split('.');
    const own = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { invoice: string; exp: number };
    const forged = (value: object): string =>
      `${Buffer.from(JSON.stringify(value)).toString('base64url')}.${signature}`;
    const { signingKey } = edge.runtime;
    const texts = [
      forged({ ...own, invoice: short.id }),
      forged({ ...own, exp: own.exp + DAY }),
      `${payload}.${'A'.repeat(signature.length)}`,
      payload,
      // Signed by the market, for something else; or by somebody else.
      await sign(signingKey, 'link', own),
      await signDetailLink(new Uint8Array(32).fill(9), long),
    ];
    for (const text of texts)
      for (const route of [DETAIL, CHARGES]) {
        const { status, body } = await get(route, text);
        expect([status, body.code]).toEqual([404, 'not_found']);
      }
  });

  it('takes no cursor of another link', async () => {
    const first = await get(CHARGES, tokenIn(footer), { limit: '10' });
    const cursor = first.headers['parley-next'] ?? '';
    const other = await signDetailLink(edge.runtime.signingKey, short);
    const { status, body } = await get(CHARGES, other, { limit: '10', cursor });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
  });

  it('shows nothing of an invoice that is not final', async () => {
    const planned = { ...long, id: `${long.company}.USD.2026-01.v1`, finalizedAt: null };
    await billing.tables.put('ledger', { pk: `I#${planned.id}`, sk: '-', ...planned });
    expect(await readInvoice(billing.call(), planned.id)).toMatchObject({ finalizedAt: null });
    const { status, body } = await get(DETAIL, await signDetailLink(edge.runtime.signingKey, planned));
    expect([status, body.code]).toEqual([404, 'not_found']);
  });

  it('ends 120 days after the invoice was planned, to the millisecond', async () => {
    const end = Date.parse(long.plannedAt) + 120 * DAY;
    edge.now = end - 1;
    expect((await get(DETAIL, tokenIn(footer))).status).toBe(200);
    edge.now = end;
    for (const route of [DETAIL, CHARGES]) {
      const { status, body } = await get(route, tokenIn(footer));
      expect([status, body.code]).toEqual([410, 'link_expired']);
    }
    edge.now = billing.now;
  });

  it('answers an address only so often, whatever it brings', async () => {
    edge.machineNow += 3_600_000;
    const answers: number[] = [];
    for (let times = 0; times < 62; times++) answers.push((await get(DETAIL, 'guess')).status);
    expect(answers.filter((status) => status === 404)).toHaveLength(60);
    expect((await get(DETAIL, tokenIn(footer))).status).toBe(429);
    edge.machineNow += 1_000;
    expect((await get(DETAIL, tokenIn(footer))).status).toBe(200);
  });
});
