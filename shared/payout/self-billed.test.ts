import { describe, expect, it } from 'vitest';
import type { EntryView, Leg } from '../ledger/ledger.ts';
import { addToDocuments, draw, notesFor, nothingBilled, numberOf } from './self-billed.ts';

const entry = (event: string, kind: EntryView['kind'], legs: Leg[], facts: EntryView['facts'] = {}): EntryView => ({
  event,
  kind,
  legs,
  facts: { queue: 'q', ...facts },
  currency: 'EUR',
  occurredAt: '2026-01-05T00:00:00.000Z',
  period: '2026-01',
});
const owed = (micros: number): Leg => ({ account: '2100', of: 'pr_b', micros: -micros });
const held = (micros: number): Leg => ({ account: '2110', of: 'pr_b', micros: -micros });

describe('the documents of a month', () => {
  it('invoice what was earned, and credit what was taken back for good; what is held or paid is on neither', () => {
    const billed = nothingBilled();
    for (const one of [
      entry('charge#1', 'charge', [owed(1_000_000)], { outcome: 'confirmed' }),
      entry('charge#2', 'charge', [owed(700_000)], { outcome: 'assumed' }),
      entry('charge#3', 'charge', [owed(500_000)], { outcome: 'confirmed' }),
      entry('split#4#pr_b', 'split', [owed(50_000)]),
      entry('sla#1', 'sla_credit', [owed(-100_000)]),
      entry('dispute-opened#d', 'dispute_opened', [owed(-500_000), held(500_000)]),
      entry('dispute-accepted#e', 'dispute_accepted', [held(-300_000), owed(100_000)]),
      entry('payout#p', 'payout', [owed(-900_000)]),
      entry('bt-created#t', 'transfer_reversed', [owed(40_000)]),
    ])
      addToDocuments(billed, one, 'pr_b');
    expect([...billed.invoice.values()]).toEqual([
      { kind: 'confirmed', queue: 'q', quantity: 2, micros: 1_500_000 },
      { kind: 'assumed', queue: 'q', quantity: 1, micros: 700_000 },
      { kind: 'shared', queue: 'q', quantity: 1, micros: 50_000 },
      { kind: 'sla_credit', queue: 'q', quantity: 1, micros: -100_000 },
    ]);
    // 0.30 was held, 0.10 of it is the provider's again: 0.20 is credited.
    expect([...billed.credit_note.values()]).toEqual([
      { kind: 'adjustment', queue: 'q', quantity: 1, micros: 200_000 },
    ]);
  });

  it('come to whole cents with a line for the rounding, and the rest carries over to the next', () => {
    const line = { kind: 'confirmed', queue: 'q', quantity: 1, micros: 1_234_567 } as const;
    const none = { vatRegime: 'none', vatRateBps: 0 } as const;
    const first = draw([line], 0, none);
    expect(first).toMatchObject({ netMicros: 1_230_000, taxMicros: 0, carryMicros: 4_567 });
    expect(first.lines?.reduce((sum, { micros }) => sum + micros, 0)).toBe(1_230_000);
    // 1.234567 + 0.004567 = 1.239134, and again: + 0.009134 = 1.243701.
    expect(draw([line], 4_567, none)).toMatchObject({ netMicros: 1_230_000, carryMicros: 9_134 });
    expect(draw([line], 9_134, none)).toMatchObject({ netMicros: 1_240_000, carryMicros: 3_701 });
    expect(draw([], 9_999, none)).toEqual({ lines: null, carryMicros: 9_999 });
    expect(draw([{ ...line, micros: -5 }], 0, none)).toEqual({ lines: null, carryMicros: -5 });
  });

  it('add domestic tax, rounded half up to a cent, and none under reverse charge, which they say', () => {
    const line = { kind: 'confirmed', queue: 'q', quantity: 1, micros: 1_500_000 } as const;
    // 1.50 · 23 % = 0.345 → 0.35; 1.50 · 21 % = 0.315 → 0.32; 1.50 · 20.9 % = 0.3135 → 0.31.
    const tax = (vatRateBps: number) => draw([line], 0, { vatRegime: 'domestic', vatRateBps });
    expect(tax(2_300)).toMatchObject({ taxMicros: 350_000 });
    expect(tax(2_100)).toMatchObject({ taxMicros: 320_000 });
    expect(tax(2_090)).toMatchObject({ taxMicros: 310_000 });
    expect(draw([line], 0, { vatRegime: 'reverse_charge', vatRateBps: 0 })).toMatchObject({ taxMicros: 0 });
    expect(notesFor('reverse_charge', 'invoice')).toEqual([
      'Self-billing',
      'Reverse charge: the customer owes the tax',
    ]);
  });

  it('are numbered in the provider’s own series, invoices apart from credit notes', () => {
    expect(numberOf('invoice', 'pr_7k2m', 12)).toBe('SB-7K2M-00012');
    expect(numberOf('credit_note', 'pr_7k2m', 1)).toBe('SC-7K2M-00001');
  });
});
