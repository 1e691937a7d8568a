/** Bare writes to the market's engine from this process, beside which the market's own work is measured. */
import { mapConcurrent } from '../../../shared/kernel/call.ts';
import type { Item, Tables } from '../../../shared/kernel/table.ts';
import { IN_FLIGHT } from './load.ts';
import { NO_SHARES, type Shares, sharesSince, sharesTogether } from './processor.ts';

/** Seconds and processor time of all bare writes so far. */
export type Bare = { seconds: number; processor: Shares };

/** Puts items one by one, as many in flight as the load has calls, and counts what they took. */
export function bareWriter(tables: Tables, clock: () => Promise<Shares>) {
  const all: Bare = { seconds: 0, processor: NO_SHARES };
  const write = async (items: readonly Item[]): Promise<void> => {
    const before = await clock();
    const from = performance.now();
    await mapConcurrent(items, IN_FLIGHT, (item) => tables.put('requests', item));
    all.seconds += (performance.now() - from) / 1_000;
    all.processor = sharesTogether(all.processor, sharesSince(before, await clock()));
  };
  return { all, write };
}

/** So many items of so many bytes, nearly all of it one text. `name` keeps them apart from others. */
export function textItems(name: string, number: number, bytes: number): Item[] {
  const filling = 'x'.repeat(Math.max(1, Math.round(bytes) - 40));
  return Array.from({ length: number }, (_, i) => ({ pk: `BARE#${name}#${i % 997}`, sk: String(i), filling }));
}

/** Such items of which `entries` in all stand in an index of their table, each in one or both. */
export function listedItems(name: string, number: number, bytes: number, entries: number): Item[] {
  return textItems(`${name}#listed`, number, bytes).map((item, i) => {
    // Spread evenly over all: what the first i + 1 items have, less what the first i have.
    const [before, through] = [Math.floor((i * entries) / number), Math.floor(((i + 1) * entries) / number)];
    const order = `${name}#${String(i).padStart(8, '0')}`;
    const keys = [
      { wpk: `bare-${i % 97}`, wsk: order },
      { lpk: `bare-${i % 89}`, lsk: order },
    ].slice(0, through - before);
    const listed = Object.assign({}, ...keys) as Record<string, string>;
    const filling = String(item.filling).slice(JSON.stringify(listed).length);
    return { ...item, filling, ...listed };
  });
}
