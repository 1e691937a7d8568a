import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CacheOwner, cachePerOwner, FORGOTTEN_AT_WRITES } from './cache.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const cacheOf = cachePerOwner<number>(2, FORGOTTEN_AT_WRITES);
/** What is answered before a pause and after it, by a source that answers another number each time. */
async function beforeAndAfter(owner: CacheOwner, pauseMs: number): Promise<[number, number]> {
  let asked = 0;
  const load = async () => ++asked;
  const before = await cacheOf(owner).get('a', load);
  vi.setSystemTime(Date.now() + pauseMs);
  return [before, await cacheOf(owner).get('a', load)];
}

describe('a cache of what every write forgets', () => {
  it('is at most five seconds old beside other processes, and ten minutes where none writes', async () => {
    expect(await beforeAndAfter({}, 5_000)).toEqual([1, 1]);
    expect(await beforeAndAfter({}, 5_001)).toEqual([1, 2]);
    expect(await beforeAndAfter({ isAlone: true }, 600_000)).toEqual([1, 1]);
    expect(await beforeAndAfter({ isAlone: true }, 600_001)).toEqual([1, 2]);
  });

  it('asks again after a write, also where it was being asked for meanwhile', async () => {
    const cache = cacheOf({ isAlone: true });
    const slow = Promise.withResolvers<number>();
    const early = cache.get('a', () => slow.promise);
    cache.forget('a');
    slow.resolve(1);
    expect(await early).toBe(1);
    expect(await cache.get('a', async () => 2)).toBe(2);
  });

  it('is brought up to what was written, also while it is being asked for, and does not live longer for it', async () => {
    const cache = cacheOf({});
    cache.change('a', (n) => n + 1);
    expect(cache.has('a')).toBe(false);
    const slow = Promise.withResolvers<number>();
    const early = cache.get('a', () => slow.promise);
    cache.change('a', (n) => n + 10);
    slow.resolve(1);
    expect([await early, await cache.get('a', async () => 0)]).toEqual([1, 11]);
    vi.setSystemTime(Date.now() + 4_000);
    cache.change('a', (n) => n + 100);
    vi.setSystemTime(Date.now() + 1_001);
    expect(await cache.get('a', async () => 2)).toBe(2);
    const failing = cache.get('b', () => Promise.reject(new Error('no')));
    cache.change('b', (n) => n + 1);
    await expect(failing).rejects.toThrow('no');
    expect(await cache.get('b', async () => 3)).toBe(3);
  });

  it('remembers no failure, and no more than it may', async () => {
    const cache = cacheOf({ isAlone: true });
    await expect(cache.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get('a', async () => 1)).toBe(1);
    cache.set('b', 2);
    cache.set('c', 3);
    expect([cache.has('a'), cache.has('b'), cache.has('c')]).toEqual([false, true, true]);
  });
});
