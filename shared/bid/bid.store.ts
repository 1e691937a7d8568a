/** Bids of a round: `B#<queue>#<round>` / `<provider>`; written only while the round is open. */
import type * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { canonicalJson, sha256Hex } from '../kernel/hash.ts';
import { roundKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import type { Key } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { checkOpenRound, writeWhileOpen } from '../round/round.store.ts';
import { Bid, type BidInput, ProviderKind } from './bid.ts';

/** A bid as kept: with the provider's kind, which clearing needs. */
export const StoredBid = Bid.extend({ kind: ProviderKind });
export type StoredBid = z.infer<typeof StoredBid>;

const bidKey = (queue: string, round: number, provider: string): Key => ({
  pk: `B#${queue}#${roundKey(round)}`,
  sk: provider,
});

export type Bidder = { tenant: string; kind: ProviderKind; qualityBps: number };

/** Places or replaces a provider's bid. Refused: `not_found`, `round_not_open` with the next round's close, `wrong_currency`. */
export async function putBid(
  call: Call,
  bidder: Bidder,
  queue: string,
  round: number,
  input: BidInput,
): Promise<Result<Bid, 'not_found' | 'round_not_open' | 'wrong_currency'>> {
  const open = await checkOpenRound(call, queue, round, input.currency);
  if (!open.ok) return open;
  const content = {
    queue,
    round,
    provider: bidder.tenant,
    ...input,
    qualityBps: bidder.qualityBps,
    submittedAt: iso(call.now),
  };
  const bid: StoredBid = { ...content, hash: await sha256Hex(canonicalJson(content)), kind: bidder.kind };
  const item = {
    ...bidKey(queue, round, bidder.tenant),
    ...bid,
    opk: bidder.tenant,
    osk: `B#${roundKey(round)}#${queue}`,
  };
  const written = await writeWhileOpen(call, queue, round, { kind: 'put', table: 'market', item });
  return written.ok ? ok(Bid.parse(bid)) : written;
}

export async function readBid(call: Call, provider: string, queue: string, round: number): Promise<Bid | undefined> {
  return call.tables.get('market', bidKey(queue, round, provider), Bid);
}

/** Withdraws a bid before the close; withdrawing none is `not_found`. */
export async function withdrawBid(
  call: Call,
  provider: string,
  queue: string,
  round: number,
): Promise<Result<null, 'not_found' | 'round_not_open'>> {
  const open = await checkOpenRound(call, queue, round, null);
  if (!open.ok) return open.code === 'wrong_currency' ? refuse('not_found', open.detail) : { ...open, code: open.code };
  if ((await readBid(call, provider, queue, round)) === undefined)
    return refuse('not_found', 'There is no bid of yours in this round.');
  const written = await writeWhileOpen(call, queue, round, {
    kind: 'delete',
    table: 'market',
    key: bidKey(queue, round, provider),
  });
  return written.ok ? ok(null) : written;
}

/** All bids of a round, in order of provider; read consistently, for clearing. */
export async function allBids(call: Call, queue: string, round: number): Promise<StoredBid[]> {
  return call.tables.queryAll('market', StoredBid, { pk: bidKey(queue, round, '').pk, consistent: true });
}
