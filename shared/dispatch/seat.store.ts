/**
 * Requests that a provider holds at once under one rule of its availability: `U#<provider>` / `<scope>` lists the leases
 * that took a seat. Only claims write it, and only where the provider stated a limit: a seat whose turn has ended is found
 * free when all are taken.
 */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { ABSENT, type Key, keyText } from '../kernel/table.ts';
import { headKey } from '../request/request.store.ts';
import { Head } from '../request/request.ts';
import { leaseKeyOf, requestOfLease } from './lease.store.ts';
import { LEASE_GRACE_MS, Lease } from './lease.ts';

/** Each try either sits down, finds nothing free, or meets another claim that freed or took seats at the same time. */
const MOST_TRIES = 4;

const seatsKey = (provider: string, scope: string): Key => ({ pk: `U#${provider}`, sk: scope });
/** Each seat with the time it was taken: a claim that is still at work has not put its lease, or not named it yet. */
const Seat = z.object({ lease: z.string(), at: z.number() });
type Seat = z.infer<typeof Seat>;
const Seats = z.object({ held: z.array(Seat), version: z.int() });

/** Takes a seat for a lease that is about to be put; false where `limit` requests are held already. */
export async function takeSeat(
  call: Call,
  provider: string,
  scope: string,
  limit: number,
  lease: string,
): Promise<boolean> {
  const key = seatsKey(provider, scope);
  const seat: Seat = { lease, at: call.now };
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const taken = await call.tables.update('market', key, { append: { held: [seat] }, add: { version: 1 } }, [
      ['present', 'pk'],
      ['size <', 'held', limit],
    ]);
    if (taken.ok) return true;
    if (taken.old === null) {
      const first = await call.tables.put('market', { ...key, held: [seat], version: 1 }, ABSENT);
      if (first.ok) return true;
      continue;
    }
    const seats = Seats.parse(taken.old);
    if (seats.held.some((other) => other.lease === lease)) return true;
    if (!(await freeSeats(call, key, seats))) return false;
  }
  return false;
}

/** Gives the seat of a claim back that got nothing. Where others are in the way it is found free later. */
export async function leaveSeat(call: Call, provider: string, scope: string, lease: string): Promise<void> {
  const key = seatsKey(provider, scope);
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const seats = await call.tables.get('market', key, Seats, { consistent: true });
    if (seats === undefined) return;
    const held = seats.held.filter((seat) => seat.lease !== lease);
    const left = await call.tables.update('market', key, { set: { held }, add: { version: 1 } }, [
      ['=', 'version', seats.version],
    ]);
    if (left.ok) return;
  }
}

/** Clears the seats whose turn has ended; false where none has. */
async function freeSeats(call: Call, key: Key, seats: z.infer<typeof Seats>): Promise<boolean> {
  const held = await heldOf(call, seats.held);
  if (held.length === seats.held.length) return false;
  await call.tables.update('market', key, { set: { held }, add: { version: 1 } }, [['=', 'version', seats.version]]);
  return true;
}

/** Of some seats those still taken: their lease holds its request, in time and named by its head, or may be on the way there. */
async function heldOf(call: Call, seats: readonly Seat[]): Promise<Seat[]> {
  const consistent = { consistent: true };
  const keys = seats.map(({ lease }) => leaseKeyOf(lease));
  const leases = await call.tables.getMany('requests', keys, Lease, consistent);
  const requests = seats.map(({ lease }) => headKey(requestOfLease(lease)));
  const heads = await call.tables.getMany('requests', requests, Head, consistent);
  return seats.filter((seat, i) => {
    const lease = leases.get(keyText(keys[i]!));
    if (lease !== undefined && (lease.state !== 'held' || lease.leaseUntil <= call.now - LEASE_GRACE_MS)) return false;
    return heads.get(keyText(requests[i]!))?.lease === seat.lease || seat.at > call.now - LEASE_GRACE_MS;
  });
}
