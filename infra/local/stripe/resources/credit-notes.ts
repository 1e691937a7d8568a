/** Credit notes: what a final invoice is corrected by. They take from what it asks for first, then from what was paid. */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid, resourceMissing } from '../errors.ts';
import type { Kinds } from '../kinds.ts';
import * as p from '../params.ts';
import { type Resource, route } from '../resource.ts';
import {
  type Creditable,
  type NoteLine,
  type NoteLineInput,
  noteLines,
  type Split,
  type Sums,
  splitOf,
  sumsOf,
} from './credit-note-money.ts';
import { moveBalance } from './customer-balance.ts';
import { idOf } from './intents.ts';
import { linesOf } from './invoice-lines.ts';
import { askForTheRest, becomePaid, keepInvoice, paymentsOf } from './invoice-state.ts';
import { refund, refundable } from './refunds.ts';
import { sumOfTaxes } from './tax.ts';

type Note = Stripe.CreditNote;
const reason = p.oneOf(['duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory']);
const line = p.hash({
  amount: p.whole.optional(),
  description: p.text.optional(),
  invoice_line_item: p.text.optional(),
  metadata: p.metadata.optional(),
  quantity: p.whole.optional(),
  type: p.oneOf(['custom_line_item', 'invoice_line_item']),
  unit_amount: p.whole.optional(),
} satisfies p.ParamsOf<Stripe.CreditNoteCreateParams.Line>);
const create = {
  amount: p.whole.optional(),
  credit_amount: p.whole.optional(),
  effective_at: p.whole.optional(),
  email_type: p.oneOf(['credit_note', 'none']).optional(),
  invoice: p.text,
  lines: p.listOf(line).optional(),
  memo: p.text.optional(),
  metadata: p.metadata.optional(),
  out_of_band_amount: p.whole.optional(),
  reason: reason.optional(),
  refund_amount: p.whole.optional(),
  refunds: p
    .listOf(
      p.hash({ amount_refunded: p.whole.optional(), refund: p.text, type: p.oneOf(['refund', 'refund']).optional() }),
    )
    .optional(),
} satisfies p.ParamsOf<Stripe.CreditNoteCreateParams>;
const list = {
  ...p.page,
  created: p.created,
  customer: p.text.optional(),
  invoice: p.text.optional(),
} satisfies p.ParamsOf<Stripe.CreditNoteListParams>;

type Asked = {
  amount?: number | undefined;
  credit_amount?: number | undefined;
  effective_at?: number | undefined;
  invoice: string;
  lines?: NoteLineInput[] | undefined;
  memo?: string | undefined;
  metadata?: Record<string, string | null> | null | undefined;
  out_of_band_amount?: number | undefined;
  reason?: NonNullable<Note['reason']> | undefined;
  refund_amount?: number | undefined;
  refunds?: { amount_refunded?: number | undefined; refund: string }[] | undefined;
};

const issued = (context: Context, invoice: string): Note[] =>
  context.find('credit_note', { invoice, status: 'issued' });
const linesOfNote = (context: Context, note: string): Stripe.CreditNoteLineItem[] =>
  context.find('credit_note_line_item', { credit_note: note });

/** What earlier notes left of each line. */
function creditables(context: Context, invoice: string): Map<string, Creditable> {
  const before = issued(context, invoice).flatMap((note) => linesOfNote(context, note.id));
  return new Map(
    linesOf(context, invoice).map((one) => {
      const notes = before.filter((credited) => credited.invoice_line_item === one.id);
      const credited = notes.reduce((sum, { amount }) => sum + amount, 0);
      const creditedTax = notes.reduce((sum, { taxes }) => sum + sumOfTaxes(taxes), 0);
      return [one.id, { line: one, credited, creditedTax }];
    }),
  );
}

/** Charges that paid an invoice, the oldest first. */
function chargesOf(context: Context, invoice: string): Stripe.Charge[] {
  return paymentsOf(context, invoice)
    .filter((payment) => payment.status === 'paid' && payment.payment.type === 'payment_intent')
    .map((payment) => context.need('payment_intent', idOf(payment.payment.payment_intent) ?? ''))
    .map((intent) => context.need('charge', idOf(intent.latest_charge) ?? ''));
}

/** Cents of an invoice that were given back by refunds that no note names. */
function refundedApart(context: Context, invoice: string): number {
  const refunded = chargesOf(context, invoice).reduce((sum, charge) => sum + charge.amount_refunded, 0);
  const named = issued(context, invoice)
    .flatMap((note) => note.refunds)
    .filter((one) => context.get('refund', idOf(one.refund) ?? '')?.status !== 'failed')
    .reduce((sum, one) => sum + one.amount_refunded, 0);
  return refunded - named;
}

type Drafted = { invoice: Stripe.Invoice; lines: NoteLine[]; sums: Sums; split: Split };

function drafted(context: Context, asked: Asked): Drafted {
  const invoice = context.need('invoice', asked.invoice, 'invoice');
  if (invoice.status !== 'open' && invoice.status !== 'paid')
    throw invalid(`Credit notes can only be issued for open or paid invoices. This one is ${invoice.status}.`, {
      param: 'invoice',
    });
  if ((asked.amount === undefined) === (asked.lines === undefined))
    throw invalid('You must specify exactly one of amount and lines.', { code: 'parameter_missing', param: 'lines' });
  const isTaxed = invoice.automatic_tax.enabled;
  const inputs = asked.lines ?? [
    { type: 'custom_line_item' as const, unit_amount: asked.amount, description: 'Credit' },
  ];
  const lines = noteLines(inputs, creditables(context, invoice.id), isTaxed);
  const sums = sumsOf(lines);
  const before = issued(context, invoice.id).reduce((sum, note) => sum + note.total, 0);
  const linked = (asked.refunds ?? []).reduce((sum, one) => sum + linkedAmount(context, invoice.id, one), 0);
  const creditable = invoice.total - before - (refundedApart(context, invoice.id) - linked);
  const given = {
    refund: asked.refund_amount,
    linked,
    credit: asked.credit_amount,
    outOfBand: asked.out_of_band_amount,
  };
  return {
    invoice,
    lines,
    sums,
    split: splitOf(sums.total, invoice.status === 'open' ? invoice.amount_remaining : 0, creditable, given),
  };
}

function linkedAmount(
  context: Context,
  invoice: string,
  one: { amount_refunded?: number | undefined; refund: string },
): number {
  const found = context.need('refund', one.refund, 'refunds');
  if (!chargesOf(context, invoice).some((charge) => charge.id === idOf(found.charge)))
    throw invalid(`The refund ${found.id} is not of a payment of this invoice.`, { param: 'refunds' });
  return one.amount_refunded ?? found.amount;
}

/** The parts that a note has before it is issued as well as after. */
function noteOf(context: Context, asked: Asked, { invoice, lines, sums, split }: Drafted): Note {
  const id = context.newId('cn_1', 23);
  return {
    id,
    object: 'credit_note',
    amount: sums.total,
    amount_shipping: 0,
    created: context.now,
    currency: invoice.currency,
    customer: idOf(invoice.customer as string) ?? '',
    customer_account: null,
    customer_balance_transaction: null,
    discount_amount: 0,
    discount_amounts: [],
    effective_at: asked.effective_at ?? context.now,
    invoice: invoice.id,
    lines: {
      object: 'list',
      data: lines.map((one) => lineOf(context, one)),
      has_more: false,
      url: `/v1/credit_notes/${id}/lines`,
    },
    livemode: false,
    memo: asked.memo ?? null,
    metadata: p.mergeMetadata({}, asked.metadata),
    number: `${invoice.number ?? ''}-CN-${String(context.find('credit_note', { invoice: invoice.id }).length + 1).padStart(2, '0')}`,
    out_of_band_amount: split.outOfBand === 0 ? null : split.outOfBand,
    pdf: `${context.url}/credit_notes/${id}/pdf`,
    post_payment_amount: split.post,
    pre_payment_amount: split.pre,
    pretax_credit_amounts: [],
    reason: asked.reason ?? null,
    refunds: [],
    shipping_cost: null,
    status: 'issued',
    subtotal: sums.subtotal,
    subtotal_excluding_tax: sums.subtotal,
    total: sums.total,
    total_excluding_tax: sums.subtotal,
    total_taxes: sums.taxes,
    type: split.post === 0 ? 'pre_payment' : split.pre === 0 ? 'post_payment' : 'mixed',
    voided_at: null,
  };
}

const lineOf = (context: Context, one: NoteLine): Stripe.CreditNoteLineItem => ({
  ...one,
  id: context.newId('cnli_1', 23),
  object: 'credit_note_line_item',
  livemode: false,
  metadata: p.mergeMetadata({}, one.metadata),
});

function issue(context: Context, asked: Asked): Note {
  const draft = drafted(context, asked);
  const { invoice, split } = draft;
  let note = noteOf(context, asked, draft);
  for (const one of note.lines.data)
    context.put('credit_note_line_item', { ...one, credit_note: note.id } as Kinds['credit_note_line_item']);
  note = {
    ...note,
    lines: { ...note.lines, data: [] },
    refunds: [...linkedRefunds(context, asked), ...newRefunds(context, note, split.refund)],
  };
  if (split.credit > 0) {
    const customer = idOf(invoice.customer as string) ?? '';
    const move = { amount: -split.credit, currency: invoice.currency, credit_note: note.id, invoice: invoice.id };
    note.customer_balance_transaction = moveBalance(context, customer, { ...move, type: 'credit_note' }).id;
  }
  context.put('credit_note', note);
  context.emit('credit_note.created', 'credit_note', note);
  creditInvoice(context, invoice.id, split.pre, split.post);
  return note;
}

const named = (refunded: Stripe.Refund, amount: number): Note['refunds'][number] => ({
  amount_refunded: amount,
  payment_record_refund: null,
  refund: refunded.id,
  type: 'refund',
});

const linkedRefunds = (context: Context, asked: Asked): Note['refunds'] =>
  (asked.refunds ?? []).map((one) => {
    const found = context.need('refund', one.refund, 'refunds');
    return named(found, one.amount_refunded ?? found.amount);
  });

/** New refunds of the charges that paid the invoice, the newest first. */
function newRefunds(context: Context, note: Note, amount: number): Note['refunds'] {
  let left = amount;
  const made: Note['refunds'] = [];
  for (const charge of chargesOf(context, idOf(note.invoice) ?? '').reverse()) {
    const part = Math.min(left, refundable(context, charge));
    if (part <= 0) continue;
    made.push(named(refund(context, charge, { amount: part, metadata: {}, reason: 'requested_by_customer' }), part));
    left -= part;
  }
  if (left > 0)
    throw invalid(
      `The refund amount (${amount}) is greater than what can be refunded of the payments of this invoice (${amount - left}).`,
      {
        param: 'refund_amount',
      },
    );
  return made;
}

function creditInvoice(context: Context, id: string, pre: number, post: number): void {
  const old = context.need('invoice', id);
  const next: Stripe.Invoice = {
    ...old,
    amount_due: old.amount_due - pre,
    amount_remaining: old.amount_remaining - pre,
    pre_payment_credit_notes_amount: old.pre_payment_credit_notes_amount + pre,
    post_payment_credit_notes_amount: old.post_payment_credit_notes_amount + post,
  };
  if (old.status === 'open' && next.amount_remaining === 0) becomePaid(context, old, next);
  else askForTheRest(context, keepInvoice(context, old, next));
}

function voidNote(context: Context, old: Note): Note {
  if (old.status === 'void') throw invalid('This credit note is already void.');
  const invoice = context.need('invoice', idOf(old.invoice) ?? '');
  if (invoice.status !== 'open' || old.type !== 'pre_payment')
    throw invalid(
      `You can only void a credit note of an open invoice that nothing was paid back for. The invoice is ${invoice.status}.`,
    );
  const note = context.put('credit_note', { ...old, status: 'void', voided_at: context.now });
  creditInvoice(context, invoice.id, -old.pre_payment_amount, 0);
  context.emit('credit_note.voided', 'credit_note', note);
  return note;
}

/** Its note stands in each line only so that it can be found. */
function shownLine(kept: Stripe.CreditNoteLineItem): Stripe.CreditNoteLineItem {
  const { credit_note: _note, ...line } = kept as Stripe.CreditNoteLineItem & { credit_note?: string };
  return line;
}

function linesListed(context: Context, id: string, asked: object = {}): Stripe.ApiList<Stripe.CreditNoteLineItem> {
  const more = { url: `/v1/credit_notes/${id}/lines`, where: { credit_note: id }, order: 'oldest' as const };
  const found = context.list('credit_note_line_item', asked, more);
  return { ...found, data: found.data.map(shownLine) };
}

export const creditNotes: Resource = {
  routes: [
    route('POST', '/v1/credit_notes', create, (context, { params }) => issue(context, params as Asked)),
    route('GET', '/v1/credit_notes/preview', create, (context, { params }) =>
      noteOf(context, params as Asked, drafted(context, params as Asked)),
    ),
    route('GET', '/v1/credit_notes', list, (context, { params }) => {
      const { customer, invoice } = params;
      return context.list('credit_note', params, { url: '/v1/credit_notes', where: { customer, invoice } });
    }),
    route('GET', '/v1/credit_notes/:id', {}, (context, { ids }) => context.need('credit_note', ids.id ?? '')),
    route(
      'POST',
      '/v1/credit_notes/:id',
      { memo: p.text.optional(), metadata: p.metadata.optional() },
      (context, { ids, params }) => {
        const old = context.need('credit_note', ids.id ?? '');
        const metadata = p.mergeMetadata(old.metadata, params.metadata);
        const note = context.put('credit_note', { ...old, memo: params.memo ?? old.memo, metadata });
        context.emit('credit_note.updated', 'credit_note', note, { memo: old.memo, metadata: old.metadata });
        return note;
      },
    ),
    route('POST', '/v1/credit_notes/:id/void', {}, (context, { ids }) =>
      voidNote(context, context.need('credit_note', ids.id ?? '')),
    ),
    route('GET', '/v1/credit_notes/:id/lines', p.page, (context, { ids, params }) => {
      const note = context.get('credit_note', ids.id ?? '');
      if (note === undefined) throw resourceMissing('credit_note', ids.id ?? '');
      return linesListed(context, note.id, params);
    }),
  ],
  views: {
    // One that is only previewed has its lines with it.
    credit_note: (context, note) =>
      note.lines.data.length > 0 ? note : { ...note, lines: linesListed(context, note.id) },
  },
};
