import { expect, it } from 'vitest';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { behind, byClose, closingSoon } from './due.ts';

const queue = (id: string, closesAt: string | null) =>
  ({ id, open: closesAt === null ? null : { round: 2, closesAt } }) as unknown as PublicQueue;

it('rounds are due in the order of their close; within a week is soon, and over is not', () => {
  const rounds = byClose([
    queue('c', '2026-03-20T00:00:00Z'),
    queue('none', null),
    queue('b', '2026-03-08T00:00:00Z'),
    queue('a', '2026-03-08T00:00:00Z'),
    queue('over', '2026-03-01T00:00:00Z'),
  ]);
  expect(rounds.map(({ queue: { id } }) => id)).toEqual(['over', 'a', 'b', 'c']);
  expect(closingSoon(rounds, Date.parse('2026-03-01T12:00:00Z'))).toBe(2);
});

it('a sweep is behind from a minute on', () => {
  const lag = (lagMs: number) => ({ lagMs }) as never;
  expect(behind([lag(0), lag(60_000)], [lag(30_000)])).toEqual({ count: 0, mostMs: 0 });
  expect(behind([lag(90_000)], [lag(3_600_000)])).toEqual({ count: 2, mostMs: 3_600_000 });
});
