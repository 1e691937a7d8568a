import { describe, expect, it } from 'vitest';
import { Writers } from './writers.ts';

describe('the writers of a process', () => {
  it('stand in their lists by the time of their call', async () => {
    expect(await new Writers().run(1_000, async (postedAt) => postedAt)).toBe(1_000);
  });

  it('never come to stand where somebody has folded already, however the clock leapt', async () => {
    const writers = new Writers();
    await writers.areThrough(5_000);
    await writers.areThrough(2_000);
    expect(await writers.run(1_000, async (postedAt) => postedAt)).toBe(5_001);
    expect(await writers.run(5_000, async (postedAt) => postedAt)).toBe(5_001);
    expect(await writers.run(6_000, async (postedAt) => postedAt)).toBe(6_000);
  });

  it('stand by the time of their call again where a market starts over by another clock', async () => {
    const writers = new Writers();
    await writers.areThrough(5_000);
    writers.startOver();
    expect(await writers.run(1_000, async (postedAt) => postedAt)).toBe(1_000);
  });

  it('are waited for while they write, also those that fail, and never after', async () => {
    const writers = new Writers();
    const ends: ((fails: boolean) => void)[] = [];
    const write = () =>
      writers
        .run(
          1,
          () => new Promise<void>((done, fail) => ends.push((fails) => (fails ? fail(new Error('lost')) : done()))),
        )
        .catch(() => {});
    const both = [write(), write()];
    let isThrough = false;
    const through = writers.areThrough(10).then(() => {
      isThrough = true;
    });
    ends[0]?.(true);
    await both[0];
    expect(isThrough).toBe(false);
    ends[1]?.(false);
    await through;
    await writers.areThrough(20);
    expect(isThrough).toBe(true);
  });
});
