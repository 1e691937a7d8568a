import { expect, it } from 'vitest';
import { mainCurrency, stacksOf, totalOf } from './stacks.ts';

const sums = (pending: number, confirmed: number, posted: number) => ({
  pending: { turns: 1, micros: pending },
  confirmed: { turns: 1, micros: confirmed },
  posted: { turns: 1, micros: posted },
});
const months = [
  {
    month: '2026-09',
    currencies: [
      { currency: 'EUR' as const, ...sums(1, 2, 3) },
      { currency: 'USD' as const, ...sums(0, 0, 5) },
    ],
  },
  { month: '2026-10', currencies: [] },
];

it('shows the currency in which most was earned, and months without earnings as noughts', () => {
  expect(mainCurrency(months)).toBe('EUR');
  expect(mainCurrency([])).toBeUndefined();
  expect(stacksOf(months, 'EUR')).toEqual([
    { month: '2026-09', pending: 1, confirmed: 2, posted: 3 },
    { month: '2026-10', pending: 0, confirmed: 0, posted: 0 },
  ]);
  expect(totalOf(stacksOf(months, 'EUR'))).toBe(6);
});
