import { describe, expect, it } from 'vitest';
import { AdjustmentInput, checked, entryKindOf, type Proposal, partiesOf, proposalOf } from './adjustment.ts';
import { ACCOUNTS, type AccountCode, type EntryView, type Leg } from './ledger.ts';

const leg = (account: Leg['account'], of: string | null, micros: number): Leg => ({ account, of, micros });
const reason = 'The price was read from the wrong tier';
const shortfall: EntryView = {
  event: 'round#q#1#shortfall#co_a',
  kind: 'shortfall',
  occurredAt: '2026-01-05T00:00:00.000Z',
  period: '2026-01',
  currency: 'EUR',
  legs: [leg('1100', 'co_a', 400), leg('2400', 'q#1', -400)],
  facts: {},
};
const proposal = (legs: Leg[]): Proposal => ({
  kind: 'adjustment',
  event: 'e',
  adjusts: 'x',
  currency: 'USD',
  legs,
  reason,
});
const codeOf = (legs: Leg[]): string => {
  const result = checked(proposal(legs));
  return result.ok ? 'ok' : result.code;
};

describe('a proposal', () => {
  it('to adjust has the legs that were given, in the currency of the entry, under an event of its own', () => {
    const legs = [leg('1100', 'co_a', -1), leg('4200', null, 1)];
    const made = proposalOf({ kind: 'adjustment', adjusts: shortfall.event, legs, reason }, 'adjustment#1', shortfall);
    expect(made).toEqual({
      ok: true,
      value: { kind: 'adjustment', event: 'adjustment#1', adjusts: shortfall.event, currency: 'EUR', legs, reason },
    });
  });

  it.each(['reversal', 'shortfall_correction'] as const)('of a %s stands under the event that it undoes', (kind) => {
    const made = proposalOf({ kind, adjusts: shortfall.event, reason }, 'adjustment#1', shortfall);
    expect(made).toMatchObject({
      value: {
        kind,
        event: `reversal#${shortfall.event}`,
        currency: 'EUR',
        legs: [leg('1100', 'co_a', -400), leg('2410', 'q', 400)],
      },
    });
  });

  it('of a shortfall’s correction needs a shortfall; any entry can be reversed', () => {
    const charge: EntryView = { ...shortfall, kind: 'charge' };
    const input = { adjusts: shortfall.event, reason };
    expect(proposalOf({ ...input, kind: 'shortfall_correction' }, 'a', charge)).toMatchObject({
      code: 'not_a_shortfall',
    });
    expect(proposalOf({ ...input, kind: 'reversal' }, 'a', charge).ok).toBe(true);
    expect(() => proposalOf({ ...input, kind: 'reversal' }, 'a', null)).toThrow('was not read');
  });

  it('of the market’s own money adjusts nothing', () => {
    const funds = proposalOf({ kind: 'own_funds', currency: 'GBP', micros: 5, reason }, 'adjustment#1', null);
    expect(funds).toMatchObject({
      value: {
        event: 'adjustment#1',
        adjusts: null,
        currency: 'GBP',
        legs: [leg('1010', null, 5), leg('3000', null, -5)],
      },
    });
    const tax = proposalOf({ kind: 'tax_return', currency: 'USD', taxMicros: 5, inputTaxMicros: 0, reason }, 'a', null);
    expect(tax).toMatchObject({ value: { legs: [leg('2500', null, 5), leg('1010', null, -5)] } });
    const nothing = proposalOf({ kind: 'own_funds', currency: 'GBP', micros: 0, reason }, 'a', null);
    expect(nothing).toMatchObject({ ok: false, code: 'nothing_to_adjust' });
  });

  it.each<[string, Leg[]]>([
    ['ok', [leg('1100', 'co_a', 1), leg('2100', 'pr_b', -1)]],
    ['ok', [leg('2410', 'q', 1), leg('4100', null, -1)]],
    ['nothing_to_adjust', [leg('1100', 'co_a', 0), leg('4100', null, 0)]],
    ['legs_unbalanced', [leg('1100', 'co_a', 1), leg('4100', null, -2)]],
    ['legs_of_several', [leg('1100', 'co_a', 1), leg('1100', 'co_b', -1)]],
    ['legs_of_several', [leg('2100', 'pr_a', 1), leg('2100', 'pr_b', -1)]],
    ['legs_of_several', [leg('1100', null, 1), leg('4100', null, -1)]],
    ['legs_of_several', [leg('2410', null, 1), leg('4100', null, -1)]],
    ['legs_of_several', [leg('4190', 'co_a', 1), leg('4100', null, -1)]],
  ])('is %s for %j', (code, legs) => {
    expect(codeOf(legs)).toBe(code);
  });

  it('touches no account that stands for something else', () => {
    const fixed = (Object.keys(ACCOUNTS) as AccountCode[]).filter((account) => {
      const owner = { company: 'co_a', provider: 'pr_b', invoice: 'co_a.USD.2026-01.v0', pool: 'q#1', market: null };
      const of = account === '2410' ? 'q' : owner[ACCOUNTS[account].of];
      const other = account === '4100' ? leg('4190', null, -1) : leg('4100', null, -1);
      return codeOf([leg(account, of, 1), other]) === 'account_not_adjustable';
    });
    expect(fixed).toEqual([
      '1020',
      '1110',
      '1200',
      '1300',
      '1310',
      '1390',
      '1400',
      '2110',
      '2120',
      '2200',
      '2300',
      '2400',
      '2600',
    ]);
  });
});

describe('an adjustment', () => {
  it('is of the company and the provider of its legs', () => {
    expect(partiesOf([leg('4100', null, 1), leg('2100', 'pr_b', 1), leg('1100', 'co_a', 1)])).toEqual({
      company: 'co_a',
      provider: 'pr_b',
    });
    expect(partiesOf([leg('4100', null, 1)])).toEqual({ company: null, provider: null });
  });

  it('is posted as what it is', () => {
    expect(entryKindOf('reversal')).toBe('adjustment');
    expect(entryKindOf('own_funds')).toBe('own_funds');
    expect(entryKindOf('account_closed')).toBe('account_closed');
  });

  it('needs a reason that says something, and whole amounts', () => {
    const input = { kind: 'own_funds', currency: 'USD', micros: 1, reason };
    expect(AdjustmentInput.safeParse(input).success).toBe(true);
    expect(AdjustmentInput.safeParse({ ...input, reason: '   wrong    ' }).success).toBe(false);
    expect(AdjustmentInput.safeParse({ ...input, micros: 0.5 }).success).toBe(false);
    expect(AdjustmentInput.safeParse({ ...input, micros: 1_000_000_000_000_001 }).success).toBe(false);
    const one = { kind: 'adjustment', adjusts: 'e', legs: [leg('4100', null, 0)], reason };
    expect(AdjustmentInput.safeParse(one).success).toBe(false);
  });
});
