/** Credit notes and refunds at the stand-in: what they take from an invoice and how it is given back. */
import type { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Money, openMoney } from '../../../../tests/support/stripe-money.ts';

let money: Money;
beforeEach(async () => {
  money = await openMoney();
});
afterEach(() => money.stop());

async function finalised(
  amounts: number[],
  more: Stripe.InvoiceCreateParams = {},
  country = 'IE',
): Promise<Stripe.Invoice> {
  const customer = await money.customer({ country });
  const draft = await money.draft(customer.id, amounts, more);
  return money.stripe.invoices.finalizeInvoice(draft.id);
}
const lineOf = (invoice: Stripe.Invoice, at: number): string => invoice.lines.data[at]?.id ?? '';
const creditLine = (invoice: Stripe.Invoice, at: number, amount: number): Stripe.CreditNoteCreateParams.Line => ({
  type: 'invoice_line_item',
  invoice_line_item: lineOf(invoice, at),
  amount,
});

describe('a credit note of an open invoice', () => {
  it('lowers what is asked for, also by the payment that stands with it', async () => {
    const invoice = await finalised([10_000, 5_000]);
    const note = await money.stripe.creditNotes.create({
      invoice: invoice.id,
      lines: [creditLine(invoice, 0, 4_000)],
      metadata: { parley: 'dispute-1' },
    });
    expect(note).toMatchObject({
      total: 4_000,
      type: 'pre_payment',
      pre_payment_amount: 4_000,
      post_payment_amount: 0,
      status: 'issued',
    });
    expect(note.number).toBe(`${invoice.number}-CN-01`);
    const after = await money.stripe.invoices.retrieve(invoice.id, {
      expand: ['payments.data.payment.payment_intent'],
    });
    expect(after).toMatchObject({
      total: 15_000,
      amount_due: 11_000,
      amount_remaining: 11_000,
      pre_payment_credit_notes_amount: 4_000,
    });
    expect(after.payments?.data[0]?.payment.payment_intent).toMatchObject({ amount: 11_000 });
    await money.stripe.invoices.pay(invoice.id);
    expect(await money.stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'paid', amount_paid: 11_000 });
  });

  it('of all of it makes the invoice paid without money', async () => {
    const invoice = await finalised([3_000]);
    await money.stripe.creditNotes.create({ invoice: invoice.id, lines: [creditLine(invoice, 0, 3_000)] });
    const after = await money.stripe.invoices.retrieve(invoice.id, { expand: ['payments'] });
    expect(after).toMatchObject({ status: 'paid', amount_due: 0, amount_paid: 0, amount_remaining: 0 });
    expect(after.payments?.data.map((one) => one.status)).toEqual(['canceled']);
  });

  it('can be voided, and the invoice asks for it again', async () => {
    const invoice = await finalised([3_000]);
    const note = await money.stripe.creditNotes.create({ invoice: invoice.id, lines: [creditLine(invoice, 0, 1_000)] });
    expect(await money.stripe.creditNotes.voidCreditNote(note.id)).toMatchObject({ status: 'void' });
    expect(await money.stripe.invoices.retrieve(invoice.id)).toMatchObject({
      amount_remaining: 3_000,
      pre_payment_credit_notes_amount: 0,
    });
    const whole = await money.stripe.creditNotes.create({
      invoice: invoice.id,
      lines: [creditLine(invoice, 0, 3_000)],
    });
    expect(whole.total).toBe(3_000);
    expect(await money.refusal(money.stripe.creditNotes.voidCreditNote(whole.id))).toMatchObject({ status: 400 });
  });
});

describe('a credit note of a paid invoice', () => {
  it('gives back exactly what was paid: refund, credit and out of band', async () => {
    const invoice = await finalised([10_000]);
    await money.stripe.invoices.pay(invoice.id);
    const params = {
      invoice: invoice.id,
      lines: [creditLine(invoice, 0, 6_000)],
      refund_amount: 3_000,
      credit_amount: 2_000,
    };
    expect(await money.refusal(money.stripe.creditNotes.create(params))).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
    });
    const note = await money.stripe.creditNotes.create({ ...params, out_of_band_amount: 1_000 });
    expect(note).toMatchObject({ type: 'post_payment', post_payment_amount: 6_000, out_of_band_amount: 1_000 });
    expect(note.refunds.map((one) => one.amount_refunded)).toEqual([3_000]);
    const customer = (await money.stripe.customers.retrieve(invoice.customer as string)) as Stripe.Customer;
    expect(customer.balance).toBe(-2_000);
    const [refund] = (await money.stripe.refunds.list({ expand: ['data.balance_transaction'] })).data;
    expect(refund).toMatchObject({
      amount: 3_000,
      status: 'succeeded',
      balance_transaction: { type: 'refund', amount: -3_000, fee: 0 },
    });
    expect(await money.stripe.invoices.retrieve(invoice.id)).toMatchObject({
      status: 'paid',
      post_payment_credit_notes_amount: 6_000,
    });
  });

  it('takes no more than is left, of the line and of the invoice', async () => {
    const invoice = await finalised([1_000, 500]);
    await money.stripe.invoices.pay(invoice.id);
    const credit = (at: number, amount: number) =>
      money.stripe.creditNotes.create({
        invoice: invoice.id,
        lines: [creditLine(invoice, at, amount)],
        credit_amount: amount,
      });
    await credit(0, 700);
    expect(await money.refusal(credit(0, 301))).toMatchObject({ param: 'lines[0][amount]' });
    await credit(0, 300);
    const payments = await money.stripe.invoicePayments.list({ invoice: invoice.id });
    await money.stripe.refunds.create({
      payment_intent: payments.data[0]?.payment.payment_intent as string,
      amount: 400,
    });
    expect(await money.refusal(credit(1, 101))).toMatchObject({ param: 'amount' });
    expect((await credit(1, 100)).total).toBe(100);
  });

  it('previews the same sums and changes nothing', async () => {
    const invoice = await finalised([10_000], { automatic_tax: { enabled: true } }, 'IE');
    await money.stripe.invoices.pay(invoice.id);
    // 23 % of 100.01 cents is 23.0023: the part's tax is 0.23 of it, in whole cents.
    const params = { invoice: invoice.id, lines: [creditLine(invoice, 0, 3_333)], credit_amount: 3_333 + 766 };
    const preview = await money.stripe.creditNotes.preview(params);
    expect((await money.stripe.creditNotes.list({ invoice: invoice.id })).data).toEqual([]);
    const note = await money.stripe.creditNotes.create(params);
    for (const field of ['subtotal', 'total', 'total_taxes', 'pre_payment_amount', 'post_payment_amount'] as const)
      expect(note[field]).toEqual(preview[field]);
    expect(preview.lines.data.map((line) => line.amount)).toEqual([3_333]);
  });
});

describe('tax', () => {
  it('is the standard rate of the country, on top', async () => {
    const invoice = await finalised([10_000, 333], { automatic_tax: { enabled: true } }, 'IE');
    // 23 %: 2300 and 76.59, each line rounded by itself.
    expect(invoice).toMatchObject({ subtotal: 10_333, total: 10_333 + 2_300 + 77, total_excluding_tax: 10_333 });
    expect(invoice.total_taxes?.map((tax) => [tax.amount, tax.taxable_amount, tax.taxability_reason])).toEqual([
      [2_377, 10_333, 'standard_rated'],
    ]);
  });

  it('is the customer’s own duty in another country with a tax id, and none where none is collected', async () => {
    const reverse = await money.customer({ country: 'DE', taxId: 'DE123456789' });
    const draft = await money.draft(reverse.id, [10_000], { automatic_tax: { enabled: true } });
    expect(draft).toMatchObject({ total: 10_000, total_taxes: [{ amount: 0, taxability_reason: 'reverse_charge' }] });
    const american = await finalised([10_000], { automatic_tax: { enabled: true } }, 'US');
    expect(american).toMatchObject({
      total: 10_000,
      total_taxes: [{ amount: 0, taxability_reason: 'not_collecting' }],
    });
  });

  it('given back in parts is given back to the cent', async () => {
    const invoice = await finalised([999], { automatic_tax: { enabled: true } }, 'IE');
    // 23 % of 9.99 is 229.77.
    expect(invoice.total).toBe(999 + 230);
    await money.stripe.invoices.pay(invoice.id);
    let back = 0;
    for (const amount of [333, 333, 333]) {
      const preview = { invoice: invoice.id, lines: [creditLine(invoice, 0, amount)] };
      const tax = [76, 77, 77][back > 0 ? (back > 500 ? 2 : 1) : 0] ?? 0;
      const note = await money.stripe.creditNotes.create({ ...preview, credit_amount: amount + tax });
      back += note.total;
    }
    expect(back).toBe(1_229);
  });

  it('without an address keeps a draft from becoming final', async () => {
    const { id: customer } = await money.stripe.customers.create({ name: 'Nowhere' });
    const draft = await money.draft(customer, [100], { automatic_tax: { enabled: true } });
    expect(draft.automatic_tax.status).toBe('requires_location_inputs');
    expect(await money.refusal(money.stripe.invoices.finalizeInvoice(draft.id))).toMatchObject({
      status: 400,
      code: 'customer_tax_location_invalid',
    });
    const after = await money.stripe.invoices.retrieve(draft.id);
    expect(after).toMatchObject({
      status: 'draft',
      last_finalization_error: { code: 'customer_tax_location_invalid' },
    });
    expect((await money.events()).map((event) => event.type)).toContain('invoice.finalization_failed');
  });
});

describe('a refund', () => {
  it('to a bank account is pending for days, and one that fails brings the money back', async () => {
    const customer = await money.customer({ method: 'pm_sepaDebit' });
    const draft = await money.draft(customer.id, [5_000]);
    await money.stripe.invoices.pay(draft.id);
    money.later(4);
    const [charge] = (await money.stripe.charges.list({ customer: customer.id })).data;
    const id = charge?.id ?? '';
    const refund = await money.stripe.refunds.create({ charge: id, amount: 2_000 });
    expect(refund.status).toBe('pending');
    money.later(3);
    expect(await money.stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'succeeded' });
    const before = await money.balance();
    money.act('fail_refund', { refund: refund.id });
    const failed = await money.stripe.refunds.retrieve(refund.id, { expand: ['failure_balance_transaction'] });
    expect(failed).toMatchObject({
      status: 'failed',
      failure_balance_transaction: { type: 'refund_failure', amount: 2_000 },
    });
    expect((await money.balance()).available).toBe(before.available + 2_000);
    expect(await money.stripe.charges.retrieve(id)).toMatchObject({ amount_refunded: 0, refunded: false });
  });

  it('of money that is pending is pending itself, and never more than the charge', async () => {
    const customer = await money.customer();
    const draft = await money.draft(customer.id, [5_000]);
    await money.stripe.invoices.pay(draft.id);
    const [charge] = (await money.stripe.charges.list({ customer: customer.id })).data;
    await money.stripe.refunds.create({ charge: charge?.id ?? '', amount: 4_999 });
    // 50.00 less 2.9 % and 30 cents (1.75), less 49.99.
    expect(await money.balance()).toEqual({ available: 0, pending: 5_000 - 175 - 4_999 });
    expect(await money.refusal(money.stripe.refunds.create({ charge: charge?.id ?? '', amount: 2 }))).toMatchObject({
      status: 400,
      param: 'amount',
    });
    await money.stripe.refunds.create({ charge: charge?.id ?? '' });
    expect(await money.refusal(money.stripe.refunds.create({ charge: charge?.id ?? '' }))).toMatchObject({
      code: 'charge_already_refunded',
    });
    money.later(2);
    expect(await money.balance()).toEqual({ available: -175, pending: 0 });
  });
});
