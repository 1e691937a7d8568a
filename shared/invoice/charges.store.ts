/** The charges behind a line of an invoice: its company's entries of the months that it bills, page after page. */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import type { Item } from '../kernel/table.ts';
import { chargeOf } from '../ledger/balance.ts';
import { listEntries } from '../ledger/ledger.store.ts';
import type { Charge, EntryView } from '../ledger/ledger.ts';
import { monthAfter } from '../ledger/period.ts';
import { groupKey, groupOf } from './billable.ts';
import type { Invoice, InvoiceLine } from './invoice.ts';

const PAGE = 100;
/** Entries that one call looks through at the most; a page may then be short, and the next one goes on. */
const MOST_PAGES = 20;

/** Where a list of charges goes on. */
export const ChargesAfter = z.object({
  month: z.string(),
  after: z.object({ pk: z.string(), sk: z.string() }).loose().nullable(),
});
export type ChargesAfter = z.infer<typeof ChargesAfter>;

/** Whether an entry is a charge on a line. A line that puts a whole queue together has all of it. */
function isOn(line: InvoiceLine, entry: EntryView): boolean {
  if (entry.kind !== 'charge') return false;
  if (line.kind === 'queue' && line.queue !== null) return entry.facts.queue === line.queue;
  return groupOf(entry) === groupKey(line.kind, line.queue, line.round);
}

type Page = { limit: number; after: ChargesAfter | undefined };
type Charges = { items: Charge[]; after: ChargesAfter | null };

/** A page of the charges on a line, in order of posting. A line without resolutions has none. */
export const chargesOfLine = (call: Call, invoice: Invoice, line: InvoiceLine, page: Page): Promise<Charges> =>
  line.quantity === 0
    ? Promise.resolve({ items: [], after: null })
    : chargesWhere(call, invoice, page, (entry) => isOn(line, entry));

/** A page of all charges of the months that an invoice bills, in order of posting. */
export const chargesOfInvoice = (call: Call, invoice: Invoice, page: Page): Promise<Charges> =>
  chargesWhere(call, invoice, page, (entry) => entry.kind === 'charge');

async function chargesWhere(
  call: Call,
  invoice: Invoice,
  page: Page,
  isWanted: (entry: EntryView) => boolean,
): Promise<Charges> {
  const items: Charge[] = [];
  let month = page.after?.month ?? invoice.since;
  let after: Item | undefined = page.after?.after ?? undefined;
  for (let looked = 0; looked < MOST_PAGES && month <= invoice.period; looked++) {
    const limit = Math.min(PAGE, page.limit - items.length);
    const found = await listEntries(call, invoice.company, month, { limit, ...(after === undefined ? {} : { after }) });
    for (const entry of found.items)
      if (entry.currency === invoice.currency && isWanted(entry)) items.push(chargeOf(entry, 'company'));
    after = found.after;
    if (after === undefined) month = monthAfter(month);
    if (items.length >= page.limit) break;
  }
  return { items, after: month > invoice.period ? null : { month, after: after ?? null } };
}
