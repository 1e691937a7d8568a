import { expect, it } from 'vitest';
import { BusyQueues } from './busy-queues.ts';

const MINUTE = 60_000;

it('a queue is busy from its eighth request within an hour on, and no other with it', () => {
  const busy = new BusyQueues();
  const took = (count: number, from: number, everyMinutes: number, queue = 'a') =>
    Array.from({ length: count }, (_, n) => busy.took(queue, (from + n * everyMinutes) * MINUTE));
  expect(took(8, 0, 8)).toEqual([...Array(7).fill(false), true]);
  expect(busy.took('b', 60 * MINUTE)).toBe(false);
  // Every nine minutes there are seven within an hour, once the ones before are out of it.
  expect(took(12, 200, 9).slice(-4)).toEqual([false, false, false, false]);
});
