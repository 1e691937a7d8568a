/**
 * Provisional clearings of a round, `V#<queue>#<round>`: `-` the newest one and the outline published with it,
 * `<clearing>#<party>` what it keeps of a party, `N#<time>#<party>` the what-ifs used. All of it is deleted once the round
 * has been cleared.
 */
import * as z from 'zod';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { roundKey, timeKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import type { Key } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { readQueueItem, readRound, termsOf } from '../queue/queue.store.ts';
import type { Queue } from '../queue/queue.ts';
import { nextLookAt, type Round, takesBids } from '../round/round.ts';
import type { Terms } from '../terms/terms.ts';
import { Outline } from './outline.ts';
import { CompanyResult, ProviderResult } from './provisional.ts';

/** Items written or deleted side by side. */
const WIDTH = 16;
/** What-ifs that one party may ask of one provisional clearing. */
export const MOST_PREVIEWS = 60;

/** The newest provisional clearing, and the outline that is published: of this one, or of an earlier one. */
export const Newest = z.object({
  at: z.number(),
  clearing: z.string(),
  outline: Outline.nullable(),
  outlineClearing: z.string().nullable(),
});
export type Newest = z.infer<typeof Newest>;

export const partitionOf = (queue: string, round: number): string => `V#${queue}#${roundKey(round)}`;
export const newestKey = (queue: string, round: number): Key => ({ pk: partitionOf(queue, round), sk: '-' });
export const resultKey = (queue: string, round: number, clearing: string, party: string): Key => ({
  pk: partitionOf(queue, round),
  sk: `${clearing}#${party}`,
});

/** The newest provisional clearing of a round, read consistently. */
export const readNewest = (call: Call, queue: string, round: number): Promise<Newest | undefined> =>
  call.tables.get('market', newestKey(queue, round), Newest, { consistent: true });

/** Deletes everything kept of a round's provisional clearings, once they have served their purpose. */
export async function dropProvisional(call: Call, queue: string, round: number): Promise<void> {
  const pk = partitionOf(queue, round);
  const kept = await call.tables.queryAll('market', z.object({ pk: z.string(), sk: z.string() }), { pk });
  await mapConcurrent(kept, WIDTH, (key) => call.tables.delete('market', key));
}

/** What a party's questions are answered from. `outlineClearing` names the clearing that what-ifs are answered from. */
export type Provisional = { queue: Queue; round: Round; terms: Terms; newest: Newest };

/** The newest provisional clearing of an open round. Refused: `not_found`, `no_provisional` with when there will be one. */
export async function readProvisional(
  call: Call,
  queue: string,
  number: number,
): Promise<Result<Provisional, 'not_found' | 'no_provisional'>> {
  const [item, round] = await Promise.all([readQueueItem(call.tables, queue), readRound(call.tables, queue, number)]);
  if (item === undefined || round === undefined)
    return refuse('not_found', `There is no round ${number} of ${queue}; GET /v1/queues/${queue}/rounds lists them.`);
  const terms = await termsOf(call.tables, round);
  if (!takesBids(round, call.now))
    return refuse(
      'no_provisional',
      `Round ${number} is closed: its result is shown when it begins, ${iso(round.startsAt)}.`,
    );
  const newest = round.provisionalAt === undefined ? undefined : await readNewest(call, queue, number);
  if (newest !== undefined) return ok({ queue: item, round, terms, newest });
  const nextAt = nextLookAt(round.closesAt, terms, call.now);
  return nextAt < round.closesAt
    ? refuse('no_provisional', `The first provisional clearing of this round is at ${iso(nextAt)}.`, {
        retryable: true,
        extra: { nextAt: iso(nextAt) },
      })
    : refuse('no_provisional', `This round has no provisional clearing; it closes at ${iso(round.closesAt)}.`);
}

/** A company's own result in a provisional clearing; undefined where it had no commitment. */
export const readCompanyResult = (
  call: Call,
  { round, newest }: Provisional,
  company: string,
  of: 'newest' | 'outline',
): Promise<CompanyResult | undefined> => readResult(call, round, nameOf(newest, of), company, CompanyResult);

/** A provider's own result in a provisional clearing; undefined where it had no bid. */
export const readProviderResult = (
  call: Call,
  { round, newest }: Provisional,
  provider: string,
  of: 'newest' | 'outline',
): Promise<ProviderResult | undefined> => readResult(call, round, nameOf(newest, of), provider, ProviderResult);

const nameOf = (newest: Newest, of: 'newest' | 'outline'): string | null =>
  of === 'newest' ? newest.clearing : newest.outlineClearing;

async function readResult<S extends z.ZodType>(
  call: Call,
  round: Round,
  clearing: string | null,
  party: string,
  schema: S,
): Promise<z.infer<S> | undefined> {
  if (clearing === null) return undefined;
  return call.tables.get('market', resultKey(round.queue, round.round, clearing, party), schema);
}

/** Uses up one what-if of a party. Refused: `preview_limit` with when there are new ones. */
export async function usePreview(
  call: Call,
  { round, terms, newest }: Provisional,
  party: string,
): Promise<Result<null, 'preview_limit'>> {
  const key = { pk: partitionOf(round.queue, round.round), sk: `N#${timeKey(newest.at)}#${party}` };
  const counted = await call.tables.increment('market', key, 'used', 1, [['absent or <', 'used', MOST_PREVIEWS]]);
  if (counted.ok) return ok(null);
  const nextAt = nextLookAt(round.closesAt, terms, Math.max(newest.at, call.now));
  const until =
    nextAt < round.closesAt
      ? `after the next provisional clearing, at ${iso(nextAt)}`
      : `in the next round: this one closes at ${iso(nextAt)}`;
  return refuse(
    'preview_limit',
    `You have asked all ${MOST_PREVIEWS} what-ifs of this provisional clearing. More are answered ${until}.`,
    {
      extra: { resetsAt: iso(nextAt) },
    },
  );
}
