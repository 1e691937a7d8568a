import { expect, it } from 'vitest';
import { freeScope, ruleOf, ruleValueOf } from './rules.ts';

it('keeps each rule as it was stated', () => {
  for (const rule of [{ concurrent: 5 }, { channel: 'Phone' }, { queue: 'billing-web', concurrent: 2 }])
    expect(ruleOf(ruleValueOf(rule))).toEqual(rule);
});

it('offers a scope only once', () => {
  const rules = [{ scope: 'all', concurrent: null, hours: null }];
  expect(freeScope(rules, ['all', 'channel:Phone'])).toBe('channel:Phone');
  expect(freeScope(rules, ['all'])).toBeUndefined();
});
