/**
 * Credit notes `I#<invoice>` / `N#<cause>`, listed by company under `credit-notes#<company>`: planned over the invoice's
 * lines, priced by Stripe's preview, made once under the key `cn:<cause>:<invoice>`.
 */
import type Stripe from 'stripe';
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { asMicros, centsOf, microsOfCents } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { type Item, type Key, keyText, type ListPage, type Write } from '../kernel/table.ts';
import { type CreditNoteAmounts, NO_CREDIT_NOTE } from '../ledger/postings/credit-note.ts';
import { finishRefund, payParts } from '../refund/pay.store.ts';
import { askAgain, askRefund, readRefund } from '../refund/refund.store.ts';
import { mayStillChange, type Refund, settleRefund } from '../refund/refund.ts';
import { failureOf, onceAtStripe, type StripeCall, type StripeRefusal } from '../stripe-call/stripe-call.store.ts';
import { announce } from '../webhook/webhook.store.ts';
import { chargebacksOn } from './chargeback.store.ts';
import { type Credited, CreditNote, creditNoteIdOf, divide, takeFromAll, takeFromLines } from './credit-note.ts';
import { lineKey, readLines, readStripeLines } from './invoice.store.ts';
import type { Invoice } from './invoice.ts';
import { syncInvoice } from './sync.store.ts';

export type CreditNoteOrder = {
  /** Final. */
  invoice: Invoice;
  /** Its key together with the invoice. */
  cause: string;
  reason: string;
  /** Without tax. */
  givenBackMicros: number;
  /** Null: of all of it. */
  of: Credited | null;
  /** Where what was paid is asked back: the refund's id, and who made it, none of whom releases it. */
  refund: { id: string; makers: readonly string[] } | null;
};

/** A credit note that is at Stripe, or that came to less than a cent and lowers the next invoice instead. */
export type MadeCreditNote = CreditNote & { id: string; amounts: CreditNoteAmounts };

/** By how many cents the tax of a part may differ from the invoice's rate: each line is rounded by itself. */
const ROUNDINGS = [0, 1, -1, 2, -2, 3, -3];

const noteKey = (invoice: string, cause: string): Key => ({ pk: `I#${invoice}`, sk: `N#${cause}` });
const listOf = (company: string): string => `credit-notes#${company}`;

const noteItem = (note: CreditNote): Item => ({
  ...noteKey(note.invoice, note.cause),
  ...note,
  cpk: listOf(note.company),
  csk: `${timeKey(note.plannedAt)}#${note.invoice}#${note.cause}`,
});

/** The credit note of an invoice and a cause as far as it has come; undefined where none was begun. */
export const readCreditNote = (call: Call, invoice: string, cause: string): Promise<CreditNote | undefined> =>
  call.tables.get('ledger', noteKey(invoice, cause), CreditNote, { consistent: true });

/**
 * Makes a credit note on a final invoice, once, however often it is called. `refund_waits`: a second person has not released
 * the refund yet. Where Stripe refuses, since the invoice has changed meanwhile, the next call plans it anew.
 */
export async function makeCreditNote(
  call: StripeCall,
  order: CreditNoteOrder,
): Promise<Result<MadeCreditNote, StripeRefusal | 'refund_waits'>> {
  const { invoice, cause } = order;
  const stored = await readCreditNote(call, invoice.id, cause);
  if (stored?.state === 'made') return told(call, stored);
  const known = order.refund === null ? undefined : await readRefund(call, order.refund.id);
  // Until money may have left for it, its amounts follow the invoice: who releases it sees what it comes to.
  const follows = known !== undefined && mayStillChange(known);
  const note =
    stored?.state === 'priced' && !follows ? stored : await price(call, await plan(call, order, stored), known);
  const refund = await releasedRefund(call, order, note, known);
  if (refund === 'waits') return WAITS;
  const paid = refund === null ? ok(null) : await payParts(call, refund);
  if (!paid.ok) return paid;
  const { settled, excessMicros } = settledNote(note, paid.value);
  const made = settled.lines.length === 0 ? ok(null) : await create(call, settled, paid.value);
  if (!made.ok) {
    if (made.code === 'stripe_refused') await put(call, { ...note, state: 'planned' });
    return made;
  }
  if (paid.value !== null) await finishRefund(call, paid.value, excessMicros);
  return finish(call, settled, made.value);
}

const WAITS = refuse('refund_waits', 'A second person has to release the refund first.', { retryable: true });

/** Which lines it takes its amount from, as the invoice is now. */
async function plan(
  call: Call,
  { invoice, cause, reason, givenBackMicros, of, refund }: CreditNoteOrder,
  before: CreditNote | undefined,
): Promise<CreditNote> {
  const [all, stripeLines] = await Promise.all([readLines(call, invoice), readStripeLines(call, invoice.id)]);
  const placed = all.map((line) => ({ ...line, stripeLine: stripeLines[line.line - 1] ?? null }));
  const { lines } = of === null ? takeFromAll(placed, givenBackMicros) : takeFromLines(placed, of, givenBackMicros);
  return {
    invoice: invoice.id,
    cause,
    company: invoice.company,
    currency: invoice.currency,
    state: 'planned',
    reason,
    givenBackMicros,
    lines,
    amounts: lines.length === 0 ? NO_CREDIT_NOTE : null,
    refund: refund?.id ?? null,
    stripeInvoice: invoice.stripeInvoice,
    stripeCreditNote: null,
    number: null,
    plannedAt: before?.plannedAt ?? call.now,
    madeAt: null,
  };
}

/** What Stripe makes of it: its tax, and how much of it was still to be paid. Kept before anything is made. */
async function price(call: StripeCall, planned: CreditNote, refund: Refund | undefined): Promise<CreditNote> {
  const priced: CreditNote = { ...planned, state: 'priced', amounts: await amountsOf(call, planned, refund) };
  await put(call, priced);
  return priced;
}

async function amountsOf(call: StripeCall, note: CreditNote, refund: Refund | undefined): Promise<CreditNoteAmounts> {
  if (note.lines.length === 0) return NO_CREDIT_NOTE;
  const netMicros = asMicros(note.lines.reduce((sum, { micros }) => sum + micros, 0));
  const preview = await previewed(call, note, centsOf(netMicros), refund ?? null);
  const taxMicros = asMicros(microsOfCents(preview.total) - netMicros);
  const unpaidMicros = microsOfCents(preview.pre_payment_amount);
  const [chargebacks, others] = await Promise.all([chargebacksOn(call, note.invoice), notesOf(call, note.invoice)]);
  const counted = others.reduce(
    (sum, other) => sum + (other.state === 'made' ? (other.amounts?.lostMicros ?? 0) : 0),
    0,
  );
  const lostMicros = Math.max(0, chargebacks.lostMicros - counted);
  const refundableMicros = note.refund === null ? 0 : Number.MAX_SAFE_INTEGER;
  return divide({ netMicros, taxMicros, unpaidMicros }, { lostMicros, refundableMicros });
}

/**
 * Stripe's preview. It wants to be told where what was paid goes, to the cent, before it says what the tax is: so the
 * invoice's own rate is tried first, and then what rounding may make of it. Refunds that are made already are named, since
 * they are no longer to be credited else.
 */
async function previewed(
  call: StripeCall,
  note: CreditNote,
  netCents: number,
  refund: Refund | null,
): Promise<Stripe.CreditNote> {
  const invoice = await call.stripe.invoices.retrieve(stripeInvoice(note));
  const taxCents = (invoice.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0);
  const likely = taxCents === 0 ? 0 : Math.round((netCents * taxCents) / invoice.subtotal);
  const remaining = invoice.status === 'open' ? invoice.amount_remaining : 0;
  let refused: unknown;
  for (const cents of taxCents === 0 ? [0] : ROUNDINGS) {
    const paid = Math.max(0, netCents + likely + cents - remaining);
    const refunds = refundParts(refund, microsOfCents(paid));
    const credit = paid - refunds.reduce((sum, { amount_refunded = 0 }) => sum + amount_refunded, 0);
    const where = {
      ...(credit === 0 ? {} : { credit_amount: credit }),
      ...(refunds.length === 0 ? {} : { refunds }),
    };
    try {
      return await call.stripe.creditNotes.preview({ invoice: invoice.id, lines: linesOf(note), ...where });
    } catch (error) {
      if (failureOf(error)?.statusCode !== 400) throw error;
      refused = error;
    }
  }
  throw refused;
}

const stripeInvoice = (note: CreditNote): string => {
  if (note.stripeInvoice === null) throw new Error(`${note.invoice} is not at Stripe`);
  return note.stripeInvoice;
};

const linesOf = (note: CreditNote): Stripe.CreditNoteCreateParams.Line[] =>
  note.lines.map(({ stripeLine, micros }) => ({
    type: 'invoice_line_item',
    invoice_line_item: stripeLine,
    amount: centsOf(micros),
  }));

/**
 * The released refund; null where nothing is to be paid back; `waits` where nobody has released it yet, or where the
 * invoice has changed since somebody did and nothing has left: then it is asked again, of what it comes to now.
 */
async function releasedRefund(
  call: Call,
  order: CreditNoteOrder,
  note: CreditNote,
  known: Refund | undefined,
): Promise<Refund | null | 'waits'> {
  const micros = note.amounts?.refundMicros ?? 0;
  if (order.refund === null || (known === undefined && micros === 0)) return null;
  const { id, makers } = order.refund;
  const { company, currency, invoice, reason } = note;
  const asked = { id, kind: 'dispute' as const, company, currency, invoice, micros, reason, makers: [...makers] };
  let refund = known ?? (await askRefund(call, asked));
  if (mayStillChange(refund) && refund.micros !== micros)
    refund = await askAgain(call, refund, micros, 'Its invoice has changed since it was asked for.');
  if (refund.state === 'declined' || refund.state === 'lapsed') return null;
  return refund.state === 'asked' ? 'waits' : refund;
}

/** The note with what was paid back of it, and by how much that was too much. */
function settledNote(note: CreditNote, paid: Refund | null): { settled: CreditNote; excessMicros: number } {
  const { excessMicros, ...parts } = settleRefund(note.amounts ?? NO_CREDIT_NOTE, paid?.micros ?? 0);
  return { settled: { ...note, amounts: { ...(note.amounts ?? NO_CREDIT_NOTE), ...parts } }, excessMicros };
}

async function create(
  call: StripeCall,
  note: CreditNote,
  refund: Refund | null,
): Promise<Result<Stripe.CreditNote, StripeRefusal>> {
  const key = `cn:${note.cause}:${note.invoice}`;
  const { creditMicros, refundMicros, lostMicros } = note.amounts ?? NO_CREDIT_NOTE;
  const byBank = refund?.way === 'bank' ? refundMicros : 0;
  const outOfBand = asMicros(lostMicros + byBank);
  const refunds = refundParts(refund, refundMicros);
  return onceAtStripe<Stripe.CreditNote>(call, {
    key,
    make: (options) =>
      call.stripe.creditNotes.create(
        {
          invoice: stripeInvoice(note),
          lines: linesOf(note),
          memo: note.reason,
          metadata: { parley: creditNoteIdOf(note.invoice, note.cause), key },
          ...(creditMicros === 0 ? {} : { credit_amount: centsOf(creditMicros) }),
          ...(outOfBand === 0 ? {} : { out_of_band_amount: centsOf(outOfBand) }),
          ...(refunds.length === 0 ? {} : { refunds }),
        },
        options,
      ),
    find: async () => {
      const made = call.stripe.creditNotes.list({ invoice: stripeInvoice(note), limit: 100 });
      for await (const one of made) if (one.metadata?.key === key) return one;
      return undefined;
    },
    read: (id) => call.stripe.creditNotes.retrieve(id),
  });
}

/** The refunds at Stripe that it is about, as far as it comes to so much. */
function refundParts(refund: Refund | null, refundMicros: number): Stripe.CreditNoteCreateParams.Refund[] {
  let left = refundMicros;
  return (refund?.parts ?? []).flatMap(({ stripeRefund, micros }) => {
    const part = Math.min(left, micros);
    left -= part;
    return stripeRefund === null || part === 0
      ? []
      : [{ type: 'refund' as const, refund: stripeRefund, amount_refunded: centsOf(part) }];
  });
}

/** It is made: its lines have less left, in the write that says so; its invoice is brought to what Stripe says of it. */
async function finish(
  call: StripeCall,
  note: CreditNote,
  made: Stripe.CreditNote | null,
): Promise<Result<MadeCreditNote, never>> {
  const done: CreditNote = {
    ...note,
    state: 'made',
    stripeCreditNote: made?.id ?? null,
    number: made?.number ?? null,
    madeAt: call.now,
  };
  const writes: Write[] = [
    { kind: 'put', table: 'ledger', item: noteItem(done), when: [['=', 'state', 'priced']] },
    ...note.lines.map(
      ({ line, micros }): Write => ({
        kind: 'update',
        table: 'ledger',
        key: lineKey(note.invoice, 'L', line),
        change: { add: { creditedMicros: micros } },
      }),
    ),
  ];
  const written = await call.tables.transact(writes);
  if (made !== null) await syncInvoice(call, stripeInvoice(note));
  return told(call, written.ok || written.old === null ? done : CreditNote.parse(written.old));
}

async function told(call: Call, note: CreditNote): Promise<Result<MadeCreditNote, never>> {
  const { amounts, madeAt, invoice, cause, company } = note;
  if (amounts === null || madeAt === null) throw new Error(`${cause} on ${invoice} is not made`);
  const id = creditNoteIdOf(invoice, cause);
  if (note.stripeCreditNote !== null)
    await announce(call, {
      tenant: company,
      type: 'credit_note.created',
      subject: id,
      at: madeAt,
      data: { creditNote: id, invoice, number: note.number, currency: note.currency },
    });
  return ok({ ...note, id, amounts });
}

const put = (call: Call, note: CreditNote): Promise<unknown> =>
  call.tables.put('ledger', noteItem(note), [['absent or =', 'madeAt', null]]);

/** Every credit note of an invoice, those included that are not made yet. */
export const notesOf = (call: Call, invoice: string): Promise<CreditNote[]> =>
  call.tables.queryAll('ledger', CreditNote, { pk: `I#${invoice}`, prefix: 'N#', consistent: true });

/** A page of them, in order of their causes. */
export async function pageOfNotes(
  call: Call,
  invoice: string,
  page: ListPage,
): Promise<{ items: CreditNote[]; after: Item | undefined }> {
  const found = await call.tables.query('ledger', CreditNote, { pk: `I#${invoice}`, prefix: 'N#', ...page });
  return { items: found.items, after: found.after as Item | undefined };
}

const ListKey = z.object({ pk: z.string(), sk: z.string() });

/** A page of a company's credit notes, newest first. */
export async function listCreditNotes(
  call: Call,
  company: string,
  page: ListPage,
): Promise<{ items: CreditNote[]; after: Item | undefined }> {
  const index = { name: 'byCompany', pk: 'cpk', sk: 'csk' };
  const found = await call.tables.query('ledger', ListKey, { index, pk: listOf(company), descending: true, ...page });
  const notes = await call.tables.getMany('ledger', found.items, CreditNote, { consistent: true });
  return {
    items: found.items.map((key) => notes.get(keyText(key))).filter((note) => note !== undefined),
    after: found.after as Item | undefined,
  };
}
