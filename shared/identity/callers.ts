/**
 * Remembers who a caller is, so that not every call reads it again. Whatever changes who may do what forgets at once, in its own
 * process, what is remembered about that person and organisation; other processes learn it within five seconds.
 */
import { type CacheOwner, FORGOTTEN_AT_WRITES } from '../kernel/cache.ts';
import type { Refusal } from '../kernel/result.ts';
import type { Tables } from '../kernel/table.ts';

const MOST_ENTRIES = 10_000;

/** The persons and organisations that something remembered follows from; where that is not known, any change forgets it. */
export type About = readonly string[] | 'anybody';

type Entry = { readonly at: number; readonly about: About; readonly value: Promise<unknown> };

/**
 * A bounded map of what was just read. An entry ends after some machine time: who somebody is and what a key may do is no
 * matter of the market's clock. Refusals and failures are not remembered; callers that ask at the same time share one read.
 */
class Callers {
  private readonly entries = new Map<string, Entry>();
  private readonly maxAgeMs: number;

  constructor(maxAgeMs: number) {
    this.maxAgeMs = maxAgeMs;
  }

  async get<T extends { ok: true } | Refusal>(
    key: string,
    about: About,
    machineNow: number,
    load: () => Promise<T>,
  ): Promise<T> {
    const known = this.entries.get(key);
    if (known !== undefined && Math.abs(machineNow - known.at) < this.maxAgeMs) return known.value as Promise<T>;
    const entry: Entry = { at: machineNow, about, value: load() };
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

  forget(changed: readonly string[]): void {
    for (const [key, { about }] of this.entries)
      if (about === 'anybody' || about.some((one) => changed.includes(one))) this.entries.delete(key);
  }

  private drop(key: string, entry: Entry): void {
    if (this.entries.get(key) === entry) this.entries.delete(key);
  }

  private dropOldest(): void {
    const oldest = this.entries.keys().next();
    if (!oldest.done) this.entries.delete(oldest.value);
  }
}

const all = new WeakMap<CacheOwner, Callers>();

/** What is remembered of the callers of one set of tables. */
export function callersOf(owner: CacheOwner): Callers {
  const known = all.get(owner);
  if (known !== undefined) return known;
  const callers = new Callers(FORGOTTEN_AT_WRITES[owner.isAlone === true ? 'alone' : 'besideOthers']);
  all.set(owner, callers);
  return callers;
}

/**
 * Makes a change to what some persons and organisations may do, and forgets what was remembered about them, also where nobody
 * knows whether it was made.
 */
export async function changingCallers<T>(
  tables: Tables,
  about: readonly string[],
  change: () => Promise<T>,
): Promise<T> {
  try {
    return await change();
  } finally {
    all.get(tables.owner)?.forget(about);
  }
}
