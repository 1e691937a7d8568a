/**
 * Putting a head back to work: into its own lane, another provider's, or nobody's. A lane change keeps the slot, which
 * carries the price, and is one transaction: free capacity of the new provider, what it had taken of the old one's, head.
 */
import type { Call } from '../kernel/call.ts';
import type { Clause, Write } from '../kernel/table.ts';
import { headKey, moveTime, worklistKeys } from '../request/request.store.ts';
import type { Head } from '../request/request.ts';
import { announceWork } from '../webhook/webhook.store.ts';
import { offlineSince, workingCandidates } from './availability.store.ts';
import { giveCapacityBack, laneShard, takeCapacityWrite } from './lane.store.ts';
import { isWithdrawn, laneCandidates, type Plan } from './plan.ts';

export type Move = {
  /** What must still hold of the head. */
  when: readonly Clause[];
  /** What else changes in the head. */
  set: Partial<Head>;
  /** What changes with it, all or nothing. */
  writes: readonly Write[];
  /** Into its own lane again, where it may still be worked there. */
  staysFirst: boolean;
  /** What the history says. */
  event: string;
  actor: string;
  at: number;
  /** Lanes it may change to at all, beside the plan's own rules. */
  allows?: (provider: string) => boolean;
  /** Where no lane is free: into nobody's lane, or left as it is. */
  otherwise: 'nobody' | 'stay';
};

export type Moved = 'moved' | 'stayed' | { lost: number };

/** Whether work may stay in a provider's lane: the company has not withdrawn it, and it is not offline. */
export async function mayStay(call: Call, plan: Plan, queue: string, provider: string): Promise<boolean> {
  return !isWithdrawn(plan.withdrawn, queue, provider) && (await offlineSince(call, provider)) === null;
}

/**
 * Makes a head ready again. `lost` names the write whose condition was lost: 0 the head, from 1 on those of `writes`;
 * nothing was changed then.
 */
export async function makeReady(call: Call, head: Head, plan: Plan, move: Move): Promise<Moved> {
  const next: Head = { ...head, ...move.set };
  if (move.staysFirst && next.provider !== null) {
    return (await write(call, next, move, next.provider, next.capacityOf, [])) ?? 'moved';
  }
  const back = next.capacityOf === null ? [] : [giveCapacityBack(call, next.queue, next.round, next.capacityOf)];
  for (const candidate of await workingCandidates(call, next, laneCandidates(plan, next))) {
    if (candidate.provider === head.provider || move.allows?.(candidate.provider) === false) continue;
    const take = takeCapacityWrite(next.queue, next.round, candidate.provider);
    const lost = await write(call, next, move, candidate.provider, candidate.provider, [take, ...back]);
    if (lost === undefined) return 'moved';
    if (lost.lost <= move.writes.length) return lost;
  }
  if (move.otherwise === 'stay') return 'stayed';
  return (await write(call, next, move, null, null, back)) ?? 'moved';
}

async function write(
  call: Call,
  head: Head,
  move: Move,
  provider: string | null,
  capacityOf: string | null,
  capacity: readonly Write[],
): Promise<{ lost: number } | undefined> {
  const shard = await laneShard(call, head, provider);
  const keys = worklistKeys(head, provider, shard);
  const set = {
    ...move.set,
    ...keys,
    state: 'ready',
    provider,
    capacityOf,
    lease: null,
    moveAt: moveTime(head.deadline, head.slaMs),
  };
  const history = [[move.event, move.at, move.actor]];
  const change = { set: set as Record<string, unknown>, append: { history } };
  const headWrite: Write = { kind: 'update', table: 'requests', key: headKey(head.id), change, when: move.when };
  const writes = [headWrite, ...move.writes, ...capacity];
  if (writes.length === 1) {
    const written = await call.tables.update('requests', headKey(head.id), change, move.when);
    if (!written.ok && !showsOwnWrite(written.old, move)) return { lost: 0 };
  } else {
    const written = await call.tables.transact(writes);
    if (!written.ok && !(written.at === 0 && showsOwnWrite(written.old, move))) return { lost: written.at };
  }
  if (provider !== null) await announceWork(call, provider, head.queue, head.round);
  return undefined;
}

/** The answer of an earlier try was lost: the head's last event is the one that this move writes. */
function showsOwnWrite(old: unknown, move: Move): boolean {
  const history = (old as { history?: [string, number, string][] } | null)?.history ?? [];
  const [event, at, actor] = history.at(-1) ?? ['', 0, ''];
  return event === move.event && at === move.at && actor === move.actor;
}
