/** Remembers for a few seconds who a caller is, so that not every call reads it again. */
import type { Refusal } from '../../shared/kernel/result.ts';

/** How long an answer is used, in milliseconds of machine time: a revoked key works no longer than this. */
export const IDENTITY_CACHE_MS = 5_000;
const MOST_ENTRIES = 10_000;

type Entry = { readonly at: number; readonly value: Promise<unknown> };

/**
 * A bounded map of what was just read. An entry ends after five seconds of machine time: who somebody is and what a key
 * may do is no matter of the market's clock. Refusals and failures are not remembered; callers that ask at the same time share
 * one read.
 */
export class ShortCache {
  private readonly entries = new Map<string, Entry>();

  async get<T extends { ok: true } | Refusal>(key: string, machineNow: number, load: () => Promise<T>): Promise<T> {
    const known = this.entries.get(key);
    if (known !== undefined && isFresh(machineNow - known.at)) return known.value as Promise<T>;
    const entry: Entry = { at: machineNow, value: load() };
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size > MOST_ENTRIES) this.dropOldest();
    try {
      const loaded = (await entry.value) as T;
      if (!loaded.ok) this.drop(key, entry);
      return loaded;
    } catch (error) {
      this.drop(key, entry);
      throw error;
    }
  }

  clear(): void {
    this.entries.clear();
  }

  private drop(key: string, entry: Entry): void {
    if (this.entries.get(key) === entry) this.entries.delete(key);
  }

  private dropOldest(): void {
    const oldest = this.entries.keys().next();
    if (!oldest.done) this.entries.delete(oldest.value);
  }
}

const isFresh = (elapsedMs: number): boolean => Math.abs(elapsedMs) < IDENTITY_CACHE_MS;
