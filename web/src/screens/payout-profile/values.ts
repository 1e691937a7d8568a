/** The form of a payout profile: its values, and what it sends. Pure. */
import type { PayoutProfile } from '../../../../shared/payout/account.ts';
import { type PartyValues, partyOf, partyValuesOf } from '../profile-parts/values.ts';

export type PayoutValues = PartyValues & {
  entityType: string;
  contactEmail: string;
  vatRegime: string;
  /** In percent. */
  vatRateBps: number | string;
};

export const valuesOf = (of: PayoutProfile | undefined): PayoutValues => ({
  ...partyValuesOf(of),
  entityType: of?.entityType ?? 'company',
  contactEmail: of?.contactEmail ?? '',
  vatRegime: of?.vatRegime ?? 'none',
  vatRateBps: (of?.vatRateBps ?? 0) / 100,
});

/** A rate is typed in percent, and sent only where tax is added. */
export const toProfile = (values: PayoutValues) => ({
  ...partyOf(values),
  entityType: values.entityType,
  contactEmail: values.contactEmail,
  vatRegime: values.vatRegime,
  vatRateBps: values.vatRegime === 'domestic' ? Math.round(Number(values.vatRateBps) * 100) : 0,
});
