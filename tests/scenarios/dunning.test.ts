/** Unpaid invoices over the real engine and the stand-in: notice, pause, its end, write-off, and the credit limit. */
import { beforeEach, describe, expect, it } from 'vitest';
import { limitsOf } from '../../shared/budget/budget.store.ts';
import { readPause } from '../../shared/budget/pause.store.ts';
import { settlePayment } from '../../shared/cash/transaction.store.ts';
import { checkCommitment, exposureOf, reviewCredit } from '../../shared/credit/credit.store.ts';
import { sweepDunning, withdrawWriteOff, writeOff } from '../../shared/credit/dunning.store.ts';
import { sweepCredit } from '../../shared/credit/night.store.ts';
import type { Member } from '../../shared/identity/identity.ts';
import { readInbox } from '../../shared/inbox/inbox.store.ts';
import { givenUpSince } from '../../shared/invoice/given-up.store.ts';
import { readInvoice } from '../../shared/invoice/invoice.store.ts';
import type { Invoice } from '../../shared/invoice/invoice.ts';
import { syncInvoice } from '../../shared/invoice/sync.store.ts';
import { DAY, fromIso, HOUR } from '../../shared/kernel/time.ts';
import { allEntries } from '../../shared/ledger/ledger.store.ts';
import { changeStatus, MARKET_ORGANISATION, readOrganisation } from '../../shared/organisation/organisation.store.ts';
import { TestBilling } from '../support/billing.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { must } from '../support/round.ts';
import { startTestStripe, type TestStripe } from '../support/stripe.ts';

const JANUARY = '2026-01';
let engine: TestTables;
let stripe: TestStripe;
let billing: TestBilling;
let acme: string;
let id: string;
const notices: string[] = [];
const notify = async (_call: unknown, invoice: Invoice) => void notices.push(invoice.id);

beforeEach(async () => {
  notices.length = 0;
  engine = await startTestTables();
  stripe = await startTestStripe({ clock: { now: () => billing?.now ?? 0 }, seed: 'dunning' });
  billing = new TestBilling(engine.tables, stripe.stripe, Date.parse('2026-01-12T09:00:00Z'));
  acme = await billing.company('acme', { collectionMethod: 'send_invoice', daysUntilDue: 14 });
  await changeStatus(billing.tables, acme, 'approve', { creditLimitMicros: 200_000_000 });
  await billing.charge(acme, { micros: 80_000_000 });
  await billing.close(JANUARY);
  id = `${acme}.USD.${JANUARY}.v0`;
  return async () => {
    await stripe.stop();
    await engine.stop();
  };
});

const isPaused = async (): Promise<boolean> => (await readPause(billing.call(), acme)) !== undefined;
const invoice = async () => (await readInvoice(billing.call(), id))!;
const to = (ms: number) => {
  billing.now = ms;
  stripe.switches.tick();
};

describe('an unpaid invoice', () => {
  it('is noticed on its due date, pauses its company ten days later, and no longer once it is paid', async () => {
    const { finalizedAt, dueAt } = await invoice();
    const due = fromIso(dueAt ?? '');
    expect(due - fromIso(finalizedAt ?? '')).toBe(14 * DAY);
    to(due - 1);
    await sweepDunning(billing.call(), notify);
    expect(notices).toEqual([]);
    to(due);
    await sweepDunning(billing.call(), notify);
    await sweepDunning(billing.call(), notify);
    expect(notices).toEqual([id]);
    to(due + 10 * DAY - 1);
    await sweepDunning(billing.call(), notify);
    expect(await isPaused()).toBe(false);
    to(due + 10 * DAY);
    await sweepDunning(billing.call(), notify);
    expect(await readPause(billing.call(), acme)).toMatchObject({ reasons: ['overdue'] });
    expect((await limitsOf(billing.call(), acme, 'USD')).isPaused).toBe(true);
    await stripe.stripe.invoices.pay((await invoice()).stripeInvoice ?? '', { paid_out_of_band: true });
    await syncInvoice(billing.call(), (await invoice()).stripeInvoice ?? '');
    to(due + 11 * DAY);
    await sweepDunning(billing.call(), notify);
    expect(await isPaused()).toBe(false);
    expect((await limitsOf(billing.call(), acme, 'USD')).isPaused).toBe(false);
    to(due + 40 * DAY);
    await sweepDunning(billing.call(), notify);
    expect(notices).toEqual([id]);
  });

  it('is written off by two people, once, and 1200 is nothing then', async () => {
    expect(await writeOff(billing.call(), 'maker', id)).toMatchObject({ code: 'invoice_state' });
    to(fromIso((await invoice()).dueAt ?? '') + DAY);
    expect(await waitsFor('checker')).toEqual([]);
    expect(await writeOff(billing.call(), 'maker', id)).toMatchObject({ code: 'second_person_needed' });
    expect(await writeOff(billing.call(), 'maker', id)).toMatchObject({ code: 'second_person_needed' });
    expect(await waitsFor('maker')).toMatchObject([{ needsAnother: true }]);
    const facts = { invoice: id, company: acme, currency: 'USD', micros: 80_000_000 };
    expect(await waitsFor('checker')).toMatchObject([{ needsAnother: false, facts }]);
    must(await withdrawWriteOff(billing.call(), id));
    expect([await waitsFor('checker'), (await invoice()).writeOff]).toEqual([[], null]);
    expect(await writeOff(billing.call(), 'maker', id)).toMatchObject({ code: 'second_person_needed' });
    expect(await waitsFor('checker')).toHaveLength(1);
    expect(await givenUpSince(billing.call(), JANUARY)).toEqual(new Set());
    must(await writeOff(billing.call(), 'checker', id));
    expect(await givenUpSince(billing.call(), JANUARY)).toEqual(new Set([acme]));
    expect(await givenUpSince(billing.call(), '2026-02')).toEqual(new Set());
    expect(await waitsFor('checker')).toEqual([]);
    must(await writeOff(billing.call(), 'checker', id));
    expect(await invoice()).toMatchObject({ state: 'uncollectible', writeOff: { by: 'maker', approvedBy: 'checker' } });
    expect(await withdrawWriteOff(billing.call(), id)).toMatchObject({ code: 'invoice_state' });
    expect(await balances('1200', '5200', '1100')).toEqual([0, 80_000_000, 0]);
  });

  it('given up at Stripe is known as such, as one that is written off here', async () => {
    const { stripeInvoice } = await invoice();
    await stripe.stripe.invoices.markUncollectible(stripeInvoice ?? '');
    await syncInvoice(billing.call(), stripeInvoice ?? '');
    expect(await invoice()).toMatchObject({ state: 'uncollectible', writeOff: null });
    expect(await givenUpSince(billing.call(), JANUARY)).toEqual(new Set([acme]));
  });

  it('written off in part is owed again by what is paid later, and not by what was paid before, however often that is heard of', async () => {
    const first = await paidOutside(30_00);
    to(fromIso((await invoice()).dueAt ?? '') + DAY);
    await writeOff(billing.call(), 'maker', id);
    must(await writeOff(billing.call(), 'checker', id));
    expect((await invoice()).writeOff).toMatchObject({ micros: 50_000_000, payments: [first] });
    await settlePayment(billing.call(), first);
    expect(await balances('1200', '5200', '1010')).toEqual([0, 50_000_000, 30_000_000]);
    const late = await paidOutside(20_00);
    await settlePayment(billing.call(), late);
    await settlePayment(billing.call(), first);
    expect(await balances('1200', '5200', '1010')).toEqual([0, 30_000_000, 50_000_000]);
  });
});

/** Write-offs that wait for a person of the market's finance. */
async function waitsFor(user: string) {
  const of = { tenant: MARKET_ORGANISATION, user, email: null, approved: true, calls: null };
  const reader: Member = { kind: 'member', roles: ['market.finance'], scopes: 'all', ...of };
  const { items } = await readInbox(billing.call(), reader);
  return items.filter(({ kind }) => kind === 'write_off_to_approve');
}

/** A part of the invoice is paid by bank, reported to Stripe, and heard of. Answers the payment of the invoice. */
async function paidOutside(value: number): Promise<string> {
  const at = Math.floor(billing.now / 1_000);
  const record = await stripe.stripe.paymentRecords.reportPayment({
    amount_requested: { currency: 'usd', value },
    initiated_at: at,
    guaranteed: { guaranteed_at: at },
    outcome: 'guaranteed',
    payment_method_details: { type: 'custom', custom: { display_name: 'Bank transfer' } },
  });
  const stripeInvoice = (await invoice()).stripeInvoice ?? '';
  await stripe.stripe.invoices.attachPayment(stripeInvoice, { payment_record: record.id });
  const { data } = await stripe.stripe.invoicePayments.list({ invoice: stripeInvoice, limit: 100 });
  const paid = data.find(({ payment }) => payment.payment_record === record.id);
  if (paid === undefined) throw new Error('the payment is not attached');
  await settlePayment(billing.call(), paid.id);
  await syncInvoice(billing.call(), stripeInvoice);
  return paid.id;
}

async function balances(...accounts: string[]): Promise<number[]> {
  const months = [JANUARY, '2026-02'].map((month) => allEntries(billing.call(), acme, month));
  const legs = (await Promise.all(months)).flat().flatMap((entry) => entry.legs);
  return accounts.map((account) => legs.reduce((sum, leg) => sum + (leg.account === account ? leg.micros : 0), 0));
}

describe('the credit limit', () => {
  it('counts what is unpaid and unbilled, and refuses a commitment beyond it with the amounts', async () => {
    await billing.charge(acme, { micros: 50_000_001 });
    const company = (await readOrganisation(billing.tables, acme))!;
    expect(await exposureOf(billing.call(), company)).toEqual({
      limitMicros: 200_000_000,
      unpaidMicros: 80_000_000,
      unbilledMicros: 50_000_001,
      worstCaseMicros: 0,
    });
    const planned = { queue: 'no-such-queue', round: 1, volume: 10, reserveMicros: 9_000_000 };
    must(await checkCommitment(billing.call(), acme, planned));
    await changeStatus(billing.tables, acme, 'approve', { creditLimitMicros: 130_000_000 });
    const refused = await checkCommitment(billing.call(), acme, planned);
    expect(refused).toMatchObject({ ok: false, code: 'credit_limit', extra: { unpaidMicros: 80_000_000 } });
  });

  it('is looked at every night, to the micro-unit, whatever was owed when it was last looked at', async () => {
    const night = async () => {
      to((Math.floor(billing.now / DAY) + 1) * DAY + 2 * HOUR);
      await sweepCredit(billing.call(), () => true);
      return isPaused();
    };
    // 80 are unpaid, of 200.
    expect(await night()).toBe(false);
    await billing.charge(acme, { micros: 60_000_000 });
    expect(await night()).toBe(false);
    await billing.charge(acme, { micros: 60_000_000 });
    expect(await night()).toBe(false);
    await billing.charge(acme, { micros: 1 });
    expect(await night()).toBe(true);
    // Nothing is posted any more, and who pauses is looked at all the same.
    await changeStatus(billing.tables, acme, 'approve', { creditLimitMicros: 200_000_001 });
    to(billing.now + 3 * DAY);
    expect(await night()).toBe(false);
  });

  it('is looked at every night for many companies in as many calls as for two, as long as they stay within it', async () => {
    const others = await Promise.all(Array.from({ length: 12 }, (_, n) => billing.company(`other-${n}`)));
    for (const other of others) await changeStatus(billing.tables, other, 'approve', { creditLimitMicros: 3_000_000 });
    const night = async (charged: readonly string[], micros: number): Promise<number> => {
      for (const other of charged) await billing.charge(other, { micros });
      to((Math.floor(billing.now / DAY) + 1) * DAY + 2 * HOUR);
      const call = billing.call();
      await sweepCredit(call, () => true);
      return call.tables.consumed.calls;
    };
    const paused = async () => {
      const pauses = await Promise.all(others.map((other) => readPause(billing.call(), other)));
      return others.filter((_, n) => pauses[n] !== undefined);
    };
    // Who was never looked at is looked at in full.
    const inFull = await night(others, 1_000_000);
    const two = await night(others.slice(0, 2), 1_000_000);
    const all = await night(others, 1_000_000);
    expect(all).toBe(two);
    expect(inFull).toBeGreaterThan(all + 5 * others.length);
    expect(await paused()).toEqual([]);
    await night(others.slice(1, 3), 1);
    expect(await paused()).toEqual([others[1]]);
  });

  it('is looked at for a commitment in as many calls, whatever is carried over from months before', async () => {
    const small = await billing.company('small');
    await changeStatus(billing.tables, small, 'approve', { creditLimitMicros: 50_000_000 });
    const calls: number[] = [];
    for (const month of ['2026-02', '2026-03', '2026-04']) {
      to(Date.parse(`${month}-15T00:00:00Z`));
      await billing.charge(small, { micros: 4_000_000 });
      const call = billing.call();
      const planned = { queue: 'no-such-queue', round: 1, volume: 1, reserveMicros: 1_000_000 };
      must(await checkCommitment(call, small, planned));
      calls.push(call.tables.consumed.calls);
      await billing.close(month);
    }
    expect(calls).toEqual([calls[0], calls[0], calls[0]]);
    const company = (await readOrganisation(billing.tables, small))!;
    expect(await exposureOf(billing.call(), company)).toMatchObject({ unbilledMicros: 12_000_000 });
  });

  it('pauses who owes more than it, until less is owed', async () => {
    await changeStatus(billing.tables, acme, 'approve', { creditLimitMicros: 79_999_999 });
    await reviewCredit(billing.call(), acme);
    expect(await readPause(billing.call(), acme)).toMatchObject({ reasons: ['credit_limit'] });
    await changeStatus(billing.tables, acme, 'approve', { creditLimitMicros: 80_000_000 });
    await reviewCredit(billing.call(), acme);
    expect(await isPaused()).toBe(false);
  });
});
