import { expect, it } from 'vitest';
import { DAY } from '../kernel/time.ts';
import { compareSides } from './reconciliation.ts';

const NOW = Date.UTC(2026, 4, 10);
const side = (value: number, at: number) => new Map([['group-1', { value, at, party: 'pr_one1' }]]);

it('holds a provider’s next payout where Stripe and the ledger differ on it for longer than a day', () => {
  const old = compareSides('provider_paid', 'USD', side(5, NOW - 2 * DAY), side(7, NOW - 2 * DAY), NOW);
  expect(old).toMatchObject([
    { kind: 'amount_differs', party: 'pr_one1', done: ['fetched_again', 'payout_held', 'reported'] },
  ]);
  const young = compareSides('provider_paid', 'USD', side(5, NOW), side(7, NOW - 2 * DAY), NOW);
  expect(young).toMatchObject([{ kind: 'timing', done: ['fetched_again'] }]);
});
