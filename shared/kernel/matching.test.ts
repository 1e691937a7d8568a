import { describe, expect, it } from 'vitest';
import { pageOfMatching } from './matching.ts';

/** The numbers from 1 to `most`, a page at a time, and how often it was read. */
function numbers(most: number) {
  const read = { times: 0 };
  const list = async ({ limit, after }: { limit: number; after?: Record<string, unknown> }) => {
    read.times++;
    const from = Number(after?.n ?? 0);
    const items = Array.from({ length: Math.min(limit, most - from) }, (_, n) => from + n + 1);
    const last = from + items.length;
    return { items, after: last < most ? { pk: 'n', sk: 'n', n: last } : undefined };
  };
  return { list, read };
}
const fives = (n: number) => (n % 5 === 0 ? n : undefined);

describe('a page of what matches', () => {
  it('is filled from further pages, and the next one goes on behind the last that was looked at', async () => {
    const { list } = numbers(30);
    const first = await pageOfMatching(list, fives, { limit: 4 });
    expect(first.items).toEqual([5, 10, 15, 20]);
    const second = await pageOfMatching(list, fives, { limit: 4, after: first.after });
    expect(second).toEqual({ items: [25, 30], after: undefined });
  });

  it('looks ten times at the most, and says that there may be more', async () => {
    const { list, read } = numbers(1_000);
    const page = await pageOfMatching(list, (n) => (n === 999 ? n : undefined), { limit: 10 });
    expect([page.items, read.times, page.after?.n]).toEqual([[], 10, 100]);
  });

  it('reads once where all match', async () => {
    const { list, read } = numbers(30);
    const page = await pageOfMatching(list, (n) => n, { limit: 20 });
    expect([page.items.length, read.times, page.after?.n]).toEqual([20, 1, 20]);
  });
});
