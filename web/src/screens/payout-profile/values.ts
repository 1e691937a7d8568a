/** The form of a payout profile: its values, and what it sends. Pure. */
import type { PayoutProfile } from '../../../../shared/payout/account.ts';
import { addressOf, taxIdOf } from '../billing-profile/values.ts';

export type PayoutValues = {
  legalName: string;
  entityType: string;
  line1: string;
  line2: string;
  city: string;
  postalCode: string;
  state: string;
  country: string;
  taxType: string;
  taxValue: string;
  contactEmail: string;
  vatRegime: string;
  /** In percent. */
  vatRateBps: number | string;
};

export const valuesOf = (of: PayoutProfile | undefined): PayoutValues => ({
  legalName: of?.legalName ?? '',
  entityType: of?.entityType ?? 'company',
  line1: of?.address.line1 ?? '',
  line2: of?.address.line2 ?? '',
  city: of?.address.city ?? '',
  postalCode: of?.address.postalCode ?? '',
  state: of?.address.state ?? '',
  country: of?.address.country ?? '',
  taxType: of?.taxId?.type ?? '',
  taxValue: of?.taxId?.value ?? '',
  contactEmail: of?.contactEmail ?? '',
  vatRegime: of?.vatRegime ?? 'none',
  vatRateBps: (of?.vatRateBps ?? 0) / 100,
});

/** A rate is typed in percent, and sent only where tax is added. */
export const toProfile = (values: PayoutValues) => ({
  legalName: values.legalName,
  entityType: values.entityType,
  address: addressOf(values),
  taxId: taxIdOf(values),
  contactEmail: values.contactEmail,
  vatRegime: values.vatRegime,
  vatRateBps: values.vatRegime === 'domestic' ? Math.round(Number(values.vatRateBps) * 100) : 0,
});
