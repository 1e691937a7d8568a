/** When an invoice is overdue, and long overdue. */
import { DAY, fromIso } from '../kernel/time.ts';
import type { Invoice } from './invoice.ts';

/** So long after its due date an unpaid invoice pauses its company's new requests. */
export const PAUSE_AFTER_MS = 10 * DAY;

/** When what is unpaid of it is due; never where nothing is. */
const dueOf = ({ state, remainingMicros, dueAt }: Invoice): number =>
  state === 'open' && remainingMicros > 0 && dueAt !== null ? fromIso(dueAt) : Number.POSITIVE_INFINITY;

export const isOverdue = (invoice: Invoice, now: number): boolean => dueOf(invoice) <= now;
export const isLongOverdue = (invoice: Invoice, now: number): boolean => dueOf(invoice) + PAUSE_AFTER_MS <= now;
