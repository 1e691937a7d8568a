/** The pooled demand of all companies for one service class, with published terms. */
import * as z from 'zod';
import { QueueId, RoundNumber } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { Instant, iso } from '../kernel/time.ts';
import { type PooledDemand, type Round, RoundFigures, RoundState } from '../round/round.ts';
import { ServiceClass } from '../service-class/service-class.ts';
import { Terms } from '../terms/terms.ts';

/** Pooled figures are shown from this many independent members on. */
export const MEMBERS_SHOWN_FROM = 3;

export const QueueInput = z
  .strictObject({
    serviceClass: ServiceClass,
    currency: Currency,
    terms: Terms,
    firstRoundStartsAt: Instant.optional().meta({
      description: 'Start of the first round; the next calendar period where left out',
    }),
  })
  .meta({ id: 'QueueInput' });
export type QueueInput = z.infer<typeof QueueInput>;

export const Queue = z
  .object({ id: QueueId, serviceClass: ServiceClass, currency: Currency, createdAt: Instant })
  .meta({ id: 'Queue' });
export type Queue = z.infer<typeof Queue>;

/** The pooled demand of a round that is not cleared yet, as a provisional clearing found it. */
export const PublicDemand = z
  .object({
    members: z.int(),
    committed: z.int().meta({ description: 'Requests committed by all members, to two significant digits' }),
    asOf: Instant,
  })
  .meta({ id: 'PublicDemand' });

/** What would have tipped the pool of a round, as its last provisional clearing found it. */
export const PublicTip = z
  .object({
    committed: z.int().meta({ description: 'Requests committed by all members, to two significant digits' }),
    averagePriceMicros: z.int().meta({ description: 'All-in, at that demand, to 1 % to 2.5 %' }),
    pooledVolume: z.int().meta({ description: 'The least larger demand at which the average price would be lower' }),
    lowerPriceMicros: z.int().meta({ description: 'The average price there' }),
    asOf: Instant,
  })
  .meta({ id: 'PublicTip' });
export type PublicTip = z.infer<typeof PublicTip>;

/** One round as everybody may see it. */
export const PublicRound = z
  .object({
    queue: QueueId,
    round: RoundNumber,
    state: RoundState,
    termsVersion: z.int(),
    closesAt: Instant,
    startsAt: Instant,
    endsAt: Instant,
    seedHash: z.string(),
    seed: z.string().nullable().meta({ description: 'Published after clearing' }),
    figures: RoundFigures.nullable().meta({
      description: 'Null before clearing, and while fewer than three companies share the queue',
    }),
    pooled: PublicDemand.nullable().meta({
      description: 'Before clearing: the pooled demand at a provisional clearing, from three members on',
    }),
    tip: PublicTip.nullable().meta({
      description:
        'Once active: what demand would have brought a lower price. Null below three members or four bidders, without a provisional clearing, and where no larger demand was cheaper',
    }),
    averagePriceMicros: z.int().nullable(),
    averageStandaloneMicros: z.int().nullable(),
  })
  .meta({ id: 'PublicRound' });
export type PublicRound = z.infer<typeof PublicRound>;

export const PublicQueue = z
  .object({
    ...Queue.shape,
    terms: Terms,
    termsVersion: z.int(),
    current: PublicRound.nullable().meta({ description: 'The active round, if there is one' }),
    open: PublicRound.nullable().meta({ description: 'The round that takes bids and commitments' }),
  })
  .meta({ id: 'PublicQueue' });
export type PublicQueue = z.infer<typeof PublicQueue>;

/** Hides what may not be published yet: the seed before clearing, members' figures below three members, results before they are active. */
export function publicRound(round: Round): PublicRound {
  const published = round.state === 'active' || round.state === 'settling' || round.state === 'closed';
  const figures =
    published && round.figures !== null && round.figures.companies >= MEMBERS_SHOWN_FROM ? round.figures : null;
  const perUnit = (total: number) =>
    figures === null || figures.awarded === 0 ? null : Math.round(total / figures.awarded);
  return {
    queue: round.queue,
    round: round.round,
    state: round.state,
    termsVersion: round.termsVersion,
    closesAt: iso(round.closesAt),
    startsAt: iso(round.startsAt),
    endsAt: iso(round.endsAt),
    seedHash: round.seedHash,
    seed: published ? round.seed : null,
    figures,
    pooled: published || round.pooled === undefined ? null : demandOf(round.pooled),
    tip: published && round.pooled !== undefined ? publicTip(round.pooled) : null,
    averagePriceMicros: figures === null ? null : perUnit(figures.billingsMicros),
    averageStandaloneMicros: figures === null ? null : perUnit(figures.standaloneMicros),
  };
}

const demandOf = ({ members, committed, asOf }: PooledDemand) => ({ members, committed, asOf: iso(asOf) });

function publicTip({ committed, asOf, tip }: PooledDemand): PublicTip | null {
  if (tip === undefined) return null;
  const { nowMicros, volume, priceMicros } = tip;
  return {
    committed,
    averagePriceMicros: nowMicros,
    pooledVolume: volume,
    lowerPriceMicros: priceMicros,
    asOf: iso(asOf),
  };
}
