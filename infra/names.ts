/** What tables, queues, buckets and functions are called where they are deployed: all of it follows from the stage. */
import type { QueueName } from '../shared/kernel/message.ts';
import type { TableId } from '../shared/kernel/table.ts';
import type { BucketName, FunctionName } from './topology.ts';

/** The deployed name of a function. */
export const functionName = (stage: string, name: FunctionName): string => `parley-${stage}-${name}`;
/** Deployed names carry a stage; on one machine it is `local`. */
export const tableName = (stage: string, table: TableId): string => `parley-${stage}-${table}`;
export const queueName = (stage: string, queue: QueueName, dead = false): string =>
  `parley-${stage}-${queue}${dead ? '-dead' : ''}`;
/** Names of buckets are shared by all accounts, so an account's number and region tell them apart. */
export const bucketName = (stage: string, bucket: BucketName, account: string, region: string): string =>
  `parley-${stage}-${bucket}-${account}-${region}`;
