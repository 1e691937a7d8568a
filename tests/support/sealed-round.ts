/** A small round with a choice of tiers, cleared without any store, as its sealed file. */
import type { StoredBid } from '../../shared/bid/bid.ts';
import { type Commitment, NO_LIMITS } from '../../shared/commitment/commitment.ts';
import { sha256Hex } from '../../shared/kernel/hash.ts';
import { clear } from '../../shared/market/clearing.ts';
import { createMarketSolver } from '../../shared/market/market-solver.ts';
import { makeSealedFile } from '../../shared/market/round-file/build.ts';
import { pseudonymsOf, renameInput } from '../../shared/market/round-file/pseudonyms.ts';
import { Result, type SealedFile } from '../../shared/market/round-file/round-file.ts';
import { sealOf } from '../../shared/market/round-file/seal-checks.ts';
import type { Solver } from '../../shared/market/solver.ts';
import { clearingInput } from '../../shared/round/clearing-input.ts';

const QUEUE = 'mortgage-web-en-us-us-standard-usd';
const SUBMITTED = '2026-01-15T00:00:00.000Z';
const TERMS = { feeBps: 500, ceilingMicros: 9_000_000, failureCostMicros: 1_000_000, shareLimitBps: 10_000 };
const KINDS = ['agent_pool', 'automation', 'community'] as const;

const nonce = (who: string): string => `nonce-of-${who}`.padEnd(22, 'x');

async function commitment(company: string, volume: number, more: Partial<Commitment> = {}): Promise<Commitment> {
  const sent = {
    queue: QUEUE,
    round: 1,
    company,
    currency: 'USD',
    volume,
    limits: NO_LIMITS,
    overflow: 'allowed',
  } as const;
  const content = { ...sent, rollOver: false, nonce: nonce(company), submittedAt: SUBMITTED, hash: '', ...more };
  return { ...content, hash: await sealOf(content) };
}

async function bid(provider: string, capacity: number, tiers: [number, number][], at: number): Promise<StoredBid> {
  const content = {
    queue: QUEUE,
    round: 1,
    provider,
    currency: 'USD' as const,
    capacity,
    rollOver: false,
    hash: '',
    tiers: tiers.map(([minVolume, priceMicros]) => ({ minVolume, priceMicros })),
    qualityBps: 9_000 - at * 300,
    nonce: nonce(provider),
    submittedAt: SUBMITTED,
    kind: KINDS[at % 3]!,
  };
  return { ...content, hash: await sealOf(content) };
}

/** Five companies, two of them alike, one with limits and one served nothing; four providers, one with a minimum award. */
export async function sealedRound(
  options: { published?: boolean; companies?: number; solver?: Solver } = {},
): Promise<SealedFile> {
  const all = await Promise.all([
    commitment('co_aaaa000001', 120, { reserveMicros: 8_000_000 }),
    commitment('co_bbbb000002', 80, { reserveMicros: 8_000_000 }),
    commitment('co_cccc000003', 61, { reserveMicros: 7_123_457, failureCostMicros: 2_000_000 }),
    commitment('co_dddd000004', 40, { limits: { ...NO_LIMITS, automation: 'never', blocked: ['pr_pool000003'] } }),
    commitment('co_eeee000005', 50, { reserveMicros: 1_000_000 }),
  ]);
  const commitments = all.slice(0, options.companies ?? all.length);
  const bids = await Promise.all([
    bid(
      'pr_pool000001',
      200,
      [
        [0, 6_000_000],
        [150, 4_400_003],
      ],
      0,
    ),
    bid('pr_auto000002', 60, [[0, 4_100_000]], 1),
    bid(
      'pr_pool000003',
      150,
      [
        [100, 4_900_000],
        [140, 4_700_000],
      ],
      2,
    ),
    bid(
      'pr_pool000004',
      90,
      [
        [0, 5_600_000],
        [50, 5_000_000],
      ],
      3,
    ),
  ]);
  const seed = 'a seed of this test';
  const round = { queue: QUEUE, round: 1, seed, seedHash: await sha256Hex(seed), termsVersion: 1 };
  const records = new Map([
    ['co_aaaa000001', 100],
    ['co_cccc000003', 70],
    ['co_eeee000005', 40],
  ]);
  const pseudonyms = options.published === true ? await pseudonymsOf(commitments, bids) : null;
  const input = renameInput(clearingInput(round, TERMS, commitments, bids, records), pseudonyms ?? new Map());
  const clearing = await clear(input, options.solver ?? createMarketSolver());
  const { certificate } = clearing.proof;
  const facts = { round, currency: 'USD', commitments, bids, pseudonyms, input, certificate } as const;
  return makeSealedFile({ ...facts, result: Result.parse(clearing) });
}
