/** Credit notes: which lines of an invoice one takes its amount from, and where what it gives back goes. Pure. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { asMicros, Currency, wholeCents } from '../kernel/money.ts';
import { Instant, iso } from '../kernel/time.ts';
import type { CreditNoteAmounts } from '../ledger/postings/credit-note.ts';
import type { InvoiceLine, LineKind } from './invoice.ts';

/** Why it was made, which is its key: a dispute, an SLA credit, a corrected shortfall fee, an account that ended. */
export const CreditNoteCause = z.string().regex(/^(dispute|sla|shortfall|account)\.[\w.-]+$/);

/** `planned`: its lines are fixed. `priced`: Stripe said what tax and payments make of it. `made`: it is at Stripe. */
export const CreditNoteState = z.enum(['planned', 'priced', 'made']).meta({ id: 'CreditNoteState' });

const CreditLine = z.object({ line: z.int(), stripeLine: z.string(), micros: z.int().min(1) });
export type CreditLine = z.infer<typeof CreditLine>;

const Amounts = z.object({
  netMicros: z.int(),
  taxMicros: z.int(),
  unpaidMicros: z.int(),
  lostMicros: z.int(),
  creditMicros: z.int(),
  refundMicros: z.int(),
});

export const CreditNote = z.object({
  invoice: z.string(),
  cause: CreditNoteCause,
  company: OrganisationId,
  currency: Currency,
  state: CreditNoteState,
  /** What it says on it. */
  reason: z.string(),
  /** All that is given back without tax, before whole cents and before what lines have left. */
  givenBackMicros: z.int(),
  lines: z.array(CreditLine),
  amounts: Amounts.nullable(),
  /** The refund by which what was paid is paid back. */
  refund: z.string().nullable(),
  stripeInvoice: z.string().nullable(),
  stripeCreditNote: z.string().nullable(),
  number: z.string().nullable(),
  plannedAt: z.number(),
  madeAt: z.number().nullable(),
});
export type CreditNote = z.infer<typeof CreditNote>;

/** A credit note takes its amount from so many lines at the most; what is left lowers the next invoice. */
const MOST_LINES = 50;

export const creditNoteIdOf = (invoice: string, cause: string): string => `${invoice}~${cause}`;

/** What a credit note is about: the line that billed it is tried first. */
export type Credited = { queue: string; round: number; kind: LineKind };

/** The line that bills a charge: overflow has lines of its own. */
export const lineKindOf = (charge: { outcome: 'confirmed' | 'assumed'; route: 'slot' | 'overflow' }): LineKind =>
  charge.route === 'overflow' ? 'overflow' : charge.outcome;

/** A line of an invoice with its name at Stripe; null where it has none there. */
export type PlacedLine = InvoiceLine & { stripeLine: string | null };

const leftOn = (line: InvoiceLine): number => Math.max(0, line.micros - line.creditedMicros);

/**
 * Takes an amount, in whole cents, off lines: what its own line has left, then other lines of that queue, the fullest
 * first, ties by number. `restMicros`, what is no whole cent or what no line can take, lowers the next invoice (1100).
 */
export function takeFromLines(
  lines: readonly PlacedLine[],
  of: Credited,
  givenBackMicros: number,
): { lines: CreditLine[]; netMicros: number; restMicros: number } {
  const isOwn = (line: InvoiceLine): boolean => line.round === of.round && line.kind === of.kind;
  // Small queues stand together on one line of a long invoice.
  const rank = (line: InvoiceLine): number => (line.queue === null ? 0 : isOwn(line) ? 2 : 1);
  const isOfQueue = (line: InvoiceLine): boolean =>
    line.queue === of.queue || (line.queue === null && line.kind === 'queue');
  const order = lines.filter(isOfQueue).sort((a, b) => rank(b) - rank(a) || leftOn(b) - leftOn(a) || a.line - b.line);
  return takeInOrder(order, givenBackMicros);
}

/** The same off all lines of an invoice, the fullest first: its company's account ends. */
export const takeFromAll = (lines: readonly PlacedLine[], givenBackMicros: number): ReturnType<typeof takeInOrder> =>
  takeInOrder(
    [...lines].sort((a, b) => leftOn(b) - leftOn(a) || a.line - b.line),
    givenBackMicros,
  );

/** The same over lines in a given order. */
export function takeInOrder(
  order: readonly PlacedLine[],
  givenBackMicros: number,
): { lines: CreditLine[]; netMicros: number; restMicros: number } {
  let left: number = wholeCents(Math.max(0, givenBackMicros));
  const taken: CreditLine[] = [];
  for (const line of order) {
    const micros = Math.min(left, leftOn(line));
    if (micros === 0 || line.stripeLine === null || taken.length === MOST_LINES) continue;
    taken.push({ line: line.line, stripeLine: line.stripeLine, micros });
    left -= micros;
  }
  const netMicros = asMicros(taken.reduce((sum, { micros }) => sum + micros, 0));
  return { lines: taken, netMicros, restMicros: asMicros(givenBackMicros - netMicros) };
}

/**
 * Where it goes, from what Stripe's preview says: what was still to be paid, then what the company has back already by a
 * chargeback that the market lost, then money back where that was asked for and there is a payment to pay back from, else
 * credit. Refund + credit + lost = what was paid of it.
 */
export function divide(
  preview: { netMicros: number; taxMicros: number; unpaidMicros: number },
  may: { lostMicros: number; refundableMicros: number },
): CreditNoteAmounts {
  const paid = asMicros(preview.netMicros + preview.taxMicros - preview.unpaidMicros);
  if (paid < 0) throw new Error('a credit note takes more off what is unpaid than it comes to');
  const lostMicros = Math.min(paid, may.lostMicros);
  const refundMicros = Math.min(paid - lostMicros, may.refundableMicros);
  return { ...preview, lostMicros, refundMicros, creditMicros: asMicros(paid - lostMicros - refundMicros) };
}

export const CreditNoteView = z
  .object({
    id: z.string(),
    invoice: z.string(),
    company: OrganisationId,
    currency: Currency,
    number: z.string().nullable().meta({ description: 'The legal number' }),
    cause: z.string().meta({ description: 'The dispute or the request whose SLA was missed, behind its kind' }),
    reason: z.string(),
    netMicros: z.int().meta({ description: 'Without tax' }),
    taxMicros: z.int(),
    unpaidMicros: z.int().meta({ description: 'Taken off what was still to be paid' }),
    chargedBackMicros: z.int().meta({ description: 'Back already, by a chargeback' }),
    creditMicros: z.int().meta({ description: 'Credit for further invoices' }),
    refundMicros: z.int().meta({ description: 'Paid back' }),
    nextInvoiceMicros: z
      .int()
      .meta({ description: 'What lowers the next invoice instead, less than a cent as a rule' }),
    madeAt: Instant,
  })
  .meta({ id: 'CreditNote' });
export type CreditNoteView = z.infer<typeof CreditNoteView>;

/** A credit note that is made, as its company sees it; undefined before. */
export function creditNoteView(note: CreditNote): CreditNoteView | undefined {
  if (note.state !== 'made' || note.amounts === null || note.madeAt === null) return undefined;
  const { netMicros, taxMicros, unpaidMicros, lostMicros, creditMicros, refundMicros } = note.amounts;
  return {
    id: creditNoteIdOf(note.invoice, note.cause),
    invoice: note.invoice,
    company: note.company,
    currency: note.currency,
    number: note.number,
    cause: note.cause,
    reason: note.reason,
    netMicros,
    taxMicros,
    unpaidMicros,
    chargedBackMicros: lostMicros,
    creditMicros,
    refundMicros,
    nextInvoiceMicros: asMicros(note.givenBackMicros - netMicros),
    madeAt: iso(note.madeAt),
  };
}
