/** Which invoice an entry of a company is billed on, or why none does, in words. */
import { movesEarlier } from '../invoice/billable.ts';
import type { Invoice } from '../invoice/invoice.ts';
import type { Invoiced } from '../invoice/plan.ts';
import type { EntryView } from '../ledger/ledger.ts';

/** `because` is null where an invoice is named, and of what no company is billed. */
export type Billed = {
  invoice: string | null;
  because: string | null;
  costCentre: string | null;
  order: string | null;
};

/** Of a provider's entries: no invoice of its own names them. */
export const NOT_BILLED: Billed = { invoice: null, because: null, costCentre: null, order: null };

/** How a company's month is billed; `invoice` is null until it is final: before that it is the market's plan. */
export type BilledMonth = {
  period: string;
  invoiced: Invoiced;
  invoice: Pick<Invoice, 'id' | 'costCentre' | 'purchaseOrder'> | null;
  /** What a further invoice would say. */
  profile: { costCentre: string | null; order: string | null };
};

const REASONS: Readonly<Record<NonNullable<Invoiced['reason']> | 'not_final' | 'next_plan', string>> = {
  not_closed: 'the month is not closed',
  not_final: 'its invoice is not final',
  below_floor: 'carried over: too little for an invoice',
  credit_balance: 'set off: there is more credit than charges',
  nothing: 'carried over: less than a cent',
  void: 'its invoice was taken back; the next one bills it',
  next_plan: 'lowers the first invoice that was planned after it',
};

/**
 * An entry that moves what was invoiced names that invoice. One that takes something off an earlier month is on the first
 * invoice planned after it, which an entry does not know; all else is billed with the month that it is posted in.
 */
export function billedOf(entry: EntryView, month: BilledMonth): Billed {
  const { invoiced, invoice, profile } = month;
  const { kind, facts } = entry;
  const isTakenOff = kind.startsWith('dispute_') || movesEarlier(entry, month.period);
  if (typeof facts.invoice === 'string' && kind !== 'charge')
    return { ...profile, invoice: facts.invoice, because: null };
  if (isTakenOff) return { ...profile, invoice: null, because: REASONS.next_plan };
  if (invoice !== null)
    return { invoice: invoice.id, because: null, costCentre: invoice.costCentre, order: invoice.purchaseOrder };
  return { ...profile, invoice: null, because: REASONS[invoiced.reason ?? 'not_final'] };
}
