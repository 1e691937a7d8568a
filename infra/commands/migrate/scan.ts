/** A whole table, page by page: no function of the market may do it, those who bring a table over or look at it whole must. */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item, Key, TableConfig, TableId, Tables } from '../../../shared/kernel/table.ts';

export type Scanned = { items: Item[]; after: Key | null };

/** The items after a key (null: from the beginning), at most `limit` and a megabyte of them; `after` is null at the end. */
export async function scanPage(
  tables: Tables,
  table: TableId,
  { after, limit }: { after: Key | null; limit?: number },
): Promise<Scanned> {
  const { client, names } = tables.owner as TableConfig;
  const page = await client.send(
    new ScanCommand({
      TableName: names[table],
      ConsistentRead: true,
      Limit: limit,
      ExclusiveStartKey: after === null ? undefined : marshall({ pk: after.pk, sk: after.sk }),
    }),
  );
  return {
    items: (page.Items ?? []).map((item) => unmarshall(item) as Item),
    after: page.LastEvaluatedKey === undefined ? null : (unmarshall(page.LastEvaluatedKey) as Key),
  };
}
