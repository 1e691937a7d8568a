/**
 * For tests: small markets worked out by trying everything, straight from the market's rules and sharing no code with
 * the clearing, and generators of markets for properties.
 */
import * as fc from 'fast-check';
import type { ClearingInput } from './input.ts';

/** v(N) of a small market: every whole-number allocation is tried. */
export function tryEveryAllocation(input: ClearingInput): number {
  const values = input.companies.map((company) =>
    input.providers.map((provider) => pairValue(input, company, provider)),
  );
  const open = closePairs(input, values);
  const committed = input.companies.reduce((sum, c) => sum + c.volume, 0);
  const capacities = input.providers.map((p) => capacityOf(input, p, committed));
  const served = input.providers.map(() => 0);
  let best = 0;
  const place = (i: number, j: number, left: number, worth: number): void => {
    if (i === input.companies.length) {
      const cost = input.providers.reduce((sum, p, k) => sum + costOf(input, p, served[k]!), 0);
      best = Math.max(best, worth - cost);
      return;
    }
    if (j === input.providers.length) {
      place(i + 1, 0, input.companies[i + 1]?.volume ?? 0, worth);
      return;
    }
    place(i, j + 1, left, worth);
    if (!open[i]![j]) return;
    for (let volume = 1; volume <= left && served[j]! + volume <= capacities[j]!; volume += 1) {
      served[j]! += volume;
      place(i, j + 1, left - volume, worth + volume * values[i]![j]!);
      served[j]! -= volume;
    }
  };
  place(0, 0, input.companies[0]?.volume ?? 0, 0);
  return best;
}

/**
 * s_i of a small market by trying every volume in parts of 1/shareSum: thresholds, capacities and demand are whole
 * numbers of such parts, so an optimum is among them.
 */
export function tryEveryPurchase(input: ClearingInput, company: string, share: number, shareSum: number): number {
  if (share === 0) return 0;
  const buyer = input.companies.find(({ id }) => id === company)!;
  const committed = input.companies.reduce((sum, c) => sum + c.volume, 0);
  let best = 0;
  const buy = (j: number, left: number, gain: number): void => {
    best = Math.max(best, gain);
    const provider = input.providers[j];
    if (provider === undefined) return;
    buy(j + 1, left, gain);
    if (!buyer.eligibleProviders.includes(provider.id)) return;
    const value = pairValue(input, buyer, provider);
    const most = Math.min(left, capacityOf(input, provider, committed) * share);
    for (let parts = 1; parts <= most; parts += 1) {
      const tier = provider.tiers.findLast((t) => t.minVolume * shareSum <= parts);
      if (tier !== undefined) buy(j + 1, left - parts, gain + parts * (value - allIn(input, tier.priceMicros)));
    }
  };
  buy(0, buyer.volume * shareSum, 0);
  return Math.floor(best / shareSum);
}

function allIn(input: ClearingInput, priceMicros: number): number {
  return priceMicros + Math.floor((priceMicros * input.terms.feeBps) / 10_000);
}

function pairValue(
  input: ClearingInput,
  company: ClearingInput['companies'][number],
  provider: ClearingInput['providers'][number],
): number {
  const reserve = Math.min(company.reserveMicros ?? Number.POSITIVE_INFINITY, input.terms.ceilingMicros);
  const failure = company.failureCostMicros ?? input.terms.failureCostMicros;
  return reserve - Math.ceil((failure * (10_000 - provider.qualityBps)) / 10_000);
}

function capacityOf(input: ClearingInput, provider: ClearingInput['providers'][number], committed: number): number {
  const { shareLimitBps } = input.terms;
  return shareLimitBps === 10_000
    ? provider.capacity
    : Math.min(provider.capacity, Math.floor((committed * shareLimitBps) / 10_000));
}

function costOf(input: ClearingInput, provider: ClearingInput['providers'][number], volume: number): number {
  if (volume === 0) return 0;
  const tier = provider.tiers.findLast((t) => t.minVolume <= volume);
  return tier === undefined ? Number.POSITIVE_INFINITY : volume * allIn(input, tier.priceMicros);
}

/** The closing rule word by word: close below the best reachable price, again and again, until nothing changes. */
function closePairs(input: ClearingInput, values: number[][]): boolean[][] {
  const committed = input.companies.reduce((sum, c) => sum + c.volume, 0);
  const open = input.companies.map((c) => input.providers.map((p) => c.eligibleProviders.includes(p.id)));
  for (let changed = true; changed; ) {
    changed = false;
    for (const [j, provider] of input.providers.entries()) {
      const reached = provider.tiers.findLast((tier) => {
        const price = allIn(input, tier.priceMicros);
        const demand = input.companies.reduce(
          (sum, c, i) => sum + (open[i]![j] && values[i]![j]! >= price ? c.volume : 0),
          0,
        );
        return tier.minVolume <= Math.min(demand, capacityOf(input, provider, committed));
      });
      for (const [i] of input.companies.entries()) {
        if (!open[i]![j] || (reached !== undefined && values[i]![j]! >= allIn(input, reached.priceMicros))) continue;
        open[i]![j] = false;
        changed = true;
      }
    }
  }
  return open;
}

export type MarketSize = {
  companies: number;
  providers: number;
  volume: number;
  capacity: number;
  tiers: number;
  money: number;
};

/** Small enough to try every allocation. */
export const TINY: MarketSize = { companies: 3, providers: 3, volume: 3, capacity: 6, tiers: 3, money: 30 };
/** Money in millions of micro-units, volumes in thousands. */
export const MIDDLE: MarketSize = {
  companies: 12,
  providers: 4,
  volume: 5_000,
  capacity: 12_000,
  tiers: 3,
  money: 9_000_000,
};

/** Markets of every kind: ties, capacity 0, minimum awards, prices of 0, worthless providers, share limits, records. */
export function anyMarket(size: MarketSize): fc.Arbitrary<ClearingInput> {
  const money = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: size.money }) },
    fc.constantFrom(0, size.money, Math.ceil(size.money / 2)),
  );
  const ids = Array.from({ length: size.providers }, (_, j) => `provider-${j}`);
  const company = fc.record({
    volume: fc.integer({ min: 0, max: size.volume }),
    reserveMicros: fc.option(money, { freq: 4 }),
    failureCostMicros: fc.option(money, { freq: 3 }),
    eligibleProviders: fc.oneof(fc.constant(ids), fc.subarray(ids)),
    chargesLastRound: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: size.volume * 2 })),
  });
  const tiers = fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 0, max: size.capacity }), { minLength: 1, maxLength: size.tiers }),
      fc.array(fc.integer({ min: 0, max: size.money }), { minLength: size.tiers, maxLength: size.tiers }),
      fc.boolean(),
    )
    .map(([starts, prices, hasMinimum]) => {
      const falling = prices.toSorted((a, b) => b - a);
      const rising = starts.toSorted((a, b) => a - b);
      if (!hasMinimum) rising[0] = 0;
      return rising.map((minVolume, t) => ({ minVolume, priceMicros: falling[t]! }));
    });
  const provider = fc.record({
    capacity: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: size.capacity }) }, fc.constant(0)),
    tiers,
    qualityBps: fc.integer({ min: 0, max: 10_000 }),
  });
  const terms = fc.record({
    feeBps: fc.constantFrom(0, 500, 2_500),
    ceilingMicros: fc.integer({ min: Math.ceil(size.money / 2), max: size.money * 2 }),
    failureCostMicros: fc.integer({ min: 0, max: Math.ceil(size.money / 3) }),
    shareLimitBps: fc.constantFrom(10_000, 10_000, 6_000),
  });
  return fc
    .record({
      seed: fc.string({ maxLength: 8 }),
      terms,
      companies: fc.array(company, { maxLength: size.companies }),
      providers: fc.array(provider, { maxLength: size.providers }),
    })
    .map(({ seed, terms: published, companies, providers }) => ({
      seed,
      queue: 'queue-1',
      round: 'round-1',
      terms: published,
      companies: companies.map((each, i) => ({ id: `company-${i}`, ...each })),
      providers: providers.map((each, j) => ({ id: `provider-${j}`, ...each })),
    }));
}

/**
 * Runs a property and prints the seed that replays it: set MARKET_SEED to that number. With MARKET_MOST_RUNS no more runs
 * than that, and the first failure is reported as it is: mutation testing asks only whether something fails.
 */
export async function holds<Ts extends [unknown, ...unknown[]]>(
  name: string,
  runs: number,
  property: fc.IAsyncProperty<Ts> | fc.IProperty<Ts>,
) {
  const seed = Number(process.env.MARKET_SEED ?? crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1);
  const most = Number(process.env.MARKET_MOST_RUNS ?? Number.POSITIVE_INFINITY);
  console.log(`${name}: seed ${seed}`);
  await fc.assert(property as fc.IAsyncProperty<Ts>, {
    seed,
    numRuns: Math.min(runs, most),
    endOnFailure: Number.isFinite(most),
  });
}
