/**
 * The files of a round. **Public**: what everybody gets. **Sealed**: all inputs, results and the proof, for the auditor.
 * **Pseudonymous**: the sealed file without names, where the terms publish it. **Company** and **provider**: what one
 * party sent and got, with the proof that its seal is under the public root. Each holds the whole public file.
 */
import * as z from 'zod';
import { StoredBid } from '../../bid/bid.ts';
import { Commitment } from '../../commitment/commitment.ts';
import { OrganisationId, QueueId, RoundNumber } from '../../kernel/id.ts';
import { Currency } from '../../kernel/money.ts';
import { RoundFigures } from '../../round/round.ts';
import { Certificate } from '../certificate.ts';
import { ClearingInput, ClearingTerms } from '../input.ts';

const Version = z.literal(1);
const Micros = z.int();
const Count = z.int().min(0);
/** SHA-256 in hex. */
const Hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in 64 lower-case hex digits');

/** Pool prices per resolution over the companies that were awarded something; rounded to 0.01, so that none is a fingerprint. */
export const PriceStatistics = z
  .object({
    medianMicros: Micros.meta({ description: 'The lower median, to the nearest 0.01' }),
    minMicros: Micros.nullable().meta({ description: 'Down to 0.01; null below five companies with an award' }),
    maxMicros: Micros.nullable().meta({ description: 'Up to 0.01; null below five companies with an award' }),
  })
  .meta({ id: 'PriceStatistics' });
export type PriceStatistics = z.infer<typeof PriceStatistics>;

export const Epsilon = z
  .object({
    micros: Micros.meta({ description: 'No group gains more than this by leaving' }),
    shareOfTurnoverBps: z.int().nullable().meta({ description: 'Rounded up; null without turnover' }),
  })
  .meta({ id: 'Epsilon' });

export const PublicFile = z
  .object({
    kind: z.literal('parley.round.public'),
    version: Version,
    queue: QueueId,
    round: RoundNumber,
    currency: Currency,
    termsVersion: z.int(),
    terms: ClearingTerms.meta({ id: 'ClearingTerms', description: 'The published terms that decide the clearing' }),
    publishesSealedFile: z.boolean(),
    seedHash: Hash.meta({ description: 'Published when the round opened' }),
    seed: z.string(),
    sealRoot: Hash.meta({ description: 'Merkle root (RFC 6962) over the seals of all bids and commitments' }),
    sealCount: Count.meta({ description: 'Bids and commitments together' }),
    figures: RoundFigures.nullable().meta({ description: 'Null while fewer than three companies share the queue' }),
    prices: PriceStatistics.nullable().meta({ description: 'Null below three companies with an award' }),
    epsilon: Epsilon.nullable().meta({ description: 'Null while fewer than three companies share the queue' }),
    proof: z.object({
      method: z.string(),
      gapMicros: Micros.meta({ description: 'How much more gain the proof leaves open; 0: proven optimal' }),
    }),
  })
  .meta({ id: 'PublicRoundFile' });
export type PublicFile = z.infer<typeof PublicFile>;

export const CompanyResult = z
  .object({
    id: z.string(),
    committed: Count,
    awarded: Count,
    byProvider: z.array(z.object({ provider: z.string(), volume: Count })),
    capacityShareBase: Count,
    totalMicros: Micros,
    unitPriceMicros: Micros,
    dearerRequests: Count,
    releaseCreditMicros: Micros,
    standalonePriceMicros: Micros.nullable(),
    surplusMicros: Micros,
    floorMicros: Micros,
    standaloneMicros: Micros,
    referenceMicros: Micros,
  })
  .meta({ id: 'CompanyResult' });
export type CompanyResult = z.infer<typeof CompanyResult>;

export const ProviderResult = z
  .object({
    id: z.string(),
    awarded: Count,
    tier: z.int().nullable(),
    priceMicros: Micros.nullable(),
    feeMicros: Micros.nullable(),
    allInMicros: Micros.nullable(),
    capacityLeft: z.int(),
  })
  .meta({ id: 'ProviderResult' });
export type ProviderResult = z.infer<typeof ProviderResult>;

/** What clearing decided, as `clear` answers it. */
export const Result = z
  .object({
    order: z.object({ companies: z.array(z.string()), providers: z.array(z.string()) }),
    companies: z.array(CompanyResult),
    providers: z.array(ProviderResult),
    valueMicros: Micros,
    epsilonMicros: Micros,
    providerCostMicros: Micros,
    proof: z.object({ method: z.string(), gapMicros: Micros }),
  })
  .meta({ id: 'ClearingResult' });
export type Result = z.infer<typeof Result>;

/** What the clearing read and answered. Where the terms publish it, both sides go by the pseudonyms of this round. */
const cleared = {
  input: ClearingInput,
  result: Result,
  certificate: Certificate.nullable().meta({ description: 'Proves the gap; null where the method only claims it' }),
};

export const SealedFile = z
  .object({
    kind: z.literal('parley.round.sealed'),
    version: Version,
    public: PublicFile,
    commitments: z.array(Commitment),
    bids: z.array(StoredBid),
    pseudonyms: z.record(OrganisationId, z.string()).nullable().meta({
      description: 'The name of each bidder in this round; null where the terms do not publish the file',
    }),
    ...cleared,
  })
  .meta({ id: 'SealedRoundFile' });
export type SealedFile = z.infer<typeof SealedFile>;

export const PseudonymousFile = z
  .object({
    kind: z.literal('parley.round.pseudonymous'),
    version: Version,
    public: PublicFile,
    seals: z.record(z.string(), Hash).meta({ description: 'The seal of each bidder’s bid or commitment' }),
    ...cleared,
  })
  .meta({ id: 'PseudonymousRoundFile' });
export type PseudonymousFile = z.infer<typeof PseudonymousFile>;

const own = {
  version: Version,
  public: PublicFile,
  /** The name in this round's pseudonymous file; null where there is none. */
  pseudonym: z.string().nullable(),
  proof: z
    .object({ index: Count, path: z.array(Hash) })
    .meta({ id: 'InclusionProof', description: 'From the seal to the public root' }),
};

export const CompanyFile = z
  .object({
    kind: z.literal('parley.round.company'),
    ...own,
    commitment: Commitment,
    chargesLastRound: Count.meta({ description: 'The record that the share of capacity rests on' }),
    result: CompanyResult,
  })
  .meta({ id: 'CompanyRoundFile' });
export type CompanyFile = z.infer<typeof CompanyFile>;

export const ProviderFile = z
  .object({ kind: z.literal('parley.round.provider'), ...own, bid: StoredBid, result: ProviderResult })
  .meta({ id: 'ProviderRoundFile' });
export type ProviderFile = z.infer<typeof ProviderFile>;

export const RoundFile = z.discriminatedUnion('kind', [
  PublicFile,
  SealedFile,
  PseudonymousFile,
  CompanyFile,
  ProviderFile,
]);
export type RoundFile = z.infer<typeof RoundFile>;

/** One part of a file too large for one answer. */
export const FileChunk = z
  .object({
    kind: z.literal('parley.round.part'),
    chunk: z.int().min(1),
    chunks: z.int().min(1),
    sha256: Hash.meta({ description: 'Of the whole gzip: all parts in order' }),
    data: z.string().meta({ description: 'This part of the gzip of the file, in base64url' }),
  })
  .meta({ id: 'RoundFilePart' });
export type FileChunk = z.infer<typeof FileChunk>;

/** The public file inside a file, or the file itself. */
export const publicPart = (file: RoundFile): PublicFile => (file.kind === 'parley.round.public' ? file : file.public);
