/** Refunds whose invoice changes, or that Stripe refuses, after somebody released them: each comes to an end. */
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureCustomer } from '../../shared/billing-profile/customer.store.ts';
import { idOf } from '../../shared/cash/stripe-object.ts';
import { advanceDispute } from '../../shared/dispute/sweep.store.ts';
import { readInvoice } from '../../shared/invoice/invoice.store.ts';
import { payCredit } from '../../shared/refund/pay.store.ts';
import { readRefund, releaseRefund } from '../../shared/refund/refund.store.ts';
import { settleRefund } from '../../shared/refund/refund.ts';
import type { StripeCall } from '../../shared/stripe-call/stripe-call.store.ts';
import { billedDisputes } from '../support/billed-disputes.ts';
import { CashWorld } from '../support/cash.ts';
import type { DisputedMarket } from '../support/disputes.ts';
import { must } from '../support/round.ts';

let world: CashWorld;
beforeAll(async () => {
  world = await CashWorld.open('refunds');
});
afterAll(() => world.stop());

const { february, billed, accept, state, notes, sweep } = billedDisputes(() => world);
const P = 8_400_000;

/** A dispute of a paid charge that is accepted and waits for the release of its refund of 8.40. */
async function asked(category: string) {
  const { made, requests } = await february(category);
  const invoice = await billed(made, true);
  const opened = await made.dispute(requests[0]!, { reason: { code: 'duplicate' }, wants: 'refund' });
  const id = String(opened.body.id);
  await accept(made, id);
  await sweep(made);
  expect(await readRefund(world.call(), id)).toMatchObject({ state: 'asked', micros: P });
  return { made, invoice, id };
}

const release = (made: DisputedMarket, refund: string, body: unknown) =>
  made.call(made.finance, 'POST /v1/money/refunds/{refund}/release', { refund }, body);
const intentOf = async (invoice: string): Promise<string> => {
  const stripeInvoice = (await readInvoice(world.call(), invoice))?.stripeInvoice ?? '';
  const { data } = await world.test.stripe.invoicePayments.list({ invoice: stripeInvoice });
  return idOf(data[0]?.payment.payment_intent ?? null) ?? '';
};
/** The bank takes the whole payment of an invoice back, and keeps it. */
async function loseChargeback(invoice: string): Promise<void> {
  const stripeInvoice = (await readInvoice(world.call(), invoice))?.stripeInvoice ?? '';
  const { switches } = world.test;
  const { id } = switches.act('chargeback', { invoice: stripeInvoice }) as { id: string };
  await world.settle();
  switches.act('lose_dispute', { dispute: id });
  await world.settle();
}

describe('a refund', () => {
  it('lapses where its invoice has nothing left to pay back before it is released, and its dispute ends', async () => {
    const { made, invoice, id } = await asked('lapses');
    await loseChargeback(invoice);
    await sweep(made);
    expect(await readRefund(world.call(), id)).toMatchObject({ state: 'lapsed', trouble: expect.any(String) });
    expect(await state(made, id)).toBe('accepted');
    expect(await notes(made)).toMatchObject([{ chargedBackMicros: P, refundMicros: 0, creditMicros: 0 }]);
    expect((await release(made, id, { way: 'stripe' })).body.code).toBe('refund_over');
  });

  it('that was released does not leave where its invoice has nothing left to pay back by then', async () => {
    const { made, invoice, id } = await asked('asked-again');
    must(await releaseRefund(world.call(), id, 'fred', { way: 'stripe' }));
    await loseChargeback(invoice);
    await sweep(made);
    expect(await readRefund(world.call(), id)).toMatchObject({ state: 'lapsed', releasedBy: null });
    expect(await state(made, id)).toBe('accepted');
    expect(await made.balance('2600', made.company.id)).toBe(0);
  });

  it('that Stripe refuses is asked again with what Stripe said, and can be paid by bank', async () => {
    const { made, id } = await asked('refused');
    must(await releaseRefund(world.call(), id, 'fred', { way: 'stripe' }));
    await advanceDispute(refusing('refunds'), id);
    const waits = await readRefund(world.call(), id);
    expect(waits).toMatchObject({ state: 'asked', way: null, releasedBy: null, payingAt: null });
    expect(waits?.trouble).toContain('Stripe refused');
    const listed = await made.call(made.finance, 'GET /v1/money/refunds', {});
    expect((listed.body.items as { id: string }[]).find((one) => one.id === id)).toMatchObject({
      trouble: waits?.trouble,
    });
    const paid = await release(made, id, { way: 'bank', bankReference: 'TRF 7' });
    expect(paid.body).toMatchObject({ state: 'paid', way: 'bank' });
    expect(await state(made, id)).toBe('accepted');
  });

  it('whose money has left stands, though its credit note then comes to less: the company owes the rest', async () => {
    const { made, invoice, id } = await asked('left');
    must(await releaseRefund(world.call(), id, 'fred', { way: 'stripe' }));
    await advanceDispute(refusing('creditNotes'), id);
    await world.settle();
    expect(await readRefund(world.call(), id)).toMatchObject({ state: 'released', payingAt: expect.any(Number) });
    expect(await state(made, id)).toBe('agreed');
    await loseChargeback(invoice);
    await sweep(made);
    expect(await state(made, id)).toBe('accepted');
    expect(await readRefund(world.call(), id)).toMatchObject({ state: 'paid', micros: P });
    // The bank took back what was paid for this charge too: the refund was one too many.
    expect(await notes(made)).toMatchObject([{ chargedBackMicros: P, refundMicros: 0 }]);
    expect(await made.balance('2600', made.company.id)).toBe(0);
    expect(await made.balance('1100', made.company.id)).toBe(P);
    await sweep(made);
    expect(await made.balance('1100', made.company.id)).toBe(P);
  });

  it('comes to what was paid of its credit note; more of that is credit, less of it is owed', () => {
    const amounts = { refundMicros: 500, creditMicros: 20 };
    expect(settleRefund(amounts, 500)).toEqual({ refundMicros: 500, creditMicros: 20, excessMicros: 0 });
    expect(settleRefund(amounts, 300)).toEqual({ refundMicros: 300, creditMicros: 220, excessMicros: 0 });
    expect(settleRefund(amounts, 700)).toEqual({ refundMicros: 500, creditMicros: 20, excessMicros: 200 });
    expect(settleRefund(amounts, 0)).toEqual({ refundMicros: 0, creditMicros: 520, excessMicros: 0 });
  });
});

describe('a payout of credit', () => {
  it('that Stripe refuses is asked again, and declined then its credit is at Stripe as before', async () => {
    const { made, requests } = await february('credit');
    const invoice = await billed(made, true);
    const opened = await made.dispute(requests[0]!);
    await accept(made, String(opened.body.id));
    await sweep(made);
    const body = { invoice, micros: P, reason: 'The account ends.' };
    const refund = String((await made.call(made.finance, 'POST /v1/money/refunds', {}, body)).body.id);
    await releaseRefund(world.call(), refund, 'olga', { way: 'stripe' });
    await world.test.stripe.refunds.create({ payment_intent: await intentOf(invoice) });
    await payCredit(world.call(), refund);
    expect(await readRefund(world.call(), refund)).toMatchObject({ state: 'asked', micros: P });
    const customer = must(await ensureCustomer(world.call(), made.company.id));
    expect(await world.test.stripe.customers.retrieve(customer)).toMatchObject({ balance: 0 });
    const declined = await made.call(made.operator, 'POST /v1/money/refunds/{refund}/decline', { refund });
    expect(declined.body).toMatchObject({ state: 'declined' });
    expect(await world.test.stripe.customers.retrieve(customer)).toMatchObject({ balance: -840 });
    expect(await made.balance('2200', made.company.id)).toBe(-P);
    await world.sweep();
    expect(await world.test.stripe.customers.retrieve(customer)).toMatchObject({ balance: -840 });
  });
});

/** A call to a Stripe that refuses to make any of these. */
function refusing(what: 'creditNotes' | 'refunds'): StripeCall {
  const call = world.call();
  const create = async (): Promise<never> => {
    const raw = { message: 'The invoice has changed.', type: 'invalid_request_error' as const, statusCode: 400 };
    throw new Stripe.errors.StripeInvalidRequestError(raw);
  };
  const resource = new Proxy(call.stripe[what], {
    get: (target, name) => (name === 'create' ? create : Reflect.get(target, name)),
  });
  const stripe = new Proxy(call.stripe, {
    get: (target, name) => (name === what ? resource : Reflect.get(target, name)),
  });
  return { ...call, stripe };
}
