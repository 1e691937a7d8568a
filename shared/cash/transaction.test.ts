import { describe, expect, it } from 'vitest';
import { isBalanced } from '../ledger/entry.ts';
import type { Leg } from '../ledger/ledger.ts';
import { paidLegs } from '../ledger/postings/cash.ts';
import { pairTransactions } from './chargeback.ts';
import { explains, mayLeaveMicros } from './order.ts';
import { availableMicros, type Payment, splitPayment } from './payment.ts';
import { availableEntry, type Booking, createdEntry, meaningOf, type Transaction } from './transaction.ts';

const transaction = (type: string, amountCents: number, feeCents = 0, source: string | null = null): Transaction => ({
  id: 'txn_1',
  type,
  currency: 'USD',
  amountCents,
  feeCents,
  netCents: amountCents - feeCents,
  isAvailable: true,
  createdAt: 0,
  availableAt: 0,
  source:
    source === null
      ? null
      : {
          id: 'x_1',
          object: source,
        },
});
/** Legs as BILLING.md writes them: account and cents, debit positive. */
const cents = (legs: readonly Leg[]) =>
  Object.fromEntries(legs.map(({ account, micros }) => [account, micros / 10_000]));
const post = (one: Transaction, more: Partial<Booking> = {}) => {
  const booking: Booking = { meaning: meaningOf(one), at: '1310', party: null, from: null, ...more };
  const { kind, legs } = createdEntry(one, booking);
  expect(isBalanced(legs)).toBe(true);
  return [kind, cents(legs)];
};

describe('a balance transaction', () => {
  it.each([
    [
      'a payment, pending',
      transaction('charge', 100_00, 3_20, 'charge'),
      { at: '1300' },
      'balance_created',
      { '1300': 96_80, '5100': 3_20, '1390': -100_00 },
    ],
    [
      'a bank debit',
      transaction('payment', 100_00, 80, 'charge'),
      {},
      'balance_created',
      { '1310': 99_20, '5100': 80, '1390': -100_00 },
    ],
    [
      'a bank debit that failed, with its fee back',
      transaction('payment_failure_refund', -100_00, -80, 'charge'),
      {},
      'balance_created',
      { '1310': -99_20, '5100': -80, '1390': 100_00 },
    ],
    ['Stripe’s own fee', transaction('stripe_fee', -7_00), {}, 'processing_fee', { '1310': -7_00, '5100': 7_00 }],
    [
      'a chargeback',
      transaction('adjustment', -100_00, 15_00, 'dispute'),
      {},
      'chargeback',
      { '1400': 100_00, '5110': 15_00, '1310': -115_00 },
    ],
    [
      'a chargeback won, the fee kept',
      transaction('adjustment', 100_00, 0, 'dispute'),
      { from: '1400' },
      'chargeback_reinstated',
      { '1310': 100_00, '1400': -100_00 },
    ],
    [
      'a chargeback won on appeal, the fee back',
      transaction('adjustment', 100_00, -15_00, 'dispute'),
      { from: '5300' },
      'chargeback_reinstated',
      { '1310': 115_00, '5110': -15_00, '5300': -100_00 },
    ],
    [
      'a refund',
      transaction('refund', -20_00, 0, 'refund'),
      { party: 'co_a' },
      'refund',
      { '2600': 20_00, '1310': -20_00 },
    ],
    [
      'a refund that failed',
      transaction('refund_failure', 20_00, 0, 'refund'),
      { party: 'co_a' },
      'refund_failed',
      { '1310': 20_00, '2600': -20_00 },
    ],
    [
      'a transfer',
      transaction('transfer', -50_00, 0, 'transfer'),
      { party: 'pr_a' },
      'payout_done',
      { '2120': 50_00, '1310': -50_00 },
    ],
    [
      'a reversal',
      transaction('transfer_refund', 5_00, 0, 'transfer_reversal'),
      { party: 'pr_a' },
      'transfer_reversed',
      { '1310': 5_00, '2100': -5_00 },
    ],
    ['a top-up', transaction('topup', 500_00, 0, 'topup'), {}, 'top_up', { '1310': 500_00, '1010': -500_00 }],
    [
      'a bank payout',
      transaction('payout', -200_00, 0, 'payout'),
      {},
      'bank_payout',
      { '1020': 200_00, '1310': -200_00 },
    ],
    [
      'a bank payout that failed',
      transaction('payout_failure', 200_00, 0, 'payout'),
      { from: '1020' },
      'bank_failed',
      { '1310': 200_00, '1020': -200_00 },
    ],
    [
      'a bank payout that failed after it arrived',
      transaction('payout_failure', 200_00, 0, 'payout'),
      { from: '1010' },
      'bank_failed',
      { '1310': 200_00, '1010': -200_00 },
    ],
    [
      'an adjustment of nothing known',
      transaction('adjustment', 12_34),
      {},
      'unknown_transaction',
      { '1310': 12_34, '1390': -12_34 },
    ],
    [
      'a type that does not exist yet',
      transaction('moon_tax', -1_00),
      {},
      'unknown_transaction',
      { '1310': -1_00, '1390': 1_00 },
    ],
    [
      'a refund that is nobody’s',
      transaction('refund', -20_00, 0, 'refund'),
      {},
      'unknown_transaction',
      { '1310': -20_00, '1390': 20_00 },
    ],
  ] as const)('is posted as BILLING.md says: %s', (_, one, more, kind, legs) => {
    expect(post(one, more)).toEqual([kind, legs]);
  });

  it('moves from pending to available as a whole', () => {
    expect(cents(availableEntry(transaction('charge', 100_00, 3_20)))).toEqual({ '1310': 96_80, '1300': -96_80 });
  });
});

describe('a payment', () => {
  const payment = (invoiceMicros: number, overpaidMicros: number, availableAt: number | null = 0): Payment => ({
    id: 'inpay',
    invoice: 'co_a.USD.2026-01.v0',
    company: 'co_a',
    currency: 'USD',
    through: '1390',
    invoiceMicros,
    overpaidMicros,
    paidAt: 0,
    paidBy: null,
    availableAt,
  });

  it('settles the receivable, and what is over it becomes credit', () => {
    const legs = paidLegs('1010', 'co_a.USD.2026-01.v0', 'co_a', {
      invoiceMicros: 100_000_000,
      overpaidMicros: 15_000_000,
    });
    expect(cents(legs)).toEqual({ '1010': 115_00, '1200': -100_00, '2200': -15_00 });
  });

  it.each([
    ['40 + 75 of 100', [40, 75]],
    ['75 + 40 of 100', [75, 40]],
    ['100 + 15 of 100', [100, 15]],
    ['15 + 100 of 100', [15, 100]],
  ])('takes of what Stripe calls overpaid what others left, in any order: %s', (_, parts) => {
    const earlier: Payment[] = [];
    for (const part of parts) {
      const { invoiceMicros, overpaidMicros } = splitPayment(part, 15, earlier);
      expect(invoiceMicros + overpaidMicros).toBe(part);
      earlier.push(payment(invoiceMicros, overpaidMicros));
    }
    expect(earlier.reduce((sum, one) => sum + one.invoiceMicros, 0)).toBe(100);
  });

  it('can be paid on once it is available, less what a chargeback took and has not brought back', () => {
    const withdrawal = (micros: number, reinstatedAt: number | null) => ({
      transaction: 'txn',
      dispute: 'dp',
      micros,
      withdrawnAt: 0,
      lostAt: null,
      reinstatedAt,
    });
    expect(availableMicros([payment(60, 5), payment(40, 0, null)], [])).toBe(60);
    expect(availableMicros([payment(60, 0), payment(40, 0)], [withdrawal(30, null)])).toBe(70);
    expect(availableMicros([payment(60, 0), payment(40, 0)], [withdrawal(30, 1)])).toBe(100);
    expect(availableMicros([payment(60, 0, null)], [withdrawal(30, null)])).toBe(0);
  });
});

describe('a chargeback', () => {
  it('is answered in order: the first that comes back answers the first that went', () => {
    const moved = (id: string, amountCents: number, createdAt: number) => ({ id, amountCents, createdAt });
    const { pairs, unmatched } = pairTransactions([moved('c', -5, 3), moved('b', 5, 2), moved('a', -5, 1)]);
    expect(pairs.map(({ withdrawn, reinstated }) => [withdrawn.id, reinstated?.id])).toEqual([
      ['a', 'b'],
      ['c', undefined],
    ]);
    expect(unmatched).toEqual([]);
    expect(pairTransactions([moved('b', 5, 2)]).unmatched.map(({ id }) => id)).toEqual(['b']);
  });
});

describe('what people decide about cash', () => {
  const row = (account: '1310' | '2100' | '1100' | '2400', _of: string | null, closingMicros: number) => ({
    account,
    closingMicros,
  });

  it('lets only leave what nobody is owed, and lets no debt to the market cover what it owes another', () => {
    const own = row('1310', null, 1_000_000_000);
    expect(mayLeaveMicros([own])).toBe(1_000_000_000);
    expect(mayLeaveMicros([own, row('2100', 'pr_a', -300_000_000), row('2100', 'pr_b', 900_000_000)])).toBe(
      700_000_000,
    );
    expect(mayLeaveMicros([own, row('1100', 'co_a', 900_000_000), row('2400', 'q#1', -5_001)])).toBe(999_990_000);
    expect(mayLeaveMicros([own, row('1100', 'co_a', -2_000_000_000)])).toBe(0);
  });

  it.each([
    ['5100', null, true],
    ['2600', 'co_a', true],
    ['2100', 'pr_a', true],
    ['1200', 'co_a.USD.2026-01.v0', true],
    ['5100', 'co_a', false],
    ['2600', null, false],
    ['2600', 'pr_a', false],
    ['2100', 'co_a', false],
    ['1200', 'co_a', false],
    ['2600', 'co_a.USD.2026-01.v0', false],
    ['1390', null, false],
    ['1310', null, false],
    ['2400', 'q#1', false],
  ] as const)('explains an unknown transaction by %s of %s: %s', (account, of, fits) => {
    expect(explains(account, of).ok).toBe(fits);
  });
});
