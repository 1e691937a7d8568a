/** Tables that count the items they read, each by what it is: what a run costs the engine and the market's own thread. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { plain } from '../../shared/kernel/attributes.ts';
import { type Key, keyText, type TableConfig, Tables } from '../../shared/kernel/table.ts';

type Answer = {
  Item?: Record<string, never>;
  Items?: Record<string, never>[];
  Responses?: Record<string, Record<string, never>[]>;
};

/**
 * Every whole item that comes back, by its key, as often as it does. Lists of keys alone are no items. `nameOf` says what
 * an item is; what it gives no name is not counted.
 */
export function countingItems(tables: Tables, nameOf: (key: Key) => string | undefined) {
  const config = tables.owner as TableConfig;
  const seen: { name: string; key: string }[] = [];
  const send = async (command: Parameters<DynamoDBClient['send']>[0]): Promise<unknown> => {
    const answer = (await config.client.send(command)) as Answer;
    const isOfIndex = (command.input as { IndexName?: string }).IndexName !== undefined;
    const items = [
      ...(answer.Item === undefined ? [] : [answer.Item]),
      ...(isOfIndex ? [] : (answer.Items ?? [])),
      ...Object.values(answer.Responses ?? {}).flat(),
    ];
    for (const item of items) {
      const key = plain(item) as Key;
      const name = nameOf(key);
      if (name !== undefined) seen.push({ name, key: keyText(key) });
    }
    return answer;
  };
  return {
    tables: new Tables({ ...config, client: { send } as unknown as DynamoDBClient }),
    /** How many items of each name were read since this was asked last, and how many of them were read before. */
    take: (): { read: Record<string, number>; again: Record<string, number> } => {
      const all = seen.splice(0);
      const count = (some: typeof all) =>
        Object.fromEntries([...Map.groupBy(some, ({ name }) => name)].map(([name, items]) => [name, items.length]));
      const known = new Set<string>();
      const again = all.filter(({ key }) => known.size === known.add(key).size);
      return { read: count(all), again: count(again) };
    },
  };
}
