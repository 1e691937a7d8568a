import { describe, expect, it } from 'vitest';
import type { Leg } from '../ledger.ts';
import * as cash from './cash.ts';

const leg = (account: Leg['account'], of: string | null, micros: number): Leg => ({ account, of, micros });
const INVOICE = 'co_a.USD.2026-01.v0';

describe('cash', () => {
  it.each<[string, () => Leg[], Leg[]]>([
    [
      'a payment through Stripe, more than was owed',
      () => cash.paidLegs('1390', INVOICE, 'co_a', { invoiceMicros: 100, overpaidMicros: 15 }),
      [leg('1390', null, 115), leg('1200', INVOICE, -100), leg('2200', 'co_a', -15)],
    ],
    [
      'a payment by bank',
      () => cash.paidLegs('1010', INVOICE, 'co_a', { invoiceMicros: 100, overpaidMicros: 0 }),
      [leg('1010', null, 100), leg('1200', INVOICE, -100)],
    ],
    [
      'a payment’s transaction, pending',
      () => cash.paymentLegs('1300', 100, 3),
      [leg('1300', null, 97), leg('5100', null, 3), leg('1390', null, -100)],
    ],
    [
      'a bank debit that failed, its fee back',
      () => cash.paymentLegs('1310', -100, -3),
      [leg('1310', null, -97), leg('5100', null, -3), leg('1390', null, 100)],
    ],
    ['what is available', () => cash.availableLegs(97), [leg('1310', null, 97), leg('1300', null, -97)]],
    ['Stripe’s own fee', () => cash.processingFeeLegs('1310', -7), [leg('5100', null, 7), leg('1310', null, -7)]],
    [
      'a chargeback with its fee',
      () => cash.chargebackLegs('1310', 100, 15),
      [leg('1400', null, 100), leg('5110', null, 15), leg('1310', null, -115)],
    ],
    [
      'a chargeback that is lost',
      () => cash.chargebackLostLegs(100),
      [leg('5300', null, 100), leg('1400', null, -100)],
    ],
    [
      'a chargeback won, its fee kept',
      () => cash.chargebackReinstatedLegs('1310', '1400', 100, 0),
      [leg('1310', null, 100), leg('1400', null, -100)],
    ],
    [
      'one won after it was lost, its fee back',
      () => cash.chargebackReinstatedLegs('1310', '5300', 100, -15),
      [leg('1310', null, 115), leg('5110', null, -15), leg('5300', null, -100)],
    ],
    [
      'a refund with a fee',
      () => cash.refundLegs('1310', 'co_a', 20, 1),
      [leg('2600', 'co_a', 20), leg('5100', null, 1), leg('1310', null, -21)],
    ],
    [
      'a refund that failed with a fee',
      () => cash.refundFailedLegs('1310', 'co_a', 20, 1),
      [leg('1310', null, 19), leg('5100', null, 1), leg('2600', 'co_a', -20)],
    ],
    ['a refund by bank', () => cash.refundByBankLegs('co_a', 20), [leg('2600', 'co_a', 20), leg('1010', null, -20)]],
    [
      'a top-up with a fee',
      () => cash.topUpLegs('1300', 500, 2),
      [leg('1300', null, 498), leg('5100', null, 2), leg('1010', null, -500)],
    ],
    [
      'a bank payout with a fee',
      () => cash.bankPayoutLegs('1310', 200, 2),
      [leg('1020', null, 200), leg('5100', null, 2), leg('1310', null, -202)],
    ],
    ['a bank payout that arrived', () => cash.bankArrivedLegs(200), [leg('1010', null, 200), leg('1020', null, -200)]],
    [
      'one that failed on its way, with a fee',
      () => cash.bankFailedLegs('1310', '1020', 200, 2),
      [leg('1310', null, 198), leg('5100', null, 2), leg('1020', null, -200)],
    ],
    [
      'one that failed after it had arrived',
      () => cash.bankFailedLegs('1310', '1010', 200, 0),
      [leg('1310', null, 200), leg('1010', null, -200)],
    ],
    ['a transfer', () => cash.transferLegs('1310', 'pr_b', 50), [leg('2120', 'pr_b', 50), leg('1310', null, -50)]],
    [
      'a transfer reversed',
      () => cash.transferReversedLegs('1310', 'pr_b', 5),
      [leg('1310', null, 5), leg('2100', 'pr_b', -5)],
    ],
    ['what is not known', () => cash.unknownTransactionLegs('1300', -9), [leg('1300', null, -9), leg('1390', null, 9)]],
    [
      'what it was',
      () => cash.explainedLegs({ account: '2600', of: 'co_a' }, -9),
      [leg('1390', null, -9), leg('2600', 'co_a', 9)],
    ],
  ])('posts %s', (_, legs, expected) => {
    expect(legs()).toEqual(expected);
    expect(expected.reduce((sum, { micros }) => sum + micros, 0)).toBe(0);
  });
});
