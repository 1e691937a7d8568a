import { describe, expect, it } from 'vitest';
import type { InboxItem } from '../../../../shared/inbox/inbox.ts';
import { inboxWords } from './inbox-words.ts';

const item = (kind: string, facts: object, needsAnother = false) =>
  ({ id: kind, kind, deadline: null, since: null, needsAnother, facts }) as unknown as InboxItem;
const queue = (id: string) => `the queue ${id}`;
const words = (kind: string, facts: object, needsAnother?: boolean) =>
  inboxWords(item(kind, facts, needsAnother), queue);

describe('what waits for the market’s people', () => {
  it('opens where it is dealt with', () => {
    const dollars = { currency: 'USD', micros: 5_000_000 };
    const all: [string, object, string][] = [
      ['close_to_approve', { period: '2026-01', invoices: 3 }, '/closes/2026-01'],
      [
        'write_off_to_approve',
        { invoice: 'co_a.USD.2026-01.v0', number: 'A-1', ...dollars },
        '/invoices/co_a.USD.2026-01.v0',
      ],
      ['reissue_to_approve', { invoice: 'co_a.USD.2026-01.v0', period: '2026-01' }, '/invoices/co_a.USD.2026-01.v0'],
      ['account_end_to_approve', { company: 'co_a' }, '/companies/co_a'],
      ['adjustment_to_approve', { adjustment: 'adj_1', currency: 'USD' }, '/adjustments/adj_1'],
      ['cash_order_to_approve', { order: 'o1', orderKind: 'bank_payout' }, '/cash-orders/o1'],
      ['provider_debt_to_approve', { debt: 'd1', provider: 'pr_b', ...dollars }, '/provider-debts'],
      [
        'books_differ',
        { reconciliation: '2026-01-02#1', day: '2026-01-02', serious: 1, stopsClose: true },
        '/reconciliations/2026-01-02%231',
      ],
    ];
    for (const [kind, facts, href] of all) expect([kind, words(kind, facts).href]).toEqual([kind, href]);
  });

  it('says how much, and that it waits for somebody else where one is the first of two', () => {
    const facts = { refund: 'rf_1', company: 'co_a', currency: 'USD', micros: 12_340_000 };
    expect(words('refund_to_release', facts).text).toBe('Release a refund of $12.34');
    expect(words('refund_to_release', facts, true).text).toBe(
      'Release a refund of $12.34 (it waits for somebody else than you)',
    );
  });
});
