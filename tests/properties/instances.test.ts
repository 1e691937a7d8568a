/** What the benches' seeded markets keep, so that what is measured on them means what it says. */
import { describe, expect, test } from 'vitest';
import { ClearingInput } from '../../shared/market/input.ts';
import { createInstance, createQueue, FAMILIES, type Family, type Size } from '../bench/market/instances.ts';
import { createRandom } from '../bench/support/random.ts';

const SIZE: Size = { providers: 24, companies: 12 };
const INDEXES = Array.from({ length: 20 }, (_, index) => index);
const draw = (family: Family, size = SIZE): ClearingInput[] =>
  INDEXES.map((index) => createInstance(family, size, 3, index));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
const demandOf = (input: ClearingInput): number => sum(input.companies.map(({ volume }) => volume));

describe.each(FAMILIES)('%s', (family) => {
  test('has the size asked for and passes the schema that clearings are read with', () => {
    for (const input of draw(family)) {
      expect(ClearingInput.parse(input)).toEqual(input);
      expect(input.providers).toHaveLength(24);
      expect(input.companies).toHaveLength(12);
    }
  });

  test('the same seed and index draw the same market, another seed or index another one', () => {
    const first = createInstance(family, SIZE, 3, 0);
    expect(createInstance(family, SIZE, 3, 0)).toEqual(first);
    expect(createInstance(family, SIZE, 4, 0).providers).not.toEqual(first.providers);
    expect(createInstance(family, SIZE, 3, 1).providers).not.toEqual(first.providers);
  });

  test('no price rises with volume, and no minimum is out of its own bid’s capacity where it is the award', () => {
    for (const { providers } of draw(family)) {
      for (const { capacity, tiers } of providers) {
        expect(tiers.map((tier) => tier.priceMicros)).toEqual(
          tiers.map((tier) => tier.priceMicros).toSorted((a, b) => b - a),
        );
        expect(tiers[0]!.minVolume).toBeLessThanOrEqual(capacity);
      }
    }
  });
});

test('tight: capacity is about twice the demand; every bid has half to one and a half of an even part', () => {
  for (const input of draw('tight')) {
    const demand = demandOf(input);
    const even = (2 * demand) / 24;
    for (const { capacity } of input.providers) {
      expect(capacity).toBeGreaterThanOrEqual(Math.floor(even / 2));
      expect(capacity).toBeLessThanOrEqual(Math.ceil(even * 1.5));
    }
  }
  const ratios = draw('tight').map((input) => sum(input.providers.map((p) => p.capacity)) / demandOf(input));
  expect(sum(ratios) / ratios.length).toBeGreaterThan(1.8);
  expect(sum(ratios) / ratios.length).toBeLessThan(2.2);
});

test.each(['wide', 'near'] as const)('%s: every provider could take 20 to 100 %% of the demand', (family) => {
  for (const input of draw(family)) {
    const demand = demandOf(input);
    for (const { capacity } of input.providers) {
      expect(capacity).toBeGreaterThanOrEqual(Math.floor(demand * 0.2));
      expect(capacity).toBeLessThanOrEqual(demand);
    }
  }
});

test('near: first prices are within 2 % of two units', () => {
  for (const { providers } of draw('near')) {
    for (const { tiers } of providers) {
      expect(tiers[0]!.priceMicros).toBeGreaterThanOrEqual(1_960_000);
      expect(tiers[0]!.priceMicros).toBeLessThanOrEqual(2_040_000);
    }
  }
});

test.each(['tight', 'wide', 'near'] as const)(
  '%s: three to five tiers, each 2 to 8 %% below the one before, and minimum awards on three bids in ten',
  (family) => {
    const bids = draw(family).flatMap(({ providers }) => providers);
    for (const { tiers } of bids) {
      expect(tiers.length).toBeGreaterThanOrEqual(3);
      expect(tiers.length).toBeLessThanOrEqual(5);
      for (const [at, { priceMicros }] of tiers.entries()) {
        const before = tiers[at - 1]?.priceMicros;
        if (before === undefined) continue;
        expect(priceMicros / before).toBeGreaterThan(0.9199);
        expect(priceMicros / before).toBeLessThan(0.9801);
      }
    }
    const share = bids.filter(({ tiers }) => tiers[0]!.minVolume > 0).length / bids.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.4);
  },
);

test.each(['tight', 'wide', 'near', 'all-or-nothing'] as const)('%s: seven pairs in ten are eligible', (family) => {
  const inputs = draw(family);
  const share = sum(inputs.flatMap((i) => i.companies.map((c) => c.eligibleProviders.length))) / (20 * 24 * 12);
  expect(share).toBeGreaterThan(0.65);
  expect(share).toBeLessThan(0.75);
});

test('all-or-nothing: the minimum award is the capacity, and everything comes in lots of 100', () => {
  for (const { companies, providers } of draw('all-or-nothing')) {
    for (const { volume } of companies) expect(volume % 100).toBe(0);
    for (const { capacity, tiers } of providers) {
      expect(capacity % 100).toBe(0);
      expect(tiers.map((tier) => tier.minVolume)).toEqual([capacity]);
    }
  }
});

test.each([
  ['exact-cover', 1],
  ['partial', 0.85],
] as const)(
  '%s: a bid reaches a set of two to five companies, and asks for its share of all they need',
  (family, part) => {
    for (const { companies, providers } of draw(family)) {
      for (const { id, capacity, tiers } of providers) {
        const reached = companies.filter(({ eligibleProviders }) => eligibleProviders.includes(id));
        expect(reached.length).toBeGreaterThanOrEqual(2);
        expect(reached.length).toBeLessThanOrEqual(5);
        const need = sum(reached.map(({ volume }) => volume));
        expect(capacity).toBe(need);
        expect(tiers.map((tier) => tier.minVolume)).toEqual([Math.ceil(need * part)]);
      }
      for (const { eligibleProviders } of companies) expect(eligibleProviders.length).toBeGreaterThan(0);
    }
  },
);

test('queues have 5 to 24 providers and 1 to 12 classes of companies that differ in reserve and volume only', () => {
  for (let index = 0; index < 200; index += 1) {
    const input = createQueue(9, index);
    expect(ClearingInput.parse(input)).toEqual(input);
    expect(input.providers.length).toBeGreaterThanOrEqual(5);
    expect(input.providers.length).toBeLessThanOrEqual(24);
    const classes = new Map<string, number>();
    for (const { id, failureCostMicros, eligibleProviders } of input.companies) {
      const name = id.replace(/-\d+$/, '');
      const key = `${name}|${failureCostMicros}|${eligibleProviders.join()}`;
      classes.set(key, (classes.get(key) ?? 0) + 1);
    }
    expect(new Set([...classes.keys()].map((key) => key.split('|')[0])).size).toBe(classes.size);
    expect(classes.size).toBeLessThanOrEqual(12);
    for (const members of classes.values()) expect(members).toBeLessThanOrEqual(4);
  }
});

test('draws are even from 0 up to but not including 1, and begin elsewhere for every name', () => {
  const random = createRandom('a name');
  const draws = Array.from({ length: 20_000 }, () => random.next());
  expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...draws)).toBeLessThan(1);
  const tenths = draws.reduce<number[]>(
    (counts, value) => counts.with(Math.floor(value * 10), counts[Math.floor(value * 10)]! + 1),
    Array.from({ length: 10 }, () => 0),
  );
  for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(200);
  const firsts = new Set(Array.from({ length: 1_000 }, (_, at) => createRandom(`name ${at}`).next()));
  expect(firsts.size).toBeGreaterThan(995);
});
