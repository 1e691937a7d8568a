import { describe, expect, it } from 'vitest';
import { compareSides, reasonAgainstClose, type Said, unknownBreak } from './reconciliation.ts';

const NOW = Date.UTC(2026, 1, 10, 2);
const OLD = NOW - 2 * 86_400_000;
const side = (entries: Record<string, [value: number, at: number | null]>) =>
  new Map(Object.entries(entries).map(([subject, [value, at]]): [string, Said] => [subject, { value, at }]));

describe('a break', () => {
  it.each([
    ['both say the same', { a: [5, OLD] }, { a: [5, OLD] }, []],
    ['nothing is the same as 0', { a: [0, OLD] }, {}, []],
    ['one micro-unit more', { a: [5, OLD] }, { a: [4, OLD] }, ['amount_differs']],
    ['only the ledger has it', { a: [5, OLD] }, {}, ['missing_at_stripe']],
    ['only Stripe has it', {}, { a: [5, null] }, ['missing_in_ledger']],
    ['a minute old on one side', { a: [5, OLD] }, { a: [4, NOW - 60_000] }, ['timing']],
    ['a day old to the millisecond', { a: [5, NOW - 86_400_000] }, {}, ['missing_at_stripe']],
  ] as const)('is of the right kind where %s', (_, ours, theirs, kinds) => {
    const found = compareSides('invoices', 'USD', side(ours as never), side(theirs as never), NOW);
    expect(found.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('stops the close where it is of invoices, credit or cash, and not where it is of timing', () => {
    const [ours, theirs] = [side({ a: [5, OLD] }), side({ a: [4, OLD] })];
    const stops = (['meter', 'invoices', 'customer_credit', 'stripe_balance', 'provider_paid', 'bank'] as const).filter(
      (comparison) => reasonAgainstClose(compareSides(comparison, 'USD', ours, theirs, NOW)) !== null,
    );
    expect(stops).toEqual(['invoices', 'customer_credit', 'stripe_balance']);
    expect(reasonAgainstClose(compareSides('invoices', 'USD', side({ a: [5, NOW] }), theirs, NOW))).toBeNull();
    expect(reasonAgainstClose([unknownBreak('USD', 1)])).toContain('1390');
  });
});
