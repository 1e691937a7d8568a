/** A month billed anew after its invoice was voided or dropped, over the real engine and the stand-in for Stripe. */
import { beforeEach, describe, expect, it } from 'vitest';
import { readClose, startClose } from '../../shared/close/close.store.ts';
import { readInvoice, readLines } from '../../shared/invoice/invoice.store.ts';
import { invoiceFor, readPlan } from '../../shared/invoice/plan.store.ts';
import {
  approveReissue,
  askReissue,
  hasReissues,
  listReissues,
  sweepReissues,
} from '../../shared/invoice/reissue.store.ts';
import { dropInvoice, voidInvoice } from '../../shared/invoice/void.store.ts';
import { DAY, MINUTE } from '../../shared/kernel/time.ts';
import { allEntries, post } from '../../shared/ledger/ledger.store.ts';
import { TestBilling } from '../support/billing.ts';
import { untilCrash } from '../support/crash.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { must } from '../support/round.ts';
import { startTestStripe, type TestStripe } from '../support/stripe.ts';

const JANUARY = '2026-01';
const FEBRUARY = '2026-02';
const IN_FEBRUARY = Date.parse('2026-02-10T00:00:00Z');
let engine: TestTables;
let stripe: TestStripe;
let billing: TestBilling;

beforeEach(async () => {
  engine = await startTestTables();
  stripe = await startTestStripe({ clock: { now: () => billing?.now ?? 0 }, seed: 'reissue' });
  billing = new TestBilling(engine.tables, stripe.stripe, Date.parse('2026-01-12T09:00:00Z'));
  return async () => {
    await stripe.stop();
    await engine.stop();
  };
});

async function balance(company: string, account: string): Promise<number> {
  let sum = 0;
  for (const month of [JANUARY, FEBRUARY, '2026-03', '2026-04'])
    for (const entry of await allEntries(billing.call(), company, month))
      for (const leg of entry.legs) if (leg.account === account) sum += leg.micros;
  return sum;
}

/** A company whose invoice for January was final and is void: 50.00 and 30.000481 in one queue each. */
async function voided(): Promise<{ acme: string; v0: string; v1: string; disputed: string }> {
  const acme = await billing.company('acme');
  await billing.charge(acme, { micros: 50_000_000 });
  const disputed = await billing.charge(acme, { micros: 30_000_481, queue: 'cards-web' });
  await billing.close(JANUARY);
  billing.now += DAY;
  const v0 = `${acme}.USD.${JANUARY}.v0`;
  must(await voidInvoice(billing.call(), v0));
  return { acme, v0, v1: `${acme}.USD.${JANUARY}.v1`, disputed };
}

/** A dispute of a whole charge that no invoice bills, as it is posted. */
const dispute = (company: string, request: string, micros: number) =>
  post(billing.call(), {
    event: `dispute-opened#${request}`,
    kind: 'dispute_opened',
    occurredAt: billing.now,
    currency: 'USD',
    company,
    provider: 'pr_some',
    legs: [
      { account: '1110', of: company, micros },
      { account: '1100', of: company, micros: -micros },
    ],
    facts: { request },
  });

/** A sweep throws together what failed. */
function firstOf(error: unknown): never {
  throw error instanceof AggregateError ? error.errors[0] : error;
}

async function planned(v0: string): Promise<void> {
  must(await askReissue(billing.call(), 'maker', v0));
  billing.now += 6 * MINUTE;
  await sweepReissues(billing.call());
}

describe('a reissue', () => {
  it('bills the month again as v1 at once, less what was disputed since, and the next month bills nothing of it', async () => {
    const { acme, v0, v1, disputed } = await voided();
    await dispute(acme, disputed, 30_000_481);
    expect(must(await askReissue(billing.call(), 'maker', v0))).toMatchObject({ invoice: v1, state: 'asked' });
    expect(await invoiceFor(billing.call(), acme, 'USD', JANUARY)).toEqual({ invoice: v1, reason: null });
    expect(await approveReissue(billing.call(), 'checker', v0)).toMatchObject({
      code: 'invoice_state',
      retryable: true,
    });
    await sweepReissues(billing.call());
    expect(await readInvoice(billing.call(), v1)).toBeUndefined();
    billing.now += 6 * MINUTE;
    await sweepReissues(billing.call());
    expect(await readInvoice(billing.call(), v1)).toMatchObject({ state: 'planned', subtotalMicros: 50_000_000 });
    expect((await listReissues(billing.call(), JANUARY, { limit: 10 })).items).toMatchObject([
      { of: v0, invoice: v1, state: 'planned', by: 'maker' },
    ]);
    expect(await approveReissue(billing.call(), 'maker', v0)).toMatchObject({ code: 'second_person_needed' });
    expect(billing.sent.splice(0)).toEqual([]);
    must(await approveReissue(billing.call(), 'checker', v0));
    await billing.work();
    const final = await readInvoice(billing.call(), v1);
    expect(final).toMatchObject({ state: 'open', version: 1, subtotalMicros: 50_000_000 });
    expect((await readLines(billing.call(), final!)).map(({ queue, micros }) => [queue, micros])).toEqual([
      ['cards-web', 30_000_000],
      ['mortgage-web', 20_000_000],
    ]);
    expect(await balance(acme, '1200')).toBe(50_000_000);
    expect(await balance(acme, '1100')).toBe(0);
    await sweepReissues(billing.call());
    expect(await hasReissues(billing.call(), JANUARY)).toBe(false);
    await billing.charge(acme, { micros: 40_000_000 }, IN_FEBRUARY);
    await billing.close(FEBRUARY);
    expect(await readInvoice(billing.call(), `${acme}.USD.${FEBRUARY}.v0`)).toMatchObject({
      subtotalMicros: 40_000_000,
      since: FEBRUARY,
    });
    expect(await balance(acme, '1100')).toBe(0);
  });

  it('holds up the next month’s plans until it is final or dropped; dropped, it may be issued as v2 or billed with them', async () => {
    const { acme, v0, v1 } = await voided();
    await planned(v0);
    billing.now = Date.parse('2026-03-01T00:10:00Z');
    must(await startClose(billing.call(), 'maker', FEBRUARY));
    await billing.step(FEBRUARY);
    const waits = await readClose(billing.call(), FEBRUARY);
    expect(waits?.state).toBe('period');
    expect(waits?.steps.period.waitsFor).toBe(`Invoices of ${JANUARY} are issued anew: approve or drop them.`);
    must(await dropInvoice(billing.call(), v1));
    expect(await approveReissue(billing.call(), 'checker', v0)).toMatchObject({ code: 'invoice_state' });
    // The next month's plans are announced.
    expect(await askReissue(billing.call(), 'maker', v1)).toMatchObject({ code: 'invoice_state', retryable: false });
    await billing.step(FEBRUARY);
    await billing.approve(FEBRUARY);
    await billing.work();
    expect(await readInvoice(billing.call(), `${acme}.USD.${FEBRUARY}.v0`)).toMatchObject({
      subtotalMicros: 80_000_000,
      since: JANUARY,
    });
  });

  it('is issued as v2 where v1 was dropped in time', async () => {
    const { acme, v0, v1 } = await voided();
    await planned(v0);
    must(await dropInvoice(billing.call(), v1));
    await planned(v1);
    must(await approveReissue(billing.call(), 'checker', v1));
    await billing.work();
    expect(await readInvoice(billing.call(), `${acme}.USD.${JANUARY}.v2`)).toMatchObject({
      state: 'open',
      subtotalMicros: 80_000_000,
    });
    expect(await balance(acme, '1100')).toBe(481);
  });

  it('says so where too little is left to bill, which is carried over', async () => {
    const acme = await billing.company('acme');
    const request = await billing.charge(acme, { micros: 50_000_000 });
    await billing.charge(acme, { micros: 3_000_000 });
    await billing.close(JANUARY);
    const v0 = `${acme}.USD.${JANUARY}.v0`;
    expect(await askReissue(billing.call(), 'maker', v0)).toMatchObject({ code: 'invoice_state' });
    must(await voidInvoice(billing.call(), v0));
    await dispute(acme, request, 50_000_000);
    await planned(v0);
    expect(must(await askReissue(billing.call(), 'maker', v0))).toMatchObject({ state: 'nothing' });
    expect(await readPlan(billing.call(), acme, 'USD', JANUARY)).toMatchObject({
      invoice: null,
      reason: 'below_floor',
    });
    expect(await hasReissues(billing.call(), JANUARY)).toBe(false);
  });

  it('is refused once the next month is planned: what the voided invoice billed is on the first invoice planned after it', async () => {
    const acme = await billing.company('acme');
    await billing.charge(acme, { micros: 50_000_481 });
    await billing.close(JANUARY);
    await billing.charge(acme, { micros: 40_000_000 }, IN_FEBRUARY);
    // February is planned, and not approved yet.
    await billing.plan(FEBRUARY);
    const [january, february, march] = [JANUARY, FEBRUARY, '2026-03'].map((month) => `${acme}.USD.${month}.v0`);
    must(await voidInvoice(billing.call(), january!));
    expect(await invoiceFor(billing.call(), acme, 'USD', JANUARY)).toEqual({ invoice: null, reason: 'void' });
    expect(await askReissue(billing.call(), 'maker', january!)).toMatchObject({
      code: 'invoice_state',
      retryable: false,
    });
    expect(await balance(acme, '1100')).toBe(90_000_481);
    await billing.approve(FEBRUARY);
    await billing.work();
    await billing.step(FEBRUARY);
    // Its amount was fixed before: it bills what it was planned to, and no cent of January.
    expect(await readInvoice(billing.call(), february!)).toMatchObject({ state: 'open', subtotalMicros: 40_000_000 });
    expect(await balance(acme, '1100')).toBe(50_000_481);
    await billing.charge(acme, { micros: 30_000_000 }, Date.parse('2026-03-10T00:00:00Z'));
    await billing.close('2026-03');
    const next = await readInvoice(billing.call(), march!);
    expect(next).toMatchObject({ state: 'open', subtotalMicros: 80_000_000 });
    expect((await readLines(billing.call(), next!)).reduce((sum, { micros }) => sum + micros, 0)).toBe(80_000_000);
    expect([await balance(acme, '1100'), await balance(acme, '1200')]).toEqual([481, 120_000_000]);
  });

  it('ends in one invoice whatever call of it crashes', async () => {
    const { acme, v0, v1 } = await voided();
    let crashes = 0;
    const crashed = async (work: (tables: typeof billing.tables) => Promise<unknown>) => {
      for (const when of ['before', 'after'] as const)
        for (let at = 1; at < 60; at++) {
          if (!(await untilCrash(billing.tables, at, when, work))) break;
          crashes += 1;
        }
    };
    await crashed((tables) => askReissue(billing.call(tables), 'maker', v0));
    billing.now += 6 * MINUTE;
    await crashed((tables) => sweepReissues(billing.call(tables)).catch(firstOf));
    await crashed((tables) => approveReissue(billing.call(tables), 'checker', v0));
    // The message is lost: the sweep finds it.
    billing.sent.splice(0);
    await crashed((tables) => sweepReissues(billing.call(tables)).catch(firstOf));
    billing.now += 2 * DAY;
    await sweepReissues(billing.call());
    expect(crashes).toBeGreaterThan(10);
    expect(await readInvoice(billing.call(), v1)).toMatchObject({ state: 'open', subtotalMicros: 80_000_000 });
    const all = await stripe.stripe.invoices.list({ limit: 100 });
    expect(all.data.map(({ status }) => status ?? '').toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['open', 'void']);
    expect(await balance(acme, '1200')).toBe(80_000_000);
    expect(await hasReissues(billing.call(), JANUARY)).toBe(false);
  });
});
