/** What an operator looks at first, worked out from what is read. */
import type { DueView, SweepView } from '../../../../shared/operations/operations.ts';
import type { PublicQueue, PublicRound } from '../../../../shared/queue/queue.ts';

const WEEK_MS = 7 * 86_400_000;

export type DueRound = { queue: PublicQueue; open: PublicRound };

/** The open rounds, that which closes first in front. */
export const byClose = (queues: readonly PublicQueue[]): DueRound[] =>
  queues
    .flatMap((queue) => (queue.open === null ? [] : [{ queue, open: queue.open }]))
    .sort((a, b) => Date.parse(a.open.closesAt) - Date.parse(b.open.closesAt) || (a.queue.id < b.queue.id ? -1 : 1));

/** How many of them close within a week of now; those whose close is over are being cleared. */
export const closingSoon = (rounds: readonly DueRound[], now: number): number =>
  rounds.filter(({ open }) => {
    const left = Date.parse(open.closesAt) - now;
    return left > 0 && left <= WEEK_MS;
  }).length;

/** How far behind the latest of all sweeps is, and how many are behind at all; a minute is nothing. */
export function behind(sweeps: readonly SweepView[], due: readonly DueView[]): { count: number; mostMs: number } {
  const late = [...sweeps, ...due].map(({ lagMs }) => lagMs).filter((lagMs) => lagMs > 60_000);
  return { count: late.length, mostMs: Math.max(0, ...late) };
}
