/** What a store needs of the call it works for: metered tables and the instant, read once, by which all is judged. */
import type { QueueName } from './message.ts';
import type { Tables } from './table.ts';

export type Call = {
  readonly tables: Tables;
  readonly now: number;
  /** Hurries what was written. It never throws: a message that is lost is found by a sweep. Absent where nothing hurries. */
  readonly hurry?: (queue: QueueName, bodies: readonly unknown[]) => Promise<void>;
  /** What several parts of one run look at, read once for all of them. Absent where a call works alone. */
  readonly shared?: Map<string, Promise<unknown>>;
};

/** Reads something once for all parts of a run; by itself where there are none. A reading that fails is not kept. */
export function readOnce<T>({ shared }: Call, name: string, read: () => Promise<T>): Promise<T> {
  const known = shared?.get(name);
  if (known !== undefined) return known as Promise<T>;
  const reading = read();
  shared?.set(name, reading);
  reading.catch(() => shared?.delete(name));
  return reading;
}

/** Runs `work` over items, at most `width` at a time, and keeps their order. The first error stops new ones and is thrown. */
export async function mapConcurrent<T, U>(
  items: readonly T[],
  width: number,
  work: (item: T, place: number) => Promise<U>,
): Promise<U[]> {
  const results: U[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const place = next++;
      results[place] = await work(items[place] as T, place);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
