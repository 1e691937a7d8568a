/** Laying what a bench needs by the store, as fast as the engine takes it. */
import { BatchWriteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { plain, stored } from '../../../shared/kernel/attributes.ts';
import { mapConcurrent } from '../../../shared/kernel/call.ts';
import { type Item, type TableConfig, type TableId, Tables } from '../../../shared/kernel/table.ts';

const ITEMS_PER_BATCH = 25;
const BATCHES_AT_ONCE = 16;

/** Puts items as they are, without conditions, many to a call. */
export async function putAll(tables: Tables, table: TableId, items: readonly Item[]): Promise<void> {
  const { client, names } = tables.owner as TableConfig;
  const batches = Array.from({ length: Math.ceil(items.length / ITEMS_PER_BATCH) }, (_, i) =>
    items.slice(i * ITEMS_PER_BATCH, (i + 1) * ITEMS_PER_BATCH),
  );
  await mapConcurrent(batches, BATCHES_AT_ONCE, async (batch) => {
    const requests = batch.map((item) => ({ PutRequest: { Item: stored(item) } }));
    const { UnprocessedItems } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [names[table]]: requests } }),
    );
    if (Object.keys(UnprocessedItems ?? {}).length > 0) throw new Error('the engine left items of a batch out');
  });
}

/** The same tables, but puts are kept to be sent many to a call: what is put is what the store makes of it. */
export function collect(tables: Tables): { items: Item[]; collecting: Tables } {
  const config = tables.owner as TableConfig;
  const items: Item[] = [];
  const send = async (command: unknown) => {
    if (!(command instanceof PutItemCommand)) return config.client.send(command as never);
    items.push(plain(command.input.Item ?? {}) as Item);
    return {};
  };
  return { items, collecting: new Tables({ ...config, client: { send } as unknown as TableConfig['client'] }) };
}
