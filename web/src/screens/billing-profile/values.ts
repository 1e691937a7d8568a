/** The form of a billing profile: its values, and what it sends. Pure. */
import type { BillingProfile } from '../../../../shared/billing-profile/billing-profile.ts';
import { orNull, type PartyValues, partyOf, partyValuesOf } from '../profile-parts/values.ts';

export type ProfileValues = PartyValues & {
  billingEmail: string;
  order: string;
  orderUntil: string;
  costCentre: string;
  collectionMethod: string;
  daysUntilDue: number | string;
};

export const valuesOf = (of: BillingProfile | undefined): ProfileValues => ({
  ...partyValuesOf(of),
  billingEmail: of?.billingEmail ?? '',
  order: of?.purchaseOrder?.number ?? '',
  orderUntil: of?.purchaseOrder?.expiresOn ?? '',
  costCentre: of?.costCentre ?? '',
  collectionMethod: of?.collectionMethod ?? 'charge_automatically',
  daysUntilDue: of?.daysUntilDue ?? 30,
});

/** What is left empty and may be is nothing. */
export const toProfile = (values: ProfileValues) => ({
  ...partyOf(values),
  billingEmail: values.billingEmail,
  purchaseOrder: orNull(values.order) === null ? null : { number: values.order, expiresOn: orNull(values.orderUntil) },
  costCentre: orNull(values.costCentre),
  collectionMethod: values.collectionMethod,
  daysUntilDue: Number(values.daysUntilDue),
});
