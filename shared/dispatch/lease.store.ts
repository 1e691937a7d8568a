/**
 * Leases `D#<window class>#<day of lease end>#<shard>` / `<lease end>#<request>#<token>`, and the shard counts of their
 * days. A lease's id leads to its key.
 */
import * as z from 'zod';
import { cachePerOwner } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import { spread } from '../kernel/hash.ts';
import { randomToken, timeKey } from '../kernel/id.ts';
import { ABSENT, type Item, type Key } from '../kernel/table.ts';
import { dayOf, monthOf } from '../kernel/time.ts';
import { Lease, type Pointer } from './lease.ts';

/** A day's leases of one window class are spread over this many partitions where nothing else was fixed for the day. */
const DEFAULT_SHARDS = 1;

const DayShards = z.object({ sk: z.string(), shards: z.int().min(1) });
const dayShards = cachePerOwner<number>(1_000);

/** Fixes a day's partitions before it begins; what is fixed already stays. */
export async function fixShardsOfDay(call: Call, windowClass: string, day: string, shards: number): Promise<void> {
  await dayShards(call.tables.owner).get(`${windowClass}#${day}`, async () => {
    const item = { pk: `D#${windowClass}`, sk: day, shards };
    const written = await call.tables.put('requests', item, ABSENT);
    return written.ok ? shards : DayShards.parse(written.old).shards;
  });
}

/** Into how many partitions a day's leases go; where nobody fixed it before, the first who asks does. Never changed after. */
export async function shardsOfDay(call: Call, windowClass: string, day: string): Promise<number> {
  return dayShards(call.tables.owner).get(`${windowClass}#${day}`, async () => {
    const written = await call.tables.put(
      'requests',
      { pk: `D#${windowClass}`, sk: day, shards: DEFAULT_SHARDS },
      ABSENT,
    );
    return written.ok ? DEFAULT_SHARDS : DayShards.parse(written.old).shards;
  });
}

/** Partitions of the days from `fromDay` on that hold leases. */
export async function leasePartitions(call: Call, windowClass: string, fromDay: string): Promise<string[]> {
  const days = await call.tables.queryAll('requests', DayShards, { pk: `D#${windowClass}`, from: fromDay });
  return days.flatMap((day) => Array.from({ length: day.shards }, (_, shard) => `D#${windowClass}#${day.sk}#${shard}`));
}

/** The key that a lease's id leads to. The id's shape is checked at the edge; text that is no id throws. */
export function leaseKeyOf(id: string): Key {
  const [windowClass, end, shard, company, hash, token] = id.split('.');
  if (token === undefined) throw new Error(`not a lease id: ${id}`);
  const endMs = Number(end);
  return { pk: `D#${windowClass}#${dayOf(endMs)}#${shard}`, sk: `${timeKey(endMs)}#${company}.${hash}#${token}` };
}

export const requestOfLease = (id: string): string => id.split('.').slice(3, 5).join('.');

export type NewLease = {
  windowClass: string;
  request: string;
  company: string;
  provider: string;
  queue: string;
  round: number;
  leaseMs: number;
  deadline: number;
  user: string | null;
  playbook: number | null;
};

/** A held lease that ends one lease length from now, with a token nobody can guess. */
export async function newLease(call: Call, facts: NewLease): Promise<Lease> {
  const { windowClass, ...rest } = facts;
  const leaseUntil = call.now + facts.leaseMs;
  const shard = spread(facts.request) % (await shardsOfDay(call, windowClass, dayOf(leaseUntil)));
  return {
    pk: `D#${windowClass}#${dayOf(leaseUntil)}#${shard}`,
    sk: `${timeKey(leaseUntil)}#${facts.request}#${randomToken(16)}`,
    kind: 'lease',
    ...rest,
    state: 'held',
    claimedAt: call.now,
    leaseUntil,
    progressAt: call.now,
    resolvedAt: null,
    confirmedAt: null,
    endedAt: null,
    outcome: null,
    reason: null,
    history: [['held', call.now, facts.provider]],
    lpk: leaseList(facts.provider, monthOf(call.now)),
    lsk: `${timeKey(call.now)}#${facts.request}`,
  };
}

export const leaseList = (provider: string, month: string): string => `P#${provider}#${month}`;

export async function readLease(
  call: Call,
  id: string,
  options: { consistent?: boolean } = {},
): Promise<Lease | undefined> {
  return call.tables.get('requests', leaseKeyOf(id), Lease, options);
}

/** A pointer to a lease at a later time. */
export async function pointerItem(call: Call, lease: Lease, at: number): Promise<Pointer & Item> {
  const windowClass = lease.pk.split('#')[1] ?? '';
  const shard = spread(lease.request) % (await shardsOfDay(call, windowClass, dayOf(at)));
  const token = lease.sk.split('#')[2] ?? '';
  return {
    pk: `D#${windowClass}#${dayOf(at)}#${shard}`,
    sk: `${timeKey(at)}#${lease.request}#${token}`,
    kind: 'pointer',
    leasePk: lease.pk,
    leaseSk: lease.sk,
  };
}
