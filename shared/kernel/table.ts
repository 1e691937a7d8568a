/**
 * The one way to DynamoDB: keys in, parsed items out, a lost condition as a value, and the consumed capacity of every
 * call summed. Attribute names are always aliased, so no reserved word can bite.
 */
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type * as z from 'zod';
import { type Attributes, plain, stored } from './attributes.ts';
import type { CacheOwner } from './cache.ts';
import { letPass, untilFree } from './conflict.ts';
import { type Change, type Condition, conditionExpression, required, updateExpression } from './table-expression.ts';

export { ABSENT, type Change, type Clause, type Condition } from './table-expression.ts';

export type TableId = 'market' | 'requests' | 'ledger';
export type Key = { pk: string; sk: string };
export type Item = Key & Record<string, unknown>;

/** A conditional write either happened or found another state, which it returns (null: no item). */
export type Written = { ok: true } | { ok: false; old: Item | null };

export type Write =
  | { kind: 'put'; table: TableId; item: Item; when?: Condition }
  | { kind: 'update'; table: TableId; key: Key; change: Change; when?: Condition }
  | { kind: 'delete'; table: TableId; key: Key; when?: Condition }
  | { kind: 'check'; table: TableId; key: Key; when: Condition };

export type QueryOptions = {
  index?: { name: string; pk: string; sk: string };
  pk: string;
  /** Bounds of the sort key; inclusive. `prefix` excludes the others. */
  prefix?: string;
  from?: string;
  to?: string;
  limit?: number;
  descending?: boolean;
  consistent?: boolean;
  after?: Key & Record<string, unknown>;
};
/** A page of a list, and the sort keys that it lies between where that is not the whole list; bounds are inclusive. */
export type ListPage = { limit: number; after?: Item; from?: string; to?: string };
export type Page<T> = { items: T[]; after: (Key & Record<string, unknown>) | undefined };

/** Write and read units that a command consumed, as DynamoDB bills them, and how many calls it made. */
export type Consumption = { writeUnits: number; readUnits: number; calls: number };
export const noConsumption = (): Consumption => ({ writeUnits: 0, readUnits: 0, calls: 0 });

/** Sees every item that is about to be written; the local scheduler learns due times from it. */
export type WriteObserver = (table: TableId, attributes: Record<string, unknown>) => void;

export type TableConfig = {
  /** With `cacheMiddleware` a call costs it a third less; every client here has it. */
  client: DynamoDBClient;
  /** The deployed name of each table. */
  names: Record<TableId, string>;
  observe?: WriteObserver;
  /** No other process writes these tables, as on one machine: what this one remembers and forgets is never late. */
  isAlone?: boolean;
};

type Capacity = { CapacityUnits?: number; ReadCapacityUnits?: number; WriteCapacityUnits?: number };

export class Tables {
  private readonly config: TableConfig;
  readonly consumed: Consumption;

  constructor(config: TableConfig, consumed: Consumption = noConsumption()) {
    this.config = config;
    this.consumed = consumed;
  }

  /** The same for all meters over one set of tables: what caches belong to. */
  get owner(): CacheOwner {
    return this.config;
  }

  /** The same tables with a meter of their own: one per command. */
  metered(consumed: Consumption = noConsumption()): Tables {
    return new Tables(this.config, consumed);
  }

  /** Reads one item and parses it; undefined where there is none. Throws where what is stored does not parse: a bug. */
  async get<S extends z.ZodType>(
    table: TableId,
    key: Key,
    schema: S,
    options: { consistent?: boolean } = {},
  ): Promise<z.infer<S> | undefined> {
    const answer = await this.config.client.send(
      new GetItemCommand({
        TableName: this.config.names[table],
        Key: keyOf(key),
        ConsistentRead: options.consistent ?? false,
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    this.read(answer.ConsumedCapacity);
    return answer.Item === undefined ? undefined : schema.parse(plain(answer.Item));
  }

  /** Reads up to 100 items; the answer maps `pk|sk` to the item. Keys that do not exist are absent from it. */
  async getMany<S extends z.ZodType>(
    table: TableId,
    keys: readonly Key[],
    schema: S,
    options: { consistent?: boolean } = {},
  ): Promise<Map<string, z.infer<S>>> {
    const found = new Map<string, z.infer<S>>();
    const distinct = new Map(keys.map((key) => [keyText(key), keyOf(key)]));
    const name = this.config.names[table];
    let wanted = [...distinct.values()];
    for (let round = 0; wanted.length > 0; round++) {
      if (round > 50) throw new Error('the table kept returning unprocessed keys');
      const batch = wanted.slice(0, 100);
      const answer = await this.config.client.send(
        new BatchGetItemCommand({
          RequestItems: { [name]: { Keys: batch, ConsistentRead: options.consistent ?? false } },
          ReturnConsumedCapacity: 'TOTAL',
        }),
      );
      for (const capacity of answer.ConsumedCapacity ?? []) this.read(capacity);
      for (const item of answer.Responses?.[name] ?? []) {
        const read = plain(item);
        found.set(keyText(read as Key), schema.parse(read));
      }
      wanted = [...(answer.UnprocessedKeys?.[name]?.Keys ?? []), ...wanted.slice(100)];
    }
    return found;
  }

  /** One page of a partition or of an index, in key order. */
  async query<S extends z.ZodType>(table: TableId, schema: S, options: QueryOptions): Promise<Page<z.infer<S>>> {
    const index = options.index ?? { name: undefined, pk: 'pk', sk: 'sk' };
    const names: Record<string, string> = { '#p': index.pk };
    const values: Record<string, unknown> = { ':p': options.pk };
    let condition = '#p = :p';
    const bound = (text: string, more: Record<string, unknown>) => {
      names['#s'] = index.sk;
      Object.assign(values, more);
      condition += ` AND ${text}`;
    };
    if (options.prefix !== undefined) bound('begins_with(#s, :a)', { ':a': options.prefix });
    else if (options.from !== undefined && options.to !== undefined)
      bound('#s BETWEEN :a AND :b', { ':a': options.from, ':b': options.to });
    else if (options.from !== undefined) bound('#s >= :a', { ':a': options.from });
    else if (options.to !== undefined) bound('#s <= :b', { ':b': options.to });
    const answer = await this.config.client.send(
      new QueryCommand({
        TableName: this.config.names[table],
        IndexName: index.name,
        KeyConditionExpression: condition,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: stored(values),
        Limit: options.limit,
        ScanIndexForward: !(options.descending ?? false),
        ConsistentRead: options.consistent ?? false,
        ExclusiveStartKey: options.after === undefined ? undefined : stored(options.after),
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    this.read(answer.ConsumedCapacity);
    return {
      items: (answer.Items ?? []).map((item) => schema.parse(plain(item))),
      after:
        answer.LastEvaluatedKey === undefined ? undefined : (plain(answer.LastEvaluatedKey) as Page<unknown>['after']),
    };
  }

  /** Every item of a partition or index range, page after page; at most `most` of them (default 100,000), else it throws. */
  async queryAll<S extends z.ZodType>(
    table: TableId,
    schema: S,
    options: QueryOptions,
    most = 100_000,
  ): Promise<z.infer<S>[]> {
    const all: z.infer<S>[] = [];
    let after = options.after;
    do {
      const page = await this.query(table, schema, { ...options, after });
      all.push(...page.items);
      if (all.length > most) throw new Error(`more than ${most} items under ${options.pk}`);
      after = page.after;
    } while (after !== undefined);
    return all;
  }

  async put(table: TableId, item: Item, when?: Condition): Promise<Written> {
    this.config.observe?.(table, item);
    return this.write(
      new PutItemCommand({
        TableName: this.config.names[table],
        Item: stored(item),
        ...conditionExpression(when),
        ReturnConsumedCapacity: 'TOTAL',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  }

  /** Changes one item. Without a condition it creates the item where there is none, as DynamoDB does. */
  async update(table: TableId, key: Key, change: Change, when?: Condition): Promise<Written> {
    this.config.observe?.(table, { ...key, ...change.set });
    return this.write(
      new UpdateItemCommand({
        TableName: this.config.names[table],
        Key: keyOf(key),
        ...updateExpression(change, when),
        ReturnConsumedCapacity: 'TOTAL',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  }

  /** Changes one item and returns it as it is afterwards, at no further cost. A lost condition is a value. */
  async change<S extends z.ZodType>(
    table: TableId,
    key: Key,
    schema: S,
    change: Change,
    when: Condition,
  ): Promise<{ ok: true; item: z.infer<S> } | { ok: false; old: Item | null }> {
    this.config.observe?.(table, { ...key, ...change.set });
    try {
      const command = new UpdateItemCommand({
        TableName: this.config.names[table],
        Key: keyOf(key),
        ...updateExpression(change, when),
        ReturnValues: 'ALL_NEW',
        ReturnConsumedCapacity: 'TOTAL',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      const answer = await untilFree(() => this.config.client.send(command));
      this.wrote(answer.ConsumedCapacity);
      return { ok: true, item: schema.parse(plain(answer.Attributes ?? {})) };
    } catch (error) {
      return this.lost(error);
    }
  }

  /** Adds to one number of an item and returns its value before; creates item and number at 0. A lost condition is a value. */
  async increment(
    table: TableId,
    key: Key,
    attribute: string,
    by: number,
    when?: Condition,
  ): Promise<{ ok: true; before: number } | { ok: false; old: Item | null }> {
    try {
      const command = new UpdateItemCommand({
        TableName: this.config.names[table],
        Key: keyOf(key),
        ...updateExpression({ add: { [attribute]: by } }, when),
        ReturnValues: 'UPDATED_NEW',
        ReturnConsumedCapacity: 'TOTAL',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      const answer = await untilFree(() => this.config.client.send(command));
      this.wrote(answer.ConsumedCapacity);
      return { ok: true, before: Number(answer.Attributes?.[attribute]?.N) - by };
    } catch (error) {
      return this.lost(error);
    }
  }

  async delete(table: TableId, key: Key, when?: Condition): Promise<Written> {
    return this.write(
      new DeleteItemCommand({
        TableName: this.config.names[table],
        Key: keyOf(key),
        ...conditionExpression(when),
        ReturnConsumedCapacity: 'TOTAL',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  }

  /**
   * All writes or none. Where a condition is lost, `at` is the place of the first one in `writes`, `old` its item. A
   * conflict with another transaction is tried again up to five times, after pauses that double, then thrown.
   */
  async transact(writes: readonly Write[]): Promise<{ ok: true } | { ok: false; at: number; old: Item | null }> {
    for (const write of writes) {
      if (write.kind === 'put') this.config.observe?.(write.table, write.item);
      if (write.kind === 'update') this.config.observe?.(write.table, { ...write.key, ...write.change.set });
    }
    const input = {
      TransactItems: writes.map((write) => this.transactItem(write)),
      ReturnConsumedCapacity: 'TOTAL',
    } satisfies TransactWriteItemsCommandInput;
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.config.client.send(new TransactWriteItemsCommand(input));
        for (const capacity of answer.ConsumedCapacity ?? []) this.wrote(capacity);
        return { ok: true };
      } catch (error) {
        const reasons = cancellationReasons(error);
        if (reasons === undefined) throw error;
        const at = reasons.findIndex((reason) => reason.Code === 'ConditionalCheckFailed');
        this.consumed.calls += 1;
        this.consumed.writeUnits += 2 * writes.length;
        if (at >= 0) return { ok: false, at, old: met(reasons[at]?.Item) };
        if (!(await letPass(attempt))) throw error;
      }
    }
  }

  private transactItem(write: Write): NonNullable<TransactWriteItemsCommandInput['TransactItems']>[number] {
    const common = {
      TableName: this.config.names[write.table],
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
    switch (write.kind) {
      case 'put':
        return { Put: { ...common, Item: stored(write.item), ...conditionExpression(write.when) } };
      case 'update':
        return {
          Update: {
            ...common,
            Key: keyOf(write.key),
            ...updateExpression(write.change, write.when),
          },
        };
      case 'delete':
        return {
          Delete: { ...common, Key: keyOf(write.key), ...conditionExpression(write.when) },
        };
      case 'check':
        return {
          ConditionCheck: {
            ...common,
            Key: keyOf(write.key),
            ...required(conditionExpression(write.when)),
          },
        };
    }
  }

  private async write(command: PutItemCommand | UpdateItemCommand | DeleteItemCommand): Promise<Written> {
    try {
      const answer = await untilFree(() => this.config.client.send(command as PutItemCommand));
      this.wrote(answer.ConsumedCapacity);
      return { ok: true };
    } catch (error) {
      return this.lost(error);
    }
  }

  /** A lost condition is billed by the size of the item it met, though neither AWS nor the engines report it: add it. */
  private lost(error: unknown): { ok: false; old: Item | null } {
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
    const old = met((error as { Item?: Attributes }).Item);
    this.consumed.calls += 1;
    this.consumed.writeUnits += Math.max(1, Math.ceil(JSON.stringify(old ?? {}).length / 1024));
    return { ok: false, old };
  }

  private wrote(capacity: Capacity | undefined): void {
    this.consumed.calls += 1;
    this.consumed.writeUnits += capacity?.CapacityUnits ?? 0;
  }

  private read(capacity: Capacity | undefined): void {
    this.consumed.calls += 1;
    this.consumed.readUnits += capacity?.CapacityUnits ?? 0;
  }
}

const keyOf = ({ pk, sk }: Key): Attributes => ({ pk: { S: pk }, sk: { S: sk } });
export const keyText = (key: Key): string => `${key.pk}|${key.sk}`;

type CancellationReason = { Code?: string; Item?: Attributes };

function cancellationReasons(error: unknown): CancellationReason[] | undefined {
  if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') return undefined;
  return (error as { CancellationReasons?: CancellationReason[] }).CancellationReasons ?? [];
}

/** The item that a lost condition met, out of the error that tells of it. */
const met = (item: Attributes | undefined): Item | null =>
  item === undefined || Object.keys(item).length === 0 ? null : (plain(item) as Item);
