import { describe, expect, it } from 'vitest';
import { BillingProfileInput } from '../../../shared/billing-profile/billing-profile.ts';
import { PayoutProfileInput } from '../../../shared/payout/account.ts';
import { drawsOf } from './draw.ts';
import { billingProfileOf, payerOf, payoutProfileOf, paysAt } from './payers.ts';

const draw = drawsOf(1);
const names = Array.from({ length: 3_000 }, (_, i) => `Company ${i}`);
const DAY = 86_400_000;
const invoice = {
  id: 'co_aaaa.USD.2024-01.v0',
  finalizedAt: '2024-02-01T03:00:00.000Z',
  dueAt: '2024-02-15T03:00:00.000Z',
};

describe('how companies pay', () => {
  it('most are charged, a tenth pay invoices in time, one in thirty is late or declined once', () => {
    const count = (payer: string) => names.filter((name) => payerOf(draw, name) === payer).length;
    // Within four standard deviations of the shares.
    expect(Math.abs(count('invoice') - 300)).toBeLessThan(66);
    expect(Math.abs(count('late') + count('declined once') - 100)).toBeLessThan(40);
    expect(count('card')).toBeGreaterThan(2_500);
  });
  it('who pays late does so before its requests would pause, and nobody else is late', () => {
    const due = Date.parse(invoice.dueAt);
    for (const name of names) {
      const at = paysAt(draw, name, invoice);
      if (payerOf(draw, name) !== 'late') expect(at).toBeLessThan(due);
      else expect(at > due && at < due + 10 * DAY).toBe(true);
    }
  });
  it('profiles are such as the market takes, the same for the same seed', () => {
    for (const name of names.slice(0, 50)) {
      const profile = billingProfileOf(draw, name, 'a@b.example');
      expect(BillingProfileInput.safeParse(profile).success).toBe(true);
      expect(billingProfileOf(drawsOf(1), name, 'a@b.example')).toEqual(profile);
      expect(PayoutProfileInput.safeParse(payoutProfileOf(draw, name, 'a@b.example')).success).toBe(true);
    }
  });
});
