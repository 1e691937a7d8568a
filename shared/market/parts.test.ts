/** The parts of the clearing on their own: tiers, sharing, transport plans, splitting the gain. */
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { asMicros } from '../kernel/money.ts';
import { allocate } from './allocation.ts';
import { holds } from './market.oracle.ts';
import { orderBidders } from './order.ts';
import { capacityShareBase, paymentFor, splitGain, standalonePrice } from './pricing.ts';
import { shareAmongAlike } from './sharing.ts';
import { standaloneSurplus } from './standalone.ts';
import { checkTiers } from './tiers.ts';
import { planTransport } from './transport.ts';

test.each([
  [
    'prices that rise with volume, with the reason',
    [tier(0, 5), tier(10, 6)],
    /Tier 2 costs more \(6\) than tier 1 \(5\): lower it to 5 or less.*guarantee/,
  ],
  [
    'thresholds that do not rise',
    [tier(3, 5), tier(3, 4)],
    /Tier 2 starts at 3 requests.*raise its minimum volume or remove it/,
  ],
  ['no tier at all', [], /at least one/],
  ['more than ten tiers', Array.from({ length: 11 }, (_, t) => tier(t, 5)), /at most ten/],
  ['a volume that is not whole', [tier(0, 5), tier(2.5, 4)], /Tier 2: minVolume must be a whole number of requests/],
  ['a price below 0', [tier(0, -1)], /Tier 1: priceMicros must be whole micro-units/],
  ['something else', ['cheap'], /Tier 1: the tier must be/],
])('refused: %s', (_, tiers, message) => {
  const checked = checkTiers(tiers);
  expect(checked.ok).toBe(false);
  expect(checked.ok ? '' : checked.detail).toMatch(message);
});

test('level and falling prices are taken as they are', () => {
  const tiers = [tier(0, 5), tier(4, 5), tier(9, 0)];
  expect(checkTiers(tiers)).toEqual({ ok: true, tiers });
});

function tier(minVolume: number, priceMicros: number) {
  return { minVolume, priceMicros };
}

test('alike companies share every provider as if each request went to the one furthest behind', async () => {
  const property = fc.property(
    fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 6 }),
    fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 4 }),
    (volumes, wanted) => {
      let left = volumes.reduce((a, b) => a + b, 0);
      const byProvider = wanted.map((volume) => {
        const taken = Math.min(volume, left);
        left -= taken;
        return taken;
      });
      const shares = shareAmongAlike(
        byProvider,
        volumes.map((volume) => ({ volume })),
      );
      const totals = shares.map((row) => row.reduce((a, b) => a + b, 0));
      expect(totals.every((total, i) => total <= volumes[i]!)).toBe(true);
      expect(shares).toEqual(handOutOneByOne(byProvider, totals));
    },
  );
  await holds('sharing', 1_000, property);
});

function handOutOneByOne(byProvider: readonly number[], totals: readonly number[]): number[][] {
  const given = totals.map(() => 0);
  const shares = totals.map(() => byProvider.map(() => 0));
  for (const [j, volume] of byProvider.entries()) {
    for (let n = 0; n < volume; n += 1) {
      const keys = totals.map((total, i) => (total === 0 ? Number.POSITIVE_INFINITY : (2 * given[i]! + 1) / total));
      const next = keys.indexOf(Math.min(...keys));
      given[next]! += 1;
      shares[next]![j]! += 1;
    }
  }
  return shares;
}

test('sharing millions of requests takes no loop over requests', () => {
  const shares = shareAmongAlike(
    [10_000_000, 20_000_000],
    Array.from({ length: 600 }, () => ({ volume: 50_000 })),
  );
  expect(shares[599]!.reduce((a, b) => a + b, 0)).toBe(50_000);
});

test('a transport plan gains the most that its bounds allow, and says what is short', async () => {
  const gain = fc.option(fc.integer({ min: -9, max: 9 }), { nil: undefined, freq: 5 });
  const property = fc.property(
    fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), gain, gain, gain), { maxLength: 3 }),
    fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 4 })), { minLength: 3, maxLength: 3 }),
    (groups, bounds) => {
      const problem = {
        demand: groups.map(([volume]) => volume),
        gains: groups.map(([, ...gains]) => gains),
        lower: bounds.map(([lower]) => lower),
        upper: bounds.map(([lower, more]) => lower + more),
      };
      const plan = planTransport(problem);
      const best = tryEveryPlan(problem);
      expect(plan.shortfall.some((missing) => missing > 0)).toBe(best === undefined);
      if (best === undefined) return;
      const gained = plan.flow.reduce(
        (sum, row, g) => sum + row.reduce((part, volume, j) => part + volume * (problem.gains[g]![j] ?? 0), 0),
        0,
      );
      expect(gained).toBe(best);
    },
  );
  await holds('transport', 600, property);
});

function tryEveryPlan(problem: {
  demand: number[];
  gains: (number | undefined)[][];
  lower: number[];
  upper: number[];
}): number | undefined {
  const served = problem.lower.map(() => 0);
  let best: number | undefined;
  const place = (g: number, j: number, left: number, gained: number): void => {
    if (g === problem.demand.length) {
      if (served.every((volume, k) => volume >= problem.lower[k]! && volume <= problem.upper[k]!))
        best = Math.max(best ?? gained, gained);
      return;
    }
    if (j === served.length) {
      place(g + 1, 0, problem.demand[g + 1] ?? 0, gained);
      return;
    }
    const gain = problem.gains[g]![j];
    for (let volume = 0; volume <= (gain === undefined ? 0 : left); volume += 1) {
      served[j]! += volume;
      place(g, j + 1, left - volume, gained + volume * (gain ?? 0));
      served[j]! -= volume;
    }
  };
  place(0, 0, problem.demand[0] ?? 0, 0);
  return best;
}

test('buying alone mixes a tier worth its minimum with dearer supply, in exact fractions', () => {
  // A third of 10 and of 8 requests. The threshold of 3 is within 10/3; then 2/3 of a request at the other provider.
  const offers = [
    { capacity: 10, steps: [{ minVolume: 3, gainMicros: 100 }] },
    { capacity: 8, steps: [{ minVolume: 0, gainMicros: 10 }] },
  ];
  expect(standaloneSurplus({ volume: 4, share: 1, shareSum: 3, offers })).toBe(340n); // 1000/3 + 20/3
  expect(standaloneSurplus({ volume: 2, share: 1, shareSum: 3, offers })).toBe(20n); // the threshold is out of reach
  expect(standaloneSurplus({ volume: 4, share: 0, shareSum: 3, offers })).toBe(0n);
});

test('what buying alone gains is the best of all purchases', async () => {
  const offer = fc
    .record({
      capacity: fc.integer({ min: 0, max: 9 }),
      starts: fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 3 }),
      gains: fc.array(fc.integer({ min: -3, max: 9 }), { minLength: 3, maxLength: 3 }),
    })
    .map(({ capacity, starts, gains }) => {
      const rising = gains.toSorted((a, b) => a - b);
      const steps = starts.toSorted((a, b) => a - b).map((minVolume, t) => ({ minVolume, gainMicros: rising[t]! }));
      return { capacity, steps };
    });
  const share = fc.constantFrom([1, 1], [2, 2], [1, 2], [2, 3]);
  const property = fc.property(
    fc.integer({ min: 0, max: 9 }),
    share,
    fc.array(offer, { maxLength: 3 }),
    (volume, [part, whole], offers) => {
      const problem = { volume, share: part!, shareSum: whole!, offers };
      expect(standaloneSurplus(problem)).toBe(BigInt(tryEveryPurchase(problem)));
    },
  );
  await holds('buying alone', 1_500, property);
});

function tryEveryPurchase({ volume, share, shareSum, offers }: Parameters<typeof standaloneSurplus>[0]): number {
  let best = 0;
  const buy = (j: number, left: number, gained: number): void => {
    const offer = offers[j];
    if (offer === undefined) {
      best = Math.max(best, gained);
      return;
    }
    for (let parts = 0; parts <= Math.min(left, offer.capacity * share); parts += 1) {
      const step = offer.steps.findLast(({ minVolume }) => minVolume * shareSum <= parts);
      if (parts === 0 || step !== undefined) buy(j + 1, left - parts, gained + parts * (step?.gainMicros ?? 0));
    }
  };
  buy(0, volume * shareSum, 0);
  return Math.floor(best / shareSum);
}

test('volumes that land on the next threshold get its price, and steps out of reach are lowered', () => {
  const steps = [
    { minVolume: 0, allInMicros: 10 },
    { minVolume: 4, allInMicros: 8 },
    { minVolume: 9, allInMicros: 1 },
  ];
  const providers = [{ capacity: 20, steps }];
  const groups = [{ volume: 6, values: [20] }];
  const best = { served: [6], valueMicros: 72n };
  expect(allocate(providers, groups, [1])).toMatchObject(best);
  expect(allocate(providers, groups, [0])).toMatchObject(best);
  expect(allocate(providers, groups, [2])).toMatchObject(best);
  expect(allocate(providers, groups, [null])).toMatchObject({ served: [0], valueMicros: 0n });
});

test('a choice is lowered as often as volume is missing, down to none, and lifted as often as thresholds are reached', () => {
  const groups = [{ volume: 6, values: [20] }];
  const supply = (...steps: [number, number][]) => [
    { capacity: 20, steps: steps.map(([minVolume, allInMicros]) => ({ minVolume, allInMicros })) },
  ];
  expect(allocate(supply([0, 10], [8, 5], [9, 1]), groups, [2]).valueMicros).toBe(60n);
  expect(allocate(supply([7, 10], [8, 5]), groups, [1])).toMatchObject({ served: [0], valueMicros: 0n });
  expect(allocate(supply([0, 10], [4, 8], [6, 1]), groups, [1]).valueMicros).toBe(114n);
  expect(allocate(supply([0, 10], [4, 8], [6, 1]), groups, [0]).valueMicros).toBe(114n);
});

test('bidders stand in the order of SHA-256 of seed, round and id', async () => {
  const bidders = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }));
  // Digests begin d 1206, e 168a, b 34ef, c 970a, a c8e3.
  expect((await orderBidders('seed-1', 'round-7', bidders)).map(({ id }) => id)).toEqual(['d', 'e', 'b', 'c', 'a']);
  // Byte by byte, whichever order they are given in.
  const many = Array.from({ length: 200 }, (_, i) => ({ id: `bidder-${i}` }));
  const digest = ({ id }: { id: string }) => createHash('sha256').update(`seed-1|round-7|${id}`).digest();
  const expected = many.toSorted((a, b) => digest(a).compare(digest(b)));
  expect(await orderBidders('seed-1', 'round-7', many)).toEqual(expected);
  expect(await orderBidders('seed-1', 'round-7', many.toReversed())).toEqual(expected);
});

test('the base of a share is what was awarded, or with a record up to a quarter above it and never above the commitment', () => {
  expect(capacityShareBase(100, 7, 0)).toBe(7);
  expect(capacityShareBase(100, 7, 10)).toBe(12);
  expect(capacityShareBase(11, 7, 10)).toBe(11);
  expect(capacityShareBase(100, 70, 10)).toBe(70);
});

test('a gain is what requests are worth at the margin and one rate per request of capacity share, rounded to come out', () => {
  const plain = { awarded: 1, worthMicros: 99n, standaloneMicros: 0n, hasRecord: true };
  const first = { ...plain, shareBase: 1, demandMicros: 7n };
  const second = { ...plain, shareBase: 2, demandMicros: 0n };
  expect(splitGain(10n, [first, second])).toEqual([8, 2]); // 7 + μ and 2μ with μ = 1
  expect(splitGain(11n, [first, second])).toEqual([8, 3]); // μ = 4/3: 8⅓ and 2⅔
  expect(splitGain(9n, [first, second])).toEqual([8, 1]); // μ = 2/3: 7⅔ and 1⅓
  expect(splitGain(5n, [first, second])).toEqual([5, 0]); // the second stays at its floor: μ = −2
  expect(splitGain(5n, [second, second])).toEqual([3, 2]); // 2½ each: the odd unit goes to the first in order
});

test('a newcomer gains at most what its award is worth; what it cannot take goes to the others', () => {
  const rest = { awarded: 10, shareBase: 10, demandMicros: 0n };
  const newcomer = { ...rest, worthMicros: 12n, standaloneMicros: 5n, hasRecord: false };
  const regular = { ...rest, worthMicros: 100n, standaloneMicros: 20n, hasRecord: true };
  expect(splitGain(65n, [newcomer, regular])).toEqual([12, 53]);
  expect(splitGain(31n, [newcomer, regular])).toEqual([11, 20]); // below 32 the regular is at its floor
  expect(splitGain(25n, [newcomer, regular])).toEqual([5, 20]);
  const poor = { ...newcomer, standaloneMicros: 50n };
  expect(splitGain(40n, [poor, regular])).toEqual([12, 28]);
  expect(() => splitGain(24n, [newcomer, regular])).toThrow(/floors exceed/);
});

test('without a share of capacity a company gains nothing, whatever its requests are worth', () => {
  const regular = {
    awarded: 1,
    worthMicros: 9n,
    standaloneMicros: 0n,
    hasRecord: true,
    shareBase: 1,
    demandMicros: 0n,
  };
  const without = { ...regular, awarded: 0, worthMicros: 0n, shareBase: 0, hasRecord: false, demandMicros: 50n };
  expect(splitGain(8n, [without, regular])).toEqual([0, 8]);
  expect(splitGain(0n, [without])).toEqual([0]);
  expect(() => splitGain(1n, [without])).toThrow(/nobody may take/);
});

test('a payment below 0 is a credit and the price is 0; otherwise price and dearer requests come to the total', () => {
  const company = { awarded: 3, worthMicros: 10n, standaloneMicros: 4n, hasRecord: true };
  expect(paymentFor(company, 0)).toEqual({
    totalMicros: 10,
    unitPriceMicros: 3,
    dearerRequests: 1,
    releaseCreditMicros: 0,
  });
  expect(paymentFor(company, 12)).toEqual({
    totalMicros: -2,
    unitPriceMicros: 0,
    dearerRequests: 0,
    releaseCreditMicros: 2,
  });
  expect(paymentFor({ ...company, awarded: 0, worthMicros: 0n }, 2).releaseCreditMicros).toBe(asMicros(2));
  expect(standalonePrice(company)).toBe(2);
  expect(standalonePrice({ ...company, standaloneMicros: 11n })).toBe(-1);
  expect(standalonePrice({ ...company, awarded: 0 })).toBeNull();
});
