/** Small markets for the tests of this folder. Prices in micro-units; a unit is 1,000,000. */
import type { ClearingInput } from '../market/clearing.ts';
import { createMarketSolver } from '../market/market-solver.ts';
import { Terms } from '../terms/terms.ts';

export const UNIT = 1_000_000;
export const solver = createMarketSolver();
export const TERMS = Terms.parse({
  slaHours: 48,
  feeBps: 0,
  ceilingMicros: 9 * UNIT,
  failureCostMicros: 0,
  secondPersonAboveMicros: 0,
});

export type Company = { id: string; volume: number; reserveMicros?: number };
export type Provider = { id: string; capacity: number; tiers: [minVolume: number, priceMicros: number][] };

/** A market in which everybody may serve everybody, without fee, failures cost or records. */
export function marketOf(companies: readonly Company[], providers: readonly Provider[]): ClearingInput {
  return {
    seed: 'seed',
    queue: 'q',
    round: '1',
    terms: { feeBps: 0, ceilingMicros: 9 * UNIT, failureCostMicros: 0, shareLimitBps: 10_000 },
    companies: companies.map(({ id, volume, reserveMicros }) => ({
      id,
      volume,
      reserveMicros: reserveMicros ?? null,
      failureCostMicros: null,
      eligibleProviders: providers.map((provider) => provider.id),
      chargesLastRound: 0,
    })),
    providers: providers.map(({ id, capacity, tiers }) => ({
      id,
      capacity,
      tiers: tiers.map(([minVolume, priceMicros]) => ({ minVolume, priceMicros })),
      qualityBps: 8_000,
    })),
  };
}

/** Four bidders: one cheap from 1,500 requests on, three dearer ones without tiers. */
export const FOUR_BIDDERS: readonly Provider[] = [
  {
    id: 'pr_a',
    capacity: 5_000,
    tiers: [
      [0, 5 * UNIT],
      [1_500, 4 * UNIT],
    ],
  },
  { id: 'pr_b', capacity: 400, tiers: [[0, 6 * UNIT]] },
  { id: 'pr_c', capacity: 400, tiers: [[0, 7 * UNIT]] },
  { id: 'pr_d', capacity: 400, tiers: [[0, 8 * UNIT]] },
];
