import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { improves } from './improve.ts';

/** `offer(capacity, [[from, price], …])`. */
const offer = (capacity: number, tiers: readonly (readonly [number, number])[]) => ({
  capacity,
  tiers: tiers.map(([minVolume, priceMicros]) => ({ minVolume, priceMicros })),
});
const PLACED = offer(100, [
  [10, 50],
  [40, 30],
]);

describe('a bid after the first provisional clearing', () => {
  it.each([
    [
      'the same bid',
      offer(100, [
        [10, 50],
        [40, 30],
      ]),
    ],
    [
      'more capacity',
      offer(120, [
        [10, 50],
        [40, 30],
      ]),
    ],
    [
      'a lower price',
      offer(100, [
        [10, 49],
        [40, 30],
      ]),
    ],
    [
      'a lower minimum award',
      offer(100, [
        [0, 50],
        [40, 30],
      ]),
    ],
    [
      'a tier that begins earlier',
      offer(100, [
        [10, 50],
        [35, 30],
      ]),
    ],
    ['one tier at the lowest price', offer(100, [[10, 30]])],
    [
      'a further tier',
      offer(100, [
        [10, 50],
        [40, 30],
        [90, 20],
      ]),
    ],
  ])('may become %s', (_name, next) => {
    expect(improves(PLACED, next)).toEqual({ ok: true, value: null });
  });

  it.each([
    [
      'less capacity',
      offer(99, [
        [10, 50],
        [40, 30],
      ]),
      'capacity',
      'capacity fell from 100 to 99',
    ],
    ['a higher minimum award', offer(100, [[11, 1]]), 'tiers', 'minimum award rose from 10 to 11'],
    [
      'a higher price',
      offer(100, [
        [10, 51],
        [40, 30],
      ]),
      'tiers',
      'at 10 requests the price rose from 50 to 51',
    ],
    [
      'a tier that begins later',
      offer(100, [
        [10, 50],
        [41, 30],
      ]),
      'tiers',
      'at 40 requests the price rose from 30 to 50',
    ],
    ['fewer tiers', offer(100, [[10, 50]]), 'tiers', 'at 40 requests the price rose from 30 to 50'],
    [
      'cheaper here and dearer there',
      offer(200, [
        [10, 1],
        [40, 31],
      ]),
      'tiers',
      'at 40 requests the price rose',
    ],
  ])('may not become %s, and the refusal says what got worse', (_name, next, field, what) => {
    const refused = improves(PLACED, next);
    expect(refused).toMatchObject({ ok: false, code: 'bid_may_only_improve', retryable: false, extra: { field } });
    expect(refused.ok ? '' : refused.detail).toContain(what);
  });

  it('is not bound by a tier that its own capacity never reached', () => {
    const placed = offer(20, [
      [0, 50],
      [40, 30],
    ]);
    expect(improves(placed, offer(100, [[1, 50]])).ok).toBe(true);
  });

  it('improves exactly where capacity, minimum award and the price at every single volume do', () => {
    const bid = fc
      .record({
        capacity: fc.integer({ min: 1, max: 12 }),
        from: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 3 }),
        prices: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 3 }),
      })
      .map(({ capacity, from, prices }) => {
        const falling = [...prices].sort((a, b) => b - a);
        return offer(
          capacity,
          [...from].sort((a, b) => a - b).map((volume, i) => [volume, falling[i]!] as const),
        );
      });
    const quote = ({ tiers }: ReturnType<typeof offer>, volume: number): number | null => {
      let price: number | null = null;
      for (const tier of tiers) if (volume >= tier.minVolume) price = tier.priceMicros;
      return price;
    };
    fc.assert(
      fc.property(bid, bid, (old, next) => {
        let good = next.capacity >= old.capacity;
        for (let volume = 1; volume <= old.capacity; volume++) {
          const [before, after] = [quote(old, volume), quote(next, volume)];
          if (before !== null && (after === null || after > before)) good = false;
        }
        // A bid whose minimum lies above its capacity offers nothing, but its minimum still counts.
        const minimum = (bid: typeof old) => Math.max(1, bid.tiers[0]!.minVolume);
        if (minimum(next) > minimum(old)) good = false;
        expect(improves(old, next).ok).toBe(good);
      }),
      { numRuns: 2_000 },
    );
  });
});
