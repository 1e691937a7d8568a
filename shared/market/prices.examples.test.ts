/** Prices worked out by hand from the rule: the reference, the floors, the caps and the bound on leaving. */
import { expect, test } from 'vitest';
import { type Clearing, clear } from './clearing.ts';
import { company, market } from './market.examples.ts';
import { createMarketSolver } from './market-solver.ts';

const solver = createMarketSolver();
const gains = (clearing: Clearing, ...ids: string[]) => ids.map((id) => company(clearing, id).surplusMicros);

test('empty core: of three companies two are served and gain 1 each, and the bound is 1, which a pair does gain by leaving', async () => {
  const tiers = [
    { minVolume: 0, priceMicros: 2 },
    { minVolume: 2, priceMicros: 1 },
  ];
  const clearing = await clear(
    market(
      [
        { id: '1', reserveMicros: 2, eligibleProviders: ['A', 'B'], chargesLastRound: 1 },
        { id: '2', reserveMicros: 2, eligibleProviders: ['A', 'C'], chargesLastRound: 1 },
        { id: '3', reserveMicros: 2, eligibleProviders: ['B', 'C'], chargesLastRound: 1 },
      ],
      ['A', 'B', 'C'].map((id) => ({ id, capacity: 3, tiers })),
    ),
    solver,
  );
  // A third of a capacity of 3 reaches no tier alone; the served pair's request is worth 2 − 1 at the margin, the third 0.
  expect(clearing.valueMicros).toBe(2);
  expect(gains(clearing, '1', '2', '3').toSorted((a, b) => a - b)).toEqual([0, 1, 1]);
  // At price 1 for everyone each request would be worth 1: the unserved company is short of it by 1.
  expect(clearing.epsilonMicros).toBe(1);
});

test('scarce capacity: its worth goes to shares, the rest of the gain to those whose requests are worth more', async () => {
  const clearing = await clear(
    market(
      [
        { id: 'low', reserveMicros: 10, chargesLastRound: 1 },
        { id: 'mid', reserveMicros: 15, chargesLastRound: 1 },
        { id: 'high', reserveMicros: 20, chargesLastRound: 1 },
      ],
      [{ id: 'P', capacity: 2, tiers: [{ minVolume: 0, priceMicros: 4 }] }],
    ),
    solver,
  );
  // v(N) = 16 + 11. β = 6 (what low would gain), α = 10, 5, 0; a third of 2·6 each: o = 14, 9, 4 and Σo = 27, so t = 0.
  // Alone with ⅔ of a request: ⌊32/3⌋ = 10, ⌊22/3⌋ = 7, 4. Low is at its floor, which is its reference here.
  expect(clearing.valueMicros).toBe(27);
  expect(gains(clearing, 'low', 'mid', 'high')).toEqual([4, 9, 14]);
  expect(company(clearing, 'high')).toMatchObject({ unitPriceMicros: 6, standaloneMicros: 10, referenceMicros: 14 });
  expect(company(clearing, 'mid')).toMatchObject({ unitPriceMicros: 6, standaloneMicros: 7, referenceMicros: 9 });
  expect(company(clearing, 'low')).toMatchObject({ releaseCreditMicros: 4, standaloneMicros: 4, referenceMicros: 4 });
  expect(clearing.epsilonMicros).toBe(0);
});

test('a newcomer takes no credit: what it may not gain goes to the company with a record', async () => {
  const clearing = await clear(
    market(
      [
        { id: 'new', reserveMicros: 5, volume: 2 },
        { id: 'old', reserveMicros: 90, volume: 2, chargesLastRound: 2 },
      ],
      [
        { id: 'P', capacity: 2, tiers: [{ minVolume: 0, priceMicros: 4 }] },
        { id: 'Q', capacity: 4, tiers: [{ minVolume: 0, priceMicros: 5 }], qualityBps: 10_000 },
      ],
    ),
    solver,
  );
  // All four are served at 2·4 + 2·5 = 18; P's capacity is worth 1 a request, Q's nothing. α = 0 for new, 85 for old.
  // b = 2 and 2, so o = 1 and 171, v(N) = 10 + 180 − 18 = 172: t = 0 and both pay 9 for two requests.
  expect(clearing.valueMicros).toBe(172);
  expect(gains(clearing, 'new', 'old')).toEqual([1, 171]);
  expect(company(clearing, 'new')).toMatchObject({ totalMicros: 9, unitPriceMicros: 4, dearerRequests: 1 });
});

test('a newcomer whose share of capacity is worth more than its award pays 0, and the rest goes to the others', async () => {
  const clearing = await clear(
    market(
      [
        { id: 'new', reserveMicros: 10, volume: 10, eligibleProviders: ['Z'] },
        { id: 'old', reserveMicros: 90, volume: 10, chargesLastRound: 8, eligibleProviders: ['P'] },
        { id: 'out', reserveMicros: 80, volume: 10, chargesLastRound: 8, eligibleProviders: ['P'] },
      ],
      [
        { id: 'P', capacity: 10 },
        { id: 'Z', capacity: 20, tiers: [{ minVolume: 0, priceMicros: 1 }] },
      ],
    ),
    solver,
  );
  // v(N) = 10·9 + 10·80. P's capacity is worth 70 a request, 233⅓ to each: o = 90 + 233⅓, 10·10 + 233⅓, 233⅓.
  // New's award is worth 100: it stops there. Old and out, of equal share, gain 100 + m and m: 2m = 890 − 200, m = 345.
  expect(clearing.valueMicros).toBe(890);
  expect(gains(clearing, 'new', 'old', 'out')).toEqual([100, 445, 345]);
  expect(company(clearing, 'new')).toMatchObject({ totalMicros: 0, unitPriceMicros: 0, referenceMicros: 323 });
  expect(company(clearing, 'old')).toMatchObject({ totalMicros: 455, unitPriceMicros: 45, dearerRequests: 5 });
  expect(company(clearing, 'out')).toMatchObject({ totalMicros: -345, releaseCreditMicros: 345 });
  expect(clearing.epsilonMicros).toBe(224); // 323⅓ − 100, rounded up
});

test('a company that would be better off elsewhere but holds up a threshold is paid for by share', async () => {
  const tiers = [
    { minVolume: 0, priceMicros: 20 },
    { minVolume: 3, priceMicros: 10 },
  ];
  const clearing = await clear(
    market(
      [
        { id: 'keen', volume: 2, reserveMicros: 40, eligibleProviders: ['P'], chargesLastRound: 2 },
        { id: 'helper', reserveMicros: 40, chargesLastRound: 1 },
        { id: 'other', reserveMicros: 40, eligibleProviders: ['Q'], chargesLastRound: 1 },
      ],
      [
        { id: 'P', capacity: 3, tiers },
        { id: 'Q', capacity: 3, tiers: [{ minVolume: 0, priceMicros: 8 }] },
      ],
    ),
    solver,
  );
  // v(N) = 3·30 + 32. The helper's request is worth 32 (at Q), so each at P is worth 30 + γ with γ = 2: o = 64, 32, 32,
  // 3·2 more than v(N). Shares are ½, ¼, ¼: 61, 30½, 30½. Alone: 1½·20 = 30, ¾·32 + ¼·20 = 29, ¾·32 = 24.
  expect(clearing.valueMicros).toBe(122);
  expect(gains(clearing, 'keen')).toEqual([61]);
  expect(gains(clearing, 'helper', 'other').toSorted((a, b) => a - b)).toEqual([30, 31]);
  expect(company(clearing, 'keen')).toMatchObject({ unitPriceMicros: 9, dearerRequests: 1, referenceMicros: 64 });
  expect(company(clearing, 'helper')).toMatchObject({ standaloneMicros: 29 });
  // At the best prices: 30, 32 and 32 a request; short of it are the helper and the other, by 1½ each before rounding.
  expect(clearing.epsilonMicros).toBe(3);
});

test('a floor above the reference is paid, and the others gain less by their share', async () => {
  const clearing = await clear(
    market(
      [
        { id: 'big', volume: 4, reserveMicros: 30, eligibleProviders: ['P'], chargesLastRound: 4 },
        { id: 'tiny', reserveMicros: 30, eligibleProviders: ['P', 'Q'], chargesLastRound: 1 },
      ],
      [
        {
          id: 'P',
          capacity: 5,
          tiers: [
            { minVolume: 0, priceMicros: 20 },
            { minVolume: 5, priceMicros: 10 },
          ],
        },
        { id: 'Q', capacity: 5, tiers: [{ minVolume: 0, priceMicros: 5 }] },
      ],
    ),
    solver,
  );
  // All at P: 5·20 = 100; with tiny at Q: 4·10 + 25 = 65. Q is closed, so γ = 0 and o = 80, 20 (shares ⅘, ⅕).
  // Alone tiny has one request of Q and gains 25: its floor. Big gains the rest, 75, and alone it would gain 40.
  expect(clearing.valueMicros).toBe(100);
  expect(gains(clearing, 'big', 'tiny')).toEqual([75, 25]);
  expect(company(clearing, 'tiny')).toMatchObject({ floorMicros: 25, unitPriceMicros: 5, standalonePriceMicros: 5 });
});
