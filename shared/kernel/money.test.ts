import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asMicros, formatMicros, mulDivCeil, mulDivFloor, shareBps, splitByLargestRemainder } from './money.ts';

describe('money', () => {
  it('never loses a digit between a volume and a price', () => {
    expect(mulDivFloor(9_007_199_254_740_991, 10_000, 10_000)).toBe(9_007_199_254_740_991);
    expect(mulDivFloor(-7, 1, 2)).toBe(-4);
    expect(mulDivCeil(-7, 1, 2)).toBe(-3);
    expect(shareBps(999_999, 500)).toBe(49_999);
  });

  it('refuses fractions and unsafe integers as bugs, and has no negative zero', () => {
    expect(() => asMicros(0.5)).toThrow(RangeError);
    expect(() => asMicros(2 ** 53)).toThrow(RangeError);
    expect(Object.is(asMicros(-0), 0)).toBe(true);
  });

  it('splits without gaining or losing a micro-unit, each part within one of its share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 9 }),
        (total, weights) => {
          const sum = weights.reduce((a, b) => a + b, 0);
          if (sum === 0) return;
          const parts = splitByLargestRemainder(total, new Map(weights.map((weight, i) => [`id${i}`, weight])));
          expect([...parts.values()].reduce<number>((a, b) => a + b, 0)).toBe(total);
          for (const [i, weight] of weights.entries())
            expect(Math.abs(parts.get(`id${i}`)! - (total * weight) / sum)).toBeLessThan(1);
        },
      ),
    );
  });

  it('gives the odd unit to the largest remainder, ties to the lower id', () => {
    expect([
      ...splitByLargestRemainder(
        10,
        new Map([
          ['b', 1],
          ['a', 1],
          ['c', 1],
        ]),
      ).entries(),
    ]).toEqual([
      ['b', 3],
      ['a', 4],
      ['c', 3],
    ]);
    expect(() => splitByLargestRemainder(1, new Map([['a', 0]]))).toThrow(RangeError);
  });

  it('writes two decimals at least and six at most', () => {
    expect([formatMicros(1_500_000), formatMicros(1_234_567), formatMicros(-50_000), formatMicros(0)]).toEqual([
      '1.50',
      '1.234567',
      '-0.05',
      '0.00',
    ]);
  });
});
