import { expect, it } from 'vitest';
import { errorOf } from './values.ts';

it('finds the fields of a profile’s form in what is said of its body', () => {
  expect(errorOf({ 'address.country': 'must be two letters' }, 'country')).toBe('must be two letters');
  expect(errorOf({ legalName: 'too short' }, 'legalName')).toBe('too short');
  expect(errorOf({ taxId: 'is needed' }, 'taxValue')).toBe('is needed');
  expect(errorOf({}, 'city')).toBeUndefined();
});
