/**
 * What falls due when. On AWS a minute's schedule sends one message per partition; on one machine the scheduler learns
 * each due time from what is written, so that a step of the market clock runs only what is due.
 */

import { watchTime } from '../incident/spike.ts';
import { Currency } from '../kernel/money.ts';
import type { TableId } from '../kernel/table.ts';
import { MINUTE } from '../kernel/time.ts';
import { windowsOf } from '../terms/terms.ts';
import { LEASE_GRACE_MS } from './lease.ts';

/** The passes of the sweep over leases; none overtakes the one before it. */
export const PASSES = ['lease_end', 'silence', 'posting'] as const;
export type Pass = (typeof PASSES)[number];

export type MarketDue =
  | { kind: 'leases'; partition: string; pass: Pass }
  | { kind: 'lane'; queue: string; round: number; provider: string | null; shard: number }
  /** Webhooks to be tried again. */
  | { kind: 'deliveries'; shard: number }
  /** Mails and erasures for customers that are not done yet. */
  | { kind: 'errands'; shard: number }
  /** All lanes of a provider that went offline or was withdrawn. */
  | { kind: 'provider'; provider: string }
  /** A company's cap: the nightly recount, and what it holds back. */
  | { kind: 'budget'; company: string; currency: Currency }
  /** Tomorrow's partitions of leases, to be fixed. */
  | { kind: 'days' }
  /** Rounds to step, and weeks of demand to count. */
  | { kind: 'rounds' }
  /** Incidents whose requests are being linked or told. */
  | { kind: 'incidents' }
  /** A queue's last hour, to be looked at for spikes. */
  | { kind: 'watch'; queue: string }
  /** Files of requests that are not taken in yet, or not cleared away. */
  | { kind: 'imports' };

/** All that falls due; money's work is run apart, by functions that may call Stripe. */
export type Due = MarketDue | { kind: 'finance' };

/** A name for what is due: the same work has the same name. */
export function dueName(due: Due): string {
  switch (due.kind) {
    case 'leases':
      return `${due.partition}!${due.pass}`;
    case 'lane':
      return lanePartition(due);
    case 'deliveries':
      return `delivery#${due.shard}`;
    case 'errands':
      return errandPartition(due.shard);
    case 'provider':
      return `provider#${due.provider}`;
    case 'budget':
      return `budget#${due.company}#${due.currency}`;
    case 'watch':
      return `watch#${due.queue}`;
    case 'days':
    case 'incidents':
    case 'rounds':
    case 'imports':
    case 'finance':
      return due.kind;
  }
}

type LaneDue = Extract<MarketDue, { kind: 'lane' }>;
/** What a message about sweeps names: one piece of due work, or several lanes of one queue. */
export type SweepMessage = Exclude<MarketDue, { kind: 'rounds' | 'imports' }> | { kind: 'lanes'; lanes: LaneDue[] };
/** Lanes in one message at the most: what one run of a function sweeps in seconds. */
const MOST_LANES = 100;

/** One message for each piece of due work, but for lanes: those of a queue share one, since there are most of them by far. */
export function sweepMessages(due: readonly SweepMessage[]): SweepMessage[] {
  const lanes = Map.groupBy(
    due.filter((one) => one.kind === 'lane'),
    ({ queue }) => queue,
  );
  const shared = [...lanes.values()].flatMap((own) =>
    Array.from({ length: Math.ceil(own.length / MOST_LANES) }, (_, i): SweepMessage => {
      return { kind: 'lanes', lanes: own.slice(i * MOST_LANES, (i + 1) * MOST_LANES) };
    }),
  );
  return [...due.filter((one) => one.kind !== 'lane'), ...shared];
}

/** Errands for customers are spread over so many partitions of the list. */
export const ERRAND_SHARDS = 4;
const ERRANDS = 'ERRANDS#';
export const errandPartition = (shard: number): string => `${ERRANDS}${shard}`;

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
  if (table === 'market') return dueFromMarket(item);
  if (table === 'ledger') return dueFromLedger(item);
  if (table !== 'requests') return [];
  const due: { due: Due; at: number }[] = [];
  if (typeof item.wpk === 'string' && item.wpk.startsWith('W#') && typeof item.moveAt === 'number') {
    const lane = laneIn(item.wpk);
    due.push({ due: { kind: 'lane', ...lane }, at: item.moveAt });
  }
  if (typeof item.lpk === 'string' && item.lpk.startsWith(ERRANDS) && typeof item.lsk === 'string') {
    const shard = Number(item.lpk.slice(ERRANDS.length));
    due.push({ due: { kind: 'errands', shard }, at: Number(item.lsk.slice(0, 15)) });
  }
  // Only a head that is put anew has its list with it.
  if (typeof item.lpk === 'string' && item.lpk.startsWith('H#') && typeof item.acceptedAt === 'number') {
    const queue = item.lpk.split('#')[2] ?? '';
    due.push({ due: { kind: 'watch', queue }, at: watchTime(queue, item.acceptedAt) });
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

/** Work of money that waits for its time is listed on the companies' side of the ledger's indexes, in order of time. */
export const FINANCE_DUE = 'due';

function dueFromLedger({ cpk, csk }: Record<string, unknown>): { due: Due; at: number }[] {
  if (cpk !== FINANCE_DUE || typeof csk !== 'string') return [];
  return [{ due: { kind: 'finance' }, at: Number(csk.slice(0, 15)) }];
}

function dueFromMarket(item: Record<string, unknown>): { due: Due; at: number }[] {
  const { pk, sk, dpk, dsk, offlineSince, at } = item;
  if ((dpk === 'round' || dpk === 'demand') && typeof dsk === 'string') {
    const roundsAt = Number(dsk.slice(0, 15));
    // A round that has begun is one to count on for tomorrow.
    const days: { due: Due; at: number }[] = item.state === 'active' ? [{ due: { kind: 'days' }, at: 0 }] : [];
    return [{ due: { kind: 'rounds' }, at: roundsAt }, ...days];
  }
  if (typeof dpk === 'string' && dpk.startsWith('delivery#') && typeof dsk === 'string')
    return [{ due: { kind: 'deliveries', shard: Number(dpk.split('#')[1]) }, at: Number(dsk.slice(0, 15)) }];
  if (dpk === 'incidents' && typeof dsk === 'string')
    return [{ due: { kind: 'incidents' }, at: Number(dsk.slice(0, 15)) }];
  if (dpk === 'imports' && typeof dsk === 'string') return [{ due: { kind: 'imports' }, at: Number(dsk.slice(0, 15)) }];
  if (dpk === 'budget' && typeof dsk === 'string') return [budgetDue(dsk)];
  if (typeof pk !== 'string' || typeof sk !== 'string') return [];
  if (pk.startsWith('AV#') && sk === '-' && typeof offlineSince === 'number')
    return [{ due: { kind: 'provider', provider: pk.slice(3) }, at: offlineSince }];
  if (pk.startsWith('X#') && typeof at === 'number')
    return [{ due: { kind: 'provider', provider: sk.split('#')[1] ?? '' }, at }];
  return [];
}

/** The cap in a key of what is due, `<time>#<company>#<currency>`. */
export function budgetDue(dsk: string): { due: MarketDue; at: number } {
  const [time, company = '', currency] = dsk.split('#');
  return { due: { kind: 'budget', company, currency: Currency.parse(currency) }, at: Number(time) };
}

/** The lane in a work-list key. */
export function laneIn(wpk: string): { queue: string; round: number; provider: string | null; shard: number } {
  const [, queue = '', round = '0', provider = '-', shard = '0'] = wpk.split('#');
  return { queue, round: Number(round), provider: provider === '-' ? null : provider, shard: Number(shard) };
}
