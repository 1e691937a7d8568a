/** All that a table holds: an account of it that owes nothing to the code that lists. */
import { type Scanned, scanPage } from '../../infra/commands/migrate/scan.ts';
import type { Item, TableId, Tables } from '../../shared/kernel/table.ts';

export async function everyItem(tables: Tables, table: TableId): Promise<Item[]> {
  const items: Item[] = [];
  let after: Scanned['after'] = null;
  do {
    const page = await scanPage(tables, table, { after });
    items.push(...page.items);
    after = page.after;
  } while (after !== null);
  return items;
}
