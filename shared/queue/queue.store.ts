/**
 * Queues, their terms and their rounds: one partition a queue, read newest first.
 * `Q#<queue>` / `-` queue · `T#<version>` terms · `R#<round>` round; `QL` / `<queue>` lists them.
 */
import * as z from 'zod';
import { cachePerOwner, FORGOTTEN_AT_WRITES } from '../kernel/cache.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { sha256Hex } from '../kernel/hash.ts';
import { randomToken, roundKey, timeKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Item, type Key, type Tables } from '../kernel/table.ts';
import { fromIso, iso, nextPeriodStart, periodStart } from '../kernel/time.ts';
import { openRound, Round } from '../round/round.ts';
import { queueIdOf } from '../service-class/service-class.ts';
import { Terms } from '../terms/terms.ts';
import { type PublicQueue, type PublicRound, publicRound, Queue, type QueueInput } from './queue.ts';

export const TermsVersion = z.object({
  queue: z.string(),
  version: z.int(),
  publishedAt: z.string(),
  fromRound: z.int(),
  terms: Terms,
});
export type TermsVersion = z.infer<typeof TermsVersion>;

const queueKey = (queue: string): Key => ({ pk: `Q#${queue}`, sk: '-' });
const termsKey = (queue: string, version: number): Key => ({ pk: `Q#${queue}`, sk: `T#${roundKey(version)}` });
export const roundItemKey = (queue: string, round: number): Key => ({ pk: `Q#${queue}`, sk: `R#${roundKey(round)}` });

/** A round as an item: in the index of what is due until it is closed. */
export function roundItem(round: Round): Item {
  return { ...roundItemKey(round.queue, round.round), ...round, ...dueAttributes(round) };
}

/** The index keys under which a round is found when it is due, or while people have to release its awards. */
export function dueAttributes(round: Pick<Round, 'queue' | 'round' | 'dueAt' | 'startsAt' | 'awaitsRelease'>): {
  dpk?: string;
  dsk?: string;
} {
  const name = `${round.queue}#${round.round}`;
  if (round.dueAt !== null) return { dpk: 'round', dsk: `${timeKey(round.dueAt)}#${name}` };
  return round.awaitsRelease === true ? { dpk: 'release', dsk: `${timeKey(round.startsAt)}#${name}` } : {};
}

/** Opens a queue with its first terms and round. The same call again answers with the queue it made; another one with the same class is refused. */
export async function createQueue(
  call: Call,
  input: QueueInput,
): Promise<Result<{ queue: Queue; created: boolean }, 'queue_exists'>> {
  const id = queueIdOf(input.serviceClass, input.currency);
  const queue: Queue = { id, serviceClass: input.serviceClass, currency: input.currency, createdAt: iso(call.now) };
  const startsAt =
    input.firstRoundStartsAt === undefined
      ? nextPeriodStart(call.now, input.terms.roundLength)
      : periodStart(fromIso(input.firstRoundStartsAt), input.terms.roundLength);
  const seed = randomToken(16);
  const round = openRound(id, 1, startsAt, input.terms, 1, seed, await sha256Hex(seed), call.now);
  const written = await call.tables.transact([
    { kind: 'put', table: 'market', item: { ...queueKey(id), ...queue, input: JSON.stringify(input) }, when: ABSENT },
    {
      kind: 'put',
      table: 'market',
      item: { ...termsKey(id, 1), queue: id, version: 1, publishedAt: iso(call.now), fromRound: 1, terms: input.terms },
    },
    { kind: 'put', table: 'market', item: roundItem(round) },
    { kind: 'put', table: 'market', item: { pk: 'QL', sk: id } },
  ]);
  forgetRounds(call.tables, id);
  if (written.ok) return ok({ queue, created: true });
  if (written.old?.input === JSON.stringify(input)) return ok({ queue: Queue.parse(written.old), created: false });
  return refuse(
    'queue_exists',
    `The queue ${id} already serves this class and currency; publish new terms for it instead.`,
    { extra: { queue: id } },
  );
}

/** A queue that no list holds, with terms that never change and one round that is never stepped: a sandbox's. Put once. */
export async function openUnlistedQueue(call: Call, queue: Queue, terms: Terms, round: Round): Promise<void> {
  const { id } = queue;
  const version = { queue: id, version: 1, publishedAt: queue.createdAt, fromRound: 1, terms };
  await call.tables.put('market', { ...termsKey(id, 1), ...version }, ABSENT);
  await call.tables.put('market', roundItem(round), ABSENT);
  await call.tables.put('market', { ...queueKey(id), ...queue }, ABSENT);
  forgetRounds(call.tables, id);
}

const queueCache = cachePerOwner<Queue | undefined>(10_000);

/** A queue's unchanging part, remembered; undefined where there is none. */
export async function readQueueItem(tables: Tables, queue: string): Promise<Queue | undefined> {
  const cache = queueCache(tables.owner);
  const found = await cache.get(queue, () => tables.get('market', queueKey(queue), Queue));
  if (found === undefined) cache.forget(queue);
  return found;
}

const termsCache = cachePerOwner<TermsVersion | undefined>(10_000);

/** One version of a queue's terms, remembered: a version never changes. */
export async function readTerms(tables: Tables, queue: string, version: number): Promise<TermsVersion | undefined> {
  const cache = termsCache(tables.owner);
  const key = `${queue}#${version}`;
  const found = await cache.get(key, () => tables.get('market', termsKey(queue, version), TermsVersion));
  if (found === undefined) cache.forget(key);
  return found;
}

/** The terms a round opened with. Throws where they are missing: a bug. */
export async function termsOf(tables: Tables, round: Pick<Round, 'queue' | 'termsVersion'>): Promise<Terms> {
  const found = await readTerms(tables, round.queue, round.termsVersion);
  if (found === undefined) throw new Error(`queue ${round.queue} has no terms ${round.termsVersion}`);
  return found.terms;
}

/** Publishes new terms; they hold from the round after the one that is open. */
export async function publishTerms(
  call: Call,
  queue: string,
  terms: Terms,
): Promise<Result<{ queue: string; version: number }, 'not_found' | 'still_running'>> {
  const [latestTerms] = await newest(call.tables, queue, 'T#', TermsVersion, 1);
  const [latestRound] = await newest(call.tables, queue, 'R#', Round, 1);
  if (latestTerms === undefined || latestRound === undefined) return refuse('not_found', `There is no queue ${queue}.`);
  const version = latestTerms.version + 1;
  const item = {
    ...termsKey(queue, version),
    queue,
    version,
    publishedAt: iso(call.now),
    fromRound: latestRound.round + 1,
    terms,
  };
  const written = await call.tables.put('market', item, ABSENT);
  return written.ok
    ? ok({ queue, version })
    : refuse('still_running', 'Somebody published terms at the same moment; read them and try again.', {
        retryable: true,
      });
}

/** The version of the terms that a new round opens with: the newest one that holds from it or from an earlier round. */
export async function termsForRound(tables: Tables, queue: string, round: number): Promise<TermsVersion> {
  const versions = await newest(tables, queue, 'T#', TermsVersion, 50);
  const found = versions.find((version) => version.fromRound <= round);
  if (found === undefined) throw new Error(`queue ${queue} has no terms for round ${round}`);
  return found;
}

export async function readRound(
  tables: Tables,
  queue: string,
  round: number,
  options: { consistent?: boolean } = {},
): Promise<Round | undefined> {
  return tables.get('market', roundItemKey(queue, round), Round, options);
}

/** Rounds of several queues, by `<queue>#<round>`. */
export async function readRounds(
  tables: Tables,
  rounds: readonly { queue: string; round: number }[],
  options: { consistent?: boolean } = {},
): Promise<Map<string, Round>> {
  const keys = rounds.map(({ queue, round }) => roundItemKey(queue, round));
  const found = await tables.getMany('market', keys, Round, options);
  return new Map([...found.values()].map((round) => [`${round.queue}#${round.round}`, round]));
}

const recentRounds = cachePerOwner<Round[]>(10_000, FORGOTTEN_AT_WRITES);

/** The four newest rounds of a queue, newest first; at most five seconds old, and never older than this process's own changes. */
export async function readRecentRounds(call: Call, queue: string): Promise<Round[]> {
  return recentRounds(call.tables.owner).get(queue, () => newest(call.tables, queue, 'R#', Round, 4));
}

/** Forgets what is remembered of a queue's rounds: whoever changes one calls it. */
export const forgetRounds = (tables: Tables, queue: string): void => recentRounds(tables.owner).forget(queue);

/** A queue's newest rounds as they stand, newest first. */
export const newestRounds = (tables: Tables, queue: string, limit: number): Promise<Round[]> =>
  newest(tables, queue, 'R#', Round, limit);

async function newest<S extends z.ZodType>(
  tables: Tables,
  queue: string,
  prefix: string,
  schema: S,
  limit: number,
): Promise<z.infer<S>[]> {
  const page = await tables.query('market', schema, { pk: `Q#${queue}`, prefix, limit, descending: true });
  return page.items;
}

/** One queue as everybody may see it; undefined where there is none. */
export async function readQueue(tables: Tables, id: string): Promise<PublicQueue | undefined> {
  const [queue, rounds] = await Promise.all([readQueueItem(tables, id), newest(tables, id, 'R#', Round, 4)]);
  if (queue === undefined) return undefined;
  const open = rounds.find((round) => round.state === 'open' || round.state === 'clearing');
  const current = rounds.find((round) => round.state === 'active');
  const shown = open ?? rounds[0];
  if (shown === undefined) throw new Error(`queue ${id} has no round`);
  return {
    ...queue,
    terms: await termsOf(tables, shown),
    termsVersion: shown.termsVersion,
    current: current === undefined ? null : publicRound(current),
    open: open === undefined ? null : publicRound(open),
  };
}

/** A page of queues in order of their ids. */
export async function listQueues(
  tables: Tables,
  page: { limit: number; after?: string },
): Promise<{ items: PublicQueue[]; after: string | undefined }> {
  const found = await tables.query('market', z.object({ sk: z.string() }), {
    pk: 'QL',
    limit: page.limit,
    ...(page.after === undefined ? {} : { after: { pk: 'QL', sk: page.after } }),
  });
  const queues = await mapConcurrent(found.items, 8, (item) => readQueue(tables, item.sk));
  return { items: queues.filter((queue) => queue !== undefined), after: found.after?.sk };
}

/** The ids of all queues. */
export async function allQueueIds(tables: Tables): Promise<string[]> {
  return (await tables.queryAll('market', z.object({ sk: z.string() }), { pk: 'QL' })).map((item) => item.sk);
}

/** A page of a queue's rounds, newest first. */
export async function listRounds(
  tables: Tables,
  queue: string,
  page: { limit: number; after?: string },
): Promise<{ items: PublicRound[]; after: string | undefined } | undefined> {
  if ((await readQueueItem(tables, queue)) === undefined) return undefined;
  const pk = `Q#${queue}`;
  const found = await tables.query('market', Round, {
    pk,
    prefix: 'R#',
    limit: page.limit,
    descending: true,
    ...(page.after === undefined ? {} : { after: { pk, sk: page.after } }),
  });
  return { items: found.items.map(publicRound), after: found.after?.sk };
}
