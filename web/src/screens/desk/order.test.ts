import { describe, expect, it } from 'vitest';
import { beatEveryMs, ownTurns, turnBeside, urgencyOf } from './order.ts';

const NOON = Date.parse('2026-10-05T12:00:00.000Z');
const at = (minutes: number) => new Date(NOON + minutes * 60_000).toISOString();
const turn = (id: string, deadline: number, more: object = {}) => ({
  id,
  deadline: at(deadline),
  leaseUntil: at(5),
  leaseMs: 300_000,
  state: 'held' as const,
  user: 'ada',
  ...more,
});

describe('the desk', () => {
  it('shows one’s own turns in work, the earliest deadline first', () => {
    const turns = [
      turn('c', 90),
      turn('a', 30),
      turn('b', 30),
      turn('d', 1, { user: 'bob' }),
      turn('e', 1, { state: 'resolved' }),
    ];
    expect(ownTurns(turns, 'ada').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('steps through the turns and around their ends', () => {
    const turns = [{ id: 'a' }, { id: 'b' }];
    expect(turnBeside(turns, 'b', 1)).toEqual({ id: 'a' });
    expect(turnBeside(turns, 'a', -1)).toEqual({ id: 'b' });
    expect(turnBeside(turns, 'gone', 1)).toEqual({ id: 'a' });
    expect(turnBeside([], 'a', 1)).toBeUndefined();
  });

  it('says what presses: a lease that ends before a deadline that passed, that before one within the hour', () => {
    expect(urgencyOf(turn('a', -1, { leaseUntil: at(1) }), NOON)).toBe('ending');
    expect(urgencyOf(turn('a', -1), NOON)).toBe('late');
    expect(urgencyOf(turn('a', 59), NOON)).toBe('soon');
    expect(urgencyOf(turn('a', 61), NOON)).toBe('calm');
  });

  it('beats three times in the shortest lease, once a minute at least', () => {
    expect(beatEveryMs([{ leaseMs: 300_000 }, { leaseMs: 90_000 }])).toBe(30_000);
    expect(beatEveryMs([{ leaseMs: 3_600_000 }])).toBe(60_000);
    expect(beatEveryMs([])).toBe(60_000);
  });
});
