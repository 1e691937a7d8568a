/** Bids of a round: `B#<queue>#<round>` / `<provider>`; written only while the round is open, or before it opens when they roll over. */
import type { Call } from '../kernel/call.ts';
import { canonicalJson, sha256Hex } from '../kernel/hash.ts';
import { randomToken, roundKey, timeKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Condition, type Item, type Key } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { ASSUMED_QUALITY_BPS } from '../organisation/organisation.store.ts';
import { changeWhileOpen, wrongCurrency } from '../round/round.store.ts';
import type { Standing } from '../round/standing.ts';
import { Bid, type BidInput, type ProviderKind, StoredBid } from './bid.ts';
import { improves, MAY_NOT_WITHDRAW } from './improve.ts';

export { StoredBid } from './bid.ts';

const bidPartition = (queue: string, round: number): string => `B#${queue}#${roundKey(round)}`;
const bidKey = (queue: string, round: number, provider: string): Key => ({
  pk: bidPartition(queue, round),
  sk: provider,
});

export type Bidder = { tenant: string; kind: ProviderKind; qualityBps: number };

type ChangeRefusal = 'not_found' | 'round_not_open' | 'bid_may_only_improve' | 'still_running';

/**
 * Places or replaces a provider's bid. Refused: `not_found`, `round_not_open` with the next round's dates,
 * `wrong_currency`, and after the first provisional clearing `bid_may_only_improve` where it would be worse than the bid
 * that stands. Of two changes at once the later one is judged by the earlier.
 */
export async function putBid(
  call: Call,
  bidder: Bidder,
  queue: string,
  round: number,
  input: BidInput,
): Promise<Result<Bid, ChangeRefusal | 'wrong_currency'>> {
  const placed = await changeWhileOpen(call, ownBid(bidder.tenant, queue, round), async (old, open, of) => {
    const wrong = wrongCurrency(of, input.currency);
    if (wrong !== undefined) return wrong;
    const allowed = old === undefined || open.provisionalAt === undefined ? ok(null) : improves(old, input);
    if (!allowed.ok) return allowed;
    const bid = await sealBid(bidder, { queue, round, ...input, submittedAt: iso(call.now) });
    return ok({
      write: { kind: 'put', table: 'market', item: bidItem(bid, open.startsAt), when: asSeen(old) },
      value: bid,
    });
  });
  return placed.ok ? ok(Bid.parse(placed.value)) : placed;
}

/** Fixes a bid as it was received, with what the market holds of its provider now; the hash acknowledges it. */
async function sealBid(
  bidder: Bidder,
  received: BidInput & Pick<Bid, 'queue' | 'round' | 'submittedAt' | 'rolledFrom'>,
): Promise<StoredBid> {
  const content = { ...received, provider: bidder.tenant, qualityBps: bidder.qualityBps, nonce: randomToken(16) };
  return { ...content, hash: await sha256Hex(canonicalJson(content)), kind: bidder.kind };
}

/** Listed with what else its provider has put into rounds, in order of their begin. */
const bidItem = (bid: StoredBid, startsAt: number): Item => ({
  ...bidKey(bid.queue, bid.round, bid.provider),
  ...bid,
  opk: bid.provider,
  osk: `B#${timeKey(startsAt)}#${bid.queue}`,
});

const ownBid = (provider: string, queue: string, round: number) => ({
  queue,
  round,
  key: bidKey(queue, round, provider),
  schema: Bid,
});

/** The bid still is the one that was read. */
const asSeen = (old: Bid | undefined): Condition => (old === undefined ? ABSENT : [['=', 'hash', old.hash]]);

/** A provider's own bid, read consistently. */
export async function readBid(call: Call, provider: string, queue: string, round: number): Promise<Bid | undefined> {
  return call.tables.get('market', bidKey(queue, round, provider), Bid, { consistent: true });
}

/** Withdraws a bid before the close; withdrawing none is `not_found`, after a provisional clearing it is `bid_may_only_improve`. */
export async function withdrawBid(
  call: Call,
  provider: string,
  queue: string,
  round: number,
): Promise<Result<null, ChangeRefusal>> {
  const own = ownBid(provider, queue, round);
  return changeWhileOpen(call, own, async (old, open) => {
    if (old === undefined) return refuse('not_found', 'There is no bid of yours in this round.');
    if (open.provisionalAt !== undefined) return MAY_NOT_WITHDRAW;
    return ok({ write: { kind: 'delete', table: 'market', key: own.key, when: asSeen(old) }, value: null });
  });
}

/** All bids of a round, in order of provider; read consistently, for clearing. */
export async function allBids(call: Call, queue: string, round: number): Promise<StoredBid[]> {
  return call.tables.queryAll('market', StoredBid, { pk: bidPartition(queue, round), consistent: true });
}

/** How standing bids roll over: as they were offered, sealed anew, with the provider's kind and quality as they are now. */
export const standingBids: Standing<StoredBid> = {
  partition: bidPartition,
  schema: StoredBid,
  ownerOf: (bid) => bid.provider,
  roll: async (bid, { round, startsAt }, now, owner) => {
    const { currency, capacity, tiers, rollOver, queue } = bid;
    const bidder = {
      tenant: bid.provider,
      kind: owner.providerKind ?? bid.kind,
      qualityBps: owner.qualityBps ?? ASSUMED_QUALITY_BPS,
    };
    const offered = { queue, round, currency, capacity, tiers, rollOver };
    return bidItem(await sealBid(bidder, { ...offered, submittedAt: iso(now), rolledFrom: bid.round }), startsAt);
  },
};
