import { describe, expect, it } from 'vitest';
import { aboutOf, amountOf, instantOf, localOf } from './about.ts';

describe('an order of cash', () => {
  const explanation = { kind: 'explanation', transaction: 'txn_1', account: '5100', of: null, note: 'A fee' } as const;
  it('is about its invoice, its note, or where a transaction belongs', () => {
    const paid = {
      kind: 'outside_payment',
      invoice: 'co_a.USD.2026-01.v0',
      amountMicros: 5,
      receivedAt: '',
      reference: 'r',
    };
    expect(aboutOf({ order: paid as never })).toBe('co_a.USD.2026-01.v0');
    expect(aboutOf({ order: { kind: 'bank_payout', currency: 'USD', amountMicros: 9, note: 'Weekly' } })).toBe(
      'Weekly',
    );
    expect(aboutOf({ order: explanation })).toBe('txn_1 → 5100');
  });

  it('has an amount of its own but where its transaction says it', () => {
    expect(amountOf({ order: { kind: 'bank_payout', currency: 'USD', amountMicros: 9, note: 'Weekly' } })).toBe(9);
    expect(amountOf({ order: explanation })).toBeNull();
  });
});

describe('an instant that is typed', () => {
  it('is the one that was shown, to the minute', () => {
    const ms = Date.parse('2026-03-05T07:08:00.000Z');
    expect(instantOf(localOf(ms))).toBe('2026-03-05T07:08:00.000Z');
    expect(instantOf('')).toBe('');
  });
});
