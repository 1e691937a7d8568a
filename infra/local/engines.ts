/** Both engines of a data folder, with the topology's tables and queues in them; either may be somebody else's instead. */
import { mkdirSync } from 'node:fs';
import { CannotStart } from './cannot-start.ts';
import { DATABASE, type DataFolder } from './data-folder.ts';
import { startDynamodbEngine } from './dynamodb-engine.ts';
import { recordEngine } from './left-over.ts';
import { MessageQueues } from './messages.ts';
import type { SqsThread } from './sqs-thread.ts';
import { createTables, type TableClient, type TableNames, tableClient, tableNames } from './tables.ts';
import { startThread } from './thread.ts';

const STAGE = 'local';
const MESSAGES = 'messages';

export type Engines = {
  /** To the tables: what the table layer sends through. */
  client: TableClient['client'];
  names: TableNames;
  queues: MessageQueues;
  /** Where they answer, for people. */
  endpoints: { dynamodb: string; sqs: string };
  /** Settles when one of our own engines ends unasked; nothing works from then on. */
  lost: Promise<string>;
  stop: () => Promise<void>;
};

/**
 * Starts the bundled engines over the folder, or uses those that `AWS_ENDPOINT_URL_DYNAMODB` and `AWS_ENDPOINT_URL_SQS`
 * name, and makes tables and queues that are missing. Throws `CannotStart` where an engine cannot run or be reached.
 */
export async function startEngines(
  folder: Pick<DataFolder, 'path' | 'file'>,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Engines> {
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const dynamodb = await dynamodbOf(folder, environment.AWS_ENDPOINT_URL_DYNAMODB);
    stops.push(dynamodb.stop);
    const tables = tableClient(dynamodb.endpoint, { signs: !dynamodb.isOurs });
    stops.push(tables.close);
    const names = tableNames(STAGE);
    await reach('DynamoDB', dynamodb.endpoint, () => createTables(tables.client, names));
    const sqs = await sqsOf(folder, environment.AWS_ENDPOINT_URL_SQS);
    stops.push(sqs.stop);
    const queues = new MessageQueues(sqs.endpoint, { signs: !sqs.isOurs });
    stops.push(() => queues.close());
    await reach('SQS', sqs.endpoint, () => queues.create());
    const endpoints = { dynamodb: dynamodb.endpoint, sqs: sqs.endpoint };
    return { client: tables.client, names, queues, endpoints, lost: Promise.race([dynamodb.lost, sqs.lost]), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Started = { endpoint: string; isOurs: boolean; lost: Promise<string>; stop: () => Promise<void> };
const never = new Promise<string>(() => {});
const nothing = async (): Promise<void> => {};

async function dynamodbOf(folder: Pick<DataFolder, 'path' | 'file'>, given: string | undefined): Promise<Started> {
  if (given !== undefined && given !== '') return { endpoint: given, isOurs: false, lost: never, stop: nothing };
  const engine = await startDynamodbEngine({ databasePath: folder.file(DATABASE) });
  if (engine.pid !== null) recordEngine(folder.path, engine.pid);
  return { ...engine, isOurs: true };
}

async function sqsOf(folder: Pick<DataFolder, 'file'>, given: string | undefined): Promise<Started> {
  if (given !== undefined && given !== '') return { endpoint: given, isOurs: false, lost: never, stop: nothing };
  mkdirSync(folder.file(MESSAGES), { recursive: true });
  const thread = startThread<SqsThread>(new URL('./sqs-thread.ts', import.meta.url), folder.file(MESSAGES));
  const endpoint = await thread.ask.endpoint().catch(async (error: unknown) => {
    await thread.stop();
    throw new CannotStart(`The SQS engine could not start: ${error instanceof Error ? error.message : String(error)}`);
  });
  return { endpoint, isOurs: true, lost: thread.lost, stop: thread.stop };
}

async function reach(what: string, endpoint: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const detail = error instanceof Error ? error.message || error.name : String(error);
    throw new CannotStart(`The ${what} engine at ${endpoint} could not be prepared: ${detail}`);
  }
}
