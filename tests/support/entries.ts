/** Every entry of a test's ledger, read by a scan: an account of it that owes nothing to the code that lists and adds up. */
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { TableConfig, Tables } from '../../shared/kernel/table.ts';
import { StoredEntry } from '../../shared/ledger/entry.ts';
import type { EntryView } from '../../shared/ledger/ledger.ts';

export async function allEntriesOf(tables: Tables): Promise<EntryView[]> {
  const { client, names } = (tables as unknown as { config: TableConfig }).config;
  const entries: EntryView[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: names.ledger, ExclusiveStartKey: from }));
    for (const item of page.Items ?? []) if (String(item.pk).startsWith('E#')) entries.push(StoredEntry.parse(item));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return entries;
}
