/**
 * A bounded memory of what was read. What never changes is kept without an age; what may change is kept for a few
 * seconds of business time, so that a jump of the market clock forgets it.
 */
export class Cache<T> {
  private readonly entries = new Map<string, { value: Promise<T>; at: number }>();
  private readonly most: number;
  private readonly maxAgeMs: number;

  constructor(most: number, maxAgeMs = Number.POSITIVE_INFINITY) {
    this.most = most;
    this.maxAgeMs = maxAgeMs;
  }

  /** The remembered value, or what `load` answers now. A failed load is not remembered. */
  async get(key: string, now: number, load: () => Promise<T>): Promise<T> {
    const known = this.entries.get(key);
    if (known !== undefined && Math.abs(now - known.at) <= this.maxAgeMs) return known.value;
    const value = load();
    this.entries.delete(key);
    this.entries.set(key, { value, at: now });
    if (this.entries.size > this.most) this.entries.delete(this.entries.keys().next().value as string);
    try {
      return await value;
    } catch (error) {
      this.entries.delete(key);
      throw error;
    }
  }

  forget(key: string): void {
    this.entries.delete(key);
  }
}

/** Caches belong to one set of tables, so that two marketplaces in one process (as in tests) never mix. */
export function cachePerOwner<T>(most: number, maxAgeMs?: number): (owner: object) => Cache<T> {
  const caches = new WeakMap<object, Cache<T>>();
  return (owner) => {
    let cache = caches.get(owner);
    if (cache === undefined) {
      cache = new Cache<T>(most, maxAgeMs);
      caches.set(owner, cache);
    }
    return cache;
  };
}
