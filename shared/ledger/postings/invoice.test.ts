import { describe, expect, it } from 'vitest';
import type { Leg } from '../ledger.ts';
import { type CreditNoteAmounts, creditNoteLegs, NO_CREDIT_NOTE, slaCreditNoteLegs } from './credit-note.ts';
import { creditAppliedLegs, invoiceFinalLegs, invoiceVoidLegs, reinstatedLegs, writtenOffLegs } from './invoice.ts';

const leg = (account: Leg['account'], of: string | null, micros: number): Leg => ({ account, of, micros });
const invoice = 'co_a.USD.2026-01.v0';
const of = { company: 'co_a', invoice };
const sumOf = (legs: readonly Leg[]): number => legs.reduce((sum, { micros }) => sum + micros, 0);

describe('an invoice', () => {
  it.each<[string, () => Leg[], Leg[]]>([
    [
      'final, with tax',
      () => invoiceFinalLegs(of, 100, 19),
      [leg('1200', invoice, 119), leg('1100', 'co_a', -100), leg('2500', null, -19)],
    ],
    ['final, without', () => invoiceFinalLegs(of, 100, 0), [leg('1200', invoice, 100), leg('1100', 'co_a', -100)]],
    [
      'void, of which 4 of credit had been set off',
      () => invoiceVoidLegs(of, 100, 19, 4),
      [leg('1100', 'co_a', 100), leg('2500', null, 19), leg('1200', invoice, -115), leg('2200', 'co_a', -4)],
    ],
    ['credit set off', () => creditAppliedLegs(of, 4), [leg('2200', 'co_a', 4), leg('1200', invoice, -4)]],
    ['written off', () => writtenOffLegs(of, 115), [leg('5200', null, 115), leg('1200', invoice, -115)]],
    ['owed again', () => reinstatedLegs(of, 115), [leg('5200', null, -115), leg('1200', invoice, 115)]],
  ])('is posted: %s', (_, legs, expected) => {
    expect(legs()).toEqual(expected);
    expect(sumOf(expected)).toBe(0);
  });
});

describe('a credit note', () => {
  // C 100 and tax 19, of which 20 unpaid, 30 charged back and lost, 40 credit, 29 paid back.
  const note: CreditNoteAmounts = {
    netMicros: 100,
    taxMicros: 19,
    unpaidMicros: 20,
    lostMicros: 30,
    creditMicros: 40,
    refundMicros: 29,
  };
  const company = [
    leg('2500', null, 19),
    leg('1200', invoice, -20),
    leg('5300', null, -30),
    leg('2200', 'co_a', -40),
    leg('2600', 'co_a', -29),
  ];

  it('gives back what was unpaid, lost, credited and refunded, and lowers 1100 by what no line could take', () => {
    expect(creditNoteLegs(note, 107, of)).toEqual([...company, leg('1100', 'co_a', -7)]);
    expect(creditNoteLegs(note, 100, of)).toEqual(company);
    // With what is given back of the charge they balance.
    expect(sumOf(creditNoteLegs(note, 107, of))).toBe(-107);
    expect(creditNoteLegs(NO_CREDIT_NOTE, 7, of)).toEqual([leg('1100', 'co_a', -7)]);
  });

  it('for an SLA credit is borne by the provider at fault and by the market', () => {
    const credit = { provider: 'pr_b', providerMicros: 90, marketMicros: 17 };
    const legs = slaCreditNoteLegs(credit, note, of);
    expect(legs).toEqual([leg('2100', 'pr_b', 90), leg('4190', null, 17), ...company, leg('1100', 'co_a', -7)]);
    expect(sumOf(legs)).toBe(0);
  });
});
