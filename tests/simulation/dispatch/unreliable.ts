/**
 * Tables as the cloud gives them on a bad day: the process dies at one of its calls, answers are lost after the write and
 * the call is sent again, calls are throttled, and the work list's index shows what it was up to two seconds ago.
 */
import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type TableConfig, Tables } from '../../../shared/kernel/table.ts';
import { Crash } from '../../support/crash.ts';

type Command = Parameters<DynamoDBClient['send']>[0];
type Entry = { pk: string; wpk: string; wsk: string; sk?: string };
type Change = { at: number; pk: string; before: Entry | undefined };

/** How long an index may lag behind its table. */
export const LAG_MS = 2_000;
/** Shares of calls that are throttled, and of writes whose answer is lost. */
const THROTTLED = 0.002;
const ANSWER_LOST = 0.004;

/** What a process meets: where it dies, in calls from now, and whether before or after that call. Undefined: nowhere. */
export type Fate = { at: number; when: 'before' | 'after' } | undefined;

/** One process that serves calls, with what it remembers. It is gone once it has died. */
export type Process = {
  tables: Tables;
  /** Its clock goes wrong by so much. */
  skewMs: number;
  isDead: () => boolean;
  /** Chooses where it dies during the calls that follow. */
  doom: (fate: Fate) => void;
};

export type Unreliable = {
  /** A new process, which remembers nothing. */
  start(skewMs: number): Process;
  /** What waits in a lane at this instant, in order of deadline, with the time since when. */
  waiting(lane: string): { pk: string; wsk: string; since: number }[];
  counts: { crashes: number; throttled: number; answersLost: number; lagged: number };
};

/** `now` gives the virtual time, `draw` numbers in [0, 1). */
export function unreliable(tables: Tables, now: () => number, draw: () => number): Unreliable {
  const config = tables.owner as TableConfig;
  const counts = { crashes: 0, throttled: 0, answersLost: 0, lagged: 0 };
  const standing = new Map<string, Entry & { since: number }>();
  const byLane = new Map<string, Map<string, Entry & { since: number }>>();
  let recent: Change[] = [];
  let transactions = 0;

  const note = (pk: string, item: Record<string, unknown> | undefined) => {
    const before = standing.get(pk);
    const hasEntry = typeof item?.wpk === 'string' && typeof item.wsk === 'string';
    if (before?.wpk === item?.wpk && before?.wsk === item?.wsk) return;
    recent = recent.filter((change) => change.at > now() - LAG_MS);
    recent.push({ at: now(), pk, before });
    if (before !== undefined) byLane.get(before.wpk)?.delete(pk);
    if (!hasEntry) {
      standing.delete(pk);
      return;
    }
    const entry = { pk, wpk: item.wpk as string, wsk: item.wsk as string, since: now() };
    standing.set(pk, entry);
    const lane = byLane.get(entry.wpk) ?? new Map<string, Entry & { since: number }>();
    byLane.set(entry.wpk, lane.set(pk, entry));
  };
  /** After each write of heads: what the index will show of them. */
  const lookAtHeads = async (command: Command) => {
    for (const pk of headsOf(command, config.names.requests)) {
      const Key = marshall({ pk, sk: '-' });
      const read = new GetItemCommand({ TableName: config.names.requests, Key, ConsistentRead: true });
      const { Item } = await config.client.send(read);
      note(pk, Item === undefined ? undefined : unmarshall(Item));
    }
  };
  const query = async (command: QueryCommand) => {
    const answer = await config.client.send(command);
    if (command.input.IndexName !== 'worklist') return answer;
    const lag = draw() * LAG_MS;
    const lane = command.input.ExpressionAttributeValues?.[':p']?.S;
    const found = (answer.Items ?? []).map((item) => unmarshall(item) as Entry);
    const items = new Map(found.map((entry) => [entry.pk, entry]));
    for (const { pk, before } of recent.filter((change) => change.at > now() - lag).toReversed()) {
      counts.lagged += 1;
      items.delete(pk);
      if (before !== undefined && before.wpk === lane) items.set(pk, { ...before, sk: '-' });
    }
    const shown = [...items.values()].sort((a, b) => (a.wsk < b.wsk ? -1 : 1)).slice(0, command.input.Limit);
    return { ...answer, Items: shown.map((entry) => marshall(entry)) };
  };
  const send = async (command: Command): Promise<unknown> => {
    if (draw() < THROTTLED) {
      counts.throttled += 1;
      throw Object.assign(new Error('throttled'), { name: 'ProvisionedThroughputExceededException' });
    }
    if (command instanceof QueryCommand) return query(command);
    if (command instanceof GetItemCommand) return config.client.send(command);
    if (command instanceof BatchGetItemCommand) return config.client.send(command);
    // A call that is sent again carries the token of its first try, as the SDK's own repetitions do.
    if (command instanceof TransactWriteItemsCommand)
      command.input.ClientRequestToken ??= `simulated-${++transactions}`;
    try {
      const answer: unknown = await config.client.send(command);
      if (draw() >= ANSWER_LOST) return answer;
      counts.answersLost += 1;
      return await config.client.send(command);
    } finally {
      await lookAtHeads(command);
    }
  };

  return {
    start: (skewMs) => {
      let fate: Fate;
      let calls = 0;
      let isDead = false;
      const live = async (command: Command): Promise<unknown> => {
        if (isDead) throw new Crash('the process is gone');
        calls += 1;
        if (fate === undefined || calls !== fate.at) return send(command);
        isDead = true;
        counts.crashes += 1;
        if (fate.when === 'after') await send(command);
        throw new Crash('the process died');
      };
      const client = { send: live } as unknown as DynamoDBClient;
      const doom = (next: Fate) => {
        fate = next;
        calls = 0;
      };
      return { tables: new Tables({ ...config, client }), skewMs, isDead: () => isDead, doom };
    },
    waiting: (lane) => [...(byLane.get(lane)?.values() ?? [])].sort((a, b) => (a.wsk < b.wsk ? -1 : 1)),
    counts,
  };
}

type Keyed = { TableName?: string; Key?: { pk?: AttributeValue }; Item?: { pk?: AttributeValue } };

/** The partition keys of heads that a command writes. */
function headsOf(command: Command, table: string): string[] {
  const input = command.input as Keyed & { TransactItems?: Record<string, Keyed>[] };
  const writes = input.TransactItems?.flatMap((write) => Object.values(write)) ?? [input];
  return writes.flatMap(({ TableName, Key, Item }) => {
    const pk = (Key?.pk ?? Item?.pk)?.S;
    return TableName === table && pk?.startsWith('R#') === true ? [pk] : [];
  });
}
