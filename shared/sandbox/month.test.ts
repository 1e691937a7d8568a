import { expect, it } from 'vitest';
import { isBalanced } from '../ledger/entry.ts';
import { practiceMonth } from './month.ts';

/**
 * By hand, in dollars. A confirmed resolution: bid 1.00, fee 5 % 0.05, price 1.05. Assumed at 70 %: 0.70, 0.035, 0.735.
 * Invoice: 40 × 1.05 + 8 × 0.735 − 2 × 0.105 (SLA credit, 10 %) = 47.67. One charge is disputed and given back: 46.62 is
 * paid. The provider: 40 + 8 × 0.70 − 2 × 0.10 − 1 = 44.40. The fee: 40 × 0.05 + 8 × 0.035 − 0.05 = 2.23; of the SLA
 * credits the market bears 2 × 0.005. What is left at Stripe: 46.62 − 44.40 = 2.22.
 */
it('the practice month comes to what it comes to by hand', () => {
  const month = practiceMonth('co_1abc');
  expect(month.confirmed).toMatchObject({ priceMicros: 1_050_000, bidMicros: 1_000_000, feeMicros: 50_000 });
  expect(month.assumed).toMatchObject({ priceMicros: 735_000, bidMicros: 700_000, feeMicros: 35_000 });
  expect(month).toMatchObject({
    slaCreditMicros: 105_000,
    invoicedMicros: 47_670_000,
    disputedMicros: 1_050_000,
    paidMicros: 46_620_000,
    payoutMicros: 44_400_000,
    feeMicros: 2_230_000,
  });
  const left = month.balances.filter(({ micros }) => micros !== 0).map(({ account, micros }) => [account, micros]);
  expect(left).toEqual([
    ['1310', 2_220_000],
    ['4100', -2_230_000],
    ['4190', 10_000],
  ]);
});

it('every entry of the practice month is balanced, and all of it is of the sandbox', () => {
  for (const owner of ['co_1abc', 'pr_1abc']) {
    const { steps } = practiceMonth(owner);
    expect(steps.filter(({ legs }) => !isBalanced(legs))).toEqual([]);
    const owners = steps.flatMap(({ legs }) => legs.flatMap(({ of }) => of ?? []));
    expect(owners.filter((of) => !of.includes('sandbox'))).toEqual([]);
  }
});
