import { describe, expect, it } from 'vitest';
import { owedOn } from './sums.ts';

describe('what is owed on invoices', () => {
  const open = (remainingMicros: number, dueAt: string | null, paidMicros = 0) => ({
    currency: 'USD' as const,
    state: 'open' as const,
    remainingMicros,
    paidMicros,
    dueAt,
  });
  const now = Date.parse('2026-03-01T00:00:00Z');

  it('is what is left of open ones, and overdue only past its due date', () => {
    expect(
      owedOn([open(700, '2026-02-28T00:00:00Z', 300), open(50, '2026-03-01T00:00:00Z'), open(9, null)], now),
    ).toEqual([{ currency: 'USD', unpaidMicros: 759, overdueMicros: 700, overdueCount: 1, paidMicros: 300 }]);
  });

  it('is nothing on those that are paid, written off, or not final', () => {
    for (const state of ['paid', 'uncollectible', 'void', 'planned'] as const)
      expect(owedOn([{ ...open(5, '2026-01-01T00:00:00Z'), state }], now)[0]?.unpaidMicros).toBe(0);
  });

  it('is kept apart by currency', () => {
    const both = owedOn([open(1, null), { ...open(2, null), currency: 'EUR' }], now);
    expect(both.map(({ currency, unpaidMicros }) => [currency, unpaidMicros])).toEqual([
      ['EUR', 2],
      ['USD', 1],
    ]);
  });
});
