/** How the gain is split, worked out by hand: levels, limits, and what does not divide. */
import { expect, test } from 'vitest';
import { type Awarded, splitGain } from './pricing.ts';

/** With a record, a share base of 10, nothing at the margin and no floor, unless said otherwise. */
const company = (more: Partial<Awarded> = {}): Awarded => ({
  awarded: 10,
  worthMicros: 1_000n,
  standaloneMicros: 0n,
  hasRecord: true,
  shareBase: 10,
  demandMicros: 0n,
  ...more,
});

test('what requests are worth at the margin comes first, the rest goes by share of capacity', () => {
  // 6 + 10μ and 30μ are 46 at μ = 1.
  expect(splitGain(46n, [company({ demandMicros: 6n }), company({ shareBase: 30 })])).toEqual([16, 30]);
  // Too little for the margin: 20 + 10μ is 12 at μ = −0.8, where the other stays at its floor of 0.
  expect(splitGain(12n, [company({ demandMicros: 20n }), company({ shareBase: 30 })])).toEqual([12, 0]);
});

test('a company at its floor gets exactly that, and the others share what is left', () => {
  // 9 is above 10μ at any μ below 0.9: 21 − 9 = 12 over a base of 20.
  const floored = company({ standaloneMicros: 9n });
  expect(splitGain(21n, [floored, company({ shareBase: 20 })])).toEqual([9, 12]);
  // From μ = 0.9 on the floor no longer matters: 60 over a base of 30.
  expect(splitGain(60n, [floored, company({ shareBase: 20 })])).toEqual([20, 40]);
});

test('a newcomer stops at what its award is worth, counted from what it gains at the margin', () => {
  // The newcomer reaches 12 at 10 + 10μ, μ = 0.2; the other has 10μ = 10 at μ = 1.
  const newcomer = company({ hasRecord: false, worthMicros: 12n, demandMicros: 10n });
  expect(splitGain(22n, [newcomer, company()])).toEqual([12, 10]);
  expect(splitGain(13n, [newcomer, company()])).toEqual([12, 1]); // 10 + 20μ = 13: 11.5 and 1.5, the odd unit to the first
  expect(splitGain(14n, [newcomer, company()])).toEqual([12, 2]);
});

test('what does not divide goes to the largest remainder, and of equal ones to the first', () => {
  expect(splitGain(1n, [company(), company(), company()])).toEqual([1, 0, 0]);
  expect(splitGain(2n, [company(), company(), company()])).toEqual([1, 1, 0]);
  // 10μ, 20μ and 30μ at μ = 1/12: 0.83, 1.67 and 2.5.
  expect(splitGain(5n, [company(), company({ shareBase: 20 }), company({ shareBase: 30 })])).toEqual([1, 2, 2]);
});

test('without a share of capacity nothing is gained', () => {
  const stranger = company({ awarded: 0, worthMicros: 0n, hasRecord: false, shareBase: 0 });
  expect(splitGain(7n, [stranger, company()])).toEqual([0, 7]);
  expect(splitGain(0n, [stranger])).toEqual([0]);
});

test('floors above the gain, and a gain that nobody may take, are bugs and say so', () => {
  const floored = company({ standaloneMicros: 9n });
  expect(() => splitGain(8n, [floored])).toThrow("bug: the floors exceed the pool's gain by 1 micro-units");
  const capped = company({ hasRecord: false, worthMicros: 5n });
  expect(() => splitGain(6n, [capped])).toThrow('bug: nobody may take what is left of the gain');
  expect(splitGain(5n, [capped])).toEqual([5]);
});
