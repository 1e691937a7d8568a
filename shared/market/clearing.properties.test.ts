/** What must hold in every market, checked on drawn ones; values are worked out by trying everything. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate } from './allocation.ts';
import { type Clearing, clear } from './clearing.ts';
import { groupCompanies } from './groups.ts';
import type { ClearingInput } from './input.ts';
import { anyMarket, holds, MIDDLE, TINY, tryEveryAllocation, tryEveryPurchase } from './market.oracle.ts';
import { createMarketSolver } from './market-solver.ts';
import { orderBidders } from './order.ts';
import { openMarket } from './reach.ts';

const solver = createMarketSolver();
const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + BigInt(n), 0n);

test('the gain of a small market is the best of all allocations, and its proof shows no gap', {
  timeout: 60_000,
}, async () => {
  const property = fc.asyncProperty(anyMarket(TINY), async (input) => {
    const clearing = await clear(input, solver);
    expect(clearing.valueMicros).toBe(tryEveryAllocation(input));
    expect(clearing.proof.gapMicros).toBe(0);
  });
  await holds('best of all allocations', 1200, property);
});

test('the floor is what buying alone with a fair share of capacity gains', { timeout: 60_000 }, async () => {
  const small = { ...TINY, providers: 2, capacity: 5 };
  const property = fc.asyncProperty(anyMarket(small), async (input) => {
    const clearing = await clear(input, solver);
    const shareSum = Number(sum(clearing.companies.map((company) => company.capacityShareBase)));
    for (const company of clearing.companies) {
      expect(company.standaloneMicros).toBe(tryEveryPurchase(input, company.id, company.capacityShareBase, shareSum));
    }
  });
  await holds('floors', 800, property);
});

test('the solver finds the best tiers to the micro-unit in markets of real money', { timeout: 60_000 }, async () => {
  const property = fc.asyncProperty(anyMarket({ ...MIDDLE, providers: 3 }), async (input) => {
    const clearing = await clear(input, solver);
    expect(BigInt(clearing.valueMicros)).toBe(await bestOfEveryTier(input));
    expect(clearing.proof.gapMicros).toBe(0);
  });
  await holds('best tiers', 250, property);
});

/** v(N) with every choice of price steps planned exactly. */
async function bestOfEveryTier(input: ClearingInput): Promise<bigint> {
  const { seed, round } = input;
  const companies = await orderBidders(seed, round, input.companies);
  const market = openMarket({ ...input, companies });
  const groups = groupCompanies(market);
  let choices: (number | null)[][] = [[]];
  for (const { steps } of market.providers)
    choices = choices.flatMap((chosen) => [null, ...steps.keys()].map((t) => [...chosen, t]));
  return choices.reduce((best, chosen) => {
    const { valueMicros } = allocate(market.providers, groups, chosen);
    return valueMicros > best ? valueMicros : best;
  }, 0n);
}

test('the books balance to the micro-unit, floors hold, and every volume is feasible', {
  timeout: 60_000,
}, async () => {
  const property = fc.asyncProperty(anyMarket(MIDDLE), async (input) => {
    const clearing = await clear(input, solver);
    checkBooks(clearing);
    checkFloors(clearing, input);
    checkVolumes(clearing, input);
  });
  await holds('books, floors, volumes', 600, property);
});

function checkBooks(clearing: Clearing): void {
  const owed = clearing.providers.reduce(
    (total, p) => total + BigInt(p.awarded) * BigInt((p.priceMicros ?? 0) + (p.feeMicros ?? 0)),
    0n,
  );
  expect(sum(clearing.companies.map((company) => company.totalMicros))).toBe(owed);
  expect(BigInt(clearing.providerCostMicros)).toBe(owed);
  expect(sum(clearing.companies.map((company) => company.surplusMicros))).toBe(BigInt(clearing.valueMicros));
  for (const company of clearing.companies) {
    const paid = company.unitPriceMicros * company.awarded + company.dearerRequests - company.releaseCreditMicros;
    expect(paid).toBe(company.totalMicros);
    expect(company.dearerRequests).toBeLessThan(Math.max(1, company.awarded));
  }
}

function checkFloors(clearing: Clearing, input: ClearingInput): void {
  expect(sum(clearing.companies.map((company) => company.standaloneMicros))).toBeLessThanOrEqual(
    BigInt(clearing.valueMicros),
  );
  for (const company of clearing.companies) {
    const asked = input.companies.find(({ id }) => id === company.id)!;
    const highest = company.unitPriceMicros + (company.dearerRequests > 0 ? 1 : 0);
    if (company.awarded > 0)
      expect(highest).toBeLessThanOrEqual(Math.min(asked.reserveMicros ?? Infinity, input.terms.ceilingMicros));
    if (asked.chargesLastRound > 0) expect(company.surplusMicros).toBeGreaterThanOrEqual(company.standaloneMicros);
    else expect(company.releaseCreditMicros).toBe(0);
    expect(company.surplusMicros).toBeGreaterThanOrEqual(company.floorMicros);
    expect(company.floorMicros).toBeGreaterThanOrEqual(0);
  }
}

function checkVolumes(clearing: Clearing, input: ClearingInput): void {
  const served = new Map<string, number>();
  for (const company of clearing.companies) {
    const asked = input.companies.find(({ id }) => id === company.id)!;
    expect(company.awarded).toBeLessThanOrEqual(asked.volume);
    expect(company.byProvider.reduce((total, award) => total + award.volume, 0)).toBe(company.awarded);
    for (const { provider, volume } of company.byProvider) {
      expect(asked.eligibleProviders).toContain(provider);
      served.set(provider, (served.get(provider) ?? 0) + volume);
    }
  }
  for (const provider of clearing.providers) {
    const bid = input.providers.find(({ id }) => id === provider.id)!;
    expect(provider.awarded).toBe(served.get(provider.id) ?? 0);
    expect(provider.awarded).toBeLessThanOrEqual(bid.capacity);
    if (provider.awarded === 0) continue;
    expect(provider.priceMicros).toBe(bid.tiers.findLast((tier) => tier.minVolume <= provider.awarded)!.priceMicros);
  }
}

test('the answer does not depend on the order in which companies and providers are given, nor on the run', {
  timeout: 60_000,
}, async () => {
  const property = fc.asyncProperty(anyMarket(MIDDLE), fc.infiniteStream(fc.nat()), async (input, keys) => {
    const shuffle = <T>(items: readonly T[]) =>
      items
        .map((item, index) => ({ item, index, key: keys.next().value as number }))
        .sort((a, b) => a.key - b.key || b.index - a.index)
        .map(({ item }) => item);
    const first = await clear(input, solver);
    const companies = shuffle(input.companies).map((company) => ({
      ...company,
      eligibleProviders: shuffle(company.eligibleProviders),
    }));
    expect(await clear({ ...input, companies, providers: shuffle(input.providers) }, solver)).toEqual(first);
    expect(await clear(input, solver)).toEqual(first);
  });
  await holds('order independence', 120, property);
});

test('companies that are alike are awarded by volume to within one request', { timeout: 60_000 }, async () => {
  const property = fc.asyncProperty(
    anyMarket(MIDDLE),
    fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 2, maxLength: 6 }),
    async (input, volumes) => {
      const [model] = input.companies;
      fc.pre(model !== undefined);
      const twins = volumes.map((volume, k) => ({ ...model, id: `twin-${k}`, volume }));
      const clearing = await clear({ ...input, companies: [...input.companies.slice(1), ...twins] }, solver);
      const results = clearing.companies.filter(({ id }) => id.startsWith('twin-'));
      const total = results.reduce((all, twin) => all + twin.awarded, 0);
      const committed = volumes.reduce((all, volume) => all + volume, 0);
      const hasOtherAlike = input.companies.slice(1).some((other) => other.reserveMicros === model.reserveMicros);
      if (hasOtherAlike) return;
      for (const twin of results) expect(Math.abs(twin.awarded - (total * twin.committed) / committed)).toBeLessThan(1);
    },
  );
  await holds('alike companies', 150, property);
});
