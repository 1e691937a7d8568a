/** For tests: markets written down in a few lines, and one party's result. */
import type { Clearing } from './clearing.ts';
import type { ClearingInput } from './input.ts';

export type Company = Partial<ClearingInput['companies'][number]> & { id: string };
export type Provider = Partial<ClearingInput['providers'][number]> & { id: string };

/** Fee 0, ceiling 100, failure cost 0, no share limit, everyone eligible, no records, perfect quality, unless said otherwise. */
export function market(
  companies: Company[],
  providers: Provider[],
  terms: Partial<ClearingInput['terms']> = {},
): ClearingInput {
  return {
    seed: 'seed',
    queue: 'queue-1',
    round: 'round-1',
    terms: { feeBps: 0, ceilingMicros: 100, failureCostMicros: 0, shareLimitBps: 10_000, ...terms },
    companies: companies.map((company) => ({
      volume: 1,
      reserveMicros: null,
      failureCostMicros: null,
      eligibleProviders: providers.map(({ id }) => id),
      chargesLastRound: 0,
      ...company,
    })),
    providers: providers.map((provider) => ({
      capacity: 10,
      tiers: [{ minVolume: 0, priceMicros: 10 }],
      qualityBps: 10_000,
      ...provider,
    })),
  };
}

export const company = (clearing: Clearing, id: string) => clearing.companies.find((each) => each.id === id)!;
export const provider = (clearing: Clearing, id: string) => clearing.providers.find((each) => each.id === id)!;
