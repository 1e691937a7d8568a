/**
 * The clearing of one queue and round: who is awarded what, and what each company pays. Pure: the same input and the
 * same solver give the same answer, whatever order companies and providers come in.
 */
import { asMicros, type Micros } from '../kernel/money.ts';
import { type Allocation, allocate } from './allocation.ts';
import type { Certificate } from './certificate.ts';
import { buildTierProblem, type Group, groupCompanies } from './groups.ts';
import { ClearingInput } from './input.ts';
import { assertClearing } from './invariants.ts';
import { orderBidders } from './order.ts';
import { type CompanyPrice, priceAwards } from './price-awards.ts';
import { type Market, openMarket, tierReached } from './reach.ts';
import { shareAmongAlike } from './sharing.ts';
import type { Solver, TierChoice, TierProblem } from './solver.ts';

/** The input belongs to this interface as much as the answer below. */
export { ClearingInput } from './input.ts';

/** One company's result. Money in micro-units, fee included, tax excluded; volumes in requests. */
export type CompanyClearing = CompanyPrice & {
  readonly id: string;
  /** D_i: requests committed. */
  readonly committed: number;
  /** X_i: requests awarded. */
  readonly awarded: number;
  /** Who serves them, in the round's order of providers; only volumes above 0. */
  readonly byProvider: readonly { readonly provider: string; readonly volume: number }[];
};

/** One provider's result. Prices per resolution in micro-units; null where nothing is awarded. */
export type ProviderClearing = {
  readonly id: string;
  /** y_j: requests awarded. */
  readonly awarded: number;
  /** Index, in the bid, of the tier that the awarded volume reaches. */
  readonly tier: number | null;
  /** What the provider is paid: its bid price at that tier. */
  readonly priceMicros: Micros | null;
  /** The fee on top of it. */
  readonly feeMicros: Micros | null;
  /** Both together. */
  readonly allInMicros: Micros | null;
  /** Capacity (under the share limit) that is not awarded: its standing bid. */
  readonly capacityLeft: number;
};

/** How the tiers were chosen, and how much more gain is not ruled out: 0 = none is. */
export type ClearingProof = {
  readonly method: string;
  readonly gapMicros: Micros;
  /** Proves the gap to anyone who has the inputs; null where the method only claims it. Large: never part of a round's item. */
  readonly certificate: Certificate | null;
};

export type Clearing = {
  readonly seed: string;
  readonly queue: string;
  readonly round: string;
  /** Bidders in the order drawn from the seed, which decides ties; results are listed in it. */
  readonly order: { readonly companies: readonly string[]; readonly providers: readonly string[] };
  readonly companies: readonly CompanyClearing[];
  readonly providers: readonly ProviderClearing[];
  /** v(N): the pool's gain, what awards are worth less what they cost. */
  readonly valueMicros: Micros;
  /**
   * ε: no group of companies with a share gains more by leaving, taking its share of every provider's capacity along.
   * `npm run certify-round` finds what the largest gain really is.
   */
  readonly epsilonMicros: Micros;
  /** Σ all-in price · awarded volume over providers; equals Σ T_i over companies. */
  readonly providerCostMicros: Micros;
  readonly proof: ClearingProof;
};

/**
 * Clears one queue and round. The input is checked against its schema first; a wrong one throws, because bids and
 * commitments are refused where they enter, not here. Sums of money beyond a safe integer (9·10⁹ currency units) throw.
 * Without anything that can trade, everyone is awarded nothing and pays nothing.
 */
export async function clear(input: ClearingInput, solver: Solver): Promise<Clearing> {
  const ordered = await orderInput(ClearingInput.parse(input));
  const market = openMarket(ordered);
  const { groups, choice, allocation } = await allot(market, solver);
  const awards = awardCompanies(market, groups, allocation.flow);
  const prices = priceAwards(market, awards);
  const companies = prices.companies.map((price, i) => describeCompany(market, i, awards[i]!, price));
  const providers = market.providers.map((_, j) => describeProvider(market, j, allocation.served[j]!));
  const clearing: Clearing = {
    seed: ordered.seed,
    queue: ordered.queue,
    round: ordered.round,
    order: { companies: market.companies.map(({ id }) => id), providers: market.providers.map(({ id }) => id) },
    companies,
    providers,
    valueMicros: prices.valueMicros,
    epsilonMicros: prices.epsilonMicros,
    providerCostMicros: asMicros(
      providers.reduce((sum, p) => sum + BigInt(p.awarded) * BigInt(p.allInMicros ?? 0), 0n),
    ),
    proof: proofOf(choice, prices.valueMicros),
  };
  assertClearing(clearing, market);
  return clearing;
}

function proofOf({ method, boundMicros, certificate }: TierChoice, valueMicros: number): ClearingProof {
  const gap = Math.max(0, boundMicros - valueMicros);
  return { method, gapMicros: asMicros(gap), certificate };
}

/** The input with its bidders in the order drawn from the seed. */
export async function orderInput(input: ClearingInput): Promise<ClearingInput> {
  const { seed, round } = input;
  const [companies, providers] = await Promise.all([
    orderBidders(seed, round, input.companies),
    orderBidders(seed, round, input.providers),
  ]);
  return { ...input, companies, providers };
}

/** Volumes without prices: what an open market awards, its bidders being in the round's order. */
export async function allot(
  market: Market,
  solver: Solver,
): Promise<{ groups: Group[]; choice: TierChoice; allocation: Allocation }> {
  const groups = groupCompanies(market);
  const choice = await chooseSteps(buildTierProblem(market, groups), solver);
  return { groups, choice, allocation: allocate(market.providers, groups, choice.steps) };
}

/** Asks the solver only where there is a choice: without a minimum or a second step, the one step is always best. */
async function chooseSteps(problem: TierProblem, solver: Solver): Promise<TierChoice> {
  const hasChoice = problem.providers.some(({ steps }) => steps.length > 1 || (steps[0]?.minVolume ?? 0) > 0);
  if (problem.classes.length > 0 && hasChoice) return solver(problem);
  const steps = problem.providers.map((provider) => (provider.steps.length > 0 ? 0 : null));
  return { steps, boundMicros: 0, method: 'exact transport plan (no tiers to choose)', certificate: null };
}

/** x_ij: requests of each company at each provider. */
function awardCompanies(market: Market, groups: readonly Group[], flow: readonly (readonly number[])[]): number[][] {
  const awards = market.companies.map(() => market.providers.map(() => 0));
  for (const [g, group] of groups.entries()) {
    const members = group.companies.map((index) => market.companies[index]!);
    for (const [at, share] of shareAmongAlike(flow[g]!, members).entries()) awards[group.companies[at]!] = share;
  }
  return awards;
}

function describeCompany(market: Market, index: number, row: readonly number[], price: CompanyPrice): CompanyClearing {
  const { id, volume } = market.companies[index]!;
  const byProvider = market.providers
    .map((provider, j) => ({ provider: provider.id, volume: row[j]! }))
    .filter((award) => award.volume > 0);
  const awarded = row.reduce((sum, requests) => sum + requests, 0);
  return { id, committed: volume, awarded, byProvider, ...price };
}

function describeProvider(market: Market, index: number, awarded: number): ProviderClearing {
  const provider = market.providers[index]!;
  const tier = awarded === 0 ? null : tierReached(provider, awarded);
  const reached = tier === null ? undefined : provider.tiers[tier];
  return {
    id: provider.id,
    awarded,
    tier,
    priceMicros: reached === undefined ? null : asMicros(reached.priceMicros),
    feeMicros: reached === undefined ? null : asMicros(reached.allInMicros - reached.priceMicros),
    allInMicros: reached === undefined ? null : asMicros(reached.allInMicros),
    capacityLeft: provider.capacity - awarded,
  };
}
