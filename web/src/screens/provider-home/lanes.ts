/** All lanes at a glance. Pure. */
import type { LaneView } from '../../../../shared/operations/operations.ts';

export type Waits = { count: number; isAtLeast: boolean; earliest: string | null; isLate: boolean };

/** What waits in all of them together, and when the first of it is due. */
export function waitsIn(lanes: readonly Pick<LaneView, 'waiting' | 'earliestDeadline' | 'isLate'>[]): Waits {
  const dues = lanes.flatMap(({ earliestDeadline }) => (earliestDeadline === null ? [] : [earliestDeadline])).sort();
  return {
    count: lanes.reduce((sum, { waiting }) => sum + waiting.count, 0),
    isAtLeast: lanes.some(({ waiting }) => waiting.isAtLeast),
    earliest: dues[0] ?? null,
    isLate: lanes.some(({ isLate }) => isLate),
  };
}
