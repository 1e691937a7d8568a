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

/** A page of the charges on a line, in order of posting. A line without resolutions has none. */
export async function chargesOfLine(
  call: Call,
  invoice: Invoice,
  line: InvoiceLine,
  page: { limit: number; after: ChargesAfter | undefined },
): Promise<{ items: Charge[]; after: ChargesAfter | null }> {
  const items: Charge[] = [];
  let month = page.after?.month ?? invoice.since;
  let after: Item | undefined = page.after?.after ?? undefined;
  for (let looked = 0; looked < MOST_PAGES && month <= invoice.period && line.quantity > 0; looked++) {
    const limit = Math.min(PAGE, page.limit - items.length);
    const found = await listEntries(call, invoice.company, month, { limit, ...(after === undefined ? {} : { after }) });
    for (const entry of found.items)
      if (entry.currency === invoice.currency && isOn(line, entry)) items.push(chargeOf(entry, 'company'));
    after = found.after;
    if (after === undefined) month = monthAfter(month);
    if (items.length >= page.limit) break;
  }
  const isEnd = month > invoice.period || line.quantity === 0;
  return { items, after: isEnd ? null : { month, after: after ?? null } };
}
