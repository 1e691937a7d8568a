/**
 * From commitments and bids to what can trade at all: all-in prices, what each provider is worth to each company, the
 * best price each provider can reach, and the pairs that stay open.
 */
import { BPS, mulDivCeil, mulDivFloor, shareBps } from '../kernel/money.ts';
import type { ClearingCompany, ClearingInput, ClearingProvider, ClearingTerms } from './input.ts';

/** A tier with its all-in price (fee included). */
export type AllInTier = { readonly minVolume: number; readonly priceMicros: number; readonly allInMicros: number };

/** A price step that can be reached: from `minVolume` on, every request costs `allInMicros`. */
export type PriceStep = { readonly minVolume: number; readonly allInMicros: number };

export type MarketProvider = {
  readonly id: string;
  /** K_j: the bid's capacity, capped by the share limit. */
  readonly capacity: number;
  /** Every tier of the bid, as it was made. */
  readonly tiers: readonly AllInTier[];
  /** Tiers within reach; of equal prices only the first. Empty: this provider is closed. */
  readonly steps: readonly PriceStep[];
};

export type MarketCompany = {
  readonly id: string;
  /** D_i, in requests. */
  readonly volume: number;
  /** r_i: the reserve price, at most the ceiling. */
  readonly reserveMicros: number;
  /** w_i. */
  readonly failureCostMicros: number;
  readonly chargesLastRound: number;
  /** Indexes of the providers that may serve this company, rising. */
  readonly open: readonly number[];
  /** v_ij by provider index, in micro-units; undefined where j does not meet the company's limits. */
  readonly values: readonly (number | undefined)[];
};

/** Companies and providers in the round's order, with the pairs that may trade. */
export type Market = { readonly companies: readonly MarketCompany[]; readonly providers: readonly MarketProvider[] };

/** ⌈w(10⁴ − q)/10⁴⌉: what a provider's failures cost per request, in micro-units. */
export function failureLossMicros(failureCostMicros: number, qualityBps: number): number {
  return mulDivCeil(failureCostMicros, BPS - qualityBps, BPS);
}

/**
 * Builds the market from an input whose bidders are already in the round's order.
 *
 * A pair (i, j) stays open where v_ij reaches j's best reachable price: the price of the highest tier whose minimum
 * volume is within j's capacity and within the volume of eligible companies that are worth that price. Closing pairs
 * never moves a best reachable price (a closed company counted for no tier that is within reach), so one pass is
 * already the state in which nothing changes any more.
 */
export function openMarket(input: ClearingInput): Market {
  const worths = input.companies.map((company) => worthOf(company, input));
  const committed = input.companies.reduce((sum, company) => sum + company.volume, 0);
  const providers = input.providers.map((provider, index) => reachOf(provider, index, worths, input.terms, committed));
  const companies = worths.map((worth) => ({ ...worth, open: openProviders(worth, providers) }));
  return { companies, providers };
}

type Worth = Omit<MarketCompany, 'open'>;

function worthOf(company: ClearingCompany, input: ClearingInput): Worth {
  const { ceilingMicros } = input.terms;
  const reserveMicros = Math.min(company.reserveMicros ?? ceilingMicros, ceilingMicros);
  const failureCostMicros = company.failureCostMicros ?? input.terms.failureCostMicros;
  const eligible = new Set(company.eligibleProviders);
  const values = input.providers.map((provider) =>
    eligible.has(provider.id) ? reserveMicros - failureLossMicros(failureCostMicros, provider.qualityBps) : undefined,
  );
  const { id, volume, chargesLastRound } = company;
  return { id, volume, reserveMicros, failureCostMicros, chargesLastRound, values };
}

function reachOf(
  provider: ClearingProvider,
  index: number,
  worths: readonly Worth[],
  terms: ClearingTerms,
  committed: number,
): MarketProvider {
  const tiers = provider.tiers.map((tier) => ({
    ...tier,
    allInMicros: tier.priceMicros + shareBps(tier.priceMicros, terms.feeBps),
  }));
  const limit = terms.shareLimitBps === BPS ? provider.capacity : mulDivFloor(committed, terms.shareLimitBps, BPS);
  const capacity = Math.min(provider.capacity, limit);
  const best = tiers.findLastIndex((tier) => {
    const volume = Math.min(capacity, volumeWorth(worths, index, tier.allInMicros));
    return volume > 0 && tier.minVolume <= volume;
  });
  const reachable = tiers.slice(0, best + 1).map(({ minVolume, allInMicros }) => ({ minVolume, allInMicros }));
  const steps = reachable.filter((step, at) => at === 0 || step.allInMicros < reachable[at - 1]!.allInMicros);
  return { id: provider.id, capacity, tiers, steps };
}

/** Volume of the eligible companies to whom this provider is worth at least the price. */
export function volumeWorth(
  worths: readonly Pick<Worth, 'values' | 'volume'>[],
  provider: number,
  allInMicros: number,
): number {
  let volume = 0;
  for (const worth of worths) {
    const value = worth.values[provider];
    if (value !== undefined && value >= allInMicros) volume += worth.volume;
  }
  return volume;
}

function openProviders(worth: Worth, providers: readonly MarketProvider[]): number[] {
  if (worth.volume === 0) return [];
  const open: number[] = [];
  for (const [index, provider] of providers.entries()) {
    const value = worth.values[index];
    const best = provider.steps.at(-1);
    if (value !== undefined && best !== undefined && value >= best.allInMicros) open.push(index);
  }
  return open;
}

/** The tier of the bid that an awarded volume reaches: the highest whose minimum it meets; a volume on a threshold has it. */
export function tierReached(provider: MarketProvider, volume: number): number {
  return provider.tiers.findLastIndex((tier) => tier.minVolume <= volume);
}
