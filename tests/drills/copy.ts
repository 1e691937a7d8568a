/** A copy of all tables at an instant, and new tables that hold it: what restoring from a point in time gives. */
import type { Item, TableId, Tables } from '../../shared/kernel/table.ts';
import { putAll } from '../bench/support/put-all.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { everyItem } from '../support/every-item.ts';

export type Copy = Record<TableId, Item[]>;
const TABLES: readonly TableId[] = ['market', 'requests', 'ledger'];

export async function copyOf(tables: Tables): Promise<Copy> {
  const copy: Copy = { market: [], requests: [], ledger: [] };
  for (const table of TABLES) copy[table] = await everyItem(tables, table);
  return copy;
}

/** Tables of their own, so that nothing is remembered of the others. The caller stops them. */
export async function restoredFrom(copy: Copy): Promise<TestTables> {
  const restored = await startTestTables();
  for (const table of TABLES) await putAll(restored.tables, table, copy[table]);
  return restored;
}
