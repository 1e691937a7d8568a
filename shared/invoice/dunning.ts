/** When an invoice is overdue, and long overdue. */
import { DAY, fromIso } from '../kernel/time.ts';
import type { Invoice } from './invoice.ts';

/** So long after its due date an unpaid invoice pauses its company's new requests. */
export const PAUSE_AFTER_MS = 10 * DAY;

const isUnpaid = ({ state, remainingMicros, dueAt }: Invoice): boolean =>
  state === 'open' && remainingMicros > 0 && dueAt !== null;

export const isOverdue = (invoice: Invoice, now: number): boolean =>
  isUnpaid(invoice) && fromIso(invoice.dueAt ?? '') <= now;
export const isLongOverdue = (invoice: Invoice, now: number): boolean =>
  isUnpaid(invoice) && fromIso(invoice.dueAt ?? '') + PAUSE_AFTER_MS <= now;
