/** Tables for tests: the topology's three, empty, on an engine of their own in memory or on the one the environment names. */
import { randomBytes } from 'node:crypto';
import { startDynamodbEngine } from '../../infra/local/dynamodb-engine.ts';
import { createTables, dropTables, tableClient, tableNames } from '../../infra/local/tables.ts';
import { Tables, type WriteObserver } from '../../shared/kernel/table.ts';

export type TestTables = { tables: Tables; endpoint: string; stop(): Promise<void> };

/**
 * Starts an engine in memory on a free port and creates the tables. With `AWS_ENDPOINT_URL_DYNAMODB` the tables are made
 * there instead, under names of their own, and dropped by `stop`; `bundled` looks at no environment.
 */
export async function startTestTables(
  options: { observe?: WriteObserver; bundled?: boolean } = {},
): Promise<TestTables> {
  const given = options.bundled === true ? undefined : process.env.AWS_ENDPOINT_URL_DYNAMODB;
  const engine = given === undefined || given === '' ? await startDynamodbEngine() : undefined;
  const endpoint = engine?.endpoint ?? given ?? '';
  const names = tableNames(`test${randomBytes(5).toString('hex')}`);
  const connection = tableClient(endpoint, { signs: engine === undefined });
  await createTables(connection.client, names);
  return {
    tables: new Tables({ client: connection.client, names, ...(options.observe ? { observe: options.observe } : {}) }),
    endpoint,
    stop: async () => {
      if (engine === undefined) await dropTables(connection.client, names);
      connection.close();
      await engine?.stop();
    },
  };
}
