/** Every entry of a test's ledger, read by a scan: an account of it that owes nothing to the code that lists and adds up. */
import type { Tables } from '../../shared/kernel/table.ts';
import { StoredEntry } from '../../shared/ledger/entry.ts';
import type { EntryView } from '../../shared/ledger/ledger.ts';
import { everyItem } from './every-item.ts';

export async function allEntriesOf(tables: Tables): Promise<EntryView[]> {
  const items = await everyItem(tables, 'ledger');
  return items.filter(({ pk }) => pk.startsWith('E#')).map((item) => StoredEntry.parse(item));
}
