/** The prices of a round, from nothing but the market and who is awarded what: anyone who knows both can repeat them. */
import { asMicros, type Micros } from '../kernel/money.ts';
import { groupCompanies } from './groups.ts';
import { must } from './must.ts';
import { capacityShareBase, floorOf, type Payment, paymentFor, splitGain, standalonePrice } from './pricing.ts';
import type { Market, MarketCompany } from './reach.ts';
import { type Duals, dot, dualsOf } from './reference.ts';
import { standaloneSurplus } from './standalone.ts';
import { planTransport, type TransportProblem } from './transport.ts';

/** What one company gains and pays. Money in micro-units, fee included, tax excluded. */
export type CompanyPrice = Payment & {
  /** b_i: the requests that its share of every provider's capacity rests on. */
  readonly capacityShareBase: number;
  /** The price at which this award would be worth what buying alone is worth; null where nothing is awarded. */
  readonly standalonePriceMicros: Micros | null;
  /** u_i: what it gains: the award's worth (reserve less failure cost) minus T_i. */
  readonly surplusMicros: Micros;
  /** The least it was to gain: `standaloneMicros`, without a record no more than the award's worth. */
  readonly floorMicros: Micros;
  /** s_i: what buying alone with its share of every provider's capacity would gain. */
  readonly standaloneMicros: Micros;
  /** o_i, floored: what its requests and its share of capacity are worth at the margin of the tiers reached. */
  readonly referenceMicros: Micros;
};

export type PricedAwards = {
  /** In the market's order of companies. */
  readonly companies: readonly CompanyPrice[];
  /** v(N): what awards are worth less what they cost. */
  readonly valueMicros: Micros;
  /** ε: no group of companies with a share gains more by leaving with its share of every provider's capacity. */
  readonly epsilonMicros: Micros;
};

/**
 * Prices any allocation that is the best one at the tiers it reaches: x_ij = `awards[i][j]`, in the market's order.
 * Throws where it is not (the duals show it), and where a result would not balance: neither can happen to a clearing.
 */
export function priceAwards(market: Market, awards: readonly (readonly number[])[]): PricedAwards {
  const { companies } = market;
  const totals = awards.map((row) => row.reduce((sum, volume) => sum + volume, 0));
  const bases = companies.map((company, i) => capacityShareBase(company.volume, totals[i]!, company.chargesLastRound));
  const shareSum = bases.reduce((sum, base) => sum + base, 0);
  const sharing = companies.map((_, i) => i).filter((i) => bases[i]! > 0);

  const problem = awardedTiers(market, awards, sharing);
  const duals = dualsOf(
    problem,
    sharing.map((i) => awards[i]!),
  );
  const worths = companies.map((company, i) => dot(awards[i]!, company.values));
  const value = sharing.reduce((sum, i, at) => sum + dot(awards[i]!, problem.gains[at]!), 0n);
  const capacityWorth = dot(problem.upper, duals.upper);
  const demandWorth = companies.map(() => 0n);
  for (const [at, i] of sharing.entries()) demandWorth[i] = BigInt(companies[i]!.volume) * BigInt(duals.demand[at]!);
  must(
    demandWorth.reduce((sum, worth) => sum + worth, capacityWorth) === value + dot(problem.lower, duals.lower),
    'reference values do not add up to the gain and the worth of the thresholds',
  );

  const awarded = companies.map((company, i) => ({
    awarded: totals[i]!,
    worthMicros: worths[i]!,
    standaloneMicros: standaloneOf(market, company, bases[i]!, shareSum),
    hasRecord: company.chargesLastRound > 0,
    shareBase: bases[i]!,
    demandMicros: demandWorth[i]!,
  }));
  const gains = splitGain(value, awarded);
  return {
    companies: awarded.map((company, i) => ({
      capacityShareBase: bases[i]!,
      ...paymentFor(company, gains[i]!),
      standalonePriceMicros: standalonePrice(company),
      surplusMicros: gains[i]!,
      floorMicros: asMicros(floorOf(company)),
      standaloneMicros: asMicros(company.standaloneMicros),
      referenceMicros: asMicros(demandWorth[i]! + shareOf(capacityWorth, bases[i]!, shareSum)),
    })),
    valueMicros: asMicros(value),
    epsilonMicros: boundOnLeaving(market, bases, gains),
  };
}

/** The transportation problem at the tiers that the awards reach, of the companies with a share; closed providers out. */
function awardedTiers(
  market: Market,
  awards: readonly (readonly number[])[],
  sharing: readonly number[],
): TransportProblem {
  const served = market.providers.map((_, j) => awards.reduce((sum, row) => sum + row[j]!, 0));
  const reached = market.providers.map(({ steps }, j) =>
    served[j] === 0 ? undefined : steps.findLast(({ minVolume }) => minVolume <= served[j]!),
  );
  return {
    demand: sharing.map((i) => market.companies[i]!.volume),
    gains: sharing.map((i) => gainsAt(market.companies[i]!, reached)),
    lower: reached.map((step) => step?.minVolume ?? 0),
    upper: reached.map((step, j) => (step === undefined ? 0 : market.providers[j]!.capacity)),
  };
}

/** What a request gains at each provider's price; undefined where the pair or the provider is closed. */
function gainsAt(
  company: MarketCompany,
  prices: readonly ({ readonly allInMicros: number } | undefined)[],
): (number | undefined)[] {
  const gains: (number | undefined)[] = prices.map(() => undefined);
  for (const j of company.open) {
    const price = prices[j];
    if (price !== undefined) gains[j] = company.values[j]! - price.allInMicros;
  }
  return gains;
}

/**
 * ε = Σ max(0, ō_i − u_i), rounded up to a micro-unit, ō being the reference at every provider's best price of eligible
 * volume without any threshold. It bounds what any group S of companies with a share gains by leaving with Σ_S ω_i of
 * every provider's capacity: at no better prices and with that capacity S gains at most Σ_S ō_i, because the duals
 * behind ō are feasible for its problem too, and Σ_S ō_i − Σ_S u_i ≤ ε.
 */
function boundOnLeaving(market: Market, bases: readonly number[], gains: readonly number[]): Micros {
  const best = market.providers.map(({ steps }) => steps.at(-1));
  const groups = groupCompanies(market)
    .map(({ companies }) => companies.filter((i) => bases[i]! > 0))
    .filter((companies) => companies.length > 0);
  const problem: TransportProblem = {
    demand: groups.map((companies) => companies.reduce((sum, i) => sum + market.companies[i]!.volume, 0)),
    gains: groups.map((companies) => gainsAt(market.companies[companies[0]!]!, best)),
    lower: best.map(() => 0),
    upper: best.map((step, j) => (step === undefined ? 0 : market.providers[j]!.capacity)),
  };
  const duals: Duals = dualsOf(problem, planTransport(problem).flow);
  const capacityWorth = dot(problem.upper, duals.upper);
  const shareSum = BigInt(bases.reduce((sum, base) => sum + base, 0));
  const demandWorth = bases.map(() => 0);
  for (const [g, companies] of groups.entries()) for (const i of companies) demandWorth[i] = duals.demand[g]!;
  let excess = 0n; // In parts of 1/shareSum of a micro-unit.
  for (const [i, base] of bases.entries()) {
    if (base === 0) continue;
    const marginal = BigInt(market.companies[i]!.volume) * BigInt(demandWorth[i]!) - BigInt(gains[i]!);
    const over = marginal * shareSum + capacityWorth * BigInt(base);
    if (over > 0n) excess += over;
  }
  return asMicros(shareSum === 0n ? 0n : (excess + shareSum - 1n) / shareSum);
}

/** ⌊amount · base / sum⌋; 0 where nobody has a share. */
function shareOf(amount: bigint, base: number, sum: number): bigint {
  return base === 0 ? 0n : (amount * BigInt(base)) / BigInt(sum);
}

function standaloneOf(market: Market, company: MarketCompany, share: number, shareSum: number): bigint {
  const offers = company.open.map((j) => {
    const { capacity, steps } = market.providers[j]!;
    const value = company.values[j]!;
    return {
      capacity,
      steps: steps.map(({ minVolume, allInMicros }) => ({ minVolume, gainMicros: value - allInMicros })),
    };
  });
  return standaloneSurplus({ volume: company.volume, share, shareSum, offers });
}
