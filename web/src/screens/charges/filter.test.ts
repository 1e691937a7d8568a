import { describe, expect, it } from 'vitest';
import type { Charge } from '../../../../shared/ledger/ledger.ts';
import { chosen, SUMMED } from './filter.ts';

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

describe('charges', () => {
  it('are asked for by what is chosen, and by nothing that the API would refuse', () => {
    expect(chosen({ outcome: '', route: '', queue: '' })).toEqual({});
    expect(chosen({ outcome: 'assumed', route: 'overflow', queue: 'q1' })).toEqual({
      outcome: 'assumed',
      route: 'overflow',
      queue: 'q1',
    });
    expect(chosen({ outcome: 'paid', route: 'nothing', queue: '' })).toEqual({});
  });

  it('sum to what was confirmed and what was assumed, over all pages', () => {
    const first = SUMMED.add(SUMMED.none, [charge({}), charge({ outcome: 'assumed', micros: 500 })]);
    expect(SUMMED.add(first, [charge({ micros: 70 })])).toEqual({
      count: 3,
      micros: 1_570,
      confirmedMicros: 1_070,
      assumedMicros: 500,
    });
  });
});
