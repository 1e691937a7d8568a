import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { providerOfSlot, slotsByProvider } from './sequence.ts';

const shares = fc
  .array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 8 })
  .map((volumes) => volumes.map((volume, i) => ({ provider: `pr_${i}`, volume })));

describe('the order of slots', () => {
  it('gives each provider its share of the first n slots to within one, for every n', () => {
    fc.assert(
      fc.property(shares, (all) => {
        const total = all.reduce((sum, share) => sum + share.volume, 0);
        const given = new Map(all.map((share) => [share.provider, 0]));
        for (let n = 1; n <= total; n++) {
          const provider = providerOfSlot(all, n - 1);
          given.set(provider, given.get(provider)! + 1);
          for (const share of all)
            expect(Math.abs(given.get(share.provider)! - (n * share.volume) / total)).toBeLessThan(1);
        }
        for (const share of all) expect(given.get(share.provider)).toBe(share.volume);
      }),
      { numRuns: 200 },
    );
  });

  it('alternates two equal providers', () => {
    const two = [
      { provider: 'a', volume: 3 },
      { provider: 'b', volume: 3 },
    ];
    const order = [0, 1, 2, 3, 4, 5].map((slot) => providerOfSlot(two, slot));
    expect(order.slice(0, 2).sort()).toEqual(['a', 'b']);
    expect(order.slice(2, 4).sort()).toEqual(['a', 'b']);
  });

  it('refuses a slot beyond the award, which no counter gives out', () => {
    expect(() => providerOfSlot([{ provider: 'a', volume: 2 }], 2)).toThrow(RangeError);
    expect(() => providerOfSlot([], 0)).toThrow(RangeError);
  });

  it('counts slots by provider as the order gives them', () => {
    const counts = slotsByProvider(
      [
        { provider: 'a', volume: 6 },
        { provider: 'b', volume: 2 },
      ],
      4,
    );
    expect([counts.get('a'), counts.get('b')]).toEqual([3, 1]);
  });
});
