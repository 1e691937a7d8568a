import { expect, it } from 'vitest';
import { countries, taxIdKinds, taxIdText } from './countries.ts';

it('names every country in the person’s language, in order of the names, each once', () => {
  const english = countries('en');
  expect(english).toHaveLength(249);
  expect(new Set(english.map(({ value }) => value)).size).toBe(249);
  expect(english[0]).toEqual({ value: 'AF', label: 'Afghanistan' });
  expect(english.find(({ value }) => value === 'DE')).toEqual({ value: 'DE', label: 'Germany' });
  expect(countries('de').find(({ value }) => value === 'DE')).toEqual({ value: 'DE', label: 'Deutschland' });
});

it('keeps a kind of tax id that it does not know', () => {
  expect(taxIdKinds('cl_tin').at(-1)).toEqual({ value: 'cl_tin', label: 'cl_tin' });
  expect(taxIdKinds('us_ein')).toEqual(taxIdKinds(''));
  expect(taxIdText('gb_vat')).toBe('UK VAT number');
  expect(taxIdText('cl_tin')).toBe('cl_tin');
});
