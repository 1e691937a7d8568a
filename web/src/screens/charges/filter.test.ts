import { describe, expect, it } from 'vitest';
import type { Charge } from '../../../../shared/ledger/ledger.ts';
import { matching, sumOf } from './filter.ts';

const charge = (change: Partial<Charge>): Charge => ({
  event: 'charge#1',
  request: 'r',
  company: 'co_aaaa',
  provider: 'pr_aaaa',
  queue: 'q1',
  round: 1,
  outcome: 'confirmed',
  route: 'slot',
  micros: 1_000,
  currency: 'USD',
  occurredAt: '2026-01-05T00:00:00.000Z',
  period: '2026-01',
  lease: 'l',
  ...change,
});
const ALL = { outcome: '', route: '', queue: '', currency: 'USD' };

describe('charges', () => {
  const some = [
    charge({}),
    charge({ outcome: 'assumed', micros: 500 }),
    charge({ queue: 'q2', route: 'overflow', micros: 70 }),
    charge({ currency: 'EUR', micros: 3 }),
  ];

  it('match by every filter at once, and only in one currency', () => {
    expect(matching(some, ALL)).toHaveLength(3);
    expect(matching(some, { ...ALL, outcome: 'confirmed', queue: 'q2' })).toEqual([some[2]]);
    expect(matching(some, { ...ALL, route: 'slot', outcome: 'assumed' })).toEqual([some[1]]);
    expect(matching(some, { ...ALL, currency: 'GBP' })).toEqual([]);
  });

  it('sum to what was confirmed and what was assumed', () => {
    expect(sumOf(matching(some, ALL))).toEqual({
      count: 3,
      micros: 1_570,
      confirmedMicros: 1_070,
      assumedMicros: 500,
    });
  });
});
