import { describe, expect, it } from 'vitest';
import type { OwnCommitment } from '../../../../shared/award/own-list.ts';
import type { OpenWork } from '../../../../shared/operations/operations.ts';
import { addUp, byDeadline, compared, howHeld } from './figures.ts';

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

  it('says how resolutions held: of 8, 6 in time and 7 not worked again', () => {
    const resolved = (count: number, withinSla: number, reopened: number) => ({
      resolved: { count, withinSla, reopened },
    });
    expect(howHeld([resolved(5, 4, 1), resolved(3, 2, 0)])).toEqual({
      resolved: 8,
      withinSlaBps: 7_500,
      heldBps: 8_750,
    });
    expect(howHeld([])).toEqual({ resolved: 0, withinSlaBps: null, heldBps: null });
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
