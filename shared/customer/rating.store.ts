/**
 * A customer's rating: the stars lie with the turn that is rated, in its lease, the comment with the customer's words
 * (`C#<company>#<handle>` / `#rating#<request>`), so that it is exported and erased with them.
 */
import * as z from 'zod';
import { leaseKeyOf, readLease } from '../dispatch/lease.store.ts';
import { isResolved, Lease } from '../dispatch/lease.ts';
import type { Call } from '../kernel/call.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import type { Key } from '../kernel/table.ts';
import { wordsPartition } from '../request/request.store.ts';
import type { Head } from '../request/request.ts';
import { windowsOf } from '../terms/terms.ts';
import type { RatingInput } from './rating.ts';

/** `#` never begins a category in a key, so what begins with it lies beside the words and is no request. */
export const RATING_PREFIX = '#rating#';
const ratingKey = (head: Head): Key => ({
  pk: wordsPartition(head.company, head.handle),
  sk: `${RATING_PREFIX}${head.id}`,
});
const Comment = z.object({ sk: z.string(), comment: z.string(), at: z.number() });

/** Rates the resolution that stands, until its reopen window has passed; said again it replaces what was said before. */
export async function rate(
  call: Call,
  head: Head,
  rating: RatingInput,
): Promise<Result<RatingInput, 'not_resolved' | 'window_passed'>> {
  if (head.state !== 'leased' || head.lease === null) return NOT_RESOLVED;
  const written = await call.tables.update('requests', leaseKeyOf(head.lease), { set: { stars: rating.stars } }, [
    ['in', 'state', ['resolved', 'confirmed']],
    ['>', 'resolvedAt', call.now - windowsOf(head.windowClass).reopenMs],
  ]);
  if (!written.ok) {
    const lease = Lease.safeParse(written.old);
    return lease.success && isResolved(lease.data)
      ? refuse('window_passed', 'The time to rate this has passed.')
      : NOT_RESOLVED;
  }
  await call.tables.put('requests', { ...ratingKey(head), comment: rating.comment, at: call.now });
  return ok(rating);
}

const NOT_RESOLVED = refuse('not_resolved', 'Nobody has resolved your request yet, so there is nothing to rate.');

/** The rating of the turn that the head names; null where there is none. */
export async function readRating(call: Call, head: Head): Promise<RatingInput | null> {
  if (head.lease === null || head.state !== 'leased') return null;
  const lease = await readLease(call, head.lease);
  if (lease?.stars === undefined) return null;
  const kept = await call.tables.get('requests', ratingKey(head), Comment);
  return { stars: lease.stars, comment: kept?.comment ?? '' };
}
