/** The close of a month over the real engine and the stand-in for Stripe: amounts, order, people, crashes, calls. */
import { beforeEach, describe, expect, it } from 'vitest';
import { putProfile } from '../../shared/billing-profile/billing-profile.store.ts';
import { putSettings } from '../../shared/billing-profile/settings.store.ts';
import { approveClose, readClose, startClose } from '../../shared/close/close.store.ts';
import { stepClose } from '../../shared/close/step.store.ts';
import { listInvoices, readInvoice, readLines } from '../../shared/invoice/invoice.store.ts';
import { invoiceFor, readPlan } from '../../shared/invoice/plan.store.ts';
import { runInvoice } from '../../shared/invoice/run.store.ts';
import { syncInvoice } from '../../shared/invoice/sync.store.ts';
import { dropInvoice, voidInvoice } from '../../shared/invoice/void.store.ts';
import type { Tables } from '../../shared/kernel/table.ts';
import { DAY, MINUTE } from '../../shared/kernel/time.ts';
import { allEntries, post } from '../../shared/ledger/ledger.store.ts';
import { endOf } from '../../shared/ledger/period.ts';
import { PROFILE, TestBilling } from '../support/billing.ts';
import { untilCrash } from '../support/crash.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { must } from '../support/round.ts';
import { startTestStripe, type TestStripe } from '../support/stripe.ts';

const JANUARY = '2026-01';
const START = Date.parse('2026-01-12T09:00:00Z');
let engine: TestTables;
let stripe: TestStripe;
let billing: TestBilling;

beforeEach(async () => {
  engine = await startTestTables();
  stripe = await startTestStripe({ clock: { now: () => billing?.now ?? 0 }, seed: 'close' });
  billing = new TestBilling(engine.tables, stripe.stripe, START);
  return async () => {
    await stripe.stop();
    await engine.stop();
  };
});

/** What is left in an account of one party, over the months so far. */
async function balance(company: string, account: string, months = [JANUARY, '2026-02', '2026-03']): Promise<number> {
  let sum = 0;
  for (const month of months)
    for (const entry of await allEntries(billing.call(), company, month))
      for (const leg of entry.legs) if (leg.account === account) sum += leg.micros;
  return sum;
}

/** How often the step that plans a month's companies calls the tables. */
async function callsOfPlanning(market: TestBilling, month: string): Promise<number> {
  market.parts = { ...market.parts, mayGoOn: () => false };
  market.now = Math.max(market.now, endOf(month) + 10 * MINUTE);
  must(await startClose(market.call(), 'maker', month));
  for (;;) {
    const state = (await readClose(market.call(), month))?.state;
    const call = market.call();
    market.now = Math.max(market.now, (await stepClose(call, month, market.parts)) ?? 0);
    if (state === 'plan') return call.tables.consumed.calls;
  }
}

describe('a month’s close', () => {
  it('bills each company once, to the cent, and the rest stays for the next month', async () => {
    const acme = await billing.company('acme', { purchaseOrder: { number: 'PO-7', expiresOn: null } });
    const small = await billing.company('small');
    for (let n = 0; n < 40; n++) await billing.charge(acme, { micros: 873_512 });
    await billing.charge(acme, { micros: 5_000_001, route: 'overflow' });
    const late = await billing.charge(acme, { micros: 2_000_000, outcome: 'assumed', round: 2 });
    await billing.slaCredit(acme, late, 500_000);
    await billing.charge(small, { micros: 24_999_999 });
    const serviceClass = { category: 'Mortgage', channel: 'Web', language: 'en-US', region: 'US', slaTier: 'standard' };
    const queue = { id: 'mortgage-web', serviceClass, currency: 'USD', createdAt: '2026-01-01T00:00:00Z' };
    await engine.tables.put('market', { pk: 'Q#mortgage-web', sk: '-', ...queue });
    await billing.close(JANUARY);
    // 40 × 0.873512 + 5.000001 + 2 − 0.5 = 41.440481
    const invoice = must(await found(`${acme}.USD.${JANUARY}.v0`));
    expect(invoice).toMatchObject({ state: 'open', subtotalMicros: 41_440_000, taxMicros: 0, purchaseOrder: 'PO-7' });
    const lines = await readLines(billing.call(), invoice);
    expect(lines.map(({ kind, quantity, micros }) => [kind, quantity, micros])).toEqual([
      ['confirmed', 40, 34_440_000],
      ['overflow', 1, 5_000_000],
      ['assumed', 1, 2_000_000],
    ]);
    const atStripe = await stripe.stripe.invoices.retrieve(invoice.stripeInvoice ?? '', { expand: ['lines'] });
    expect(atStripe).toMatchObject({ status: 'open', subtotal: 4_144, collection_method: 'charge_automatically' });
    expect(atStripe.custom_fields).toEqual([{ name: 'PO number', value: 'PO-7' }]);
    expect(atStripe.lines.data.map((line) => line.description)).toEqual([
      'Mortgage · Web, en-US, US, standard, round 1: 40 resolutions, average $0.873512; less $0.50 SLA credits',
      'Mortgage · Web, en-US, US, standard, round 1: 1 overflow resolution, average $5.000001',
      'Mortgage · Web, en-US, US, standard, round 2: 1 assumed resolution, average $2.00',
    ]);
    expect(await balance(acme, '1100')).toBe(481);
    expect(await balance(acme, '1200')).toBe(41_440_000);
    expect(await readPlan(billing.call(), small, 'USD', JANUARY)).toMatchObject({
      invoice: null,
      reason: 'below_floor',
    });
    expect(await readClose(billing.call(), JANUARY)).toMatchObject({
      state: 'done',
      maker: 'maker',
      approver: 'checker',
      invoicesLeft: 0,
      counts: { companies: 2, invoices: 1, belowFloor: 1, invoicedMicros: { USD: 41_440_000 } },
    });
    // The next month bills what was carried over, and the 0.0481 cents.
    await billing.charge(acme, { micros: 30_009_519 }, Date.parse('2026-02-10T00:00:00Z'));
    await billing.charge(small, { micros: 2_000_001 }, Date.parse('2026-02-10T00:00:00Z'));
    await billing.close('2026-02');
    expect(must(await found(`${acme}.USD.2026-02.v0`)).subtotalMicros).toBe(30_010_000);
    expect(must(await found(`${small}.USD.2026-02.v0`))).toMatchObject({ subtotalMicros: 27_000_000, since: JANUARY });
    expect(await balance(acme, '1100')).toBe(0);
    expect(await balance(small, '1100')).toBe(0);
    expect(await invoiceFor(billing.call(), small, 'USD', JANUARY)).toEqual({
      invoice: `${small}.USD.2026-02.v0`,
      reason: null,
    });
  });

  it('carries over what is not worth an invoice while nothing happens, three months, and looks at nobody else', async () => {
    const [small, idle] = [await billing.company('small'), await billing.company('idle')];
    await billing.charge(small, { micros: 5_004_000 });
    await billing.charge(idle, { micros: 0 });
    const counts: unknown[] = [];
    for (const month of [JANUARY, '2026-02', '2026-03', '2026-04', '2026-05']) {
      await billing.close(month);
      const close = await readClose(billing.call(), month);
      counts.push([close?.counts.companies, close?.counts.belowFloor, close?.counts.nothing, close?.counts.invoices]);
    }
    expect(counts).toEqual([
      [2, 1, 1, 0],
      // That one of them buys nothing any more is explained once.
      [2, 1, 1, 0],
      [1, 1, 0, 0],
      [1, 0, 0, 1],
      // Its invoice was posted in May, and leaves 0.4 of a cent.
      [1, 0, 1, 0],
    ]);
    const april = must(await found(`${small}.USD.2026-04.v0`));
    expect(april).toMatchObject({ since: JANUARY, subtotalMicros: 5_000_000, state: 'open' });
    expect((await readLines(billing.call(), april)).map(({ kind, quantity }) => [kind, quantity])).toEqual([
      ['confirmed', 1],
    ]);
    expect(await balance(small, '1100', [JANUARY, '2026-05'])).toBe(4_000);
  });

  it('calls the tables once for each company that it plans, carried over or invoiced, whatever was carried before', async () => {
    const [few, many] = [2, 12];
    const months = [JANUARY, '2026-02', '2026-03', '2026-04'];
    const calls: number[][] = [];
    for (const count of [few, many]) {
      const tables = await startTestTables();
      const market = new TestBilling(tables.tables, stripe.stripe, START);
      const companies = await Promise.all(Array.from({ length: count }, (_, n) => market.company(`acme-${n}`)));
      const perMonth: number[] = [];
      for (const month of months) {
        for (const company of companies)
          await market.charge(company, { micros: 4_000_000 }, Date.parse(`${month}-15T00:00:00Z`));
        // What is charged already in the month after the last one is only listed.
        if (month === '2026-04')
          for (const company of companies)
            await market.charge(company, { micros: 3_000_000 }, Date.parse('2026-05-01T00:00:00Z'));
        perMonth.push(await callsOfPlanning(market, month));
        await market.approve(month);
      }
      calls.push(perMonth);
      const last = await readClose(market.call(), '2026-04');
      expect(last?.counts).toMatchObject({
        companies: count,
        invoices: count,
        invoicedMicros: { USD: count * 16_000_000 },
      });
      await tables.stop();
    }
    // The list of its entries of the month; in the first one also whether there is a plan from before. A fraction is of what
    // finds the companies, in pages of all that was posted, and of entries and plans, which are read and written together.
    const each = months.map((_, i) => ((calls[1]?.[i] ?? 0) - (calls[0]?.[i] ?? 0)) / (many - few));
    expect(each.map(Math.floor), each.join(' ')).toEqual([2, 1, 1, 2]);
  });

  it('explains the whole close by volume, mix, price and other, which tie, with who bought nothing any more', async () => {
    const [acme, beta, gone] = [
      await billing.company('acme'),
      await billing.company('beta'),
      await billing.company('gone'),
    ];
    for (let n = 0; n < 10; n++) await billing.charge(acme, { micros: 4_000_000 });
    for (let n = 0; n < 10; n++) await billing.charge(beta, { micros: 3_000_000 });
    await billing.charge(gone, { micros: 30_000_000 });
    await billing.close(JANUARY);
    const february = Date.parse('2026-02-10T00:00:00Z');
    // Four more at 4.00, then 0.50 dearer each; the other one buys from another queue too.
    for (let n = 0; n < 14; n++) await billing.charge(acme, { micros: 4_500_000 }, february);
    for (let n = 0; n < 10; n++) await billing.charge(beta, { micros: 3_000_000 }, february);
    for (let n = 0; n < 10; n++) await billing.charge(beta, { micros: 5_000_000, queue: 'cards-web' }, february);
    await billing.close('2026-02');
    const total = (await readClose(billing.call(), '2026-02'))?.counts.variance.USD;
    expect(total).toEqual({
      beforeMicros: 100_000_000,
      afterMicros: 143_000_000,
      // 4 × 4.00, 10 × 3.00, and 30.00 that is bought no more.
      volumeMicros: 16_000_000 + 30_000_000 - 30_000_000,
      // 10 at 5.00 where the average was 3.00.
      mixMicros: 20_000_000,
      // 14 × 0.50.
      priceMicros: 7_000_000,
      otherMicros: 0,
    });
  });

  it('is approved by another person than who began it, once all is planned, and months go in order', async () => {
    await billing.company('acme');
    expect(await startClose(billing.call(), 'maker', JANUARY)).toMatchObject({ code: 'period_not_over' });
    expect(await approveClose(billing.call(), 'checker', JANUARY)).toMatchObject({ code: 'not_found' });
    billing.now = Date.parse('2026-03-05T00:00:00Z');
    must(await startClose(billing.call(), 'maker', JANUARY));
    expect(await approveClose(billing.call(), 'checker', JANUARY)).toMatchObject({ code: 'close_not_ready' });
    expect(await startClose(billing.call(), 'maker', '2026-02')).toMatchObject({ code: 'close_out_of_order' });
    await billing.plan(JANUARY);
    expect(await approveClose(billing.call(), 'maker', JANUARY)).toMatchObject({ code: 'second_person_needed' });
    await billing.approve(JANUARY);
    expect((await readClose(billing.call(), JANUARY))?.state).toBe('done');
    must(await startClose(billing.call(), 'maker', '2026-02'));
  });

  it('stops where ledger and Stripe do not say the same, and says so', async () => {
    await billing.company('acme');
    billing.parts = { ...billing.parts, reconcile: async () => 'Two payments are not in the ledger.' };
    await billing.plan(JANUARY);
    expect(await readClose(billing.call(), JANUARY)).toMatchObject({
      state: 'reconcile',
      planningSince: null,
      steps: { sweep: { doneAt: expect.any(String) }, reconcile: { waitsFor: 'Two payments are not in the ledger.' } },
    });
  });

  it('counts a charge as invoiced from the moment that plans are announced, and takes off what was disputed before', async () => {
    const acme = await billing.company('acme');
    const request = await billing.charge(acme, { micros: 40_000_000 });
    await billing.charge(acme, { micros: 30_000_000 });
    expect(await invoiceFor(billing.call(), acme, 'USD', JANUARY)).toEqual({ invoice: null, reason: 'not_closed' });
    billing.now = Date.parse('2026-02-01T00:30:00Z');
    await dispute(acme, request, 40_000_000);
    await billing.plan(JANUARY);
    expect(await invoiceFor(billing.call(), acme, 'USD', JANUARY)).toMatchObject({
      invoice: `${acme}.USD.${JANUARY}.v0`,
    });
    expect(must(await found(`${acme}.USD.${JANUARY}.v0`))).toMatchObject({
      state: 'planned',
      subtotalMicros: 30_000_000,
    });
  });

  it('takes at most seven calls to Stripe an invoice, and one with 200 lines no more', async () => {
    const acme = await billing.company('acme');
    for (let n = 0; n < 200; n++) await billing.charge(acme, { micros: 500_000, queue: `queue-${n}` });
    await billing.plan(JANUARY);
    await billing.approve(JANUARY);
    // Customers and products are made once, whatever they are billed.
    const other = await billing.company('other');
    await billing.charge(other, { micros: 90_000_000 }, Date.parse('2026-02-02T00:00:00Z'));
    const calls: string[] = [];
    stripe.switches.faults(({ method, path }) => {
      if (path.includes('/invoices')) calls.push(`${method} ${path}`);
      return undefined;
    });
    await billing.work();
    expect(must(await found(`${acme}.USD.${JANUARY}.v0`))).toMatchObject({ state: 'open', lines: 200 });
    expect(calls.length).toBeLessThanOrEqual(7);
    expect(calls.length).toBeGreaterThanOrEqual(4);
  });

  it('takes three calls to Stripe for an invoice of few lines, and reads them again where Stripe’s answer comes again', async () => {
    const acme = await billing.company('acme');
    await billing.charge(acme, { micros: 50_000_000 });
    await billing.charge(acme, { micros: 50_000_000, queue: 'cards-web' });
    await billing.close(JANUARY);
    const calls: string[] = [];
    stripe.switches.faults(({ method, path }) => {
      if (path.includes('/invoices')) calls.push(`${method} ${path.replace(/in_\w+/, ':id')}`);
      return undefined;
    });
    const [made, added, read, final] = [
      'POST /v1/invoices',
      'POST /v1/invoices/:id/add_lines',
      'GET /v1/invoices/:id/lines',
      'POST /v1/invoices/:id/finalize',
    ];
    await billing.charge(acme, { micros: 30_000_000 }, Date.parse('2026-02-10T00:00:00Z'));
    await billing.close('2026-02');
    expect(calls).toEqual([made, added, final]);
    await billing.charge(acme, { micros: 30_000_000 }, Date.parse('2026-03-10T00:00:00Z'));
    await billing.plan('2026-03');
    await billing.approve('2026-03');
    const id = `${acme}.USD.2026-03.v0`;
    const run = (tables: Tables) => runInvoice(billing.call(tables), id);
    // Dies at one call of the tables after another, until it does with the lines added and not noted. What Stripe only repeats is not seen.
    for (let at = 1; calls.at(-1) !== added; at++) {
      calls.splice(0);
      expect(await untilCrash(billing.tables, at, 'before', run)).toBe(true);
    }
    calls.splice(0);
    must(await run(billing.tables));
    expect(calls).toEqual([read, final]);
    expect(must(await found(id))).toMatchObject({ state: 'open', subtotalMicros: 30_000_000 });
  });

  it('asks Stripe once about an invoice that stands as it did, and follows it once it is paid', async () => {
    const acme = await billing.company('acme');
    const bolt = await billing.company('bolt');
    for (const company of [acme, bolt]) await billing.charge(company, { micros: 50_000_000 });
    await billing.close(JANUARY);
    const before = must(await found(`${acme}.USD.${JANUARY}.v0`));
    const stripeInvoice = before.stripeInvoice ?? '';
    let reads = 0;
    stripe.switches.faults(({ method }) => {
      reads += method === 'GET' ? 1 : 0;
      return undefined;
    });
    await Promise.all([1, 2, 3].map(() => syncInvoice(billing.call(), stripeInvoice)));
    expect(reads).toBe(3);
    expect(must(await found(before.id))).toEqual(before);
    await stripe.stripe.invoices.pay(stripeInvoice, { paid_out_of_band: true });
    await Promise.all([1, 2, 3].map(() => syncInvoice(billing.call(), stripeInvoice)));
    expect(must(await found(before.id))).toMatchObject({ state: 'paid', remainingMicros: 0 });
    // Who has made an invoice knows which it is: ours is read first, and one answer is enough to write.
    const { id, stripeInvoice: bolts } = must(await found(`${bolt}.USD.${JANUARY}.v0`));
    await stripe.stripe.invoices.pay(bolts ?? '', { paid_out_of_band: true });
    reads = 0;
    await syncInvoice(billing.call(), bolts ?? '');
    expect(reads).toBe(1);
    expect(must(await found(id))).toMatchObject({ state: 'paid' });
  });

  it('holds an invoice that Stripe refuses, with the reason, and makes it final once that is gone', async () => {
    await putSettings(billing.call(), 'finance', { tax: 'automatic' });
    // Tax needs to know where the company is.
    const acme = await billing.company('acme', null);
    await billing.charge(acme, { micros: 50_000_000 });
    await billing.plan(JANUARY);
    await billing.approve(JANUARY);
    const id = `${acme}.USD.${JANUARY}.v0`;
    expect(await runInvoice(billing.call(), id)).toMatchObject({ ok: false, code: 'stripe_refused', retryable: false });
    expect(must(await found(id)).held).toContain('Stripe refused');
    await billing.step(JANUARY);
    expect(await readClose(billing.call(), JANUARY)).toMatchObject({
      state: 'invoice',
      invoicesLeft: 1,
      invoicesHeld: 1,
    });
    must(await putProfile(billing.call(), acme, PROFILE));
    // 23 % of 50.00 where the market is at home.
    expect(must(await runInvoice(billing.call(), id))).toMatchObject({
      state: 'open',
      held: null,
      taxMicros: 11_500_000,
      remainingMicros: 61_500_000,
    });
    expect(await balance(acme, '1200')).toBe(61_500_000);
  });

  it('can be taken back: before it is final dropped, after void; the next month bills it again', async () => {
    const acme = await billing.company('acme');
    const other = await billing.company('other');
    const request = await billing.charge(acme, { micros: 50_000_000 });
    await billing.charge(other, { micros: 60_000_000 });
    await billing.plan(JANUARY);
    await billing.approve(JANUARY);
    must(await dropInvoice(billing.call(), `${other}.USD.${JANUARY}.v0`));
    await billing.work();
    await billing.step(JANUARY);
    expect((await readClose(billing.call(), JANUARY))?.state).toBe('done');
    const id = `${acme}.USD.${JANUARY}.v0`;
    billing.now += DAY;
    // As an open dispute of one of its charges stands with an invoice.
    const pointer = { pk: `I#${id}`, sk: `dispute#${request}` };
    await engine.tables.put('ledger', pointer);
    expect(await voidInvoice(billing.call(), id)).toMatchObject({ code: 'invoice_disputed' });
    await engine.tables.delete('ledger', pointer);
    must(await voidInvoice(billing.call(), id));
    must(await voidInvoice(billing.call(), id));
    expect(await balance(acme, '1200')).toBe(0);
    expect(await balance(acme, '1100')).toBe(50_000_000);
    expect(await invoiceFor(billing.call(), acme, 'USD', JANUARY)).toEqual({ invoice: null, reason: 'void' });
    await billing.close('2026-02');
    expect(must(await found(`${acme}.USD.2026-02.v0`))).toMatchObject({ subtotalMicros: 50_000_000, since: JANUARY });
    expect(must(await found(`${other}.USD.2026-02.v0`))).toMatchObject({ subtotalMicros: 60_000_000, since: JANUARY });
    expect((await listInvoices(billing.call(), acme, { limit: 10 })).items.map(({ state }) => state)).toEqual([
      'open',
      'void',
    ]);
  });
});

describe('a crash', () => {
  it('at any call of plan or invoice ends in the same invoice, and posts nothing twice', async () => {
    const acme = await billing.company('acme');
    await billing.charge(acme, { micros: 50_004_000 });
    await billing.plan(JANUARY);
    await billing.approve(JANUARY);
    const id = `${acme}.USD.${JANUARY}.v0`;
    let crashes = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; at < 40; at++) {
        const died = await untilCrash(billing.tables, at, when, (tables: Tables) =>
          runInvoice(billing.call(tables), id),
        );
        if (!died) break;
        crashes += 1;
      }
    }
    expect(crashes).toBeGreaterThan(5);
    must(await runInvoice(billing.call(), id));
    const all = await stripe.stripe.invoices.list({ limit: 100 });
    expect(all.data.map(({ status, subtotal }) => [status, subtotal])).toEqual([['open', 5_000]]);
    expect(await balance(acme, '1100')).toBe(4_000);
    expect(await balance(acme, '1200')).toBe(50_000_000);
    await billing.step(JANUARY);
    expect((await readClose(billing.call(), JANUARY))?.state).toBe('done');
  });

  it('at any call while planning plans each company once', async () => {
    for (let n = 0; n < 3; n++) await billing.charge(await billing.company(`company-${n}`), { micros: 40_000_000 });
    billing.now = Date.parse('2026-02-01T00:10:00Z');
    must(await startClose(billing.call(), 'maker', JANUARY));
    for (let at = 1; at < 60; at++)
      await untilCrash(billing.tables, at, at % 2 === 0 ? 'before' : 'after', (tables) =>
        billing.step(JANUARY, tables),
      );
    await billing.step(JANUARY);
    expect(await readClose(billing.call(), JANUARY)).toMatchObject({
      state: 'approve',
      counts: { companies: 3, invoices: 3, invoicedMicros: { USD: 120_000_000 } },
    });
  });
});

async function found(id: string) {
  const invoice = await readInvoice(billing.call(), id);
  return invoice === undefined
    ? { ok: false as const, code: 'not_found', detail: id, retryable: false }
    : { ok: true as const, value: invoice };
}

/** A dispute of a whole charge that is not invoiced, as it is posted. */
async function dispute(company: string, request: string, micros: number): Promise<void> {
  const provider = await billing.provider();
  await post(billing.call(), {
    event: `dispute_opened#${request}`,
    kind: 'dispute_opened',
    occurredAt: billing.now,
    currency: 'USD',
    company,
    provider,
    legs: [
      { account: '1110', of: company, micros },
      { account: '1100', of: company, micros: -micros },
      { account: '2100', of: provider, micros },
      { account: '2110', of: provider, micros: -micros },
    ],
    facts: { request },
  });
}
