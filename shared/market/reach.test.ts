/** What can trade at all, and what a solver is asked: markets small enough to write down what must come out. */
import { expect, test } from 'vitest';
import { buildTierProblem, groupCompanies } from './groups.ts';
import type { ClearingInput } from './input.ts';
import { failureLossMicros, type Market, openMarket, tierReached } from './reach.ts';

type Company = { volume?: number; reserve?: number | null; failure?: number | null; eligible?: string[] };
const FLAT: [number, number][] = [[0, 10]];

type Provider = { capacity?: number; tiers?: [number, number][]; quality?: number };

/** No fee, ceiling 100, failure cost 0, one provider P of 10 at 10, companies of 4 at 50 that accept everyone. */
function open(
  companies: Record<string, Company>,
  providers: Record<string, Provider> = { P: {} },
  terms: Partial<ClearingInput['terms']> = {},
): Market {
  return openMarket({
    seed: '',
    queue: 'q',
    round: 'r',
    terms: { feeBps: 0, ceilingMicros: 100, failureCostMicros: 0, shareLimitBps: 10_000, ...terms },
    companies: Object.entries(companies).map(([id, { volume = 4, reserve = 50, failure = null, eligible }]) => ({
      id,
      volume,
      reserveMicros: reserve,
      failureCostMicros: failure,
      eligibleProviders: eligible ?? Object.keys(providers),
      chargesLastRound: 7,
    })),
    providers: Object.entries(providers).map(([id, { capacity = 10, tiers, quality = 10_000 }]) => ({
      id,
      capacity,
      tiers: (tiers ?? FLAT).map(([minVolume, priceMicros]) => ({ minVolume, priceMicros })),
      qualityBps: quality,
    })),
  });
}

test('failures cost by the share that is not resolved, rounded up', () => {
  expect(failureLossMicros(1_000, 9_000)).toBe(100);
  expect(failureLossMicros(3, 5_000)).toBe(2);
  expect(failureLossMicros(1_000, 10_000)).toBe(0);
});

test('a company is worth its reserve price less failures; the terms stand in for what it does not state', () => {
  const { companies } = open(
    {
      stated: { reserve: 60, failure: 20 },
      silent: { reserve: null },
      loud: { reserve: 101, failure: 0 },
      picky: { eligible: ['elsewhere'] },
    },
    { P: { quality: 5_000 } },
    { failureCostMicros: 30 },
  );
  expect(companies).toEqual([
    { id: 'stated', volume: 4, reserveMicros: 60, failureCostMicros: 20, chargesLastRound: 7, values: [50], open: [0] },
    {
      id: 'silent',
      volume: 4,
      reserveMicros: 100,
      failureCostMicros: 30,
      chargesLastRound: 7,
      values: [85],
      open: [0],
    },
    { id: 'loud', volume: 4, reserveMicros: 100, failureCostMicros: 0, chargesLastRound: 7, values: [100], open: [0] },
    {
      id: 'picky',
      volume: 4,
      reserveMicros: 50,
      failureCostMicros: 30,
      chargesLastRound: 7,
      values: [undefined],
      open: [],
    },
  ]);
});

test('the fee is added to every tier, rounded down', () => {
  const { providers } = open(
    { a: {} },
    {
      P: {
        tiers: [
          [0, 19],
          [2, 10],
        ],
      },
    },
    { feeBps: 1_000 },
  );
  expect(providers[0]).toEqual({
    id: 'P',
    capacity: 10,
    tiers: [
      { minVolume: 0, priceMicros: 19, allInMicros: 20 },
      { minVolume: 2, priceMicros: 10, allInMicros: 11 },
    ],
    steps: [
      { minVolume: 0, allInMicros: 20 },
      { minVolume: 2, allInMicros: 11 },
    ],
  });
});

test('tiers beyond the volume that is worth them, or beyond capacity, are out of reach; of equal prices the first counts', () => {
  const steps = (tiers: [number, number][], capacity = 10) =>
    open({ a: { reserve: 50 }, b: { reserve: 20 } }, { P: { capacity, tiers } }).providers[0]!.steps.map(
      ({ minVolume, allInMicros }) => [minVolume, allInMicros],
    );
  // 4 requests are worth 50, 8 are worth 20.
  expect(
    steps([
      [0, 30],
      [4, 25],
      [5, 21],
    ]),
  ).toEqual([
    [0, 30],
    [4, 25],
  ]);
  expect(
    steps([
      [0, 30],
      [8, 20],
      [9, 1],
    ]),
  ).toEqual([
    [0, 30],
    [8, 20],
  ]);
  expect(
    steps(
      [
        [0, 30],
        [8, 20],
      ],
      7,
    ),
  ).toEqual([[0, 30]]);
  expect(
    steps([
      [0, 30],
      [2, 30],
      [3, 25],
    ]),
  ).toEqual([
    [0, 30],
    [3, 25],
  ]);
  expect(steps([[0, 51]])).toEqual([]);
  expect(steps([[0, 50]])).toEqual([[0, 50]]);
  expect(steps([[0, 50]], 0)).toEqual([]);
});

test('a pair is open where the company is worth the best price in reach, not where only a dearer one is', () => {
  const { companies } = open(
    { rich: { reserve: 50 }, even: { reserve: 20 }, poor: { reserve: 19 }, empty: { volume: 0 } },
    {
      P: {
        tiers: [
          [0, 40],
          [8, 20],
        ],
      },
      Q: { tiers: [[0, 60]] },
    },
  );
  expect(companies.map(({ open: pairs }) => pairs)).toEqual([[0], [0], [], []]);
});

test('the share limit caps capacity at that share of what everybody committed, rounded down; at 10,000 it is off', () => {
  const capacity = (shareLimitBps: number, own: number) =>
    open({ a: { volume: 4 }, b: { volume: 3, eligible: [] } }, { P: { capacity: own } }, { shareLimitBps })
      .providers[0]!.capacity;
  expect(capacity(5_000, 10)).toBe(3);
  expect(capacity(5_000, 2)).toBe(2);
  expect(capacity(10_000, 10)).toBe(10);
  expect(capacity(9_999, 10)).toBe(6);
});

test('the tier reached is the highest whose minimum is met', () => {
  const provider = open(
    { a: {} },
    {
      P: {
        tiers: [
          [2, 10],
          [5, 8],
        ],
      },
    },
  ).providers[0]!;
  expect([1, 2, 4, 5, 9].map((volume) => tierReached(provider, volume))).toEqual([-1, 0, 0, 1, 1]);
});

test('two sets of providers are never taken for one, however their numbers are written', () => {
  const names = Array.from({ length: 13 }, (_, j) => `P${String(j).padStart(2, '0')}`);
  const market = open(
    {
      first: { eligible: ['P01', 'P12'], volume: 1 },
      second: { eligible: ['P11', 'P02'], volume: 2 },
      none: { eligible: [] },
    },
    Object.fromEntries(names.map((name) => [name, {}])),
  );
  expect(groupCompanies(market).map(({ companies, volume }) => ({ companies, volume }))).toEqual([
    { companies: [0], volume: 1 },
    { companies: [1], volume: 2 },
  ]);
});

test('companies alike in failure cost, open providers and reserve price are one group; alike but for the reserve price one class', () => {
  const market = open(
    {
      low: { reserve: 30, volume: 1 },
      first: { volume: 2 },
      other: { failure: 10, volume: 3 },
      twin: { volume: 5 },
      narrow: { eligible: ['Q'], volume: 6 },
      priced: { reserve: 9 },
    },
    {
      P: {},
      Q: {
        quality: 5_000,
        tiers: [
          [0, 10],
          [3, 9],
        ],
        capacity: 99,
      },
    },
  );
  const groups = groupCompanies(market);
  expect(groups).toEqual([
    { companies: [0], volume: 1, values: [30, 30] },
    { companies: [1, 3], volume: 7, values: [50, 50] },
    { companies: [2], volume: 3, values: [50, 45] },
    { companies: [4], volume: 6, values: [undefined, 50] },
    { companies: [5], volume: 4, values: [undefined, 9] },
  ]);
  expect(buildTierProblem(market, groups)).toEqual({
    classes: [
      {
        providers: [0, 1],
        lossMicros: [0, 0],
        steps: [
          { reserveMicros: 50, volume: 7 },
          { reserveMicros: 30, volume: 1 },
        ],
      },
      { providers: [0, 1], lossMicros: [0, 5], steps: [{ reserveMicros: 50, volume: 3 }] },
      {
        providers: [1],
        lossMicros: [0],
        steps: [
          { reserveMicros: 50, volume: 6 },
          { reserveMicros: 9, volume: 4 },
        ],
      },
    ],
    providers: [
      { capacity: 10, steps: [{ minVolume: 0, allInMicros: 10 }] },
      {
        capacity: 99,
        steps: [
          { minVolume: 0, allInMicros: 10 },
          { minVolume: 3, allInMicros: 9 },
        ],
      },
    ],
  });
});
