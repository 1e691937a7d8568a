import { describe, expect, it } from 'vitest';
import { addEntry, nothingBillable } from './billable.ts';
import { addVariances, hasVolumes, NO_VOLUMES, type Volumes, varianceOf, volumesOf } from './variance.ts';

const volumes = (items: Volumes['items'], otherMicros = 0): Volumes => ({ items, otherMicros });

describe('what was resolved', () => {
  it('is counted by queue and kind over all rounds; what is no resolution is all else', () => {
    const billable = nothingBillable();
    const charge = (queue: string, round: number, outcome: string, micros: number) =>
      addEntry(
        billable,
        {
          event: 'e',
          kind: 'charge',
          occurredAt: '2026-01-05T00:00:00.000Z',
          period: '2026-01',
          currency: 'USD',
          legs: [{ account: '1100', of: 'co_a', micros }],
          facts: { queue, round, outcome },
        },
        'co_a',
      );
    charge('cards', 1, 'confirmed', 500);
    charge('cards', 2, 'confirmed', 300);
    charge('cards', 2, 'confirmed', 200);
    charge('cards', 2, 'assumed', 90);
    charge('loans', 1, 'confirmed', 7);
    billable.groups.set('fee', { kind: 'shortfall', queue: 'cards', round: 1, quantity: 0, micros: 4_000 });
    // Owed in all 6,000, of it 1,097 for resolutions.
    expect(volumesOf(billable, 6_000)).toEqual({
      items: { 'cards#confirmed': [3, 1_000], 'cards#assumed': [1, 90], 'loans#confirmed': [1, 7] },
      otherMicros: 4_903,
    });
    expect(volumesOf(nothingBillable(), -5)).toEqual({ items: {}, otherMicros: -5 });
  });
});

describe('a month', () => {
  it('has something where anything was resolved, or anything else was owed', () => {
    expect(hasVolumes(NO_VOLUMES)).toBe(false);
    expect(hasVolumes(volumes({ a: [1, 0] }))).toBe(true);
    expect(hasVolumes(volumes({}, -1))).toBe(true);
  });

  it('of several companies differs by the sum of their parts', () => {
    const one = { beforeMicros: 1, afterMicros: 2, volumeMicros: 3, mixMicros: 4, priceMicros: 5, otherMicros: 6 };
    const other = {
      beforeMicros: 10,
      afterMicros: 20,
      volumeMicros: 30,
      mixMicros: 40,
      priceMicros: 50,
      otherMicros: 60,
    };
    expect(addVariances(one, other)).toEqual({
      beforeMicros: 11,
      afterMicros: 22,
      volumeMicros: 33,
      mixMicros: 44,
      priceMicros: 55,
      otherMicros: 66,
    });
  });
});

describe('why a month differs', () => {
  it.each([
    ['twice as many at the same price', { a: [10, 50] }, { a: [20, 100] }, [50, 0, 0]],
    ['as many at a higher price', { a: [10, 50] }, { a: [10, 60] }, [0, 0, 10]],
    // 10 at 5 and 10 at 1 → 15 at 5 and 5 at 1: as many, but dearer ones.
    ['other ones among as many', { a: [10, 50], b: [10, 10] }, { a: [15, 75], b: [5, 5] }, [0, 20, 0]],
    ['a first month', {}, { a: [3, 30] }, [30, 0, 0]],
    ['a month without any', { a: [3, 30] }, {}, [-30, 0, 0]],
    // ⌊(2 − 3)·10/3⌋ = −4; the price of what is still bought: 7 − ⌊2·10/3⌋ = 1; mix: −3 − (−4) − 1.
    ['what does not divide, toward −∞', { a: [3, 10] }, { a: [2, 7] }, [-4, 0, 1]],
    // One more at an average of 10: 10; a new kind of 4: none of its price was known; mix: 4 − 10.
    ['a kind that is new', { a: [1, 10] }, { a: [1, 10], b: [1, 4] }, [10, -6, 0]],
    // A kind of which nothing was resolved before has no price to compare with.
    ['a kind that was listed and not bought', { a: [1, 10], b: [0, 0] }, { a: [1, 10], b: [1, 4] }, [10, -6, 0]],
    ['nothing at all', {}, {}, [0, 0, 0]],
  ] as const)('by %s', (_, before, after, [volumeMicros, mixMicros, priceMicros]) => {
    const of = (items: object) => volumes(items as Volumes['items']);
    expect(varianceOf(of(before), of(after))).toMatchObject({
      volumeMicros,
      mixMicros,
      priceMicros,
      otherMicros: 0,
    });
  });

  it('has what is no resolution apart: before 50 + 7, after 60 − 3', () => {
    expect(varianceOf(volumes({ a: [10, 50] }, 7), volumes({ a: [10, 60] }, -3))).toEqual({
      beforeMicros: 57,
      afterMicros: 57,
      volumeMicros: 0,
      mixMicros: 0,
      priceMicros: 10,
      otherMicros: -10,
    });
    expect(varianceOf(NO_VOLUMES, volumes({}, 4)).otherMicros).toBe(4);
  });

  it('is exact where a count times an amount passes what a number can hold', () => {
    // 3,000,001 of 9·10¹⁵ / 3,000,000: ⌊1 · 9·10¹⁵ / 3·10⁶⌋ = 3·10⁹ more.
    const before = volumes({ a: [3_000_000, 9_000_000_000_000_000] });
    const after = volumes({ a: [3_000_001, 9_000_003_000_000_000] });
    expect(varianceOf(before, after)).toMatchObject({ volumeMicros: 3_000_000_000, priceMicros: 0, mixMicros: 0 });
  });
});
