/** A provider's turn: heartbeat, resolve, escalate, decline, notes. Each is one conditional write on the lease. */
import type { Call } from '../kernel/call.ts';
import { contentHash } from '../kernel/hash.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import type { Clause, Item, Written } from '../kernel/table.ts';
import { readHead } from '../request/request.store.ts';
import { tell } from '../thread/say.store.ts';
import type { Who } from '../thread/thread.ts';
import { lastTurnEvents, turnEvents } from '../webhook/announcements.ts';
import { announce, announceAgain } from '../webhook/webhook.store.ts';
import { readWithdrawals } from './lane.store.ts';
import { leaseKeyOf, readLease, requestOfLease } from './lease.store.ts';
import { LEASE_GRACE_MS, Lease, lacksProgress, statesBefore, turnRefusal } from './lease.ts';
import { releaseHead } from './release.store.ts';

export type TurnRefusal = 'not_found' | 'lease_ended' | 'lease_expired' | 'no_progress' | 'lane_withdrawn';

/** A provider's own lease; another's is as if it did not exist. */
export async function readOwnLease(call: Call, provider: string, id: string): Promise<Lease | undefined> {
  const lease = await readLease(call, id, { consistent: true });
  return lease?.provider === provider ? lease : undefined;
}

/** Keeps the lease for another lease length from now. Without progress for two lease lengths the turn ends: `no_progress`. */
export async function beat(
  call: Call,
  provider: string,
  id: string,
  hasProgress: boolean,
): Promise<Result<Lease, TurnRefusal>> {
  const withdrawn = await refuseWithdrawn(call, provider, id);
  if (withdrawn !== undefined) return withdrawn;
  const set = hasProgress ? { progressAt: call.now } : {};
  const written = await call.tables.change(
    'requests',
    leaseKeyOf(id),
    Lease,
    { set, sum: { leaseUntil: [call.now, 'leaseMs'] } },
    turnIsOpen(call, provider),
  );
  if (!written.ok) return refuseTurn(call, provider, written);
  if (hasProgress || !lacksProgress(written.item, call.now)) return ok(written.item);
  const ended = await endTurn(call, provider, id, 'lost', 'no progress');
  return ended.ok
    ? refuse(
        'no_progress',
        'Two lease lengths passed without progress, so the turn has ended; what you did is kept as a note if you send one.',
      )
    : ended;
}

export type Outcome = { code: NonNullable<Lease['outcome']>['code']; summary: string; evidence: string };

/** Claims a resolution. The same call again gives the same answer; one that comes too late is kept as a note. */
export async function resolveTurn(
  call: Call,
  provider: string,
  id: string,
  outcome: Outcome,
): Promise<Result<Lease, TurnRefusal>> {
  const withdrawn = await refuseWithdrawn(call, provider, id);
  if (withdrawn !== undefined) return withdrawn;
  const kept = { code: outcome.code, summary: outcome.summary, evidenceHash: await contentHash(outcome.evidence) };
  const written = await call.tables.change(
    'requests',
    leaseKeyOf(id),
    Lease,
    {
      set: { state: 'resolved', resolvedAt: call.now, endedAt: call.now, outcome: kept },
      append: { history: [['resolved', call.now, provider]] },
    },
    turnIsOpen(call, provider),
  );
  if (written.ok) {
    await announce(call, ...lastTurnEvents(written.item));
    return ok(written.item);
  }
  const old = parsedOwn(written.old, provider);
  const isRepeat =
    old?.outcome?.evidenceHash === kept.evidenceHash &&
    old.outcome.summary === kept.summary &&
    old.outcome.code === kept.code;
  if (old !== undefined && isRepeat) {
    await announceAgain(call, ...turnEvents(old));
    return ok(old);
  }
  const refused = await refuseTurn(call, provider, written);
  if (!refused.ok && refused.code !== 'not_found')
    await addNote(call, provider, id, [outcome.summary, outcome.evidence].filter((part) => part !== '').join('\n\n'));
  return refused;
}

/** Ends the turn and moves the request on: declined and escalated ones go to another lane and are never offered to this provider again, one handed back may be. */
export async function endTurn(
  call: Call,
  provider: string,
  id: string,
  state: 'declined' | 'escalated' | 'returned' | 'lost',
  reason: string,
): Promise<Result<Lease, TurnRefusal>> {
  const written = await call.tables.change(
    'requests',
    leaseKeyOf(id),
    Lease,
    { set: { state, endedAt: call.now, reason }, append: { history: [[state, call.now, provider]] } },
    turnIsOpen(call, provider),
  );
  if (!written.ok) {
    const old = parsedOwn(written.old, provider);
    return old !== undefined && old.state === state && old.reason === reason
      ? ok(old)
      : refuseTurn(call, provider, written);
  }
  // A crash from here on is found by the sweep at the lease's end: the head still names an ended lease.
  await releaseHead(call, written.item, call.now);
  await announce(call, ...lastTurnEvents(written.item));
  return ok(written.item);
}

/**
 * Keeps a remark or a late result with the turn, as a note of the thread; it is never dropped, whatever became of the turn.
 * `key` is the caller's name for it; without one the same text is the same note.
 */
export async function addNote(
  call: Call,
  provider: string,
  id: string,
  text: string,
  { who = { author: 'agent', tenant: provider, user: null }, key = text }: { who?: Who; key?: string } = {},
): Promise<Result<{ lease: string; text: string }, 'not_found' | 'message_conflict'>> {
  const lease = await readOwnLease(call, provider, id);
  if (lease === undefined) return refuse('not_found', 'There is no such turn of yours.');
  const about = { request: lease.request, company: lease.company, queue: lease.queue, lease: null };
  const draft = { key: `note ${id} ${key}`, kind: 'note', text, lease: id } as const;
  const said = await tell(call, about, who, draft);
  return said.ok ? ok({ lease: id, text }) : said;
}

function turnIsOpen(call: Call, provider: string): readonly Clause[] {
  return [
    ['=', 'provider', provider],
    ['in', 'state', statesBefore('resolve')],
    ['>', 'leaseUntil', call.now - LEASE_GRACE_MS],
  ];
}

function parsedOwn(old: Item | null, provider: string): Lease | undefined {
  const parsed = Lease.safeParse(old);
  return parsed.success && parsed.data.provider === provider ? parsed.data : undefined;
}

async function refuseTurn(
  call: Call,
  provider: string,
  written: Extract<Written, { ok: false }>,
): Promise<Result<never, TurnRefusal>> {
  const lease = parsedOwn(written.old, provider);
  if (lease === undefined) return refuse('not_found', 'There is no such turn of yours.');
  if (turnRefusal(lease, call.now) === 'lease_expired')
    return refuse(
      'lease_expired',
      'The lease has run out and the request goes to somebody else; send what you have as a note.',
    );
  return refuse('lease_ended', `The turn has ended (${lease.state}); send what you have as a note.`, {
    extra: { state: lease.state },
  });
}

/** A company that has withdrawn this provider from the lease's queue stops its turns at their next beat. */
async function refuseWithdrawn(
  call: Call,
  provider: string,
  id: string,
): Promise<Result<never, 'lane_withdrawn'> | undefined> {
  const company = requestOfLease(id).split('.')[0] ?? '';
  const withdrawn = (await readWithdrawals(call, company)).filter((entry) => entry.endsWith(`#${provider}`));
  if (withdrawn.length === 0) return undefined;
  const head = await readHead(call, requestOfLease(id));
  const isHit = head !== undefined && withdrawn.includes(`${head.queue}#${provider}`);
  return isHit
    ? refuse('lane_withdrawn', 'The company has withdrawn you from this queue; the request goes to somebody else.')
    : undefined;
}
