/** Opens the next round of a queue, with the standing bids and commitments of the one before it already in place. */
import * as z from 'zod';
import { standingBids } from '../bid/bid.store.ts';
import { standingCommitments } from '../commitment/commitment.store.ts';
import type { Call } from '../kernel/call.ts';
import { sha256Hex } from '../kernel/hash.ts';
import { randomToken } from '../kernel/id.ts';
import { ABSENT, type Write } from '../kernel/table.ts';
import { readOrganisations } from '../organisation/organisation.store.ts';
import { forgetRounds, readRound, roundItem, roundItemKey, termsForRound } from '../queue/queue.store.ts';
import { openRound, type Round } from './round.ts';
import type { Standing } from './standing.ts';

/** Bids or commitments looked at together; those that roll over are written in one transaction. */
const PAGE = 50;

/**
 * Opens the round after this one, beginning where this one ends. What rolls over is copied first, page by page, and only
 * then does the round exist, so that nobody can change or withdraw a copy before all are there. After a crash it goes on
 * behind the last copy. Doing it again changes nothing.
 */
export async function openNextRound(call: Call, round: Round): Promise<void> {
  const { queue } = round;
  const number = round.round + 1;
  if ((await readRound(call.tables, queue, number, { consistent: true })) !== undefined) return;
  const version = await termsForRound(call.tables, queue, number);
  const seed = randomToken(16);
  const { terms } = version;
  const seedHash = await sha256Hex(seed);
  // It opens when the round before it begins, however late that is found.
  const next = openRound(queue, number, round.endsAt, terms, version.version, seed, seedHash, round.startsAt);
  await rollAll(call, round, standingBids);
  await rollAll(call, round, standingCommitments);
  await call.tables.put('market', roundItem(next), ABSENT);
  forgetRounds(call.tables, queue);
}

async function rollAll<T extends { rollOver: boolean }>(call: Call, round: Round, kind: Standing<T>): Promise<void> {
  const pk = kind.partition(round.queue, round.round);
  let after: string | undefined;
  do {
    const page = await call.tables.query('market', kind.schema, {
      pk,
      limit: PAGE,
      consistent: true,
      ...(after === undefined ? {} : { after: { pk, sk: after } }),
    });
    const copied = await copyPage(call, round, kind, page.items);
    if (copied === 'already open') return;
    // Another copies at the same time, or died on the way: go on behind what has been done.
    after = copied === 'done' ? page.after?.sk : await lastCopied(call, round, kind);
  } while (after !== undefined);
}

/** The owner of the last copy in the next round; copies are written in order of owner, so it says how far one came. */
async function lastCopied<T extends { rollOver: boolean }>(
  call: Call,
  round: Round,
  kind: Standing<T>,
): Promise<string | undefined> {
  const page = await call.tables.query('market', z.object({ sk: z.string() }), {
    pk: kind.partition(round.queue, round.round + 1),
    limit: 1,
    descending: true,
    consistent: true,
  });
  return page.items[0]?.sk;
}

/** Copies what rolls over of one page, all or nothing, while the next round does not exist. */
async function copyPage<T extends { rollOver: boolean }>(
  call: Call,
  round: Round,
  kind: Standing<T>,
  items: readonly T[],
): Promise<'done' | 'already open' | 'copied by another'> {
  const standing = items.filter((item) => item.rollOver);
  if (standing.length === 0) return 'done';
  const owners = await readOrganisations(call.tables, standing.map(kind.ownerOf));
  const next = { round: round.round + 1, startsAt: round.endsAt };
  const writes: Write[] = [];
  for (const item of standing) {
    const owner = owners.get(kind.ownerOf(item));
    if (owner?.status !== 'approved') continue;
    writes.push({
      kind: 'put',
      table: 'market',
      item: await kind.roll(item, next, call.now, owner),
      when: ABSENT,
    });
  }
  if (writes.length === 0) return 'done';
  const key = roundItemKey(round.queue, round.round + 1);
  const written = await call.tables.transact([{ kind: 'check', table: 'market', key, when: ABSENT }, ...writes]);
  if (written.ok) return 'done';
  return written.at === 0 ? 'already open' : 'copied by another';
}
