/** How our invoice follows the one at Stripe: one way, never back. */
import { microsOfCents } from '../kernel/money.ts';
import { fromIso, iso } from '../kernel/time.ts';
import type { Announcement } from '../webhook/event.ts';
import type { Invoice, InvoiceState } from './invoice.ts';

/** An invoice as it was found at Stripe. */
export type SeenInvoice = {
  status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';
  number: string | null;
  paidCents: number;
  remainingCents: number;
  /** What credit notes took off before it was paid. */
  creditedCents: number;
  /** Milliseconds. */
  finalizedAt: number | null;
  dueAt: number | null;
  paidAt: number | null;
  voidedAt: number | null;
};

/** What can still become of a final invoice. */
const NEXT: Readonly<Partial<Record<InvoiceState, readonly InvoiceState[]>>> = {
  open: ['paid', 'uncollectible', 'void'],
  uncollectible: ['paid', 'void'],
};

export type Synced = { set: Partial<Invoice>; events: Announcement[] };

/**
 * What changes here, and what the company is told; undefined for an invoice that is final at Stripe and not here yet: its
 * close makes it so and posts it, and until then nothing else follows.
 */
export function decideSync(stored: Invoice, seen: SeenInvoice): Synced | undefined {
  if (seen.status === 'draft' || stored.state === 'dropped') return { set: {}, events: [] };
  if (stored.state === 'planned' || stored.state === 'draft') return undefined;
  const moves = NEXT[stored.state]?.includes(seen.status) === true;
  const state = moves ? seen.status : stored.state;
  const set: Partial<Invoice> = {
    state,
    number: seen.number ?? stored.number,
    paidMicros: microsOfCents(seen.paidCents),
    remainingMicros: state === 'void' ? 0 : microsOfCents(seen.remainingCents),
    creditedMicros: microsOfCents(seen.creditedCents),
    finalizedAt: stored.finalizedAt ?? isoOf(seen.finalizedAt),
    dueAt: stored.dueAt ?? isoOf(seen.dueAt),
    paidAt: state === 'paid' ? (stored.paidAt ?? isoOf(seen.paidAt)) : stored.paidAt,
  };
  return { set, events: eventsOf({ ...stored, ...set }, seen) };
}

/** Told again each time, which tells it once: an event's id follows from what happened and when. */
function eventsOf(invoice: Invoice, seen: SeenInvoice): Announcement[] {
  const about = { tenant: invoice.company, subject: invoice.id, data: shownOf(invoice) };
  const events: Announcement[] = [];
  if (invoice.finalizedAt !== null)
    events.push({ ...about, type: 'invoice.finalized', at: fromIso(invoice.finalizedAt), data: finalOf(invoice) });
  if (invoice.state === 'paid' && invoice.paidAt !== null)
    events.push({ ...about, type: 'invoice.paid', at: fromIso(invoice.paidAt) });
  if (invoice.state === 'void' && seen.voidedAt !== null)
    events.push({ ...about, type: 'invoice.voided', at: seen.voidedAt });
  return events;
}

/** That an attempt to collect an invoice failed. */
export const paymentFailedEvent = (invoice: Invoice, attempt: number, at: number): Announcement => ({
  tenant: invoice.company,
  type: 'invoice.payment_failed',
  subject: invoice.id,
  at,
  data: { ...shownOf(invoice), attempt },
  effect: `attempt ${attempt}`,
});

/** That its due date has passed and something is left to pay; undefined where that is not so. */
export function overdueEvent(invoice: Invoice, now: number): Announcement | undefined {
  const { dueAt, state, remainingMicros } = invoice;
  if (dueAt === null || fromIso(dueAt) > now || state !== 'open' || remainingMicros === 0) return undefined;
  const about = { tenant: invoice.company, subject: invoice.id, data: shownOf(invoice) };
  return { ...about, type: 'invoice.overdue', at: fromIso(dueAt) };
}

const shownOf = ({ id, number, period, currency, totalMicros, remainingMicros, dueAt }: Invoice) => ({
  invoice: id,
  number,
  period,
  currency,
  totalMicros,
  remainingMicros,
  dueAt,
});

/** What was to be paid when it became final: the same whenever it is told. */
const finalOf = (invoice: Invoice) => ({
  ...shownOf(invoice),
  remainingMicros: invoice.totalMicros - invoice.creditAppliedMicros,
});

const isoOf = (ms: number | null): string | null => (ms === null ? null : iso(ms));
