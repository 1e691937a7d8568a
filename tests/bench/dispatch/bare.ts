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
