/** A company's demand for one round of a queue: volume, reserve price and limits on providers. */
import * as z from 'zod';
import { type Bid, ProviderKind } from '../bid/bid.ts';
import { OrganisationId, QueueId, RoundNumber } from '../kernel/id.ts';
import { Currency, PriceMicros } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import { MAX_VOLUME } from '../market/tiers.ts';

export const AutomationPolicy = z.enum(['first', 'allowed', 'never']).meta({
  id: 'AutomationPolicy',
  description: 'Whether programs may work the requests; a customer can always get a person',
});

export const ProviderLimits = z
  .strictObject({
    kinds: z.array(ProviderKind).min(1).max(3).optional().meta({ description: 'Only providers of these kinds' }),
    blocked: z.array(OrganisationId).max(100).default([]).meta({ description: 'Providers that are never used' }),
    minimumQualityBps: z
      .int()
      .min(0)
      .max(10_000)
      .default(0)
      .meta({ description: 'Lowest measured quality, in basis points' }),
    automation: AutomationPolicy.default('allowed'),
  })
  .meta({ id: 'ProviderLimits' });
export type ProviderLimits = z.infer<typeof ProviderLimits>;
export const NO_LIMITS: ProviderLimits = ProviderLimits.parse({});

export const CommitmentInput = z
  .strictObject({
    currency: Currency,
    volume: z
      .int()
      .min(1)
      .max(MAX_VOLUME)
      .meta({ description: 'Accepted requests the company commits to send in this round' }),
    reserveMicros: PriceMicros.min(1).optional().meta({
      description: 'The most it pays per resolution, all-in; left out or above the ceiling it is read as the ceiling',
    }),
    failureCostMicros: PriceMicros.optional().meta({
      description: "What a request not resolved at the first go costs it; the terms' default where left out",
    }),
    limits: ProviderLimits.default(NO_LIMITS),
    overflow: z
      .enum(['allowed', 'refused'])
      .default('allowed')
      .meta({ description: 'Whether requests beyond the award go to standing bids' }),
    rollOver: z.boolean().default(false).meta({
      description:
        'A standing commitment: made again in the next round when that opens, where it can be changed or withdrawn',
    }),
  })
  .meta({ id: 'CommitmentInput' });
export type CommitmentInput = z.infer<typeof CommitmentInput>;

export const Commitment = z
  .object({
    queue: QueueId,
    round: RoundNumber,
    company: OrganisationId,
    ...CommitmentInput.shape,
    nonce: z
      .string()
      .min(16)
      .meta({ description: 'Random, inside the hash, so that the hash cannot be guessed; keep both' }),
    hash: z.string().meta({ description: 'SHA-256 of the commitment as received: the acknowledgement' }),
    submittedAt: Instant,
    rolledFrom: RoundNumber.optional().meta({
      description: 'The round from which a standing commitment was made again',
    }),
  })
  .meta({ id: 'Commitment' });
export type Commitment = z.infer<typeof Commitment>;

/** Whether a company's limits let a provider serve it. */
export function mayServe(
  limits: ProviderLimits,
  provider: { id: string; kind: ProviderKind; qualityBps: Bid['qualityBps'] },
): boolean {
  if (limits.blocked.includes(provider.id)) return false;
  if (limits.automation === 'never' && provider.kind === 'automation') return false;
  if (limits.kinds !== undefined && !limits.kinds.includes(provider.kind)) return false;
  return provider.qualityBps >= limits.minimumQualityBps;
}
