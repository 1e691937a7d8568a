/** The form of a billing profile: its values, and what it sends. Pure. */
import type { BillingProfile } from '../../../../shared/billing-profile/billing-profile.ts';

export type ProfileValues = {
  legalName: string;
  line1: string;
  line2: string;
  city: string;
  postalCode: string;
  state: string;
  country: string;
  taxType: string;
  taxValue: string;
  billingEmail: string;
  order: string;
  orderUntil: string;
  costCentre: string;
  collectionMethod: string;
  daysUntilDue: number | string;
};

export const valuesOf = (of: BillingProfile | undefined): ProfileValues => ({
  legalName: of?.legalName ?? '',
  line1: of?.address.line1 ?? '',
  line2: of?.address.line2 ?? '',
  city: of?.address.city ?? '',
  postalCode: of?.address.postalCode ?? '',
  state: of?.address.state ?? '',
  country: of?.address.country ?? '',
  taxType: of?.taxId?.type ?? '',
  taxValue: of?.taxId?.value ?? '',
  billingEmail: of?.billingEmail ?? '',
  order: of?.purchaseOrder?.number ?? '',
  orderUntil: of?.purchaseOrder?.expiresOn ?? '',
  costCentre: of?.costCentre ?? '',
  collectionMethod: of?.collectionMethod ?? 'charge_automatically',
  daysUntilDue: of?.daysUntilDue ?? 30,
});

const orNull = (text: string): string | null => (text.trim() === '' ? null : text);

/** What is left empty and may be is nothing. */
export const toProfile = (values: ProfileValues) => ({
  legalName: values.legalName,
  address: addressOf(values),
  taxId: taxIdOf(values),
  billingEmail: values.billingEmail,
  purchaseOrder: orNull(values.order) === null ? null : { number: values.order, expiresOn: orNull(values.orderUntil) },
  costCentre: orNull(values.costCentre),
  collectionMethod: values.collectionMethod,
  daysUntilDue: Number(values.daysUntilDue),
});

type AddressValues = Pick<ProfileValues, 'line1' | 'line2' | 'city' | 'postalCode' | 'state' | 'country'>;
export const addressOf = (values: AddressValues) => ({
  line1: values.line1,
  line2: orNull(values.line2),
  city: values.city,
  postalCode: orNull(values.postalCode),
  state: orNull(values.state),
  country: values.country.trim().toUpperCase(),
});

export const taxIdOf = ({ taxType, taxValue }: Pick<ProfileValues, 'taxType' | 'taxValue'>) =>
  orNull(taxType) === null && orNull(taxValue) === null ? null : { type: taxType.trim(), value: taxValue };

/** Where a field of the body stands in the form. */
export const FIELDS: Readonly<Record<string, string>> = {
  'address.line1': 'line1',
  'address.line2': 'line2',
  'address.city': 'city',
  'address.postalCode': 'postalCode',
  'address.state': 'state',
  'address.country': 'country',
  'taxId.type': 'taxType',
  'taxId.value': 'taxValue',
  'purchaseOrder.number': 'order',
  'purchaseOrder.expiresOn': 'orderUntil',
};
/** What is wrong with a field of the form, where the body names it by its path. */
export const errorOf = (errors: Readonly<Record<string, string>>, field: string): string | undefined =>
  errors[field] ?? Object.entries(FIELDS).flatMap(([path, own]) => (own === field ? [errors[path]] : []))[0];
