/** Invoices and lines for tests: whole ones, of which a test names what it is about. */
import type { Invoice, InvoiceLine } from './invoice.ts';

/** An invoice of 100.00 to `co_a` for January 2026, planned and not at Stripe yet. */
export const testInvoice = (set: Partial<Invoice> = {}): Invoice => ({
  id: 'co_a.USD.2026-01.v0',
  company: 'co_a',
  currency: 'USD',
  period: '2026-01',
  version: 0,
  state: 'planned',
  subtotalMicros: 100_000_000,
  taxMicros: 0,
  totalMicros: 100_000_000,
  creditAppliedMicros: 0,
  paidMicros: 0,
  availableMicros: 0,
  creditedMicros: 0,
  remainingMicros: 100_000_000,
  collectionMethod: 'charge_automatically',
  stripeInvoice: null,
  number: null,
  daysUntilDue: 30,
  automaticTax: false,
  purchaseOrder: null,
  costCentre: null,
  since: '2026-01',
  lines: 1,
  details: 0,
  held: null,
  writeOff: null,
  plannedAt: '2026-02-03T00:00:00.000Z',
  finalizedAt: null,
  dueAt: null,
  paidAt: null,
  ...set,
});

/** A line of 100.00 for the confirmed resolutions of round 1 of `cards`. */
export const testLine = (set: Partial<InvoiceLine> = {}): InvoiceLine => ({
  line: 1,
  kind: 'confirmed',
  queue: 'cards',
  round: 1,
  quantity: 10,
  micros: 100_000_000,
  creditedMicros: 0,
  description: 'cards, round 1',
  ...set,
});
