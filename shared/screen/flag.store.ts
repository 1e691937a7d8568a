/**
 * Flags `F#<queue>` / `<round>#<screen>#<hash of subject>`; in the owner index under `flag#<state>` / `<raised at>#<id>`.
 * No company's and no provider's id is a key here, so nothing that lists what somebody owns can find one.
 */
import * as z from 'zod';
import { readProviderAwards } from '../award/award.store.ts';
import type { ProviderAward } from '../award/award.ts';
import { allBids, type StoredBid } from '../bid/bid.store.ts';
import { cachePerOwner } from '../kernel/cache.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { shortHash } from '../kernel/hash.ts';
import { roundKey, timeKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Item, type Key, keyText } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { type Finding, Flag, type FlagReview, type FlagState, ROUNDS_SCREENED, RULES } from './screen.ts';
import { type ScreenedRound, screenRounds } from './screens.ts';

const WIDTH = 4;
const OWNER = { name: 'owner', pk: 'opk', sk: 'osk' };
const KeyOnly = z.object({ pk: z.string(), sk: z.string() });
/** The sort keys of a page's last flag: in its queue, and in the index. */
export const FlagPlace = z.object({ pk: z.string(), sk: z.string() }).catchall(z.string());
export type FlagPlace = z.infer<typeof FlagPlace>;

const partition = (queue: string): string => `F#${queue}`;
const listOf = (state: FlagState): string => `flag#${state}`;
const orderOf = (flag: Pick<Flag, 'raisedAt' | 'id'>): string => `${timeKey(Date.parse(flag.raisedAt))}#${flag.id}`;

/** The key in a flag's id, `<queue>.<round>.<screen>.<hash>`. */
function keyOf(id: string): Key {
  const [queue = '', round = '0', ...rest] = id.split('.');
  return { pk: partition(queue), sk: `${roundKey(Number(round))}#${rest.join('#')}` };
}

/**
 * Applies the screens to a round with the awards it is about to have, and raises what they find. Doing it again raises the
 * same flags once: what somebody has written on one stays. Call it before the round says that it is cleared; then a crash
 * before that is followed by another clearing, and so by another look.
 */
export async function screenRound(
  call: Call,
  queue: string,
  round: number,
  bids: readonly StoredBid[],
  awards: readonly ProviderAward[],
): Promise<void> {
  const first = Math.max(1, round - ROUNDS_SCREENED + 1);
  const numbers = Array.from({ length: round - first }, (_, i) => first + i);
  const earlier = await mapConcurrent(numbers, WIDTH, (number) => readScreened(call, queue, number));
  for (const finding of screenRounds([...earlier, screened(round, bids, awards)]))
    await raise(call, queue, round, finding);
}

const screenedRounds = cachePerOwner<ScreenedRound>(2_000);

/** What the screens look at of a cleared round, remembered: nothing of it changes any more. */
const readScreened = (call: Call, queue: string, round: number): Promise<ScreenedRound> =>
  screenedRounds(call.tables.owner).get(`${queue}#${round}`, async () => {
    const [bids, awards] = await Promise.all([
      allBids(call, queue, round),
      readProviderAwards(call.tables, queue, round),
    ]);
    return screened(round, bids, awards);
  });

function screened(round: number, bids: readonly StoredBid[], awards: readonly ProviderAward[]): ScreenedRound {
  const awarded = new Map(awards.map((award) => [award.provider, award.awarded]));
  return {
    round,
    bids: bids.map(({ provider, kind, capacity, tiers }) => ({
      provider,
      kind,
      capacity,
      tiers,
      awarded: awarded.get(provider) ?? 0,
    })),
  };
}

async function raise(call: Call, queue: string, round: number, finding: Finding): Promise<void> {
  const { screen, subject, rounds, providers, figures, sentence } = finding;
  const flag: Flag = {
    id: `${queue}.${round}.${screen}.${await shortHash(subject)}`,
    queue,
    round,
    screen,
    rounds,
    providers,
    figures,
    thresholds: RULES[screen].thresholds,
    sentence,
    raisedAt: iso(call.now),
    state: 'open',
    review: null,
  };
  const item: Item = { ...keyOf(flag.id), ...flag, opk: listOf('open'), osk: orderOf(flag) };
  await call.tables.put('market', item, ABSENT);
}

/**
 * A page of flags in one state, newest first: of all queues, or of one (then by round; a page may hold fewer than its limit
 * while `after` says that there are more).
 */
export async function listFlags(
  call: Call,
  filter: { state: FlagState; queue?: string | undefined },
  page: { limit: number; after?: FlagPlace | undefined },
): Promise<{ flags: Flag[]; after: FlagPlace | undefined }> {
  const paging = { limit: page.limit, descending: true, ...(page.after === undefined ? {} : { after: page.after }) };
  if (filter.queue !== undefined) {
    const found = await call.tables.query('market', Flag, { pk: partition(filter.queue), ...paging });
    return { flags: found.items.filter((flag) => flag.state === filter.state), after: placeOf(found.after) };
  }
  const found = await call.tables.query('market', KeyOnly, { index: OWNER, pk: listOf(filter.state), ...paging });
  const flags = await call.tables.getMany('market', found.items, Flag, { consistent: true });
  return {
    // The index may be a moment late: the flag itself says in which state it is.
    flags: found.items.flatMap((key) => flags.get(keyText(key)) ?? []).filter((flag) => flag.state === filter.state),
    after: placeOf(found.after),
  };
}

const placeOf = (after: Item | undefined): FlagPlace | undefined =>
  after === undefined ? undefined : FlagPlace.parse(after);

/**
 * Writes what a person found on an open flag. The same review by the same person again answers the same; another one is
 * refused as `flag_reviewed`, with who reviewed it and when.
 */
export async function reviewFlag(
  call: Call,
  id: string,
  by: string,
  input: FlagReview,
): Promise<Result<Flag, 'not_found' | 'flag_reviewed'>> {
  const key = keyOf(id);
  const review = { ...input, by, at: iso(call.now) };
  const change = { set: { state: input.state, review, opk: listOf(input.state) } };
  const written = await call.tables.change('market', key, Flag, change, [['=', 'state', 'open']]);
  if (written.ok) return ok(written.item);
  if (written.old === null)
    return refuse('not_found', 'There is no such flag; GET /v1/operator/flags lists them.', {
      extra: { field: 'flag' },
    });
  const flag = Flag.parse(written.old);
  const { review: earlier } = flag;
  if (earlier?.by === by && earlier.state === input.state && earlier.note === input.note) return ok(flag);
  return refuse(
    'flag_reviewed',
    `${earlier?.by ?? 'Somebody'} reviewed this flag at ${earlier?.at ?? 'an earlier time'} as ${flag.state}: read their note first. A review is not changed.`,
    { extra: { field: 'flag', reviewedBy: earlier?.by ?? '', reviewedAt: earlier?.at ?? '' } },
  );
}
