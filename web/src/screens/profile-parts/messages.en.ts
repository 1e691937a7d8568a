import { texts } from '../../messages/texts.ts';

export const t = texts({
  legalName: 'Legal name',
  line1: 'Street and number',
  line2: 'Further line',
  city: 'City',
  postalCode: 'Postal code',
  state: 'State or region',
  country: 'Country',
  taxType: 'Kind of tax id',
  taxValue: 'Tax id',
  save: 'Save',
});
