import { describe, expect, it } from 'vitest';
import { monthly } from './money.oracle.ts';
import { moneyFaults, moneyReport } from './money-report.ts';
import { moneyLines } from './money-text.ts';

const { facts, invoice, line } = monthly;

describe('the money of a replay', () => {
  it('sums invoices that stand, what is carried, and what providers were paid less what came back', () => {
    expect(moneyReport(facts)).toMatchObject({
      invoices: { count: 2, states: { paid: 1, open: 1 }, billedMicros: 70_000_000, openMicros: 20_000_000 },
      creditNotes: { invoices: 1, micros: 5_000_000 },
      payouts: { count: 1, paidMicros: 39_000_000, waiting: 1, payableMicros: 3_000_000 },
      feesMicros: 2_000_000,
      // 6 + 1 of shortfalls − 2 of pools.
      revenueMicros: 5_000_000,
    });
  });
  it('says why something is still payable', () => {
    expect(moneyReport(facts).payouts.because).toEqual({ 'payable now': 1_000_000, not_collected: 2_000_000 });
  });
  it('finds nothing wrong where charges are invoices and what is carried over', () => {
    expect(moneyFaults(moneyReport(facts))).toEqual([]);
  });
  it.each([
    [
      'an invoice of a cent too much',
      { invoices: [...facts.invoices, invoice({ subtotalMicros: 10_000 })] },
      '-10000 micro-units',
    ],
    ['a charge that nobody billed', { chargedMicros: facts.chargedMicros + 1 }, 'differ by 1 micro-units'],
    [
      'money that Stripe has and no invoice names',
      { accounts: [...facts.accounts, line('1390', 7)] },
      '(1390) stands at 7',
    ],
    [
      'a month that is not closed',
      { months: { ...facts.months, open: [{ month: '2024-02', waitsFor: 'a break' }] } },
      'not closed: a break',
    ],
    ['a difference to Stripe', { reconciliation: { ...facts.reconciliation, breaks: 1 } }, 'differ in 1 subjects'],
    [
      'a reconciliation that did not end',
      { reconciliation: { ...facts.reconciliation, state: 'failed' as const } },
      'is failed',
    ],
  ])('%s is a fault', (_, change, text) => {
    expect(moneyFaults(moneyReport({ ...facts, ...change })).join('; ')).toContain(text);
  });
  it('is told in five lines', () => {
    const text = moneyLines(moneyReport(facts)).join('\n');
    expect(text).toContain('2 (1 open, 1 paid): billed 70.00');
    expect(text).toContain('says the same: invoices 4');
    expect(text.split('\n')).toHaveLength(5);
  });
});
