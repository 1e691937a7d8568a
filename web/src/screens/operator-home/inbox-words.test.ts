import { expect, it } from 'vitest';
import { INBOX_KINDS, type InboxItem } from '../../../../shared/inbox/inbox.ts';
import { screens } from '../../app/screens.ts';
import { wordsFor } from './inbox-words.ts';

/** What reaches the market's people, see `shared/inbox/README.md`. */
const FACTS: Partial<Record<InboxItem['kind'], object>> = {
  dispute_to_decide: { dispute: 'd1', company: 'co_acme1', provider: 'pr_help1', currency: 'USD' },
  organisation_to_approve: { organisation: 'co_acme1', name: 'Acme', organisationKind: 'company' },
  certificate_to_check: { certificate: 'c1', organisation: 'pr_help1', title: 'ISO' },
  awards_to_release: { queue: 'web', round: 3, billingsMicros: 5_000_000 },
  flag_to_review: { flag: 'f1', queue: 'web', round: 3, screen: 'identical_bids' },
  close_to_approve: { period: '2026-05', invoices: 2 },
  close_waits: { period: '2026-05', step: 'stripe', waitsFor: 'Stripe' },
  adjustment_to_approve: { adjustment: 'a1', currency: 'USD' },
  cash_order_to_approve: { order: 'o1', orderKind: 'bank_payout', currency: 'EUR' },
  refund_to_release: { refund: 'r1', company: 'co_acme1', currency: 'USD', micros: 2_000_000 },
  write_off_to_approve: {
    invoice: 'co_acme1.USD.2026-05.v0',
    number: 'A-1',
    company: 'co_acme1',
    currency: 'USD',
    micros: 2_000_000,
  },
  reissue_to_approve: { invoice: 'co_acme1.USD.2026-05.v0', company: 'co_acme1', period: '2026-05', currency: 'USD' },
  account_end_to_approve: { company: 'co_acme1' },
  provider_debt_to_approve: { debt: 'd1', provider: 'pr_help1', currency: 'USD', micros: 2_000_000 },
  payout_run_to_approve: { run: 'p1', totals: [{ currency: 'USD', payouts: 1, amountMicros: 1_000_000 }] },
  provider_pay_held: { provider: 'pr_help1', reason: 'tax form' },
  transaction_unknown: { transaction: 't1', currency: 'USD', micros: 3_000_000 },
  books_differ: { reconciliation: 'x1', day: '2026-05-03', serious: 1, stopsClose: true },
};
const words = wordsFor({
  queue: () => 'Web',
  currency: () => 'EUR',
  organisation: (id) => (id === 'co_acme1' ? 'Acme' : 'Helpers'),
});
const said = (kind: string, needsAnother = false) =>
  words({
    kind,
    needsAnother,
    id: kind,
    deadline: null,
    since: null,
    facts: FACTS[kind as 'awards_to_release'],
  } as never);

it('what waits for the market is said in words of its own, with what it is called', () => {
  for (const kind of Object.keys(FACTS)) {
    expect(INBOX_KINDS).toContain(kind);
    const { text } = said(kind);
    expect(text).not.toBe(kind.replaceAll('_', ' '));
    expect(text).not.toMatch(/co_|pr_|[{}]|undefined/);
  }
  expect(said('awards_to_release').text).toBe('Release the awards of Web, round 3: €5.00');
  expect(said('refund_to_release').text).toBe('Release a refund of $2.00 to Acme');
});

it('who took the first of two steps reads that another person is needed', () => {
  expect(said('payout_run_to_approve', true).text).toBe('The payout run p1 that you made waits for another person');
});

it('leads, each of them, to screens that there are', () => {
  for (const kind of Object.keys(FACTS)) {
    const path = said(kind).href?.split('?')[0];
    if (path === undefined) throw new Error(`${kind} leads nowhere`);
    const fits = screens.some((screen) => new RegExp(`^${screen.path.replaceAll(/\$\w+/g, '[^/]+')}$`).test(path));
    expect(fits, path).toBe(true);
  }
});
