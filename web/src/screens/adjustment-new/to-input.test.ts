import { describe, expect, it } from 'vitest';
import { AdjustmentInput } from '../../../../shared/ledger/adjustment.ts';
import { sumOf, toInput, type Values } from './to-input.ts';

const REASON = 'The price was read from the wrong tier';
const EMPTY: Values = {
  kind: 'adjustment',
  adjusts: ' charge#1 ',
  legs: [
    { account: '1100', of: ' co_a ', side: 'credit', micros: 250_000 },
    { account: '4100', of: '', side: 'debit', micros: 250_000 },
  ],
  currency: 'EUR',
  direction: 'in',
  micros: 5_000_000,
  taxMicros: null,
  inputTaxMicros: 700,
  owner: 'pr_b',
  reason: REASON,
};

describe('a proposal from what is filled in', () => {
  it('has credits below nothing, debits above it, and no owner where none is written', () => {
    expect(toInput(EMPTY)).toEqual({
      kind: 'adjustment',
      adjusts: 'charge#1',
      legs: [
        { account: '1100', of: 'co_a', micros: -250_000 },
        { account: '4100', of: null, micros: 250_000 },
      ],
      reason: REASON,
    });
    expect(sumOf(EMPTY.legs)).toBe(0);
    expect(sumOf(EMPTY.legs.slice(0, 1))).toBe(-250_000);
    expect(sumOf([{ account: '', of: '', side: 'credit', micros: null }])).toBe(0);
  });

  it('carries of each kind what that kind takes, as the API reads it', () => {
    const { legs: _legs, ...rest } = EMPTY;
    const of = (change: Partial<Values>) => AdjustmentInput.parse(toInput({ ...EMPTY, ...rest, ...change }));
    expect(of({ kind: 'reversal' })).toEqual({ kind: 'reversal', adjusts: 'charge#1', reason: REASON });
    expect(of({ kind: 'own_funds', direction: 'out' })).toMatchObject({ currency: 'EUR', micros: -5_000_000 });
    expect(of({ kind: 'tax_return' })).toMatchObject({ taxMicros: 0, inputTaxMicros: 700 });
  });
});
