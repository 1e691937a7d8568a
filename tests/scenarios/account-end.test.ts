/** The end of a company's account: credit given back on its invoices, paid out by two people, and nothing left. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  approveAccountEnd,
  askAccountEnd,
  listAccountEnds,
  readAccountEnd,
  stepAccountEnd,
  withdrawAccountEnd,
} from '../../shared/account-end/account-end.store.ts';
import { ensureCustomer } from '../../shared/billing-profile/customer.store.ts';
import { readInvoice } from '../../shared/invoice/invoice.store.ts';
import { syncInvoice } from '../../shared/invoice/sync.store.ts';
import { DAY, HOUR } from '../../shared/kernel/time.ts';
import { post } from '../../shared/ledger/ledger.store.ts';
import { readOrganisation } from '../../shared/organisation/organisation.store.ts';
import { payCredit } from '../../shared/refund/pay.store.ts';
import { releaseRefund } from '../../shared/refund/refund.store.ts';
import { TestBilling } from '../support/billing.ts';
import { untilCrash } from '../support/crash.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { allEntriesOf } from '../support/entries.ts';
import { must } from '../support/round.ts';
import { startTestStripe, type TestStripe } from '../support/stripe.ts';

const REASON = 'They have left the market.';
let engine: TestTables;
let stripe: TestStripe;
let billing: TestBilling;
let acme: string;

beforeEach(async () => {
  engine = await startTestTables();
  stripe = await startTestStripe({ clock: { now: () => billing?.now ?? 0 }, seed: 'account-end' });
  billing = new TestBilling(engine.tables, stripe.stripe, Date.parse('2026-01-12T09:00:00Z'));
  acme = await billing.company('acme');
  await billing.charge(acme, { micros: 30_000_000 });
  await billing.close('2026-01');
  billing.now += DAY;
  return async () => {
    await stripe.stop();
    await engine.stop();
  };
});

async function balance(account: string): Promise<number> {
  const legs = (await allEntriesOf(engine.tables)).flatMap((entry) => entry.legs);
  return legs.reduce((sum, leg) => sum + (leg.account === account && leg.of === acme ? leg.micros : 0), 0);
}
const invoiceId = () => `${acme}.USD.2026-01.v0`;
/** Credit that was posted and that no invoice bills, as a round's close hands it back. */
const handBack = (micros: number) =>
  post(billing.call(), {
    event: `round#mortgage-web#1#true-up#${acme}#${micros}`,
    kind: 'true_up',
    occurredAt: billing.now,
    currency: 'USD',
    company: acme,
    provider: null,
    legs: [
      { account: '1100', of: acme, micros: -micros },
      { account: '2400', of: 'mortgage-web#1', micros },
    ],
    facts: { queue: 'mortgage-web', round: 1 },
  });
/** The company pays what is left, by its card. */
async function pay(): Promise<void> {
  const customer = must(await ensureCustomer(billing.call(), acme));
  const method = await stripe.stripe.paymentMethods.attach('pm_card_bypassPending', { customer });
  const stripeInvoice = (await readInvoice(billing.call(), invoiceId()))?.stripeInvoice ?? '';
  await stripe.stripe.invoices.pay(stripeInvoice, { payment_method: method.id });
  await syncInvoice(billing.call(), stripeInvoice);
}
const look = async () => {
  billing.now += HOUR;
  await stepAccountEnd(billing.call(), acme);
  return readAccountEnd(billing.call(), acme);
};
const waits = async () => (await look())?.waitsFor.map(({ what }) => what);

async function approved(): Promise<void> {
  must(await askAccountEnd(billing.call(), 'maker', acme, REASON));
  must(await approveAccountEnd(billing.call(), 'checker', acme));
}

describe('the end of an account', () => {
  it('is asked by one person and approved by another, which suspends the company; before that it can be taken back', async () => {
    expect(await askAccountEnd(billing.call(), 'maker', 'co_none000000', REASON)).toMatchObject({ code: 'not_found' });
    must(await askAccountEnd(billing.call(), 'maker', acme, REASON));
    expect(await approveAccountEnd(billing.call(), 'maker', acme)).toMatchObject({ code: 'second_person_needed' });
    must(await withdrawAccountEnd(billing.call(), acme));
    expect(await approveAccountEnd(billing.call(), 'checker', acme)).toMatchObject({ code: 'account_end_decided' });
    const listed = async () => (await listAccountEnds(billing.call(), { limit: 10 })).items;
    expect(await listed()).toMatchObject([{ company: acme, state: 'withdrawn' }]);
    await approved();
    expect(await listed()).toMatchObject([{ company: acme, state: 'approved', by: 'maker', approvedBy: 'checker' }]);
    expect((await readOrganisation(billing.tables, acme))?.status).toBe('suspended');
    expect(await withdrawAccountEnd(billing.call(), acme)).toMatchObject({ code: 'account_end_decided' });
  });

  it('waits for what is unpaid and unbilled, and gives unbilled credit back on what is unpaid first', async () => {
    await handBack(10_004_000);
    await approved();
    expect(await waits()).toEqual(['10.004 of unbilled credit became credit.']);
    // 30.00 were unpaid.
    expect(await readInvoice(billing.call(), invoiceId())).toMatchObject({ remainingMicros: 20_000_000 });
    expect(await waits()).toEqual([`Invoice ${invoiceId()} has 20.00 to be paid.`]);
    await billing.charge(acme, { micros: 40_000_000 });
    expect(await waits()).toEqual([
      '39.996 are unbilled: the close of the month, three later at the most, bills them.',
    ]);
  });

  it('pays credit out when another person releases it, rounds the rest of a cent, and leaves nothing', async () => {
    await pay();
    // 30.00 can be credited on the invoice; 2.50 more only become the customer’s balance.
    await handBack(32_504_000);
    await approved();
    await look();
    expect([await balance('1100'), await balance('2200')]).toEqual([-4_000, -32_500_000]);
    const customer = must(await ensureCustomer(billing.call(), acme));
    expect(await stripe.stripe.customers.retrieve(customer)).toMatchObject({ balance: -3_250 });
    const refund = `end.${acme}.USD.32500000`;
    expect(await waits()).toEqual([`32.50 of credit are paid out when another person releases refund ${refund}.`]);
    expect(await waits()).toHaveLength(1);
    const bank = { way: 'bank' as const, bankReference: 'TRF 1' };
    expect(await releaseRefund(billing.call(), refund, 'maker', bank)).toMatchObject({ code: 'second_person_needed' });
    must(await releaseRefund(billing.call(), refund, 'checker', bank));
    await payCredit(billing.call(), refund);
    const done = await look();
    expect(done).toMatchObject({ state: 'done', waitsFor: [], endedAt: expect.any(String) });
    expect([await balance('1100'), await balance('2200'), await balance('2600')]).toEqual([0, 0, 0]);
    expect(await stripe.stripe.customers.retrieve(customer)).toMatchObject({ balance: 0 });
  });

  it('gives credit back once whatever call of it crashes', async () => {
    await pay();
    await handBack(32_504_000);
    await approved();
    let crashes = 0;
    for (const when of ['before', 'after'] as const)
      for (let at = 1; at < 80; at++) {
        if (!(await untilCrash(billing.tables, at, when, (tables) => stepAccountEnd(billing.call(tables), acme))))
          break;
        crashes += 1;
      }
    expect(crashes).toBeGreaterThan(10);
    await look();
    expect([await balance('1100'), await balance('2200')]).toEqual([-4_000, -32_500_000]);
    const customer = must(await ensureCustomer(billing.call(), acme));
    expect(await stripe.stripe.customers.retrieve(customer)).toMatchObject({ balance: -3_250 });
  });
});
