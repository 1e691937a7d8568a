/** Releases of awards on the round item, and the rounds that wait for one: `due` index, `release` / `<startsAt>#<queue>#<round>`. */
import * as z from 'zod';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { type Clause, keyText, type Page } from '../kernel/table.ts';
import { readRound, termsOf } from '../queue/queue.store.ts';
import { type ReleaseRefusal, type RoundRelease, release, releaseView } from './release.ts';
import { moveRound } from './round.store.ts';
import { Round } from './round.ts';

const MOST_TRIES = 5;
const RELEASES = { index: { name: 'due', pk: 'dpk', sk: 'dsk' }, pk: 'release' };

/** One person's call for the release of a round's awards; who and when stand on the round. Repeating a release changes nothing. */
export async function releaseAwards(
  call: Call,
  user: string,
  queue: string,
  number: number,
): Promise<Result<RoundRelease, ReleaseRefusal | 'not_found' | 'still_running'>> {
  for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
    const round = await readRound(call.tables, queue, number, { consistent: true });
    if (round === undefined) return refuse('not_found', `Queue ${queue} has no round ${number}.`);
    const decided = release(round, user, call.now);
    if (!decided.ok) return decided;
    const terms = await termsOf(call.tables, round);
    if (decided.value === null) return ok(releaseView(round, terms));
    const proposed: Clause =
      round.releaseProposedBy === undefined
        ? ['absent', 'releaseProposedBy']
        : ['=', 'releaseProposedBy', round.releaseProposedBy];
    const moved = await moveRound(call, round, 'clearing', decided.value, [['=', 'awaitsRelease', true], proposed]);
    if (moved.ok) return ok(releaseView({ ...round, ...decided.value }, terms));
  }
  return refuse('still_running', 'Others keep changing this round; try again.', { retryable: true });
}

/** A page of the rounds that wait for a release, those that begin first before the others. */
export async function awaitedReleases(
  call: Call,
  page: { limit: number; after?: NonNullable<Page<unknown>['after']> },
): Promise<{ items: RoundRelease[]; after: Page<unknown>['after'] }> {
  const found = await call.tables.query('market', z.object({ pk: z.string(), sk: z.string() }), {
    ...RELEASES,
    ...page,
  });
  const rounds = await call.tables.getMany('market', found.items, Round, { consistent: true });
  const waiting = found.items.flatMap((key) => {
    const round = rounds.get(keyText(key));
    return round?.awaitsRelease === true ? [round] : [];
  });
  const items = await mapConcurrent(waiting, 8, async (round) => releaseView(round, await termsOf(call.tables, round)));
  return { items, after: found.after };
}
