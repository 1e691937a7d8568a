/** Which turn comes first, how pressing it is, and when to beat for it. Pure; times in milliseconds. */
import type { LeaseView } from '../../../../shared/dispatch/lease.ts';

type Turn = Pick<LeaseView, 'id' | 'deadline' | 'leaseUntil' | 'leaseMs' | 'state' | 'user'>;

/** One's own turns that are in work, the earliest deadline first, ties by id. */
export const ownTurns = <T extends Turn>(turns: readonly T[], user: string): T[] =>
  turns
    .filter((turn) => turn.state === 'held' && turn.user === user)
    .sort((a, b) => Date.parse(a.deadline) - Date.parse(b.deadline) || (a.id < b.id ? -1 : 1));

/** The turn so many places on, around the ends; undefined where there is none. */
export function turnBeside<T extends { id: string }>(turns: readonly T[], id: string, step: 1 | -1): T | undefined {
  const at = turns.findIndex((turn) => turn.id === id);
  if (at < 0) return turns[0];
  return turns[(at + step + turns.length) % turns.length];
}

export type Urgency = 'late' | 'ending' | 'soon' | 'calm';
const SOON_MS = 60 * 60_000;

/** `ending`: less than a third of its lease is left, so that its beats do not get through; `soon`: an hour to the deadline. */
export function urgencyOf(turn: Pick<Turn, 'deadline' | 'leaseUntil' | 'leaseMs'>, now: number): Urgency {
  if (Date.parse(turn.leaseUntil) - now < turn.leaseMs / 3) return 'ending';
  const left = Date.parse(turn.deadline) - now;
  if (left <= 0) return 'late';
  return left < SOON_MS ? 'soon' : 'calm';
}

const MOST_BEAT_MS = 60_000;
const LEAST_BEAT_MS = 5_000;

/** How often to beat: three times in the shortest lease, so that one may get lost. */
export const beatEveryMs = (turns: readonly Pick<Turn, 'leaseMs'>[]): number =>
  Math.max(LEAST_BEAT_MS, Math.min(MOST_BEAT_MS, ...turns.map(({ leaseMs }) => leaseMs / 3)));
