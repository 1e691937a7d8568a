import { expect, it } from 'vitest';
import { Terms } from '../../../../shared/terms/terms.ts';
import { changedRules, termsBody, valuesOf } from './terms-values.ts';

const TERMS = Terms.parse({
  slaHours: 48,
  ceilingMicros: 13_500_000,
  failureCostMicros: 6_000_000,
  secondPersonAboveMicros: 1_000_000_000,
  feeBps: 525,
});

it('shows shares in percent, and sends terms back as they were', () => {
  expect(valuesOf(TERMS)).toMatchObject({ feeBps: 5.25, slaHours: 48, provisionalHours: '72, 24' });
  expect(Terms.parse(termsBody(valuesOf(TERMS)))).toEqual(TERMS);
});

it('has the market refuse what is left empty or is no number', () => {
  expect(Terms.safeParse(termsBody({ ...valuesOf(TERMS), slaHours: null })).success).toBe(false);
  expect(Terms.safeParse(termsBody({ ...valuesOf(TERMS), provisionalHours: 'soon' })).success).toBe(false);
});

it('names the rules that a draft changes', () => {
  expect(changedRules(TERMS, { ...TERMS, feeBps: 500, provisionalHours: [24] })).toEqual([
    'provisionalHours',
    'feeBps',
  ]);
  expect(changedRules(TERMS, TERMS)).toEqual([]);
});
