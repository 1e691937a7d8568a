import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asMicros,
  centsOf,
  floorDiv,
  formatMicros,
  microsOfCents,
  mulDivCeil,
  mulDivFloor,
  shareBps,
  splitByLargestRemainder,
  wholeCents,
} from './money.ts';

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

describe('cents', () => {
  it('are ten thousand micro-units each, both ways', () => {
    expect(microsOfCents(1_234)).toBe(12_340_000);
    expect(microsOfCents(-5)).toBe(-50_000);
    expect(centsOf(12_340_000)).toBe(1_234);
    expect(centsOf(-50_000)).toBe(-5);
    expect(Object.is(centsOf(-0), 0)).toBe(true);
  });

  it('are whole, or no cents at all', () => {
    for (const micros of [1, 9_999, 12_345_678, -1, 0.5, 2 ** 53 * 10_000])
      expect(() => centsOf(micros)).toThrow('not a whole number of cents');
  });

  it('in an amount leave at least nothing and less than a cent over', () => {
    for (const [micros, cents] of [
      [0, 0],
      [9_999, 0],
      [10_000, 10_000],
      [19_999, 10_000],
      [-1, -10_000],
      [-10_000, -10_000],
    ] as const)
      expect(wholeCents(micros)).toBe(cents);
  });
});

describe('division', () => {
  it.each([
    [7n, 2n, 3n, 4n],
    [-7n, 2n, -4n, -3n],
    [8n, 2n, 4n, 4n],
    [-8n, 2n, -4n, -4n],
    [0n, 5n, 0n, 0n],
    [1n, 5n, 0n, 1n],
  ] as const)('of %i by %i goes down to %i and up to %i', (a, b, down, up) => {
    expect(floorDiv(a, b)).toBe(down);
    expect(mulDivFloor(a, 1, b)).toBe(Number(down));
    expect(mulDivCeil(a, 1, b)).toBe(Number(up));
    expect(mulDivCeil(a, 3n, 3n * b)).toBe(Number(up));
  });
});

describe('a split over no weight', () => {
  it('is of nothing to each, or not possible', () => {
    const none = new Map<string, number | bigint>([
      ['a', 0],
      ['b', 0n],
    ]);
    expect(splitByLargestRemainder(0, none)).toEqual(
      new Map([
        ['a', 0],
        ['b', 0],
      ]),
    );
    expect(() => splitByLargestRemainder(1, none)).toThrow('over no weight');
    expect(splitByLargestRemainder(0, new Map())).toEqual(new Map());
    expect(() => asMicros(0.5)).toThrow('not a whole number of micro-units: 0.5');
  });
});
