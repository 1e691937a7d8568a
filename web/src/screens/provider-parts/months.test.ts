import { expect, it } from 'vitest';
import { monthsUpTo, monthText } from './months.ts';

it('counts UTC months back over the turn of the year', () => {
  expect(monthsUpTo(Date.parse('2027-01-31T23:59:59.000Z'), 3)).toEqual(['2027-01', '2026-12', '2026-11']);
  expect(monthText('2026-11', 'en-US')).toBe('November 2026');
});
