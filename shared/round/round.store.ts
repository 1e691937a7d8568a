/** Writes that may only happen while a round takes bids, and the round item itself. */
import type { Call } from '../kernel/call.ts';
import { sha256Hex } from '../kernel/hash.ts';
import { randomToken } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Clause, type Write, type Written } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import {
  dueAttributes,
  forgetRounds,
  readQueueItem,
  readRecentRounds,
  readRound,
  roundItem,
  roundItemKey,
  termsForRound,
} from '../queue/queue.store.ts';
import { openRound, type Round, type RoundState, takesBids } from './round.ts';

type Closed = 'not_found' | 'round_not_open' | 'wrong_currency';

/** The round, if it takes bids now in this currency (null: whatever it is). A late one is told when the next round closes. */
export async function checkOpenRound(
  call: Call,
  queue: string,
  round: number,
  currency: string | null,
): Promise<Result<Round, Closed>> {
  const [item, found] = await Promise.all([readQueueItem(call.tables, queue), readRound(call.tables, queue, round)]);
  if (item === undefined)
    return refuse('not_found', `There is no queue ${queue}; GET /v1/queues lists them.`, { extra: { field: 'queue' } });
  if (found === undefined)
    return refuse('not_found', `Queue ${queue} has no round ${round}; GET /v1/queues/${queue}/rounds lists them.`, {
      extra: { field: 'round' },
    });
  if (currency !== null && currency !== item.currency) {
    return refuse(
      'wrong_currency',
      `Queue ${queue} uses ${item.currency}, not ${currency}: state all prices in ${item.currency}.`,
      { extra: { field: 'currency' } },
    );
  }
  return takesBids(found, call.now) ? ok(found) : closedRefusal(call, queue, found);
}

async function closedRefusal(call: Call, queue: string, round: Round): Promise<Result<never, 'round_not_open'>> {
  const next = (await readRecentRounds(call, queue)).find(
    (other) => other.round > round.round && takesBids(other, call.now),
  );
  const hint =
    next === undefined
      ? 'The next round opens when the one before it begins.'
      : `Round ${next.round} takes bids and commitments until ${iso(next.closesAt)}.`;
  return refuse('round_not_open', `Round ${round.round} of ${queue} closed at ${iso(round.closesAt)}. ${hint}`, {
    extra: {
      field: 'round',
      ...(next === undefined ? {} : { nextRound: next.round, nextClosesAt: iso(next.closesAt) }),
    },
  });
}

/** One write together with the check that the round is still open: the hard close lets nothing slip past it. */
export async function writeWhileOpen(
  call: Call,
  queue: string,
  round: number,
  write: Write,
): Promise<Result<null, 'round_not_open'>> {
  const written = await call.tables.transact([
    write,
    { kind: 'check', table: 'market', key: roundItemKey(queue, round), when: [['=', 'state', 'open']] },
  ]);
  return written.ok
    ? ok(null)
    : refuse('round_not_open', `Round ${round} of ${queue} has just closed.`, { extra: { field: 'round' } });
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
    { set: { ...change, ...due }, ...(next.dueAt === null ? { remove: ['dpk', 'dsk'] } : {}) },
    [['=', 'state', from], ...more],
  );
  forgetRounds(call.tables, round.queue);
  return written;
}

/** Opens the round after this one, beginning where this one ends. Doing it again changes nothing. */
export async function openNextRound(call: Call, round: Round): Promise<void> {
  const version = await termsForRound(call.tables, round.queue, round.round + 1);
  const seed = randomToken(16);
  const next = openRound(
    round.queue,
    round.round + 1,
    round.endsAt,
    version.terms,
    version.version,
    seed,
    await sha256Hex(seed),
  );
  await call.tables.put('market', roundItem(next), ABSENT);
  forgetRounds(call.tables, round.queue);
}
