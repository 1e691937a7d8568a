/** The topology's tables on any engine that speaks the DynamoDB protocol, and the client to reach them. */
import { Agent } from 'node:http';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { TableId } from '../../shared/kernel/table.ts';
import { tableName } from '../names.ts';
import { type TableSpec, tables } from '../topology.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from './connection.ts';
import { LoopbackHandler, lighten } from './loopback.ts';

export type TableClient = { client: DynamoDBClient; close: () => void };
export type TableNames = Record<TableId, string>;

/** The deployed names of all tables of a stage. */
export const tableNames = (stage: string): TableNames => ({
  market: tableName(stage, 'market'),
  requests: tableName(stage, 'requests'),
  ledger: tableName(stage, 'ledger'),
});

/**
 * The SDK's client over kept-alive connections; `close` ends them. The bundled engine wants a signature to be
 * there and never looks at it: without one, and without the steps that are for AWS (`signs: false`), a call costs less processor
 * time.
 */
export function tableClient(endpoint: string, options: { signs?: boolean } = {}): TableClient {
  const signs = options.signs ?? true;
  const { protocol, hostname, port, pathname: path } = new URL(endpoint);
  const client = new DynamoDBClient({
    // As text it is parsed with every call.
    endpoint: { protocol, hostname, path, ...(port === '' ? {} : { port: Number(port) }) },
    region: process.env.AWS_REGION ?? LOCAL_REGION,
    ...(process.env.AWS_ACCESS_KEY_ID === undefined ? { credentials: LOCAL_CREDENTIALS } : {}),
    maxAttempts: 3,
    cacheMiddleware: true,
    requestHandler: signs ? networkHandler() : new LoopbackHandler(endpoint, 'dynamodb'),
  });
  if (!signs) lighten(client);
  return { client, close: () => client.destroy() };
}

const networkHandler = (): NodeHttpHandler =>
  new NodeHttpHandler({
    httpAgent: new Agent({
      keepAlive: true,
      maxSockets: 128,
      maxFreeSockets: 128,
      timeout: 30_000,
      scheduling: 'lifo',
    }),
    connectionTimeout: 2_000,
    requestTimeout: 10_000,
    throwOnRequestTimeout: true,
  });

/** Creates the tables that are not there yet. Throws where one is there with other indexes: another version's data. */
export async function createTables(client: DynamoDBClient, names: TableNames): Promise<void> {
  for (const id of Object.keys(names) as TableId[]) {
    const found = await describe(client, names[id]);
    if (found !== undefined) checkShape(found, tables[id], names[id]);
    else await create(client, definition(names[id], tables[id]));
  }
}

/** Deletes tables; those that are not there are fine. */
export async function dropTables(client: DynamoDBClient, names: TableNames): Promise<void> {
  for (const name of Object.values(names)) {
    await client.send(new DeleteTableCommand({ TableName: name })).catch((error: unknown) => {
      if (!isNamed(error, 'ResourceNotFoundException')) throw error;
    });
  }
}

/** A table as the topology declares it: text keys, KEYS_ONLY indexes, billed on demand. */
export function definition(name: string, spec: TableSpec): CreateTableCommandInput {
  const indexes = Object.entries(spec.indexes);
  const attributes = ['pk', 'sk', ...indexes.flatMap(([, index]) => [index.pk, index.sk])];
  const keys = (pk: string, sk: string) => [
    { AttributeName: pk, KeyType: 'HASH' as const },
    { AttributeName: sk, KeyType: 'RANGE' as const },
  ];
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: attributes.map((attribute) => ({ AttributeName: attribute, AttributeType: 'S' as const })),
    KeySchema: keys('pk', 'sk'),
    ...(indexes.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: indexes.map(([indexName, index]) => ({
            IndexName: indexName,
            KeySchema: keys(index.pk, index.sk),
            Projection: { ProjectionType: 'KEYS_ONLY' as const },
          })),
        }),
  };
}

async function create(client: DynamoDBClient, input: CreateTableCommandInput): Promise<void> {
  await client.send(new CreateTableCommand(input)).catch((error: unknown) => {
    if (!isNamed(error, 'ResourceInUseException')) throw error;
  });
  for (let attempt = 1; attempt <= 100; attempt++) {
    const found = await describe(client, input.TableName ?? '');
    if (found?.TableStatus === 'ACTIVE') return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`the table ${input.TableName} did not become active within 5 seconds`);
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

function checkShape(found: TableDescription, spec: TableSpec, name: string): void {
  const shape = (entries: string[]) => entries.sort().join(', ');
  const there = shape(
    (found.GlobalSecondaryIndexes ?? []).map(
      (index) => `${index.IndexName}(${(index.KeySchema ?? []).map((key) => key.AttributeName).join('/')})`,
    ),
  );
  const wanted = shape(Object.entries(spec.indexes).map(([index, { pk, sk }]) => `${index}(${pk}/${sk})`));
  if (there !== wanted)
    throw new Error(
      `the table ${name} has the indexes ${there || 'none'} where this version needs ${wanted || 'none'}; start over with --fresh or another --data folder`,
    );
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
