import { describe, expect, it } from 'vitest';
import type { AgedRow } from '../../../../shared/finance-report/aged.ts';
import { byCurrency } from './sums.ts';

const row = (party: string, currency: 'USD' | 'EUR', not_due: number, days_1_30: number): AgedRow => ({
  party,
  currency,
  micros: { not_due, days_1_30, days_31_60: 0, days_61_90: 0, days_over_90: 0 },
  totalMicros: not_due + days_1_30,
});

describe('aged rows added up', () => {
  it('are kept apart by currency, band by band, with how many parties there are', () => {
    const rows = [row('co_a', 'USD', 10, 5), row('co_b', 'EUR', 1, 0), row('co_c', 'USD', 20, -3)];
    expect(byCurrency(rows)).toEqual([
      { of: row('', 'EUR', 1, 0), parties: 1 },
      { of: row('', 'USD', 30, 2), parties: 2 },
    ]);
    expect(rows[0]).toEqual(row('co_a', 'USD', 10, 5));
  });
});
