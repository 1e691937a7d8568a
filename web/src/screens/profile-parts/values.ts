/** Who a document names, as a form has it: a name, an address, a tax id. Pure. */

export type PartyValues = {
  legalName: string;
  line1: string;
  line2: string;
  city: string;
  postalCode: string;
  state: string;
  country: string;
  taxType: string;
  taxValue: string;
};
export const PLACE = ['line1', 'line2', 'city', 'postalCode', 'state', 'country'] as const;

type Party = {
  legalName: string;
  address: Readonly<Record<(typeof PLACE)[number], string | null>>;
  taxId: { type: string; value: string } | null;
};

export const partyValuesOf = (of: Party | undefined): PartyValues => ({
  legalName: of?.legalName ?? '',
  line1: of?.address.line1 ?? '',
  line2: of?.address.line2 ?? '',
  city: of?.address.city ?? '',
  postalCode: of?.address.postalCode ?? '',
  state: of?.address.state ?? '',
  country: of?.address.country ?? '',
  taxType: of?.taxId?.type ?? '',
  taxValue: of?.taxId?.value ?? '',
});

export const orNull = (text: string): string | null => (text.trim() === '' ? null : text);

/** What is left empty and may be is nothing. */
export const partyOf = (values: PartyValues) => ({
  legalName: values.legalName,
  address: {
    line1: values.line1,
    line2: orNull(values.line2),
    city: values.city,
    postalCode: orNull(values.postalCode),
    state: orNull(values.state),
    country: values.country.trim().toUpperCase(),
  },
  taxId:
    orNull(values.taxType) === null && orNull(values.taxValue) === null
      ? null
      : { type: values.taxType.trim(), value: values.taxValue },
});

/** Where a field of the body stands in the form; what is said of the tax id as a whole stands at its value. */
const FIELDS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(PLACE.map((name) => [`address.${name}`, name])),
  'taxId.type': 'taxType',
  'taxId.value': 'taxValue',
  taxId: 'taxValue',
  'purchaseOrder.number': 'order',
  'purchaseOrder.expiresOn': 'orderUntil',
};

/** What is wrong with a field of the form, where the body names it by its path. */
export function errorOf(errors: Readonly<Record<string, string>>, field: string): string | undefined {
  const path = Object.keys(FIELDS).find((path) => FIELDS[path] === field && errors[path] !== undefined);
  return errors[field] ?? (path === undefined ? undefined : errors[path]);
}
