/** What a clearing reads: the sealed commitments and bids of one queue and round, its published terms, and the seed. */
import * as z from 'zod';
import { PriceMicros } from '../kernel/money.ts';
import { PriceTiers, Volume } from './tiers.ts';

const Bps = z.int().min(0).max(10_000);
const Id = z.string().min(1);

/** The published terms a clearing depends on. */
export const ClearingTerms = z.object({
  /** The fee, a share of the bid price that is added to it. */
  feeBps: Bps,
  /** What serving a request oneself costs; reserve prices above it are read as the ceiling. */
  ceilingMicros: PriceMicros,
  /** What a request not resolved at the first go costs a company that names no figure of its own. */
  failureCostMicros: PriceMicros,
  /** No provider is awarded more than this share of the committed volume; 10,000 switches the limit off. */
  shareLimitBps: Bps,
});
export type ClearingTerms = z.infer<typeof ClearingTerms>;

/** One company's commitment, with the record of its last closed round. */
export const ClearingCompany = z.object({
  id: Id,
  /** Requests committed. */
  volume: Volume,
  /** Highest price per resolution, fee included; null is read as the ceiling. */
  reserveMicros: PriceMicros.nullable(),
  /** What an unresolved request costs this company; null is read as the terms' figure. */
  failureCostMicros: PriceMicros.nullable(),
  /** Providers that meet this company's limits. Ids without a bid are passed over. */
  eligibleProviders: z.array(Id),
  /** Charges in the last closed round; 0 means that the company has no record. */
  chargesLastRound: z.int().min(0).max(1_000_000_000),
});
export type ClearingCompany = z.infer<typeof ClearingCompany>;

/** One provider's bid. */
export const ClearingProvider = z.object({
  id: Id,
  /** Most requests it takes in the round. */
  capacity: Volume,
  /** What it is paid per resolution, by awarded volume; the fee is not inside. */
  tiers: PriceTiers,
  /** Expected share of requests resolved and not reopened. */
  qualityBps: Bps,
});
export type ClearingProvider = z.infer<typeof ClearingProvider>;

/** Everything a clearing reads. Plain JSON; the order of companies and providers does not matter; ids are unique. */
export const ClearingInput = z
  .object({
    seed: z.string(),
    queue: Id,
    round: Id,
    terms: ClearingTerms,
    companies: z.array(ClearingCompany),
    providers: z.array(ClearingProvider),
  })
  .superRefine((input, context) => {
    for (const side of ['companies', 'providers'] as const) {
      const ids = input[side].map((bidder) => bidder.id);
      const twice = ids.find((id, index) => ids.indexOf(id) !== index);
      if (twice !== undefined) context.addIssue({ code: 'custom', message: `${twice} appears twice`, path: [side] });
    }
  });
export type ClearingInput = z.infer<typeof ClearingInput>;
