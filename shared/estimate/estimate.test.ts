import { describe, expect, it } from 'vitest';
import type { PublicQueue, PublicRound } from '../queue/queue.ts';
import { estimateClass } from './estimate.ts';

const queue = { id: 'q' } as PublicQueue;
const round = (number: number, price: number | null, alone: number | null = null): PublicRound =>
  ({ round: number, averagePriceMicros: price, averageStandaloneMicros: alone }) as PublicRound;

describe('an estimate', () => {
  it('gives the newest round’s price as likely, and the lowest and highest of all as its range', () => {
    const rounds = [
      round(4, null),
      round(1, 6_000_000, 6_000_000),
      round(3, 5_230_000, 6_500_000),
      round(2, 4_900_000, 7_000_000),
    ];
    // 1 − 5.23/6.5 = 19.5 %, 1 − 4.9/7 = 30 %, 1 − 6/6 = 0; 5.23 is 5.2 on the grid.
    expect(estimateClass('q', 100, queue, rounds)).toMatchObject({
      basis: 'several_rounds',
      rounds: 3,
      priceMicros: { low: 4_900_000, likely: 5_200_000, high: 6_000_000 },
      savingBps: { low: 0, likely: 1_900, high: 3_000 },
      costMicros: { low: 490_000_000, likely: 520_000_000, high: 600_000_000 },
    });
  });

  it('says that one round gives no range, and names no price where none was published or there is no queue', () => {
    expect(estimateClass('q', 1, queue, [round(1, 5_000_000)])).toMatchObject({ basis: 'one_round', savingBps: null });
    const little = estimateClass('q', 1, queue, [round(1, null)]);
    expect(little).toMatchObject({ basis: 'too_little_data', priceMicros: null, costMicros: null });
    expect(estimateClass('q', 1, undefined, [])).toMatchObject({ basis: 'no_queue', priceMicros: null });
  });
});
