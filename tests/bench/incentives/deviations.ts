/** What one bidder may say instead of the truth: for each kind of lie a grid of ways to tell it. */
import type { ClearingCompany, ClearingInput, ClearingProvider } from '../../../shared/market/input.ts';

export const COMPANY_KINDS = [
  'shade the reserve',
  'raise the reserve',
  'misstate failure cost',
  'inflate by up to 25 %',
  'inflate further',
  'split in two',
  'add a phantom',
] as const;
export const PROVIDER_KINDS = [
  'lower the bid',
  'raise the bid',
  'understate capacity',
  'split the bid in two',
] as const;
export type CompanyKind = (typeof COMPANY_KINDS)[number];
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** The bidders that are entered instead of the true one. */
export type Lie<Bidder> = readonly Bidder[];

const scaled = (value: number, factor: number): number => Math.round(value * factor);

/** The company's true commitment must name its reserve and failure cost. */
export function companyLies(truth: ClearingCompany, kind: CompanyKind, input: ClearingInput): Lie<ClearingCompany>[] {
  const reserve = truth.reserveMicros ?? input.terms.ceilingMicros;
  const failure = truth.failureCostMicros ?? input.terms.failureCostMicros;
  const inAll = input.companies.reduce((sum, { volume }) => sum + volume, 0);
  /** Records are earned, not stated: a new name has none. */
  const twin = (volume: number, reserveMicros: number): ClearingCompany => ({
    ...truth,
    id: `${truth.id}-twin`,
    volume,
    reserveMicros,
    chargesLastRound: 0,
  });
  switch (kind) {
    case 'shade the reserve':
      return [0.7, 0.8, 0.85, 0.9, 0.95, 0.98].map((factor) => [{ ...truth, reserveMicros: scaled(reserve, factor) }]);
    case 'raise the reserve':
      return [1.05, 1.2, 2].map((factor) => [{ ...truth, reserveMicros: scaled(reserve, factor) }]);
    case 'misstate failure cost':
      return [0, 0.5, 0.8, 1.25, 1.5, 2].map((factor) => [{ ...truth, failureCostMicros: scaled(failure, factor) }]);
    // Up to 1/φ nothing is missing: by the default terms a company pays for 80 % of its award at least.
    case 'inflate by up to 25 %':
      return [1.05, 1.1, 1.25].map((factor) => [{ ...truth, volume: scaled(truth.volume, factor) }]);
    case 'inflate further':
      return [1.5, 2, 10].map((factor) => [{ ...truth, volume: scaled(truth.volume, factor) }]);
    case 'split in two':
      return [0.25, 0.5, 0.75].flatMap((share) => {
        const kept = scaled(truth.volume, share);
        const rest = truth.volume - kept;
        return [1, 0.9].map((factor) => [{ ...truth, volume: kept }, twin(rest, scaled(reserve, factor))]);
      });
    case 'add a phantom':
      return [0.2, 1, 3].flatMap((share) =>
        [1, 0.6].map((factor) => [truth, twin(Math.max(1, scaled(inAll, share)), scaled(reserve, factor))]),
      );
  }
}

export function providerLies(truth: ClearingProvider, kind: ProviderKind): Lie<ClearingProvider>[] {
  const priced = (factor: number): ClearingProvider => ({
    ...truth,
    tiers: truth.tiers.map((tier) => ({ ...tier, priceMicros: scaled(tier.priceMicros, factor) })),
  });
  switch (kind) {
    case 'lower the bid':
      return [0.93, 0.95, 0.97, 0.99].map((factor) => [priced(factor)]);
    case 'raise the bid':
      return [1.01, 1.03, 1.05, 1.1, 1.2].map((factor) => [priced(factor)]);
    case 'understate capacity':
      return [0.5, 0.7, 0.9].map((factor) => [{ ...truth, capacity: scaled(truth.capacity, factor) }]);
    case 'split the bid in two':
      return [1, 1.03, 1.1].flatMap((factor) =>
        [1, 2].map((divisor) => [half(truth, '', divisor), half(priced(factor), '-twin', divisor)]),
      );
  }
}

/** Half the capacity; thresholds as they are, or halved as well. Thresholds that meet keep the lower price. */
function half(bid: ClearingProvider, suffix: string, divisor: number): ClearingProvider {
  const byMinimum = new Map(
    bid.tiers.map(({ minVolume, priceMicros }) => [Math.floor(minVolume / divisor), priceMicros]),
  );
  return {
    ...bid,
    id: `${bid.id}${suffix}`,
    capacity: Math.floor(bid.capacity / 2),
    tiers: [...byMinimum].map(([minVolume, priceMicros]) => ({ minVolume, priceMicros })),
  };
}

/** The market with the lie in the place of the bidder's truth; whoever could use a provider can use its twin. */
export function withCompanies(input: ClearingInput, truth: ClearingCompany, lie: Lie<ClearingCompany>): ClearingInput {
  return { ...input, companies: input.companies.flatMap((company) => (company.id === truth.id ? lie : [company])) };
}

export function withProviders(
  input: ClearingInput,
  truth: ClearingProvider,
  lie: Lie<ClearingProvider>,
): ClearingInput {
  const ids = lie.map(({ id }) => id);
  return {
    ...input,
    providers: input.providers.flatMap((provider) => (provider.id === truth.id ? lie : [provider])),
    companies: input.companies.map((company) => ({
      ...company,
      eligibleProviders: company.eligibleProviders.flatMap((id) => (id === truth.id ? ids : [id])),
    })),
  };
}
