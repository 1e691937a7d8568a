import { describe, expect, it } from 'vitest';
import { contentOf, isBalanced, isListed, kept, reversed, StoredEntry, textOfFacts, textOfLegs } from './entry.ts';
import type { EntryView, Leg } from './ledger.ts';

const leg = (account: Leg['account'], of: string | null, micros: number): Leg => ({ account, of, micros });
const content = (legs: Leg[], more: object = {}): string =>
  contentOf({ event: 'e', kind: 'charge', occurredAt: '2026-01-05T00:00:00.000Z', currency: 'USD', legs, ...more });

describe('an entry', () => {
  it('is the same where only the pool, or the place of money at Stripe, was chosen otherwise', () => {
    expect(content([leg('2400', 'q#1', 5)])).toBe(content([leg('2410', 'q', 5)]));
    expect(content([leg('1300', null, 5)])).toBe(content([leg('1310', null, 5)]));
    expect(content([leg('2400', 'q#1', 5)])).not.toBe(content([leg('2400', 'q#1', 6)]));
    expect(content([leg('1300', null, 5)])).not.toBe(content([leg('1300', null, 6)]));
    expect(content([leg('1300', null, 5)])).not.toBe(content([leg('2400', null, 5)]));
  });

  it.each<[string, Leg[], object]>([
    ['amount', [leg('1100', 'co_a', 6)], {}],
    ['owner', [leg('1100', 'co_b', 5)], {}],
    ['account', [leg('1110', 'co_a', 5)], {}],
    ['event', [leg('1100', 'co_a', 5)], { event: 'f' }],
    ['kind', [leg('1100', 'co_a', 5)], { kind: 'split' }],
    ['time', [leg('1100', 'co_a', 5)], { occurredAt: '2026-01-05T00:00:00.001Z' }],
    ['currency', [leg('1100', 'co_a', 5)], { currency: 'EUR' }],
  ])('is another one with another %s', (_, legs, more) => {
    expect(content(legs, more)).not.toBe(content([leg('1100', 'co_a', 5)]));
  });

  it('balances where debits equal credits', () => {
    expect(isBalanced([])).toBe(true);
    expect(isBalanced([leg('1100', 'co_a', 5), leg('4100', null, -5)])).toBe(true);
    expect(isBalanced([leg('1100', 'co_a', 5), leg('4100', null, -4)])).toBe(false);
  });

  it('has no leg that moves nothing, and none of a fraction', () => {
    expect(kept([leg('1100', 'co_a', 0), leg('4100', null, -4)])).toEqual([leg('4100', null, -4)]);
    expect(() => kept([leg('1100', 'co_a', 0.5)])).toThrow(RangeError);
    expect(reversed([leg('1100', 'co_a', 5), leg('4100', null, 0)])).toEqual([
      leg('1100', 'co_a', -5),
      leg('4100', null, 0),
    ]);
  });

  it.each<[Leg, boolean]>([
    [leg('1100', 'co_a', 1), true],
    [leg('1100', 'co_b', 1), false],
    [leg('1100', null, 1), false],
    [leg('1200', 'co_a.USD.2026-01.v0', 1), true],
    [leg('1200', 'co_ab.USD.2026-01.v0', 1), false],
    [leg('1200', null, 1), false],
    [leg('2100', 'pr_b', 1), true],
    [leg('2100', 'pr_c', 1), false],
    [leg('2100', null, 1), false],
    [leg('2400', 'q#1', 1), true],
    [leg('4100', null, 1), true],
  ])('stands in the lists of its company and provider: %j is %s', (one, isThere) => {
    expect(isListed(one, { company: 'co_a', provider: 'pr_b' })).toBe(isThere);
    if (one.account !== '2400' && one.account !== '4100')
      expect(isListed(one, { company: null, provider: null })).toBe(false);
  });
});

describe('an entry as it is stored', () => {
  const entry: EntryView = {
    event: 'charge#req',
    kind: 'charge',
    occurredAt: '2026-01-05T09:00:00.000Z',
    period: '2026-01',
    currency: 'USD',
    legs: [
      { account: '1100', of: 'co_ada1', micros: 9_007_199_254_740_991 },
      { account: '4100', of: null, micros: -9_007_199_254_740_991 },
    ],
    facts: { request: 'a "quoted" one', round: 3, closedPeriod: null },
  };

  it('is read as it was written, and as it was stored before', () => {
    const stored = { ...entry, legs: textOfLegs(entry.legs), facts: textOfFacts(entry.facts) };
    expect(StoredEntry.parse(stored)).toEqual(entry);
    expect(StoredEntry.parse(entry)).toEqual(entry);
  });

  it('throws where an account, an amount or a fact is none', () => {
    const legs = (text: string) => () => StoredEntry.parse({ ...entry, legs: text });
    expect(legs('[["1101",null,1]]')).toThrow();
    expect(legs('[["1100",null,1.5]]')).toThrow();
    expect(legs('[["1100",null')).toThrow();
    expect(() => StoredEntry.parse({ ...entry, facts: '{"a":[1]}' })).toThrow();
  });
});
