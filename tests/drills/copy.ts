/** A copy of all tables at an instant, and new tables that hold it: what restoring from a point in time gives. */
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Item, TableConfig, TableId, Tables } from '../../shared/kernel/table.ts';
import { putAll } from '../bench/support/put-all.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';

export type Copy = Record<TableId, Item[]>;
const TABLES: readonly TableId[] = ['market', 'requests', 'ledger'];

export async function copyOf(tables: Tables): Promise<Copy> {
  const { client, names } = tables.owner as TableConfig;
  const copy: Copy = { market: [], requests: [], ledger: [] };
  for (const table of TABLES) {
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await client.send(new ScanCommand({ TableName: names[table], ExclusiveStartKey }));
      copy[table].push(...((page.Items ?? []) as Item[]));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  }
  return copy;
}

/** Tables of their own, so that nothing is remembered of the others. The caller stops them. */
export async function restoredFrom(copy: Copy): Promise<TestTables> {
  const restored = await startTestTables();
  for (const table of TABLES) await putAll(restored.tables, table, copy[table]);
  return restored;
}
