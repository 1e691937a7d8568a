/**
 * A bounded memory of what was read. What never changes is kept without an age; what may change is kept for a few seconds
 * of machine time, and forgotten at once by the process that changes it: so one process is always right, and others a few
 * seconds late.
 */
import { MINUTE, machineClock, SECOND } from './time.ts';

/** How old something may get, in ms: where other processes may change it, and where none does. */
type Ages = { besideOthers: number; alone: number };
/** Of what every write of it forgets, once it is written. */
export const FORGOTTEN_AT_WRITES: Ages = { besideOthers: 5 * SECOND, alone: 10 * MINUTE };

/** What a cache belongs to: one set of tables, `isAlone` where no other process writes them. */
export type CacheOwner = { isAlone?: boolean };

export class Cache<T> {
  private readonly entries = new Map<string, { value: Promise<T>; at: number }>();
  private readonly most: number;
  private readonly maxAgeMs: number;

  constructor(most: number, maxAgeMs = Number.POSITIVE_INFINITY) {
    this.most = most;
    this.maxAgeMs = maxAgeMs;
  }

  /** The remembered value, or what `load` answers now. A failed load is not remembered. */
  async get(key: string, load: () => Promise<T>): Promise<T> {
    const known = this.peek(key);
    if (known !== undefined) return known;
    const entry = { value: load(), at: machineClock.now() };
    this.put(key, entry);
    try {
      return await entry.value;
    } catch (error) {
      if (this.entries.get(key) === entry) this.entries.delete(key);
      throw error;
    }
  }

  /** Remembers what this process has just written. */
  set(key: string, value: T): void {
    this.put(key, { value: Promise.resolve(value), at: machineClock.now() });
  }

  /** Brings what is remembered up to what this process has just written, as old as it was; where nothing is, nothing changes. */
  change(key: string, changed: (value: T) => T): void {
    const known = this.entries.get(key);
    if (known === undefined) return;
    const entry = { ...known, value: known.value.then(changed) };
    this.entries.set(key, entry);
    entry.value.catch(() => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    });
  }

  /** Whether a value is remembered and not too old. */
  has(key: string): boolean {
    return this.peek(key) !== undefined;
  }

  /** The remembered value; undefined where none is, or it is too old. */
  peek(key: string): Promise<T> | undefined {
    const known = this.entries.get(key);
    return known !== undefined && Math.abs(machineClock.now() - known.at) <= this.maxAgeMs ? known.value : undefined;
  }

  forget(key: string): void {
    this.entries.delete(key);
  }

  private put(key: string, entry: { value: Promise<T>; at: number }): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size > this.most) this.entries.delete(this.entries.keys().next().value as string);
  }
}

/** Caches belong to one set of tables, so that two marketplaces in one process (as in tests) never mix. */
export function cachePerOwner<T>(most: number, maxAge?: number | Ages): (owner: CacheOwner) => Cache<T> {
  const caches = new WeakMap<CacheOwner, Cache<T>>();
  return (owner) => {
    let cache = caches.get(owner);
    if (cache === undefined) {
      const ageMs = typeof maxAge === 'object' ? maxAge[owner.isAlone === true ? 'alone' : 'besideOthers'] : maxAge;
      cache = new Cache<T>(most, ageMs);
      caches.set(owner, cache);
    }
    return cache;
  };
}
