/**
 * A provisional clearing: the round cleared from the commitments and bids as they stand, at a published time before its
 * close. Here: what it keeps of each party, and what of that the party is told (MARKET: 'Round').
 */
import * as z from 'zod';
import { PriceMicros } from '../kernel/money.ts';
import { Instant, iso } from '../kernel/time.ts';
import type { Clearing, ClearingInput } from '../market/clearing.ts';
import { roundPrice, roundShare } from './coarse.ts';
import { type Outline, tipOf } from './outline.ts';
import { priceToWin } from './what-if-provider.ts';

/** The third of all bidders that a bid is in, by its lowest price within its capacity and what its failures cost. */
export const RankBand = z.enum(['first_third', 'second_third', 'last_third']).meta({ id: 'RankBand' });
export type RankBand = z.infer<typeof RankBand>;

/** One company's own result, exact: kept, never shown as it is. */
export const CompanyResult = z.object({
  kind: z.literal('company'),
  party: z.string(),
  /** Names what was committed, to see who changed something since. */
  content: z.string(),
  committed: z.int(),
  awarded: z.int(),
  priceMicros: z.int(),
  alonePriceMicros: z.int().nullable(),
});
export type CompanyResult = z.infer<typeof CompanyResult>;

/** One provider's own result. */
export const ProviderResult = z.object({
  kind: z.literal('provider'),
  party: z.string(),
  awarded: z.int(),
  tier: z.int().nullable(),
  rankBand: RankBand,
  capacity: z.int(),
  qualityBps: z.int(),
});
export type ProviderResult = z.infer<typeof ProviderResult>;

export const CompanyFeedback = z
  .object({
    provisionalAt: Instant,
    served: z.enum(['in_full', 'in_part', 'not_at_all']),
    estimatedPriceMicros: PriceMicros.nullable().meta({
      description: 'All-in, per resolution, to the next 1 % to 2.5 %; null where nothing would be awarded',
    }),
    savingBps: z.int().nullable().meta({
      description: 'Against buying alone with one’s share of every capacity, to a whole per cent; below 0: dearer',
    }),
    tip: z
      .object({
        pooledVolume: z.int().meta({ description: 'Pooled demand at which the average price is lower' }),
        averagePriceMicros: PriceMicros,
      })
      .nullable()
      .meta({ description: 'Null below three members or four bidders, and where no larger volume is cheaper' }),
    pooled: z.object({ members: z.int(), committed: z.int(), asOf: Instant }).nullable(),
  })
  .meta({ id: 'CompanyFeedback' });
export type CompanyFeedback = z.infer<typeof CompanyFeedback>;

export const ProviderFeedback = z
  .discriminatedUnion('inTheRunning', [
    z.object({
      provisionalAt: Instant,
      inTheRunning: z.literal(true),
      tier: z.int().meta({ description: 'Place of the tier that would be reached in the bid, from 1' }),
      volume: z.int(),
    }),
    z.object({
      provisionalAt: Instant,
      inTheRunning: z.literal(false),
      rankBand: RankBand,
      priceToWinMicros: PriceMicros.nullable().meta({
        description: 'What one would be paid, rounded up to 1 % to 2.5 %; null below four bidders',
      }),
    }),
  ])
  .meta({ id: 'ProviderFeedback' });
export type ProviderFeedback = z.infer<typeof ProviderFeedback>;

/** What a provisional clearing keeps of every party. `contents` names what each company committed. */
export function resultsOf(
  input: ClearingInput,
  clearing: Clearing,
  contents: ReadonlyMap<string, string>,
): { companies: CompanyResult[]; providers: ProviderResult[] } {
  const bands = rankBands(input);
  const bids = new Map(input.providers.map((bid) => [bid.id, bid]));
  return {
    companies: clearing.companies.map((company) => ({
      kind: 'company',
      party: company.id,
      content: contents.get(company.id) ?? '',
      committed: company.committed,
      awarded: company.awarded,
      priceMicros: company.unitPriceMicros,
      alonePriceMicros: company.standalonePriceMicros,
    })),
    providers: clearing.providers.map(({ id, awarded, tier }) => ({
      kind: 'provider',
      party: id,
      awarded,
      tier,
      rankBand: bands.get(id) ?? 'last_third',
      capacity: bids.get(id)?.capacity ?? 0,
      qualityBps: bids.get(id)?.qualityBps ?? 0,
    })),
  };
}

const BANDS: readonly RankBand[] = ['first_third', 'second_third', 'last_third'];

/** Every bidder's third: by lowest price in reach plus what its failures cost at the terms' figure, ties by id. */
function rankBands(input: ClearingInput): Map<string, RankBand> {
  const ranked = input.providers
    .map((bid) => {
      const tiers = bid.tiers.filter((tier) => tier.minVolume <= bid.capacity);
      const price = tiers.at(-1)?.priceMicros ?? Number.MAX_SAFE_INTEGER;
      return { id: bid.id, cost: price + lossMicros(input.terms.failureCostMicros, bid.qualityBps) };
    })
    .sort((a, b) => a.cost - b.cost || (a.id < b.id ? -1 : 1));
  return new Map(ranked.map(({ id }, place) => [id, BANDS[Math.floor((3 * place) / ranked.length)]!]));
}

const lossMicros = (failureCostMicros: number, qualityBps: number): number =>
  Math.ceil((failureCostMicros * (10_000 - qualityBps)) / 10_000);

/** What a company is told of its own result: price and saving in steps, and the pooled volume that would be cheaper. */
export function companyFeedback(own: CompanyResult, outline: Outline | null, at: number): CompanyFeedback {
  const isServed = own.awarded > 0;
  const tip = tipOf(outline);
  return {
    provisionalAt: iso(at),
    served: own.awarded === own.committed ? 'in_full' : isServed ? 'in_part' : 'not_at_all',
    estimatedPriceMicros: isServed ? roundPrice(own.priceMicros) : null,
    savingBps: isServed ? savingBps(own.priceMicros, own.alonePriceMicros) : null,
    tip: tip === null ? null : { pooledVolume: tip.volume, averagePriceMicros: tip.priceMicros },
    pooled:
      outline === null ? null : { members: outline.members, committed: outline.committed, asOf: iso(outline.asOf) },
  };
}

/** 1 − price/alone in basis points, to a whole per cent; null where there is nothing to compare with. */
export function savingBps(priceMicros: number, aloneMicros: number | null): number | null {
  if (aloneMicros === null || aloneMicros <= 0) return null;
  return roundShare(Math.trunc(((aloneMicros - priceMicros) * 10_000) / aloneMicros));
}

/** What a provider is told: in the running its tier and volume and no more, otherwise its band and the price to win. */
export function providerFeedback(
  own: ProviderResult,
  outline: Outline | null,
  terms: { feeBps: number; failureCostMicros: number },
  at: number,
): ProviderFeedback {
  const provisionalAt = iso(at);
  if (own.awarded > 0 && own.tier !== null)
    return { provisionalAt, inTheRunning: true, tier: own.tier + 1, volume: own.awarded };
  const priceToWinMicros = priceToWin(outline, own.capacity, own.qualityBps, terms);
  return { provisionalAt, inTheRunning: false, rankBand: own.rankBand, priceToWinMicros };
}
