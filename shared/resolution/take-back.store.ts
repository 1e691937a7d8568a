/** Taking an open request out of its lane for good, or until it comes back: the turn of whoever holds it ends. */
import { giveCapacityBack } from '../dispatch/lane.store.ts';
import { readyAsSeen } from '../dispatch/lane-change.store.ts';
import { leaseKeyOf } from '../dispatch/lease.store.ts';
import { Lease, statesBefore } from '../dispatch/lease.ts';
import type { Call } from '../kernel/call.ts';
import { ok, type Refusal, type Result, refuse } from '../kernel/result.ts';
import type { Clause, Item, Write } from '../kernel/table.ts';
import { headKey } from '../request/request.store.ts';
import type { Head } from '../request/request.ts';
import { lastTurnEvents } from '../webhook/announcements.ts';
import { announce } from '../webhook/webhook.store.ts';

/** Where it goes: its new state, who takes it there, what the holder is told, and what else of the head changes. */
export type Into = {
  state: 'cancelled' | 'linked';
  by: string;
  reason: string;
  set: Pick<Partial<Head>, 'incident'>;
};

/** Takes a request back that is not resolved yet: ready, held back, or held by a provider whose turn then ends. Done again, it changes nothing. */
export async function takeBack(call: Call, head: Head, into: Into): Promise<Result<null, 'request_closed'>> {
  if (isThere(head, into)) return ok(null);
  if (head.state === 'leased' && head.lease !== null) {
    if (!(await endTurn(call, head.lease, into))) return closed(head);
  } else if (head.state !== 'ready' && head.state !== 'held_back') {
    return closed(head);
  }
  const change = {
    set: { ...into.set, state: into.state, capacityOf: null },
    remove: ['wpk', 'wsk'],
    append: { history: [[into.state, call.now, into.by]] },
  };
  const write: Write = { kind: 'update', table: 'requests', key: headKey(head.id), change, when: asSeen(head) };
  const back = head.capacityOf === null ? [] : [giveCapacityBack(call, head.queue, head.round, head.capacityOf)];
  const written =
    back.length === 0
      ? await call.tables.update('requests', headKey(head.id), change, asSeen(head))
      : await call.tables.transact([write, ...back]);
  return written.ok || isThere(written.old, into) ? ok(null) : closed(head);
}

const isThere = (head: Pick<Head, 'state' | 'incident'> | Item | null, { state, set }: Into): boolean =>
  head !== null && head.state === state && (set.incident === undefined || head.incident === set.incident);

/** Whether a held turn ended, now or by an earlier try of the same. */
async function endTurn(call: Call, lease: string, { by, reason }: Into): Promise<boolean> {
  const ended = await call.tables.change(
    'requests',
    leaseKeyOf(lease),
    Lease,
    {
      set: { state: 'cancelled', endedAt: call.now, reason },
      append: { history: [['cancelled', call.now, by]] },
    },
    [['in', 'state', statesBefore('cancel')]],
  );
  if (ended.ok) await announce(call, ...lastTurnEvents(ended.item));
  return ended.ok || ended.old?.state === 'cancelled';
}

const asSeen = (head: Head): readonly Clause[] =>
  head.lease === null
    ? [['=', 'state', head.state], ...readyAsSeen(head).slice(1)]
    : [
        ['=', 'lease', head.lease],
        ['=', 'state', 'leased'],
      ];

const closed = (head: Head): Refusal<'request_closed'> =>
  refuse(
    'request_closed',
    `A request that is ${head.state === 'leased' ? 'resolved' : head.state} can no longer be cancelled.`,
  );
