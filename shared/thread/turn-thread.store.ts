/** The thread from within a provider's turn: written while the turn is held, read as it stood until the turn's end. */

import { requestOfLease } from '../dispatch/lease.store.ts';
import { LEASE_GRACE_MS, type Lease } from '../dispatch/lease.ts';
import { beat, readOwnLease, type TurnRefusal } from '../dispatch/turn.store.ts';
import type { Call } from '../kernel/call.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { showsOf } from '../playbook/playbook.store.ts';
import type { Shows } from '../playbook/playbook.ts';
import { readHead, readWords } from '../request/request.store.ts';
import type { Words } from '../request/request.ts';
import { windowsOf } from '../terms/terms.ts';
import { type SayRefusal, say } from './say.store.ts';
import { findMessage } from './thread.store.ts';
import type { Message, MessageInput, Who } from './thread.ts';

/**
 * Says something in a turn that is held. It counts as progress and keeps the lease as a heartbeat does. What was taken
 * before is answered again, whatever became of the turn since.
 */
export async function sayInTurn(
  call: Call,
  provider: string,
  who: Who,
  lease: string,
  input: MessageInput,
): Promise<Result<Message, TurnRefusal | SayRefusal>> {
  const request = requestOfLease(lease);
  const kept = await beat(call, provider, lease, true);
  if (!kept.ok) {
    const said = kept.code === 'not_found' ? undefined : await findMessage(call, request, who, input.externalId);
    return said === undefined ? kept : ok(said);
  }
  const { company, queue } = kept.value;
  return say(call, { request, company, queue, lease: null }, who, input, lease);
}

/** What a provider may read in a turn of its own: until when the thread goes for it, and what of the request is shown. */
export type TurnView = {
  lease: Lease;
  request: string;
  category: string;
  until: number;
  shows: Shows;
  words: Words | undefined;
};

/**
 * A provider's turn with what it may read: while it is held everything, then the thread as it stood at its end, until the
 * request's reopen window has passed.
 */
export async function readTurn(
  call: Call,
  provider: string,
  id: string,
): Promise<Result<TurnView, 'not_found' | 'window_passed'>> {
  const lease = await readOwnLease(call, provider, id);
  if (lease === undefined) return refuse('not_found', 'There is no such turn of yours.');
  const until = turnEnd(lease, call.now);
  if (until !== null && call.now >= until + windowsOf(lease.pk.split('#')[1] ?? '').reopenMs)
    return refuse('window_passed', 'The turn ended too long ago: what customers said is no longer shown.');
  const [shows, head] = await Promise.all([showsOf(call, lease), readHead(call, lease.request)]);
  const words = head === undefined ? undefined : await readWords(call, head);
  const category = head?.category ?? '';
  return ok({ lease, request: lease.request, category, until: until ?? call.now, shows, words });
}

/** When a turn ended, also where nobody has written that yet; null while it is held. */
function turnEnd(lease: Lease, now: number): number | null {
  if (lease.state !== 'held') return lease.endedAt ?? lease.leaseUntil;
  const reclaimedAt = lease.leaseUntil + LEASE_GRACE_MS;
  return now >= reclaimedAt ? reclaimedAt : null;
}
