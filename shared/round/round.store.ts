/** Writes that may only happen while a round takes bids, and the round item itself. */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { ok, type Refusal, type Result, refuse } from '../kernel/result.ts';
import { type Clause, type Key, keyText, type Write, type Written } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import {
  dueAttributes,
  forgetRounds,
  readQueueItem,
  readRecentRounds,
  roundItemKey,
  termsForRound,
} from '../queue/queue.store.ts';
import type { Queue } from '../queue/queue.ts';
import { closeOfBidding, Round, type RoundState, takesBids } from './round.ts';

/** Tries of one change when other writes keep coming between reading and writing. */
const MOST_TRIES = 5;

export type Change<T, Code extends string> = Result<{ write: Write; value: T }, Code>;

/** An item that may only be changed while its round is open. */
type Own<S extends z.ZodType> = { queue: string; round: number; key: Key; schema: S };

/**
 * Changes one item of an open round, read with the round. `decide` answers the one write, conditional on the item as it
 * was read. The write is one transaction with the check that the round still is as it was seen, open and with the same
 * provisional clearing: nothing slips past the hard close, and no rule is judged by what no longer holds. Where another
 * write came between, all is read and decided again.
 */
export async function changeWhileOpen<S extends z.ZodType, T, Code extends string>(
  call: Call,
  own: Own<S>,
  decide: (old: z.infer<S> | undefined, round: Round, queue: Queue) => Promise<Change<T, Code>>,
): Promise<Result<T, Code | 'not_found' | 'round_not_open' | 'still_running'>> {
  const { queue, round } = own;
  for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
    const open = await readInOpenRound(call, own);
    if (!open.ok) return open;
    const decided = await decide(open.value.old, open.value.round, open.value.queue);
    if (!decided.ok) return decided;
    const { provisionalAt } = open.value.round;
    const asSeen: Clause =
      provisionalAt === undefined ? ['absent', 'provisionalAt'] : ['=', 'provisionalAt', provisionalAt];
    const written = await call.tables.transact([
      decided.value.write,
      { kind: 'check', table: 'market', key: roundItemKey(queue, round), when: [['=', 'state', 'open'], asSeen] },
    ]);
    if (written.ok) return ok(decided.value.value);
  }
  return refuse(
    'still_running',
    `Other changes kept coming between; read what stands in round ${round} and try again.`,
    {
      retryable: true,
    },
  );
}

/** The item as it stands, with its round and queue, if that takes bids now. A late one is told the next round's dates. */
async function readInOpenRound<S extends z.ZodType>(
  call: Call,
  { queue, round, key, schema }: Own<S>,
): Promise<Result<{ old: z.infer<S> | undefined; round: Round; queue: Queue }, 'not_found' | 'round_not_open'>> {
  const keys = [roundItemKey(queue, round), key];
  const [of, items] = await Promise.all([
    readQueueItem(call.tables, queue),
    call.tables.getMany('market', keys, z.unknown(), { consistent: true }),
  ]);
  if (of === undefined)
    return refuse('not_found', `There is no queue ${queue}; GET /v1/queues lists them.`, { extra: { field: 'queue' } });
  const [found, item] = keys.map((one) => items.get(keyText(one)));
  if (found === undefined)
    return refuse('not_found', `Queue ${queue} has no round ${round}; GET /v1/queues/${queue}/rounds lists them.`, {
      extra: { field: 'round' },
    });
  const open = Round.parse(found);
  if (!takesBids(open, call.now)) return closedRefusal(call, open);
  return ok({ old: item === undefined ? undefined : schema.parse(item), round: open, queue: of });
}

/** The refusal of prices in another currency than the queue's; undefined where it is the same. */
export const wrongCurrency = (queue: Queue, currency: string): Refusal<'wrong_currency'> | undefined =>
  currency === queue.currency
    ? undefined
    : refuse(
        'wrong_currency',
        `Queue ${queue.id} uses ${queue.currency}, not ${currency}: state all prices in ${queue.currency}.`,
        { extra: { field: 'currency' } },
      );

async function closedRefusal(call: Call, round: Round): Promise<Refusal<'round_not_open'>> {
  const next = await nextToBidIn(call, round);
  const when =
    next.opensAt === null
      ? `Round ${next.round} takes bids and commitments until ${iso(next.closesAt)}.`
      : `Round ${next.round} opens when the one before it begins, at ${iso(next.opensAt)}, and takes bids and commitments until ${iso(next.closesAt)}.`;
  return refuse('round_not_open', `Round ${round.round} of ${round.queue} closed at ${iso(round.closesAt)}. ${when}`, {
    extra: { field: 'round', nextRound: next.round, nextClosesAt: iso(next.closesAt) },
  });
}

/** The next round in which a late bid finds room: the open one, else the one that opens when the newest begins. */
async function nextToBidIn(
  call: Call,
  closed: Round,
): Promise<{ round: number; opensAt: number | null; closesAt: number }> {
  const rounds = await readRecentRounds(call, closed.queue);
  const open = rounds.find((other) => other.round > closed.round && takesBids(other, call.now));
  if (open !== undefined) return { round: open.round, opensAt: null, closesAt: open.closesAt };
  const newest = rounds[0] ?? closed;
  const { terms } = await termsForRound(call.tables, closed.queue, newest.round + 1);
  return { round: newest.round + 1, opensAt: newest.startsAt, closesAt: closeOfBidding(newest.endsAt, terms) };
}

/** Changes a round's state and facts where it still is in the state it was seen in. */
export async function moveRound(
  call: Call,
  round: Round,
  from: RoundState,
  change: Partial<Round>,
  more: readonly Clause[] = [],
): Promise<Written> {
  const next = { ...round, ...change };
  const due = dueAttributes(next);
  const written = await call.tables.update(
    'market',
    roundItemKey(round.queue, round.round),
    { set: { ...change, ...due }, ...(due.dpk === undefined ? { remove: ['dpk', 'dsk'] } : {}) },
    [['=', 'state', from], ...more],
  );
  forgetRounds(call.tables, round.queue);
  return written;
}
