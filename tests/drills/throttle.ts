/** Tables of which some turn calls away, as DynamoDB does above what a partition or a quota takes. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type TableConfig, type TableId, Tables } from '../../shared/kernel/table.ts';

type Command = Parameters<DynamoDBClient['send']>[0];
type Named = { TableName?: string };
type Input = Named & { RequestItems?: Record<string, unknown>; TransactItems?: Record<string, Named>[] };

/** What the SDK throws once its own repeats were in vain. */
const refusal = () =>
  Object.assign(new Error('The level of configured throughput was exceeded'), {
    name: 'ProvisionedThroughputExceededException',
  });

/** The same tables, of which those in `throttled` turn everything away. */
export function throttledTables(tables: Tables): { tables: Tables; throttled: Set<TableId>; turnedAway: () => number } {
  const config = tables.owner as TableConfig;
  const throttled = new Set<TableId>();
  let count = 0;
  const send = async (command: Command): Promise<unknown> => {
    const names = tablesOf(command.input as Input);
    if ([...throttled].some((table) => names.includes(config.names[table]))) {
      count += 1;
      throw refusal();
    }
    return config.client.send(command);
  };
  const client = { send } as unknown as DynamoDBClient;
  return { tables: new Tables({ ...config, client }), throttled, turnedAway: () => count };
}

function tablesOf({ TableName, RequestItems = {}, TransactItems = [] }: Input): string[] {
  const parts = TransactItems.flatMap((one) => Object.values(one).map(({ TableName: name }) => name));
  return [TableName, ...Object.keys(RequestItems), ...parts].filter((name) => name !== undefined);
}
