/** Disputes of invoiced charges over the stand-in: credit notes, refunds by two people, chargebacks, SLA credits. */
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as exportApi } from '../../functions/api/export.ts';
import { ensureCustomer } from '../../shared/billing-profile/customer.store.ts';
import { readInvoice } from '../../shared/invoice/invoice.store.ts';
import { creditLateResolution, SLA_REASON } from '../../shared/invoice/sla-credit.store.ts';
import { dropInvoice, voidInvoice } from '../../shared/invoice/void.store.ts';
import { DAY } from '../../shared/kernel/time.ts';
import { billedDisputes } from '../support/billed-disputes.ts';
import { CashWorld } from '../support/cash.ts';
import { must } from '../support/round.ts';

let world: CashWorld;
beforeAll(async () => {
  world = await CashWorld.open('credit notes');
});
afterAll(() => world.stop());

// A bid of 8.00 with a fee of 5 %: a charge is 8.40, four of them are an invoice of 33.60.
const [P, B, F] = [8_400_000, 8_000_000, 400_000];
const CENTS = 840;

const { february, planned, billed, accept, state, notes, sweep } = billedDisputes(() => world);
/** A file of the month that the clock stands in. */
const file = async (kind: string, token: string): Promise<Record<string, string>[]> => {
  const answer = await world.edge.call(exportApi, 'GET /v1/exports/{kind}/csv', { token, params: { kind } });
  return parse(answer.text, { columns: true });
};

describe('a dispute of an invoiced charge', () => {
  it('is given back by a credit note that lowers what is unpaid, as Stripe says it too', async () => {
    const { made, requests } = await february('unpaid');
    const invoice = await billed(made, false);
    const opened = await made.dispute(requests[0]!);
    expect(opened.body).toMatchObject({ state: 'open', invoice });
    expect(await made.balance('1110', made.company.id)).toBe(0);
    const refused = await voidInvoice(world.call(), invoice);
    expect(refused).toMatchObject({ ok: false, code: 'invoice_disputed' });
    await accept(made, String(opened.body.id));
    expect(await state(made, String(opened.body.id))).toBe('agreed');
    await sweep(made);
    expect(await state(made, String(opened.body.id))).toBe('accepted');
    const now = (await readInvoice(world.call(), invoice))!;
    expect([now.remainingMicros, now.creditedMicros]).toEqual([3 * P, P]);
    const stripe = await world.test.stripe.invoices.retrieve(now.stripeInvoice!);
    expect(stripe.amount_remaining).toBe(3 * CENTS);
    expect(await made.balance('1200', invoice)).toBe(3 * P);
    expect(await made.balance('2100', made.provider.id)).toBe(-3 * B);
    expect(await made.balance('4100')).toBe(-3 * F);
    expect(await made.balance('2110', made.provider.id)).toBe(0);
    expect(await notes(made)).toMatchObject([{ invoice, netMicros: P, unpaidMicros: P, creditMicros: 0 }]);
    await sweep(made);
    expect(await notes(made)).toHaveLength(1);
  });

  it('becomes credit where it was paid, for a part with what is no whole cent on the next invoice', async () => {
    const { made, requests } = await february('paid');
    const invoice = await billed(made, true);
    expect((await readInvoice(world.call(), invoice))!.state).toBe('paid');
    const opened = await made.dispute(requests[0]!, { reason: { code: 'poor_quality' }, share: { bps: 3_333 } });
    await accept(made, String(opened.body.id));
    await sweep(made);
    expect(await state(made, String(opened.body.id))).toBe('accepted');
    // ⌊8,400,000·0.3333⌋ = 2,799,720: 2.79 by credit note, 0.00972 lower the next invoice.
    expect(await made.balance('2200', made.company.id)).toBe(-2_790_000);
    expect(await made.balance('1100', made.company.id)).toBe(-9_720);
    const customer = must(await ensureCustomer(world.call(), made.company.id));
    const found = await world.test.stripe.customers.retrieve(customer);
    expect(found).toMatchObject({ balance: -279 });
    expect(await notes(made)).toMatchObject([
      { netMicros: 2_790_000, creditMicros: 2_790_000, nextInvoiceMicros: 9_720 },
    ]);
    // The same in the files: the cost is what was given back, however it is set off.
    const { company, provider, finance } = made;
    expect(await file('credit-notes', company.token)).toMatchObject([
      { invoice, net: '2.79', credit: '2.79', refund: '0.00', next_invoice: '0.00972' },
    ]);
    const costs = await file('focus', company.token);
    expect(costs.map((row) => [row.ChargeCategory, row.BilledCost])).toEqual([['Credit', '-2.79972']]);
    const [charged, paid] = [
      { means: 'charged', whole: '8.40', claimed: '2.79972', given_back: '2.79972', invoice },
      { means: 'paid', whole: '8.00', given_back: '2.6664', invoice: '' },
    ];
    expect(await file('disputes', company.token)).toMatchObject([charged]);
    expect(await file('disputes', provider.token)).toMatchObject([paid]);
    const both = (await file('disputes', finance)).filter((row) => row.company === company.id);
    expect(both).toMatchObject([charged, { ...paid, invoice }]);
  });

  it('is paid back where that was asked for, once a second person released it: not who decided', async () => {
    const { made, requests } = await february('refund');
    const invoice = await billed(made, true);
    const opened = await made.dispute(requests[0]!, { reason: { code: 'duplicate' }, wants: 'refund' });
    const dispute = String(opened.body.id);
    const answer = { answer: 'contest', statement: 'It was another case.' };
    await made.call(made.provider.token, 'POST /v1/disputes/{dispute}/answer', { dispute }, answer);
    const decision = { outcome: 'accept', reason: 'It is the same case.' };
    await made.call(made.operator, 'POST /v1/money/disputes/{dispute}/decision', { dispute }, decision);
    await sweep(made);
    expect(await state(made, dispute)).toBe('agreed');
    const release = (token: string, body: unknown = { way: 'stripe' }) =>
      made.call(token, 'POST /v1/money/refunds/{refund}/release', { refund: dispute }, body);
    const own = await release(made.operator);
    expect([own.status, own.body.code]).toEqual([409, 'second_person_needed']);
    const released = await release(made.finance);
    expect(released.body).toMatchObject({ state: 'paid', way: 'stripe', micros: P, releasedBy: 'fred' });
    expect(await state(made, dispute)).toBe('accepted');
    await world.settle();
    const refunds = (await world.test.stripe.refunds.list({ limit: 10 })).data;
    expect(refunds.filter(({ metadata }) => metadata?.parley === dispute)).toMatchObject([{ amount: CENTS }]);
    // Stripe's transaction has paid what was owed.
    expect(await made.balance('2600', made.company.id)).toBe(0);
    expect(await made.balance('2200', made.company.id)).toBe(0);
    expect(await notes(made)).toMatchObject([{ invoice, refundMicros: P }]);
    const again = await release(made.finance);
    expect(again.status).toBe(200);
  });

  it('is paid back by bank out of band, and is credit where the refund is declined', async () => {
    const { made, requests } = await february('bank');
    await billed(made, true);
    const ids: string[] = [];
    for (const request of requests.slice(0, 2)) {
      const opened = await made.dispute(request, { reason: { code: 'not_resolved' }, wants: 'refund' });
      ids.push(String(opened.body.id));
      await accept(made, String(opened.body.id));
    }
    await sweep(made);
    const [bank = '', declined = ''] = ids;
    const paid = await made.call(
      made.finance,
      'POST /v1/money/refunds/{refund}/release',
      { refund: bank },
      {
        way: 'bank',
        bankReference: 'TRF 1',
      },
    );
    expect(paid.body).toMatchObject({ state: 'paid', way: 'bank', bankReference: 'TRF 1' });
    expect(await made.balance('2600', made.company.id)).toBe(0);
    expect(await made.balance('1010')).toBe(-P);
    await made.call(made.finance, 'POST /v1/money/refunds/{refund}/decline', { refund: declined });
    expect(await state(made, declined)).toBe('accepted');
    expect(await made.balance('2200', made.company.id)).toBe(-P);
    expect(await notes(made)).toMatchObject([{ creditMicros: P }, { refundMicros: P }]);
  });

  it('waits until its invoice is final, and leaves the next plan alone where that one is dropped', async () => {
    const { made, requests } = await february('dropped');
    const invoice = await planned(made);
    const opened = await made.dispute(requests[0]!);
    const dispute = String(opened.body.id);
    expect(opened.body.invoice).toBe(invoice);
    await accept(made, dispute);
    await sweep(made);
    expect(await state(made, dispute)).toBe('agreed');
    must(await dropInvoice(world.call(), invoice));
    expect(await made.balance('1110', made.company.id)).toBe(P);
    expect(await made.balance('1100', made.company.id)).toBe(3 * P);
    await sweep(made);
    expect(await state(made, dispute)).toBe('accepted');
    expect(await made.balance('1110', made.company.id)).toBe(0);
    expect(await made.balance('1100', made.company.id)).toBe(3 * P);
    expect(await notes(made)).toEqual([]);
  });

  it('is refused when the days since its final invoice are over', async () => {
    const { made, requests } = await february('window');
    await billed(made, false);
    await made.advance(made.market.now + 30 * DAY - 1);
    expect((await made.dispute(requests[0]!)).status).toBe(201);
    await made.advance(made.market.now + 1);
    const late = await made.dispute(requests[1]!);
    expect([late.status, late.body.code]).toEqual([409, 'window_passed']);
  });

  it('waits while a chargeback is open, and where that is lost recovers the loss instead of paying twice', async () => {
    const { made, requests } = await february('chargeback');
    const invoice = await billed(made, true);
    const opened = await made.dispute(requests[0]!);
    const dispute = String(opened.body.id);
    const { stripeInvoice } = (await readInvoice(world.call(), invoice))!;
    const { switches } = world.test;
    const chargeback = switches.act('chargeback', { invoice: stripeInvoice! }) as { id: string };
    await world.settle();
    await accept(made, dispute);
    await sweep(made);
    expect(await state(made, dispute)).toBe('agreed');
    switches.act('lose_dispute', { dispute: chargeback.id });
    await world.settle();
    expect(await made.balance('5300')).toBe(4 * P);
    await sweep(made);
    expect(await state(made, dispute)).toBe('accepted');
    // The company had all of it back by its bank: nothing becomes credit, and the loss is less by what the provider bears.
    expect(await made.balance('5300')).toBe(3 * P);
    expect(await made.balance('2200', made.company.id)).toBe(0);
    expect(await notes(made)).toMatchObject([{ chargedBackMicros: P, creditMicros: 0 }]);
  });

  it('gives an SLA credit that comes after the invoice by a credit note of its own, once, with its reason', async () => {
    const { made, requests } = await february('sla');
    const invoice = await billed(made, false);
    const order = {
      request: requests[0]!,
      company: made.company.id,
      provider: made.provider.id,
      queue: made.market.queue,
      round: 1,
      currency: 'USD' as const,
      period: '2026-02',
      outcome: 'confirmed' as const,
      route: 'slot' as const,
      occurredAt: made.market.now,
      providerMicros: 800_000,
      marketMicros: 40_000,
      deadline: '2026-02-04T09:00:00.000Z',
      resolvedAt: '2026-02-04T11:00:00.000Z',
    };
    await creditLateResolution(world.call(), order);
    await creditLateResolution(world.call(), order);
    await sweep(made);
    await sweep(made);
    expect(await notes(made)).toMatchObject([{ invoice, netMicros: 840_000, unpaidMicros: 840_000 }]);
    expect(await made.balance('2100', made.provider.id)).toBe(-4 * B + 800_000);
    expect(await made.balance('4190')).toBe(40_000);
    expect((await readInvoice(world.call(), invoice))!.remainingMicros).toBe(4 * P - 840_000);
    const listed = await made.call(made.company.token, 'GET /v1/sla-credits', {});
    expect(listed.body.items).toMatchObject([{ request: requests[0], micros: 840_000, reason: SLA_REASON }]);
  });

  it('pays credit out by two people, and only as much as there is', async () => {
    const { made, requests } = await february('payout');
    const invoice = await billed(made, true);
    const opened = await made.dispute(requests[0]!);
    await accept(made, String(opened.body.id));
    await sweep(made);
    const ask = (micros: number) =>
      made.call(made.finance, 'POST /v1/money/refunds', {}, { invoice, micros, reason: 'The account ends.' });
    expect((await ask(P + 10_000)).body.code).toBe('refund_not_covered');
    const asked = await ask(P);
    expect(asked.status).toBe(201);
    const refund = String(asked.body.id);
    const release = (token: string) =>
      made.call(token, 'POST /v1/money/refunds/{refund}/release', { refund }, { way: 'stripe' });
    expect((await release(made.finance)).body.code).toBe('second_person_needed');
    expect((await release(made.operator)).body).toMatchObject({ state: 'paid' });
    await world.settle();
    expect(await made.balance('2200', made.company.id)).toBe(0);
    expect(await made.balance('2600', made.company.id)).toBe(0);
    const customer = must(await ensureCustomer(world.call(), made.company.id));
    expect(await world.test.stripe.customers.retrieve(customer)).toMatchObject({ balance: 0 });
  });
});
