/** What prices must do in every market, on drawn ones. How often a conditional guarantee applied is checked too. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BPS } from '../kernel/money.ts';
import { type Clearing, clear } from './clearing.ts';
import type { ClearingInput } from './input.ts';
import { anyMarket, holds, MIDDLE } from './market.oracle.ts';
import { createMarketSolver } from './market-solver.ts';
import { orderBidders } from './order.ts';
import { priceAwards } from './price-awards.ts';
import { type Market, openMarket } from './reach.ts';

const solver = createMarketSolver();
const size = { ...MIDDLE, companies: 6, providers: 3 };
const LIMIT = { timeout: 60_000 };

type Company = ClearingInput['companies'][number];

const byId = <T extends { readonly id: string }>(items: readonly T[], id: string) =>
  items.find((item) => item.id === id)!;

async function marketOf(input: ClearingInput): Promise<Market> {
  const { seed, round } = input;
  const companies = await orderBidders(seed, round, input.companies);
  return openMarket({ ...input, companies, providers: await orderBidders(seed, round, input.providers) });
}

/** Who serves whom, by id. */
const awardsOf = (clearing: Clearing) =>
  Object.fromEntries(
    clearing.companies.map(({ id, byProvider }) => [
      id,
      Object.fromEntries(byProvider.map(({ provider, volume }) => [provider, volume])),
    ]),
  );

const pricesOf = (clearing: Clearing) => Object.fromEntries(clearing.companies.map((each) => [each.id, each]));

function withCompany(input: ClearingInput, id: string, change: Partial<Company>): ClearingInput {
  return { ...input, companies: input.companies.map((each) => (each.id === id ? { ...each, ...change } : each)) };
}

const matrixOf = (market: Market, clearing: Clearing) =>
  market.companies.map(({ id }) =>
    market.providers.map(
      (provider) => byId(clearing.companies, id).byProvider.find((a) => a.provider === provider.id)?.volume ?? 0,
    ),
  );

test('anyone with the market and the awards gets the prices of the clearing', LIMIT, async () => {
  const property = fc.asyncProperty(anyMarket(size), async (input) => {
    const clearing = await clear(input, solver);
    const market = await marketOf(input);
    const prices = priceAwards(market, matrixOf(market, clearing));
    expect(clearing).toMatchObject({ ...prices, companies: prices.companies });
  });
  await holds('repeated prices', 100, property);
});

test(
  'every gain is the reference less one rate per request of share, between its floor and its cap',
  LIMIT,
  async () => {
    const property = fc.asyncProperty(anyMarket(size), async (input) => {
      const { companies } = await clear(input, solver);
      const levels = companies
        .filter((each) => each.capacityShareBase > 0)
        .map((each) => {
          const hasRecord = byId(input.companies, each.id).chargesLastRound > 0;
          // In floating point: both the reference and the gain are rounded by less than one micro-unit.
          const [gain, share] = [each.surplusMicros, each.capacityShareBase];
          const isFree = gain > each.floorMicros && (hasRecord || each.totalMicros > 0);
          const rate = (gain - each.referenceMicros) / share;
          const atFloor = gain === each.floorMicros;
          const most = atFloor ? rate + 1 / share : isFree ? rate + 1 / share : Number.POSITIVE_INFINITY;
          const least = atFloor ? Number.NEGATIVE_INFINITY : rate - 2 / share;
          return { least, most };
        });
      const least = Math.max(...levels.map((level) => level.least));
      const most = Math.min(...levels.map((level) => level.most));
      expect(least).toBeLessThanOrEqual(most);
    });
    await holds('one rate', 300, property);
  },
);

test('a served company that makes up a reserve a hundred times as high changes no payment', LIMIT, async () => {
  let applied = 0;
  const property = fc.asyncProperty(anyMarket(size), fc.nat(), async (drawn, pick) => {
    const input = { ...drawn, terms: { ...drawn.terms, ceilingMicros: 900_000_000 } };
    const before = await clear(input, solver);
    const full = before.companies.filter(({ id, awarded, committed, surplusMicros, floorMicros }) => {
      const isLifted = surplusMicros === floorMicros;
      return awarded > 0 && awarded === committed && !isLifted && byId(input.companies, id).reserveMicros !== null;
    });
    const chosen = full[pick % Math.max(1, full.length)];
    fc.pre(chosen !== undefined && !hasThresholdWorth(before));
    const { reserveMicros } = byId(input.companies, chosen.id);
    const raised = withCompany(input, chosen.id, { reserveMicros: Math.min(900_000_000, reserveMicros! * 100) });
    const after = await clear(raised, solver);
    // Raising it may open pairs and reach tiers: then another allocation is best, or another pair sets the margin.
    const openOf = (market: Market) => market.companies.map(({ open }) => open);
    const [was, is] = [await marketOf(input), await marketOf(raised)];
    if (JSON.stringify(openOf(was)) !== JSON.stringify(openOf(is))) return;
    if (JSON.stringify(awardsOf(before)) !== JSON.stringify(awardsOf(after))) return;
    applied += 1;
    for (const { id, totalMicros } of before.companies) expect(byId(after.companies, id).totalMicros).toBe(totalMicros);
  });
  await holds('made-up reserve', 100, property);
  console.log(`applied ${applied} times`);
  expect(applied).toBeGreaterThan(10);
});

/** Σ o exceeds v(N) by the worth of the thresholds, less what rounding takes: under a micro-unit per company. */
function hasThresholdWorth(clearing: Clearing): boolean {
  const references = clearing.companies.reduce((sum, { referenceMicros }) => sum + referenceMicros, 0);
  return references > clearing.valueMicros;
}

test('a commitment without a record that is not served takes nothing and moves nobody', LIMIT, async () => {
  let applied = 0;
  const anyPhantom = fc.record({
    volume: fc.integer({ min: 1, max: 50_000 }),
    reserveMicros: fc.nat({ max: 2_000_000 }),
  });
  const property = fc.asyncProperty(anyMarket(size), anyPhantom, async (drawn, phantom) => {
    const input = { ...drawn, terms: { ...drawn.terms, shareLimitBps: BPS } };
    const before = await clear(input, solver);
    const eligibleProviders = input.providers.map(({ id }) => id);
    const company = { id: 'phantom', failureCostMicros: null, eligibleProviders, chargesLastRound: 0, ...phantom };
    const crowded = { ...input, companies: [...input.companies, company] };
    const after = await clear(crowded, solver);
    const result = byId(after.companies, 'phantom');
    if (result.awarded > 0) return;
    expect(result).toMatchObject({ surplusMicros: 0, totalMicros: 0, releaseCreditMicros: 0, capacityShareBase: 0 });
    // It may still help a tier into reach, which closes pairs below that tier's price.
    const stepsOf = ({ providers }: Market) => providers.map(({ steps }) => steps);
    if (JSON.stringify(stepsOf(await marketOf(input))) !== JSON.stringify(stepsOf(await marketOf(crowded)))) return;
    applied += 1;
    const { phantom: _, ...others } = pricesOf(after);
    expect(others).toEqual(pricesOf(before));
    expect(after.epsilonMicros).toBe(before.epsilonMicros);
  });
  await holds('phantoms', 250, property);
  console.log(`applied ${applied} times`);
  expect(applied).toBeGreaterThan(50);
});

test('a losing bid never changes the allocation, and moves nobody where no floor binds', LIMIT, async () => {
  let applied = 0;
  const property = fc.asyncProperty(anyMarket(size), async (drawn) => {
    const input = { ...drawn, terms: { ...drawn.terms, shareLimitBps: BPS } };
    const all = await clear(input, solver);
    const losers = all.providers.filter(({ awarded }) => awarded === 0).map(({ id }) => id);
    const rest = { ...input, providers: input.providers.filter(({ id }) => !losers.includes(id)) };
    const without = await clear(rest, solver);
    expect(without.valueMicros).toBe(all.valueMicros);
    expect(awardsOf(without)).toEqual(awardsOf(all));
    const lifted = (clearing: Clearing) =>
      clearing.companies.some((c) => c.surplusMicros === c.floorMicros && c.floorMicros > 0);
    if (losers.length === 0 || lifted(all) || lifted(without)) return;
    applied += 1;
    for (const { id, totalMicros } of all.companies) expect(byId(without.companies, id).totalMicros).toBe(totalMicros);
  });
  await holds('losing bids', 300, property);
  console.log(`applied ${applied} times`);
  expect(applied).toBeGreaterThan(30);
});

test('a bid that is above what anyone would pay changes nothing at all', LIMIT, async () => {
  const property = fc.asyncProperty(anyMarket(size), async (input) => {
    const tiers = [{ minVolume: 0, priceMicros: input.terms.ceilingMicros + 1 }];
    const dear = { id: 'dear', capacity: 5_000, tiers, qualityBps: 10_000 };
    const companies = input.companies.map((each) => ({
      ...each,
      eligibleProviders: [...each.eligibleProviders, 'dear'],
    }));
    const before = await clear(input, solver);
    const after = await clear({ ...input, companies, providers: [...input.providers, dear] }, solver);
    expect(pricesOf(after)).toEqual(pricesOf(before));
    expect(after.epsilonMicros).toBe(before.epsilonMicros);
  });
  await holds('dominated bids', 100, property);
});

test('more capacity never lowers what the pool gains', LIMIT, async () => {
  const property = fc.asyncProperty(
    anyMarket(size),
    fc.nat(),
    fc.integer({ min: 1, max: 9_000 }),
    async (input, pick, more) => {
      fc.pre(input.providers.length > 0);
      const chosen = pick % input.providers.length;
      const providers = input.providers.map((each, j) =>
        j === chosen ? { ...each, capacity: each.capacity + more } : each,
      );
      const before = await clear(input, solver);
      expect((await clear({ ...input, providers }, solver)).valueMicros).toBeGreaterThanOrEqual(before.valueMicros);
    },
  );
  await holds('more capacity', 150, property);
});

test('money in another unit: gains and prices scale, to within the rounding of one micro-unit', LIMIT, async () => {
  const factor = 7;
  const property = fc.asyncProperty(anyMarket(size), async (drawn) => {
    const input = {
      ...drawn,
      terms: { ...drawn.terms, feeBps: 0 },
      providers: drawn.providers.map((each) => ({ ...each, qualityBps: BPS })),
    };
    const scale = (money: number | null) => (money === null ? null : money * factor);
    const scaled = {
      ...input,
      terms: {
        ...input.terms,
        ceilingMicros: input.terms.ceilingMicros * factor,
        failureCostMicros: input.terms.failureCostMicros * factor,
      },
      companies: input.companies.map((each) => ({
        ...each,
        reserveMicros: scale(each.reserveMicros),
        failureCostMicros: scale(each.failureCostMicros),
      })),
      providers: input.providers.map((each) => ({
        ...each,
        tiers: each.tiers.map((tier) => ({ ...tier, priceMicros: tier.priceMicros * factor })),
      })),
    };
    const [small, large] = [await clear(input, solver), await clear(scaled, solver)];
    expect(large.valueMicros).toBe(small.valueMicros * factor);
    expect(awardsOf(large)).toEqual(awardsOf(small));
    // Floors are rounded down before they are scaled, and what they lack is shared by all.
    const rounding = factor * (input.companies.length + 1);
    for (const { id, surplusMicros } of small.companies)
      expect(Math.abs(byId(large.companies, id).surplusMicros - surplusMicros * factor)).toBeLessThanOrEqual(rounding);
  });
  await holds('scaled money', 150, property);
});

/** Records in fours, so that 1.25 times them is whole; reserves all different, so that nobody is alike. */
function evenRecords(input: ClearingInput): ClearingInput {
  const companies = input.companies.map((each, i) => ({
    ...each,
    reserveMicros: (each.reserveMicros ?? 4_000_000) + i + 1,
    chargesLastRound: Math.floor(each.chargesLastRound / 4) * 4,
  }));
  return { ...input, companies, terms: { ...input.terms, shareLimitBps: BPS, ceilingMicros: 90_000_000 } };
}

test('volumes in another unit: gains scale, prices stay, to within rounding', LIMIT, async () => {
  const factor = 3;
  let applied = 0;
  const property = fc.asyncProperty(anyMarket(size), async (drawn) => {
    const input = evenRecords(drawn);
    const scaled = {
      ...input,
      companies: input.companies.map((each) => ({
        ...each,
        volume: each.volume * factor,
        chargesLastRound: each.chargesLastRound * factor,
      })),
      providers: input.providers.map((each) => ({
        ...each,
        capacity: each.capacity * factor,
        tiers: each.tiers.map((tier) => ({ ...tier, minVolume: tier.minVolume * factor })),
      })),
    };
    const [small, large] = [await clear(input, solver), await clear(scaled, solver)];
    expect(large.valueMicros).toBe(small.valueMicros * factor);
    // Where two allocations are equally good, another one may be found.
    if (large.companies.some(({ id, awarded }) => awarded !== byId(small.companies, id).awarded * factor)) return;
    applied += 1;
    const rounding = factor * (input.companies.length + 1);
    for (const { id, surplusMicros } of small.companies)
      expect(Math.abs(byId(large.companies, id).surplusMicros - surplusMicros * factor)).toBeLessThanOrEqual(rounding);
  });
  await holds('scaled volumes', 150, property);
  console.log(`applied ${applied} times`);
  expect(applied).toBeGreaterThan(100);
});

test(
  'one company or two halves of it with half the record each: the same payment in all, where no floor binds',
  LIMIT,
  async () => {
    let applied = 0;
    const property = fc.asyncProperty(anyMarket(size), fc.nat(), async (drawn, pick) => {
      const input = evenRecords(drawn);
      fc.pre(input.companies.length > 0);
      const whole = input.companies[pick % input.companies.length]!;
      const half = {
        ...whole,
        volume: Math.floor(whole.volume / 2),
        chargesLastRound: Math.floor(whole.chargesLastRound / 8) * 4,
      };
      const others = input.companies.filter(({ id }) => id !== whole.id);
      const one = { ...half, volume: half.volume * 2, chargesLastRound: half.chargesLastRound * 2 };
      const merged = await clear({ ...input, companies: [...others, one] }, solver);
      const halves = ['half-1', 'half-2'].map((id) => ({ ...half, id }));
      const split = await clear({ ...input, companies: [...others, ...halves] }, solver);
      expect(split.valueMicros).toBe(merged.valueMicros);
      const bound = (c: Clearing) =>
        c.companies.some((each) => each.surplusMicros === each.floorMicros && each.floorMicros > 0);
      const parts = halves.map(({ id }) => byId(split.companies, id));
      const awarded = byId(merged.companies, whole.id).awarded;
      const isSame = others.every(({ id }) => byId(split.companies, id).awarded === byId(merged.companies, id).awarded);
      if (bound(merged) || bound(split) || !isSame || awarded % 2 === 1) return;
      applied += 1;
      const total = parts.reduce((sum, part) => sum + part.totalMicros, 0);
      expect(Math.abs(total - byId(merged.companies, whole.id).totalMicros)).toBeLessThanOrEqual(2);
    });
    await holds('split companies', 250, property);
    console.log(`applied ${applied} times`);
    expect(applied).toBeGreaterThan(40);
  },
);
