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
import { type Item, type Key, keyText, type Write } from '../kernel/table.ts';
import { type CreditNoteAmounts, NO_CREDIT_NOTE } from '../ledger/postings/credit-note.ts';
import { askRefund, finishRefund, payParts, readRefund } from '../refund/refund.store.ts';
import type { Refund } from '../refund/refund.ts';
import { failureOf, onceAtStripe, type StripeCall, type StripeRefusal } from '../stripe-call/stripe-call.store.ts';
import { announce } from '../webhook/webhook.store.ts';
import { chargebacksOn } from './chargeback.store.ts';
import { type Credited, CreditNote, creditNoteIdOf, divide, takeFromLines } from './credit-note.ts';
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
  of: Credited;
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

/**
 * Makes a credit note on a final invoice, once, however often it is called. `refund_waits`: a second person has not released
 * the refund yet. Where Stripe refuses, since the invoice has changed meanwhile, the next call plans it anew.
 */
export async function makeCreditNote(
  call: StripeCall,
  order: CreditNoteOrder,
): Promise<Result<MadeCreditNote, StripeRefusal | 'refund_waits'>> {
  const { invoice, cause } = order;
  const stored = await call.tables.get('ledger', noteKey(invoice.id, cause), CreditNote, { consistent: true });
  if (stored?.state === 'made') return told(call, stored);
  const note = stored?.state === 'priced' ? stored : await price(call, await plan(call, order));
  if (note.amounts === null) throw new Error(`${cause} has no amounts`);
  if (note.lines.length === 0) return finish(call, note, null);
  const refund = await releasedRefund(call, order, note);
  if (refund === 'waits')
    return refuse('refund_waits', 'A second person has to release the refund first.', { retryable: true });
  const settled = refund === null ? withoutRefund(note) : note;
  const paid = refund === null ? ok(null) : await payParts(call, refund);
  if (!paid.ok) return paid;
  const made = await create(call, settled, paid.value);
  if (!made.ok) {
    if (made.code === 'stripe_refused') await put(call, { ...note, state: 'planned' });
    return made;
  }
  if (paid.value !== null) await finishRefund(call, paid.value);
  return finish(call, settled, made.value);
}

/** Which lines it takes its amount from, as the invoice is now. */
async function plan(
  call: Call,
  { invoice, cause, reason, givenBackMicros, of, refund }: CreditNoteOrder,
): Promise<CreditNote> {
  const [all, stripeLines] = await Promise.all([readLines(call, invoice), readStripeLines(call, invoice.id)]);
  const placed = all.map((line) => ({ ...line, stripeLine: stripeLines[line.line - 1] ?? null }));
  const { lines } = takeFromLines(placed, of, givenBackMicros);
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
    plannedAt: call.now,
    madeAt: null,
  };
}

/** What Stripe makes of it: its tax, and how much of it was still to be paid. Kept before anything is made. */
async function price(call: StripeCall, planned: CreditNote): Promise<CreditNote> {
  const priced: CreditNote = { ...planned, state: 'priced', amounts: await amountsOf(call, planned) };
  await put(call, priced);
  return priced;
}

async function amountsOf(call: StripeCall, note: CreditNote): Promise<CreditNoteAmounts> {
  if (note.lines.length === 0) return NO_CREDIT_NOTE;
  const netMicros = asMicros(note.lines.reduce((sum, { micros }) => sum + micros, 0));
  const preview = await previewed(call, note, centsOf(netMicros));
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
 * invoice's own rate is tried first, and then what rounding may make of it.
 */
async function previewed(call: StripeCall, note: CreditNote, netCents: number): Promise<Stripe.CreditNote> {
  const invoice = await call.stripe.invoices.retrieve(stripeInvoice(note));
  const taxCents = (invoice.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0);
  const likely = taxCents === 0 ? 0 : Math.round((netCents * taxCents) / invoice.subtotal);
  const remaining = invoice.status === 'open' ? invoice.amount_remaining : 0;
  let refused: unknown;
  for (const cents of taxCents === 0 ? [0] : ROUNDINGS) {
    const paid = Math.max(0, netCents + likely + cents - remaining);
    const where = paid === 0 ? {} : { credit_amount: paid };
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

/** The released refund; null where nothing is to be paid back; `waits` where nobody has released it yet. */
async function releasedRefund(call: Call, order: CreditNoteOrder, note: CreditNote): Promise<Refund | null | 'waits'> {
  const micros = note.amounts?.refundMicros ?? 0;
  if (order.refund === null || micros === 0) return null;
  const { id, makers } = order.refund;
  const known = await readRefund(call, id);
  const refund =
    known ??
    (await askRefund(call, {
      id,
      kind: 'dispute',
      company: note.company,
      currency: note.currency,
      invoice: note.invoice,
      micros,
      reason: note.reason,
      makers: [...makers],
    }));
  if (refund.state === 'declined') return null;
  // What was released is of another amount than the invoice has paid now: a person looks again.
  if (refund.micros !== micros)
    throw new Error(`the refund ${id} is of ${refund.micros}, its credit note of ${micros}`);
  return refund.state === 'asked' ? 'waits' : refund;
}

/** Nothing is paid back: it is credit. */
function withoutRefund(note: CreditNote): CreditNote {
  const { amounts } = note;
  if (amounts === null || amounts.refundMicros === 0) return note;
  const creditMicros = asMicros(amounts.creditMicros + amounts.refundMicros);
  return { ...note, amounts: { ...amounts, creditMicros, refundMicros: 0 } };
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
  const refunds = (refund?.parts ?? []).flatMap(({ stripeRefund, micros }) =>
    stripeRefund === null ? [] : [{ type: 'refund' as const, refund: stripeRefund, amount_refunded: centsOf(micros) }],
  );
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

const ListKey = z.object({ pk: z.string(), sk: z.string() });

/** A page of a company's credit notes, newest first. */
export async function listCreditNotes(
  call: Call,
  company: string,
  page: { limit: number; after?: Item },
): Promise<{ items: CreditNote[]; after: Item | undefined }> {
  const index = { name: 'byCompany', pk: 'cpk', sk: 'csk' };
  const found = await call.tables.query('ledger', ListKey, { index, pk: listOf(company), descending: true, ...page });
  const notes = await call.tables.getMany('ledger', found.items, CreditNote, { consistent: true });
  return {
    items: found.items.map((key) => notes.get(keyText(key))).filter((note) => note !== undefined),
    after: found.after as Item | undefined,
  };
}
