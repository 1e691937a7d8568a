import { describe, expect, it } from 'vitest';
import { decideInvoice } from './plan.ts';

describe('whether a month is invoiced', () => {
  it.each([
    ['in credit, by a micro-unit', -1, 0, 'credit_balance'],
    ['nothing', 0, 0, 'nothing'],
    ['less than a cent', 9_999, 0, 'nothing'],
    ['less than a cent for a long time', 9_999, 9, 'nothing'],
    ['a cent', 10_000, 0, 'below_floor'],
    ['24.999999', 24_999_999, 2, 'below_floor'],
    ['24.999999 for the fourth time', 24_999_999, 3, null],
    ['a cent for the fourth time', 10_000, 3, null],
    ['25.00', 25_000_000, 0, null],
    ['in credit for a long time', -25_000_000, 9, 'credit_balance'],
  ] as const)('%s: %i micro-units, %i months below the floor before: %s', (_, micros, months, reason) => {
    expect(decideInvoice(micros, months)).toBe(reason);
  });
});
