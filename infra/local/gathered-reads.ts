/**
 * Reads of single items that are asked for in one turn of the event loop go to a bundled engine as one call. Commands that run
 * side by side in this process, as they do in different ones on AWS, so share the cost of a call.
 */
import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
  GetItemCommand,
  type GetItemCommandOutput,
} from '@aws-sdk/client-dynamodb';

type Attributes = Record<string, AttributeValue>;
/** What one command asks for, of one table. */
type Asked = {
  keys: readonly Attributes[];
  /** Sends the command by itself. */
  alone: () => Promise<unknown>;
  /** Makes its answer of what was found, and its share of the units that were read. */
  answerOf: (found: ReadonlyMap<string, Attributes>, units: number) => object;
  resolve: (answer: unknown) => void;
  reject: (error: unknown) => void;
};
type Reading = { table: string; consistent: boolean; asked: Asked[] };

/** The protocol's limit of keys in one call. */
const MOST_KEYS = 100;

/**
 * Has a client gather its reads. Answers are as the engine gives them to each command alone, but that the units that were read
 * together are shared by the number of keys. A failure is that of all commands that were read together.
 */
export function gatherReads(client: DynamoDBClient): void {
  const send = client.send.bind(client) as (command: unknown, ...rest: unknown[]) => Promise<unknown>;
  const readings = new Map<string, Reading>();
  const readAll = (): void => {
    const all = [...readings.values()];
    readings.clear();
    for (const { asked, ...of } of all) for (const some of inCalls(asked)) void readTogether(send, of, some);
  };
  const gather = (table: string, consistent: boolean, asked: Asked): void => {
    if (readings.size === 0) setImmediate(readAll);
    const name = `${table} ${consistent}`;
    const reading = readings.get(name);
    if (reading === undefined) readings.set(name, { table, consistent, asked: [asked] });
    else reading.asked.push(asked);
  };
  const sendGathered = (command: unknown, ...rest: unknown[]): Promise<unknown> => {
    const read = rest.length === 0 ? readOf(command) : undefined;
    if (read === undefined) return send(command, ...rest);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const { table, consistent, ...asked } = read;
    gather(table, consistent, { ...asked, alone: () => send(command), resolve, reject });
    return promise;
  };
  Object.assign(client, { send: sendGathered });
}

type Read = Pick<Asked, 'keys' | 'answerOf'> & { table: string; consistent: boolean };

/** What a command reads, where it is whole items of one table by their keys. */
function readOf(command: unknown): Read | undefined {
  if (command instanceof GetItemCommand) {
    const { TableName: table, Key: key, ConsistentRead: consistent = false, ...rest } = command.input;
    if (table === undefined || key === undefined || !isWhole(rest)) return undefined;
    const answerOf: Asked['answerOf'] = (found, units): Omit<GetItemCommandOutput, '$metadata'> => {
      const item = found.get(nameOf(key));
      return { ...(item === undefined ? {} : { Item: item }), ConsumedCapacity: capacityOf(table, units) };
    };
    return { table, keys: [key], consistent, answerOf };
  }
  if (command instanceof BatchGetItemCommand) {
    const [request, ...others] = Object.entries(command.input.RequestItems ?? {});
    if (request === undefined || others.length > 0) return undefined;
    const [table, { Keys: keys = [], ConsistentRead: consistent = false, ...rest }] = request;
    if (!isWhole(rest)) return undefined;
    const answerOf: Asked['answerOf'] = (found, units): Omit<BatchGetItemCommandOutput, '$metadata'> => ({
      Responses: { [table]: keys.map(nameOf).flatMap((name) => (found.has(name) ? [found.get(name)!] : [])) },
      UnprocessedKeys: {},
      ConsumedCapacity: [capacityOf(table, units)],
    });
    return { table, keys, consistent, answerOf };
  }
  return undefined;
}

/** A command that wants a part of an item, or something said of it, goes alone. */
const isWhole = (rest: object): boolean =>
  Object.entries(rest).every(([name, value]) => value === undefined || name === 'ReturnConsumedCapacity');
const nameOf = (item: Attributes): string => `${item.pk?.S}|${item.sk?.S}`;
const capacityOf = (table: string, units: number) => ({ TableName: table, CapacityUnits: units });

/** In order, as many at a time as one call may have keys. */
function inCalls(asked: readonly Asked[]): Asked[][] {
  const calls: Asked[][] = [];
  let left = 0;
  for (const one of asked) {
    if (one.keys.length > left) {
      calls.push([]);
      left = MOST_KEYS;
    }
    calls.at(-1)?.push(one);
    left -= one.keys.length;
  }
  return calls;
}

async function readTogether(
  send: (command: unknown) => Promise<unknown>,
  { table, consistent }: Omit<Reading, 'asked'>,
  asked: readonly Asked[],
): Promise<void> {
  const [first, ...others] = asked;
  try {
    if (first !== undefined && others.length === 0) return first.resolve(await first.alone());
    const keys = new Map(asked.flatMap((one) => one.keys.map((key) => [nameOf(key), key] as const)));
    const found = new Map<string, Attributes>();
    let units = 0;
    for (let wanted = [...keys.values()]; wanted.length > 0; ) {
      const answer = (await send(
        new BatchGetItemCommand({
          RequestItems: { [table]: { Keys: wanted, ConsistentRead: consistent } },
          ReturnConsumedCapacity: 'TOTAL',
        }),
      )) as BatchGetItemCommandOutput;
      for (const item of answer.Responses?.[table] ?? []) found.set(nameOf(item), item);
      units += answer.ConsumedCapacity?.[0]?.CapacityUnits ?? 0;
      wanted = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
    const askedKeys = asked.reduce((sum, one) => sum + one.keys.length, 0);
    for (const one of asked) one.resolve(one.answerOf(found, (units * one.keys.length) / askedKeys));
  } catch (error) {
    for (const one of asked) one.reject(error);
  }
}
