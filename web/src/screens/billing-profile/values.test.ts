import { describe, expect, it } from 'vitest';
import { BillingProfileInput } from '../../../../shared/billing-profile/billing-profile.ts';
import { toProfile, valuesOf } from './values.ts';

const FILLED = {
  ...valuesOf(undefined),
  legalName: 'Acme, Inc.',
  line1: '1 Main Street',
  city: 'Columbus',
  country: 'us',
  billingEmail: 'books@acme.example',
};

describe('the form of a billing profile', () => {
  it('sends nothing for what is left empty, and is what the market takes', () => {
    const body = toProfile(FILLED);
    expect(body).toMatchObject({ taxId: null, purchaseOrder: null, costCentre: null });
    expect(BillingProfileInput.parse(body)).toMatchObject({
      address: { line1: '1 Main Street', line2: null, postalCode: null, country: 'US' },
      collectionMethod: 'charge_automatically',
      daysUntilDue: 30,
    });
  });

  it('sends a purchase order with or without its last day, and a tax id', () => {
    expect(toProfile({ ...FILLED, order: 'PO-1' }).purchaseOrder).toEqual({ number: 'PO-1', expiresOn: null });
    expect(toProfile({ ...FILLED, taxType: 'eu_vat', taxValue: 'DE123456789' }).taxId).toEqual({
      type: 'eu_vat',
      value: 'DE123456789',
    });
  });
});
