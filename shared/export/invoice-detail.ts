/** The detail of an invoice as rows: its lines by queue, round and kind, and its charges. */
import type { InvoiceLine } from '../invoice/invoice.ts';
import type { Charge } from '../ledger/ledger.ts';
import type { Column } from './table.ts';

export const DETAIL_COLUMNS: readonly Column<{ invoice: string; currency: string; line: InvoiceLine }>[] = [
  ['invoice', ({ invoice }) => invoice],
  ['line', ({ line }) => line.line],
  ['kind', ({ line }) => line.kind],
  ['queue', ({ line }) => line.queue],
  ['round', ({ line }) => line.round],
  ['resolutions', ({ line }) => line.quantity],
  ['currency', ({ currency }) => currency],
  ['amount', ({ line }) => ({ micros: line.micros })],
  ['description', ({ line }) => line.description],
];

/** Times are UTC, as their Z says. */
export const CHARGE_OF_INVOICE_COLUMNS: readonly Column<{ invoice: string; charge: Charge }>[] = [
  ['invoice', ({ invoice }) => invoice],
  ['event', ({ charge }) => charge.event],
  ['request', ({ charge }) => charge.request],
  ['occurred_at', ({ charge }) => charge.occurredAt],
  ['queue', ({ charge }) => charge.queue],
  ['round', ({ charge }) => charge.round],
  ['outcome', ({ charge }) => charge.outcome],
  ['route', ({ charge }) => charge.route],
  ['currency', ({ charge }) => charge.currency],
  ['amount', ({ charge }) => ({ micros: charge.micros })],
];
