import { expect, it } from 'vitest';
import { nextSweepAt } from './stripe-event.ts';

const MINUTE = 60_000;
const at = (instant: string): number => Date.parse(`${instant}:00Z`);

it('what could not be delivered is looked for after 15 minutes, later after each look in vain, within six hours', () => {
  const now = at('2026-01-05T10:00');
  const minutes = [0, 1, 2, 3, 4, 5, 50].map((quiet) => (nextSweepAt('undelivered', now, quiet) - now) / MINUTE);
  expect(minutes).toEqual([15, 30, 60, 120, 240, 360, 360]);
});

it('what happened is listed at one, and both sides are compared at two, every night', () => {
  expect(nextSweepAt('nightly', at('2026-01-05T00:59'), 9)).toBe(at('2026-01-05T01:00'));
  expect(nextSweepAt('nightly', at('2026-01-05T01:00'), 0)).toBe(at('2026-01-06T01:00'));
  expect(nextSweepAt('reconciliation', at('2026-01-05T01:30'), 0)).toBe(at('2026-01-05T02:00'));
});
