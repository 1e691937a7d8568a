/** The life of an invoice at the stand-in, as the SDK sees it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Money, openMoney } from '../../../../tests/support/stripe-money.ts';

let money: Money;
beforeEach(async () => {
  money = await openMoney();
});
afterEach(() => money.stop());

const typesOf = async (): Promise<string[]> => (await money.events()).map((event) => event.type);

describe('a draft', () => {
  it('comes to the sum of its lines', async () => {
    const customer = await money.customer();
    const draft = await money.draft(customer.id, [12_345, 1, 300]);
    expect(draft).toMatchObject({
      status: 'draft',
      subtotal: 12_646,
      total: 12_646,
      amount_due: 12_646,
      amount_paid: 0,
    });
    expect(draft.lines.data.map((line) => [line.description, line.amount])).toEqual([
      ['Line 1', 12_345],
      ['Line 2', 1],
      ['Line 3', 300],
    ]);
  });

  it('takes 250 lines and refuses one more', async () => {
    const customer = await money.customer();
    const draft = await money.draft(customer.id, Array(250).fill(7));
    expect(draft.subtotal).toBe(1_750);
    const more = money.stripe.invoices.addLines(draft.id, { lines: [{ amount: 1 }] });
    expect(await money.refusal(more)).toMatchObject({ status: 400, type: 'invalid_request_error', param: 'lines' });
    const all = await money.stripe.invoices.listLineItems(draft.id, { limit: 100 }).autoPagingToArray({ limit: 1_000 });
    expect(all).toHaveLength(250);
    expect(new Set(all.map((line) => line.id)).size).toBe(250);
  });

  it('is edited line by line, and its sums follow', async () => {
    const customer = await money.customer();
    const draft = await money.draft(customer.id, [100, 200, 300]);
    const [first, second, third] = draft.lines.data.map((line) => line.id);
    const changed = await money.stripe.invoices.updateLines(draft.id, {
      lines: [{ id: first ?? '', amount: 150, description: 'Changed' }],
    });
    expect(changed.subtotal).toBe(650);
    const fewer = await money.stripe.invoices.removeLines(draft.id, {
      lines: [
        { id: second ?? '', behavior: 'delete' },
        { id: third ?? '', behavior: 'unassign' },
      ],
    });
    expect(fewer.subtotal).toBe(150);
    const waiting = await money.stripe.invoiceItems.list({ customer: customer.id, pending: true });
    expect(waiting.data.map((item) => item.amount)).toEqual([300]);
    const next = await money.stripe.invoices.create({
      customer: customer.id,
      currency: 'eur',
      pending_invoice_items_behavior: 'include',
    });
    expect(next.subtotal).toBe(300);
  });

  it('can be deleted, a final invoice cannot', async () => {
    const customer = await money.customer();
    const draft = await money.draft(customer.id, [100]);
    expect(await money.stripe.invoices.del(draft.id)).toMatchObject({ deleted: true });
    const other = await money.draft(customer.id, [100]);
    await money.stripe.invoices.finalizeInvoice(other.id);
    expect(await money.refusal(money.stripe.invoices.del(other.id))).toMatchObject({ status: 400 });
  });
});

describe('a final invoice', () => {
  it('is charged, and every object tells the same story', async () => {
    const customer = await money.customer();
    const draft = await money.draft(customer.id, [10_000]);
    const open = await money.stripe.invoices.finalizeInvoice(draft.id, { auto_advance: true });
    expect(open).toMatchObject({ status: 'open', amount_remaining: 10_000, attempted: false });
    expect(open.number).toMatch(/^[A-Z0-9]+-0001$/);
    money.switches.tick();
    const paid = await money.stripe.invoices.retrieve(draft.id, { expand: ['payments'] });
    expect(paid).toMatchObject({ status: 'paid', amount_paid: 10_000, amount_remaining: 0, attempt_count: 1 });
    const [payment] = paid.payments?.data ?? [];
    expect(payment).toMatchObject({ status: 'paid', amount_paid: 10_000, is_default: true });
    const intent = payment?.payment.payment_intent as string;
    const listed = await money.stripe.invoicePayments.list({
      payment: { type: 'payment_intent', payment_intent: intent },
    });
    expect(listed.data.map((one) => one.invoice)).toEqual([draft.id]);
    const found = await money.stripe.paymentIntents.retrieve(intent, { expand: ['latest_charge.balance_transaction'] });
    // 2.9 % of 100.00 and 30 cents.
    expect(found).toMatchObject({
      status: 'succeeded',
      amount_received: 10_000,
      latest_charge: {
        status: 'succeeded',
        balance_transaction: { type: 'charge', amount: 10_000, fee: 320, net: 9_680, status: 'pending' },
      },
    });
    const types = await typesOf();
    for (const type of [
      'invoice.created',
      'invoice.finalized',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice_payment.paid',
      'invoice.paid',
      'invoice.payment_succeeded',
    ])
      expect(types).toContain(type);
    expect(types.filter((type) => type === 'invoice.paid')).toHaveLength(1);
  });

  it('is retried after 3, 5 and 7 days and then left open', async () => {
    const customer = await money.customer();
    const draft = await money.draft(customer.id, [10_000]);
    money.act('decline_next', { customer: customer.id, decline_code: 'insufficient_funds', times: 4 });
    await money.stripe.invoices.finalizeInvoice(draft.id, { auto_advance: true });
    money.switches.tick();
    const start = money.now();
    const first = await money.stripe.invoices.retrieve(draft.id);
    expect(first).toMatchObject({ status: 'open', attempt_count: 1, next_payment_attempt: start + 3 * 86_400 });
    money.later(3);
    money.later(5);
    money.later(7);
    const last = await money.stripe.invoices.retrieve(draft.id);
    expect(last).toMatchObject({
      status: 'open',
      attempt_count: 4,
      next_payment_attempt: null,
      amount_remaining: 10_000,
    });
    expect((await typesOf()).filter((type) => type === 'invoice.payment_failed')).toHaveLength(4);
    const paid = await money.stripe.invoices.pay(draft.id);
    expect(paid).toMatchObject({ status: 'paid', amount_remaining: 0 });
  });

  it('answers a declined payment with 402 and keeps the failed charge', async () => {
    const customer = await money.customer();
    const draft = await money.draft(customer.id, [10_000]);
    await money.stripe.invoices.finalizeInvoice(draft.id);
    money.act('decline_next', { customer: customer.id, decline_code: 'insufficient_funds' });
    expect(await money.refusal(money.stripe.invoices.pay(draft.id))).toMatchObject({
      status: 402,
      type: 'card_error',
      code: 'card_declined',
      declineCode: 'insufficient_funds',
    });
    const [charge] = (await money.stripe.charges.list({ customer: customer.id })).data;
    expect(charge).toMatchObject({
      status: 'failed',
      failure_code: 'card_declined',
      paid: false,
      balance_transaction: null,
    });
    expect(await money.stripe.invoices.retrieve(draft.id)).toMatchObject({ status: 'open', attempt_count: 1 });
  });

  it('is sent with its due date counted from the day it became final, and becomes overdue then', async () => {
    const customer = await money.customer({ method: null });
    const draft = await money.draft(customer.id, [5_000], { collection_method: 'send_invoice', days_until_due: 30 });
    money.later(2);
    const open = await money.stripe.invoices.finalizeInvoice(draft.id, { auto_advance: true });
    expect(open.due_date).toBe(money.now() + 30 * 86_400);
    money.later(29);
    expect(await typesOf()).toContain('invoice.sent');
    expect(await typesOf()).not.toContain('invoice.overdue');
    money.later(1);
    expect((await typesOf()).filter((type) => type === 'invoice.overdue')).toHaveLength(1);
  });

  it('is paid outside Stripe in parts; what is too much becomes credit, which the next invoice takes', async () => {
    const customer = await money.customer({ method: null });
    const pay = async (invoice: string, value: number) => {
      const record = await money.stripe.paymentRecords.reportPayment({
        amount_requested: { currency: 'eur', value },
        initiated_at: money.now(),
        outcome: 'guaranteed',
        guaranteed: { guaranteed_at: money.now() },
        payment_method_details: { type: 'custom', custom: { display_name: 'Bank transfer' } },
        customer_details: { customer: customer.id },
      });
      return money.stripe.invoices.attachPayment(invoice, { payment_record: record.id });
    };
    const draft = await money.draft(customer.id, [5_000], { collection_method: 'send_invoice', days_until_due: 30 });
    await money.stripe.invoices.finalizeInvoice(draft.id);
    expect(await pay(draft.id, 2_000)).toMatchObject({ status: 'open', amount_paid: 2_000, amount_remaining: 3_000 });
    const paid = await pay(draft.id, 3_500);
    expect(paid).toMatchObject({ status: 'paid', amount_paid: 5_000, amount_remaining: 0, amount_overpaid: 500 });
    expect((await money.stripe.customers.retrieve(customer.id)) as object).toMatchObject({ balance: -500 });
    expect(await typesOf()).toContain('invoice.overpaid');
    const next = await money.draft(customer.id, [4_000], { collection_method: 'send_invoice', days_until_due: 30 });
    const open = await money.stripe.invoices.finalizeInvoice(next.id);
    expect(open).toMatchObject({ starting_balance: -500, ending_balance: 0, amount_due: 3_500, total: 4_000 });
    const back = await money.stripe.invoices.voidInvoice(next.id);
    expect(back.status).toBe('void');
    const moves = await money.stripe.customers.listBalanceTransactions(customer.id);
    expect(moves.data.map((move) => [move.type, move.amount, move.ending_balance])).toEqual([
      ['unapplied_from_invoice', -500, -500],
      ['applied_to_invoice', 500, 0],
      ['invoice_overpaid', -500, -500],
    ]);
  });

  it('by bank debit is paid when the bank says so', async () => {
    const customer = await money.customer({ method: 'pm_sepaDebit' });
    const draft = await money.draft(customer.id, [5_000]);
    await money.stripe.invoices.finalizeInvoice(draft.id, { auto_advance: true });
    money.switches.tick();
    expect(await money.stripe.invoices.retrieve(draft.id)).toMatchObject({ status: 'open', attempted: true });
    expect(await typesOf()).toContain('payment_intent.processing');
    expect(await money.refusal(money.stripe.invoices.voidInvoice(draft.id))).toMatchObject({ status: 400 });
    money.later(4);
    expect(await money.stripe.invoices.retrieve(draft.id)).toMatchObject({ status: 'paid' });
    const [transaction] = (await money.stripe.balanceTransactions.list({ type: 'payment' })).data;
    // 0.8 % of 50.00.
    expect(transaction).toMatchObject({ amount: 5_000, fee: 40 });
  });
});

describe('what a final invoice refuses', () => {
  it('edits, with the code that Stripe gives', async () => {
    const customer = await money.customer();
    const draft = await money.draft(customer.id, [100, 200]);
    const [line] = draft.lines.data;
    const { id } = await money.stripe.invoices.finalizeInvoice(draft.id);
    const edits = [
      money.stripe.invoices.addLines(id, { lines: [{ amount: 1 }] }),
      money.stripe.invoices.updateLines(id, { lines: [{ id: line?.id ?? '', amount: 1 }] }),
      money.stripe.invoices.removeLines(id, { lines: [{ id: line?.id ?? '', behavior: 'delete' }] }),
      money.stripe.invoices.update(id, { description: 'late' }),
    ];
    for (const edit of edits)
      expect(await money.refusal(edit)).toMatchObject({
        status: 400,
        type: 'invalid_request_error',
        code: 'invoice_not_editable',
      });
    expect(await money.stripe.invoices.update(id, { metadata: { parley: 'x' } })).toMatchObject({
      metadata: { parley: 'x' },
    });
    expect(await money.refusal(money.stripe.invoices.finalizeInvoice(id))).toMatchObject({ status: 400 });
  });

  it('a second payment, and one without a method', async () => {
    const without = await money.customer({ method: null });
    const draft = await money.draft(without.id, [100]);
    expect(await money.refusal(money.stripe.invoices.pay(draft.id))).toMatchObject({
      status: 400,
      code: 'resource_missing',
    });
    expect((await money.stripe.invoices.retrieve(draft.id)).status).toBe('draft');
    const customer = await money.customer();
    const other = await money.draft(customer.id, [100]);
    await money.stripe.invoices.pay(other.id);
    expect(await money.refusal(money.stripe.invoices.pay(other.id))).toMatchObject({
      status: 400,
      message: 'Invoice is already paid',
    });
  });
});
