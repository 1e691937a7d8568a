import { describe, expect, it } from 'vitest';
import { differenceOf, type LineAtStripe, placeOf } from './compare.ts';

const invoice = { currency: 'USD' as const, subtotalMicros: 150_000 };
const lines = [
  { line: 1, micros: 100_000 },
  { line: 2, micros: 50_000 },
];
const at = (line: number, amount: number, currency = 'usd'): LineAtStripe => ({
  id: `il_${line}`,
  amount,
  currency,
  metadata: { line: String(line) },
});

describe('an invoice at Stripe', () => {
  it('is the ledger’s where each line is, in whatever order', () => {
    expect(differenceOf(invoice, lines, [at(2, 5), at(1, 10)])).toBeUndefined();
  });

  it.each<[string, LineAtStripe[], string]>([
    ['it has one line less', [at(1, 10)], 'it has 1 lines at Stripe and 2 here'],
    ['it has one line more', [at(1, 10), at(2, 5), at(3, 0)], 'it has 3 lines at Stripe and 2 here'],
    ['another line stands for one', [at(1, 10), at(3, 5)], 'line 2 is missing at Stripe'],
    ['a line is not ours', [at(1, 10), { ...at(2, 5), metadata: {} }], 'line 2 is missing at Stripe'],
    ['a line is in another currency', [at(1, 10), at(2, 5, 'eur')], 'line 2 is in eur at Stripe'],
    ['a line is a cent off', [at(1, 11), at(2, 5)], 'line 1 is 11 cents at Stripe and 10 here'],
    ['two lines are a cent off each other', [at(1, 9), at(2, 6)], 'line 1 is 9 cents at Stripe and 10 here'],
  ])('is not where %s', (_, atStripe, said) => {
    expect(differenceOf(invoice, lines, atStripe)).toBe(said);
  });

  it('is not compared where our own lines are not the plan', () => {
    expect(differenceOf({ ...invoice, subtotalMicros: 160_000 }, lines, [at(1, 10), at(2, 5)])).toBe(
      'its lines sum to 15 cents, but 16 were planned',
    );
  });

  it('tells our lines by their number; a line without one is none of ours', () => {
    expect(placeOf(at(12, 1))).toBe(12);
    expect(placeOf({ ...at(1, 1), metadata: {} })).toBe(0);
  });
});
