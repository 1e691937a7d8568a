import { describe, expect, it } from 'vitest';
import { PayoutProfileInput } from '../../../../shared/payout/account.ts';
import { toProfile, valuesOf } from './values.ts';

const FILLED = {
  ...valuesOf(undefined),
  legalName: 'Harbour Care, Inc.',
  line1: '1 Main Street',
  city: 'Hamburg',
  country: 'DE',
  contactEmail: 'pay@harbour.example',
};

describe('the form of a payout profile', () => {
  it('sends no rate where no tax is added', () => {
    const body = toProfile({ ...FILLED, vatRateBps: 19 });
    expect(PayoutProfileInput.parse(body)).toMatchObject({ vatRegime: 'none', vatRateBps: 0, taxId: null });
  });

  it('sends the rate in basis points, with the tax id that it needs', () => {
    const body = toProfile({ ...FILLED, vatRegime: 'domestic', vatRateBps: 19, taxType: 'eu_vat', taxValue: 'DE1' });
    expect(PayoutProfileInput.parse(body)).toMatchObject({
      vatRateBps: 1_900,
      taxId: { type: 'eu_vat', value: 'DE1' },
    });
  });
});
