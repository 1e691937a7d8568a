/** What clearing decided for one company and for one provider in a round; never changed once the round is active. */
import * as z from 'zod';
import { ProviderKind } from '../bid/bid.ts';
import { ProviderLimits } from '../commitment/commitment.ts';
import { OrganisationId, QueueId, RoundNumber } from '../kernel/id.ts';
import { PriceMicros } from '../kernel/money.ts';

export const CompanyAward = z
  .object({
    queue: QueueId,
    round: RoundNumber,
    company: OrganisationId,
    committed: z.int(),
    awarded: z.int(),
    /** Units by provider, in the order that the slot sequence uses. */
    byProvider: z.array(z.object({ provider: OrganisationId, volume: z.int() })),
    totalMicros: z
      .int()
      .meta({ description: 'What the company pays in all if every awarded request is resolved and confirmed' }),
    unitPriceMicros: PriceMicros.meta({ description: 'The pool price per resolution, all-in' }),
    dearerRequests: z.int().meta({ description: 'The first so many requests cost one micro-unit more' }),
    standalonePriceMicros: z.int().nullable(),
    releaseCreditMicros: z.int(),
    capacityShareBase: z.int(),
    reserveMicros: PriceMicros,
    failureCostMicros: PriceMicros,
    limits: ProviderLimits,
    overflow: z.enum(['allowed', 'refused']),
    counters: z.int().min(1).meta({ description: 'Slot counters that share the company’s intake' }),
  })
  .meta({ id: 'CompanyAward' });
export type CompanyAward = z.infer<typeof CompanyAward>;

export const ProviderAward = z
  .object({
    queue: QueueId,
    round: RoundNumber,
    provider: OrganisationId,
    kind: ProviderKind,
    qualityBps: z.int(),
    capacity: z.int(),
    awarded: z.int(),
    priceMicros: PriceMicros.nullable().meta({
      description: 'The bid price of the tier reached by awarded volume; null without an award',
    }),
    firstTierMicros: PriceMicros.meta({ description: 'The bid price of overflow and late joiners' }),
    standingCapacity: z.int().meta({ description: 'Capacity that was not awarded' }),
    shards: z.int().min(1).meta({ description: 'Shards that the lane began with; it only ever puts into fewer' }),
  })
  .meta({ id: 'ProviderAward' });
export type ProviderAward = z.infer<typeof ProviderAward>;

/** The price of a company's n-th slot (from 0): the first `dearerRequests` cost one micro-unit more. */
export const slotPriceMicros = (
  award: Pick<CompanyAward, 'unitPriceMicros' | 'dearerRequests'>,
  slot: number,
): number => award.unitPriceMicros + (slot < award.dearerRequests ? 1 : 0);
