import { describe, expect, it } from 'vitest';
import { creditedBy, partsOf } from './credited.ts';

const note = (
  netMicros: number,
  taxMicros: number,
  [unpaidMicros, creditMicros, refundMicros, chargedBackMicros]: [number, number, number, number],
) => ({ netMicros, taxMicros, unpaidMicros, creditMicros, refundMicros, chargedBackMicros });

describe('what credit notes gave back', () => {
  it('is all of it, tax included, though only a part lowers what is left to pay', () => {
    const credited = creditedBy([note(100, 20, [0, 120, 0, 0]), note(50, 10, [40, 0, 15, 5])]);
    expect(credited).toEqual({
      notes: 2,
      micros: 180,
      unpaidMicros: 40,
      creditMicros: 120,
      refundMicros: 15,
      chargedBackMicros: 5,
    });
    expect(partsOf(credited)).toEqual([
      ['unpaid', 40],
      ['credit', 120],
      ['refund', 15],
      ['chargedBack', 5],
    ]);
  });

  it('names no part that is nothing', () => {
    expect(partsOf(creditedBy([note(100, 0, [0, 100, 0, 0])]))).toEqual([['credit', 100]]);
    expect([creditedBy([]).micros, partsOf(creditedBy([]))]).toEqual([0, []]);
  });
});
