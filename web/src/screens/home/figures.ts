/** What the home of a company works out from what it reads. Money in micro-units. */
import type { OwnCommitment } from '../../../../shared/award/own-list.ts';
import type { OpenWork } from '../../../../shared/operations/operations.ts';
import type { RequestState } from '../../../../shared/request/request.ts';

export type Compared = { currency: string; awarded: number; paidMicros: number; aloneMicros: number };

/** What awards cost together and would cost alone if every request is resolved, by currency; without what has no price alone. */
export function compared(all: readonly OwnCommitment[]): Compared[] {
  const sums = new Map<string, { awarded: number; paid: bigint; alone: bigint }>();
  for (const { commitment, award } of all) {
    if (award === null || award.awarded === 0 || award.standalonePriceMicros === null) continue;
    const sum = sums.get(commitment.currency) ?? { awarded: 0, paid: 0n, alone: 0n };
    sum.awarded += award.awarded;
    sum.paid += BigInt(award.totalMicros);
    sum.alone += BigInt(award.standalonePriceMicros) * BigInt(award.awarded);
    sums.set(commitment.currency, sum);
  }
  return [...sums].map(([currency, { awarded, paid, alone }]) => ({
    currency,
    awarded,
    paidMicros: Number(paid),
    aloneMicros: Number(alone),
  }));
}

export type Held = { resolved: number; withinSlaBps: number | null; heldBps: number | null };

/** How resolutions held, over all queues: the shares that came in time, and that were never worked again; null without any. */
export function howHeld(all: readonly Pick<OpenWork, 'resolved'>[]): Held {
  const sum = (of: 'count' | 'withinSla' | 'reopened') => all.reduce((n, { resolved }) => n + resolved[of], 0);
  const resolved = sum('count');
  const bps = (count: number) => (resolved === 0 ? null : Math.floor((10_000 * count) / resolved));
  return { resolved, withinSlaBps: bps(sum('withinSla')), heldBps: bps(resolved - sum('reopened')) };
}

/** Some states of open work added up over queues; `isAtLeast` where a queue has more than were counted. */
export function addUp(
  all: readonly OpenWork[],
  states: readonly RequestState[],
): { count: number; isAtLeast: boolean } {
  return {
    count: all.reduce((sum, { open }) => sum + states.reduce((n, state) => n + (open[state] ?? 0), 0), 0),
    isAtLeast: all.some(({ looked }) => looked.isAtLeast),
  };
}

/** What somebody still has to do something about: what is confirmed or assumed only waits for its window. */
export const TO_DO = ['queued', 'working', 'held_back', 'resolved'] as const satisfies readonly RequestState[];

/** Queues with something to do, the earliest deadline first; those without one last, by id. */
export function byDeadline(all: readonly OpenWork[]): OpenWork[] {
  const order = ({ earliestDeadline, queue }: OpenWork) => `${earliestDeadline ?? '9'}#${queue}`;
  return all
    .filter(({ open }) => TO_DO.some((state) => (open[state] ?? 0) > 0))
    .sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
