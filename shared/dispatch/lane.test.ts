/** When a lane's work is judged. */
import { expect, it } from 'vitest';
import { HOUR, MINUTE } from '../kernel/time.ts';
import { judgedAt } from './lane.ts';

const DEADLINE = 1_000 * HOUR;
const head = (slaMs: number) => ({ deadline: DEADLINE, moveAt: DEADLINE - slaMs / 4, slaMs });

it('judges work at its move time until the deadline, then at the deadline and every quarter of its SLA', () => {
  const each = head(8 * HOUR);
  expect(judgedAt(each, DEADLINE - 1)).toBe(DEADLINE - 2 * HOUR);
  expect(judgedAt(each, DEADLINE)).toBe(DEADLINE);
  expect(judgedAt(each, DEADLINE + 2 * HOUR - 1)).toBe(DEADLINE);
  expect(judgedAt(each, DEADLINE + 2 * HOUR)).toBe(DEADLINE + 2 * HOUR);
  expect(judgedAt(each, DEADLINE + 25 * HOUR)).toBe(DEADLINE + 24 * HOUR);
});

it('never judges late work more often than a provider can be told present from absent', () => {
  const each = head(20 * MINUTE);
  expect(judgedAt(each, DEADLINE + 15 * MINUTE - 1)).toBe(DEADLINE);
  expect(judgedAt(each, DEADLINE + 44 * MINUTE)).toBe(DEADLINE + 30 * MINUTE);
});
