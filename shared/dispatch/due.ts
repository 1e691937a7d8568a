/**
 * What falls due when. On AWS a minute's schedule sends one message per partition; on one machine the scheduler learns
 * each due time from what is written, so that a step of the market clock runs only what is due.
 */

import type { TableId } from '../kernel/table.ts';
import { MINUTE } from '../kernel/time.ts';
import { windowsOf } from '../terms/terms.ts';
import { LEASE_GRACE_MS } from './lease.ts';

/** The passes of the sweep over leases; none overtakes the one before it. */
export const PASSES = ['lease_end', 'silence', 'posting'] as const;
export type Pass = (typeof PASSES)[number];

export type Due =
  | { kind: 'leases'; partition: string; pass: Pass }
  | { kind: 'lane'; queue: string; round: number; provider: string | null; shard: number }
  /** Rounds to step, and weeks of demand to count. */
  | { kind: 'rounds' }
  /** Files of requests that are not taken in yet, or not cleared away. */
  | { kind: 'imports' };

/** A name for what is due: the same work has the same name. */
export function dueName(due: Due): string {
  switch (due.kind) {
    case 'leases':
      return `${due.partition}!${due.pass}`;
    case 'lane':
      return lanePartition(due);
    case 'rounds':
    case 'imports':
      return due.kind;
  }
}

export const lanePartition = (lane: { queue: string; round: number; provider: string | null; shard: number }): string =>
  `W#${lane.queue}#${lane.round}#${lane.provider ?? '-'}#${lane.shard}`;

/** The posting pass follows the reopen window by two minutes, so that it never crosses a late 'not solved'. */
export const POSTING_DELAY_MS = 2 * MINUTE;

/** How long after a lease's key time a pass may take it. */
export function passDelayMs(pass: Pass, windowClass: string): number {
  const { silenceMs, reopenMs } = windowsOf(windowClass);
  if (pass === 'lease_end') return LEASE_GRACE_MS;
  return pass === 'silence' ? silenceMs : reopenMs + POSTING_DELAY_MS;
}

/** The window class in a partition's name, `D#72-168#2026-01-31#0`. */
export const windowClassIn = (partition: string): string => partition.split('#')[1] ?? '';

/** What a written item makes due, and when. */
export function dueFromWrite(table: TableId, item: Record<string, unknown>): { due: Due; at: number }[] {
  if (table === 'market') {
    if (typeof item.dsk !== 'string') return [];
    const at = Number(item.dsk.slice(0, 15));
    if (item.dpk === 'imports') return [{ due: { kind: 'imports' }, at }];
    return item.dpk === 'round' || item.dpk === 'demand' ? [{ due: { kind: 'rounds' }, at }] : [];
  }
  if (table !== 'requests') return [];
  const due: { due: Due; at: number }[] = [];
  if (typeof item.wpk === 'string' && item.wpk.startsWith('W#') && typeof item.moveAt === 'number') {
    const lane = laneIn(item.wpk);
    due.push({ due: { kind: 'lane', ...lane }, at: item.moveAt });
  }
  const { pk, sk } = item;
  if (
    typeof pk === 'string' &&
    pk.startsWith('D#') &&
    pk.split('#').length === 4 &&
    typeof sk === 'string' &&
    /^\d{15}#/.test(sk)
  ) {
    const time = Number(sk.slice(0, 15));
    // Only a new lease or pointer has a `kind`; a change inside a lease never moves its key.
    if (item.kind !== undefined)
      for (const pass of PASSES)
        due.push({ due: { kind: 'leases', partition: pk, pass }, at: time + passDelayMs(pass, windowClassIn(pk)) });
  }
  return due;
}

/** The lane in a work-list key. */
export function laneIn(wpk: string): { queue: string; round: number; provider: string | null; shard: number } {
  const [, queue = '', round = '0', provider = '-', shard = '0'] = wpk.split('#');
  return { queue, round: Number(round), provider: provider === '-' ? null : provider, shard: Number(shard) };
}
