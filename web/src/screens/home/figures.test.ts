import { describe, expect, it } from 'vitest';
import type { OwnCommitment } from '../../../../shared/award/own-list.ts';
import type { OpenWork } from '../../../../shared/operations/operations.ts';
import { addUp, byDeadline, compared, expectedQualityBps } from './figures.ts';

const own = (currency: string, award: Record<string, unknown> | null) =>
  ({ commitment: { currency }, award }) as unknown as OwnCommitment;
const work = (queue: string, open: OpenWork['open'], earliestDeadline: string | null, isAtLeast = false) =>
  ({ queue, open, earliestDeadline, overdue: 0, looked: { count: 9, isAtLeast } }) as OpenWork;

describe('the home of a company', () => {
  it('compares what awards cost with alone by currency, and leaves out what has no price alone', () => {
    const price = { awarded: 10, totalMicros: 30, standalonePriceMicros: 4 };
    expect(
      compared([
        own('USD', price),
        own('USD', { awarded: 5, totalMicros: 20, standalonePriceMicros: 6 }),
        own('EUR', price),
        own('USD', { awarded: 7, totalMicros: 99, standalonePriceMicros: null }),
        own('USD', null),
      ]),
    ).toEqual([
      { currency: 'USD', awarded: 15, paidMicros: 50, aloneMicros: 70 },
      { currency: 'EUR', awarded: 10, paidMicros: 30, aloneMicros: 40 },
    ]);
  });

  it('loses no micro-unit where a product is beyond what a float can hold', () => {
    const award = { awarded: 3_000_001, totalMicros: 1, standalonePriceMicros: 3_000_000_001 };
    expect(compared([own('USD', award)])[0]?.aloneMicros).toBe(9_000_003_003_000_001);
  });

  it('weighs quality by awarded volume: 30 at 90 % and 10 at 70 % are 85 %', () => {
    const award = {
      byProvider: [
        { provider: 'a', volume: 30 },
        { provider: 'b', volume: 10 },
        { provider: 'c', volume: 5 },
      ],
    };
    const quality = new Map([
      ['a', 9_000],
      ['b', 7_000],
    ]);
    expect(expectedQualityBps([own('USD', award)], quality)).toBe(8_500);
    expect(expectedQualityBps([own('USD', null)], quality)).toBeNull();
  });

  it('orders queues by their earliest deadline and leaves out those with nothing open', () => {
    const all = [
      work('none', {}, null),
      work('done', { confirmed: 4 }, null),
      work('later', { queued: 1 }, '2026-02-02T00:00:00.000Z'),
      work('judge', { resolved: 2 }, null, true),
      work('sooner', { working: 3 }, '2026-02-01T00:00:00.000Z'),
    ];
    expect(byDeadline(all).map(({ queue }) => queue)).toEqual(['sooner', 'later', 'judge']);
    expect(addUp(all, ['queued', 'working'])).toEqual({ count: 4, isAtLeast: true });
  });
});
