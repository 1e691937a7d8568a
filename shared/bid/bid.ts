/** A provider's supply for one round of a queue. What its capacity is not awarded stays open as a standing bid. */
import * as z from 'zod';
import { OrganisationId, QueueId, RoundNumber } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import { MAX_VOLUME, PriceTiers } from '../market/tiers.ts';

export const ProviderKind = z.enum(['agent_pool', 'automation', 'community']).meta({ id: 'ProviderKind' });
export type ProviderKind = z.infer<typeof ProviderKind>;

export const BidInput = z
  .strictObject({
    currency: Currency,
    capacity: z
      .int()
      .min(1)
      .max(MAX_VOLUME)
      .meta({ description: 'The most requests the provider can take in this round' }),
    tiers: PriceTiers,
    rollOver: z.boolean().default(false).meta({
      description:
        'A standing bid: placed again in the next round when that opens, where it can be changed or withdrawn',
    }),
  })
  .meta({ id: 'BidInput' });
export type BidInput = z.infer<typeof BidInput>;

export const Bid = z
  .object({
    queue: QueueId,
    round: RoundNumber,
    provider: OrganisationId,
    ...BidInput.shape,
    /** Fixed when the bid is placed: the measured quality the market holds of this provider. */
    qualityBps: z.int().min(0).max(10_000),
    nonce: z
      .string()
      .min(16)
      .meta({ description: 'Random, inside the hash, so that the hash cannot be guessed; keep both' }),
    hash: z.string().meta({ description: 'SHA-256 of the bid as received: the acknowledgement' }),
    submittedAt: Instant,
    rolledFrom: RoundNumber.optional().meta({ description: 'The round from which a standing bid was placed again' }),
  })
  .meta({ id: 'Bid' });
export type Bid = z.infer<typeof Bid>;

/** A bid as kept: with the provider's kind, which clearing needs. */
export const StoredBid = Bid.extend({ kind: ProviderKind });
export type StoredBid = z.infer<typeof StoredBid>;
