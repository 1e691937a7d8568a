import { expect, it } from 'vitest';
import { wordsOf } from './words.ts';

it('the id of a route reads as words', () => {
  expect(wordsOf('putBillingProfile')).toBe('Put billing profile');
  expect(wordsOf('disputeCharge')).toBe('Dispute charge');
});
