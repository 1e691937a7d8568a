import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needsOf, PayoutProfileInput, statusOf } from './account.ts';
import { clawbackOf, reversalsOf, settlementOf } from './payout.ts';

describe('a settlement', () => {
  it('pays whole cents, at most what was approved, and carries the rest: 3.234567 is 3.23 and 0.004567', () => {
    expect(settlementOf(3_234_567, 9_000_000)).toEqual({ amountMicros: 3_230_000, carriedOutMicros: 4_567 });
    expect(settlementOf(3_234_567, 1_000_000)).toEqual({ amountMicros: 1_000_000, carriedOutMicros: 2_234_567 });
    expect(settlementOf(-5, 9_000_000)).toEqual({ amountMicros: 0, carriedOutMicros: -5 });
  });

  it('loses nothing, for any amount and approval', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 1_000_000 }), (payable, cents) => {
        const { amountMicros, carriedOutMicros } = settlementOf(payable, cents * 10_000);
        expect(amountMicros + carriedOutMicros).toBe(payable);
        expect(amountMicros % 10_000).toBe(0);
        expect(amountMicros).toBeLessThanOrEqual(cents * 10_000);
      }),
    );
  });
});

describe('taking back', () => {
  it('is for what is owed beyond all that is still to come, in whole cents', () => {
    expect(clawbackOf(1)).toBe(0);
    expect(clawbackOf(0)).toBe(0);
    expect(clawbackOf(-1_239_999)).toBe(1_230_000);
  });

  it('goes to the newest transfer first, as far as each goes', () => {
    const transfers = [
      { transfer: 'new', leftMicros: 300 },
      { transfer: 'spent', leftMicros: 0 },
      { transfer: 'old', leftMicros: 500 },
    ];
    expect(reversalsOf(400, transfers)).toEqual([
      { transfer: 'new', micros: 300 },
      { transfer: 'old', micros: 100 },
    ]);
    expect(reversalsOf(9_000, transfers).map(({ micros }) => micros)).toEqual([300, 500]);
  });
});

describe('an account', () => {
  it('says in words what Stripe asks of the provider, each thing once, and not what Stripe does itself', () => {
    const of = (description: string, awaits = 'user') => ({ description, awaits });
    const requirements = [
      of('configuration.recipient.default_outbound_destination'),
      of('identity.business_details.id_numbers.eu_vat'),
      of('identity.business_details.address.line1'),
      of('identity.business_details.address.city'),
      of('identity.business_details.something_new'),
      of('identity.verification', 'stripe'),
    ];
    expect(needsOf({ isClosed: false, capability: 'restricted', requirements })).toEqual([
      'a bank account to be paid to',
      'a tax or registration number',
      'an address',
      'something new',
    ]);
  });

  it.each([
    [true, 'active', 'closed'],
    [false, 'active', 'active'],
    [false, 'pending', 'pending'],
    [false, 'restricted', 'incomplete'],
    [false, undefined, 'incomplete'],
  ] as const)('closed %s with transfers %s is %s', (isClosed, capability, status) => {
    expect(statusOf({ isClosed, capability, requirements: [] })).toBe(status);
  });

  it('needs a tax id to charge or reverse tax, and a rate only to charge it', () => {
    const base = {
      legalName: 'P',
      address: { line1: '1', city: 'Cork', country: 'IE' },
      contactEmail: 'a@b.example',
    };
    const taxId = { type: 'eu_vat', value: 'IE1234567FA' };
    const isFine = (more: object) => PayoutProfileInput.safeParse({ ...base, ...more }).success;
    expect(isFine({})).toBe(true);
    expect(isFine({ vatRegime: 'reverse_charge' })).toBe(false);
    expect(isFine({ vatRegime: 'reverse_charge', taxId })).toBe(true);
    expect(isFine({ vatRegime: 'domestic', taxId })).toBe(false);
    expect(isFine({ vatRegime: 'domestic', taxId, vatRateBps: 2_300 })).toBe(true);
    expect(isFine({ vatRateBps: 2_300 })).toBe(false);
  });
});
