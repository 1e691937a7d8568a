/** Lays many small queues whose rounds all close at the same instant, through the stores as the API would. */
import { putBid } from '../../../shared/bid/bid.store.ts';
import type { BidInput } from '../../../shared/bid/bid.ts';
import { putCommitment } from '../../../shared/commitment/commitment.store.ts';
import { CommitmentInput } from '../../../shared/commitment/commitment.ts';
import { mapConcurrent } from '../../../shared/kernel/call.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import type { Tables } from '../../../shared/kernel/table.ts';
import { DAY } from '../../../shared/kernel/time.ts';
import { createQueue } from '../../../shared/queue/queue.store.ts';
import { Terms } from '../../../shared/terms/terms.ts';
import { createRandom, type Random } from '../support/random.ts';

const OPENED_AT = Date.parse('2026-01-15T00:00:00Z');
export const STARTS_AT = Date.parse('2026-02-01T00:00:00Z');
export const CLOSES_AT = STARTS_AT - DAY;
/** Companies and providers of one queue, at the least and at the most. */
export const MEMBERS = [2, 4] as const;
const SIDE_BY_SIDE = 16;

const TERMS = Terms.parse({
  slaHours: 48,
  ceilingMicros: 9_000_000,
  failureCostMicros: 1_000_000,
  secondPersonAboveMicros: 1_000_000_000_000,
});

/** Opens `count` queues with 2 to 4 commitments and 2 to 4 bids each; answers their ids and how many members they have in all. */
export async function layQueues(
  tables: Tables,
  count: number,
  seed: number,
  progress: (done: number) => void,
): Promise<{ queues: string[]; commitments: number; bids: number }> {
  const call = { tables, now: OPENED_AT };
  const all = { commitments: 0, bids: 0 };
  let done = 0;
  const queues = await mapConcurrent(Array.from({ length: count }), SIDE_BY_SIDE, async (_, i) => {
    const random = createRandom(`${seed}|rounds|${i}`);
    const serviceClass = {
      category: `Bench ${i}`,
      channel: 'Web',
      language: 'en-US',
      region: 'US',
      slaTier: 'standard' as const,
    };
    const queue = must(await createQueue(call, { serviceClass, currency: 'USD', terms: TERMS })).queue.id;
    const companies = random.whole(...MEMBERS);
    const providers = random.whole(...MEMBERS);
    for (let c = 0; c < companies; c++) {
      const demand = CommitmentInput.parse({ currency: 'USD', volume: Math.ceil(200 * random.lognormal(1)) });
      must(await putCommitment(call, `co_bench${String(c).padStart(5, '0')}`, queue, 1, demand));
    }
    for (let p = 0; p < providers; p++) {
      const tenant = `pr_bench${String(p).padStart(5, '0')}`;
      must(await putBid(call, { tenant, kind: 'agent_pool', qualityBps: 9_000 }, queue, 1, bidOf(random)));
    }
    all.commitments += companies;
    all.bids += providers;
    progress(++done);
    return queue;
  });
  return { queues, ...all };
}

/** Three to five tiers, each 2 to 8 % cheaper than the one before. */
function bidOf(random: Random): BidInput {
  const capacity = random.whole(200, 1_200);
  let priceMicros = random.whole(3_000_000, 6_000_000);
  const tiers = Array.from({ length: random.whole(3, 5) }, (_, t) => {
    if (t > 0) priceMicros = Math.floor(priceMicros * (1 - random.between(0.02, 0.08)));
    return { minVolume: Math.floor((capacity * t) / 6), priceMicros };
  });
  return { currency: 'USD', capacity, tiers, rollOver: false };
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
  return result.value;
}
