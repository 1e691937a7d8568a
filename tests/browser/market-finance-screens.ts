/** The screens of the market's finance, see `screens.ts`. */
import { dataOf } from '../../shared/client/client.ts';
import { monthBefore } from '../../shared/ledger/period.ts';
import type { ScreenCase } from './screens.ts';
import { apiOf } from './support/demo-api.ts';

type Items<T> = { items: T[] };
type Ask = (path: string) => Promise<unknown>;
const finance = 'market.finance' as const;

const lastMonth = async (ask: Ask): Promise<string> => {
  const { now } = (await ask('/v1/test-clock')) as { now: string };
  return monthBefore(now.slice(0, 7));
};
const companies = async (ask: Ask): Promise<{ id: string }[]> =>
  ((await ask('/v1/organisations?kind=company')) as Items<{ id: string }>).items;
/** The event of a charge of last month. */
const oneEvent = async (ask: Ask): Promise<string> => {
  const history = (await ask(`/v1/accounts/1100/history?period=${await lastMonth(ask)}`)) as Items<{ event: string }>;
  return history.items[0]!.event;
};
/** Something that takes two people, proposed by the one who looks at it: anybody could have done that. */
async function proposed(): Promise<string> {
  const maker = await apiOf(finance);
  const reason = 'Put in by the owners, to be looked at on a screen.';
  const body = { kind: 'own_funds', currency: 'USD', micros: 5_000_000_000, reason } as const;
  return (await dataOf(maker.POST('/v1/adjustments', { body }))).id;
}
async function entered(): Promise<string> {
  const maker = await apiOf(finance);
  const body = {
    kind: 'bank_payout',
    currency: 'USD',
    amountMicros: 10_000,
    note: 'A cent, to be looked at.',
  } as const;
  return (await dataOf(maker.POST('/v1/cash-orders', { body }))).id;
}
/** The oldest invoice that is final: of a month that the demo has closed. */
async function oneInvoice(ask: Ask): Promise<string> {
  const { items: closes } = (await ask('/v1/closes')) as Items<{ period: string }>;
  const { items } = (await ask(`/v1/money/invoices?period=${closes.at(-1)!.period}`)) as Items<{ id: string }>;
  return items[0]!.id;
}

export const marketFinanceCases: readonly ScreenCase[] = [
  { name: 'money-home', as: finance, path: '/money', shows: 'Books' },
  { name: 'money-home-operator', as: 'market.operator', path: '/money', shows: 'Books' },
  { name: 'all-invoices', as: finance, path: '/all-invoices', shows: 'Invoices of all companies' },
  {
    name: 'invoice-market',
    as: finance,
    path: async (ask) => `/invoices/${await oneInvoice(ask)}`,
    shows: /^Invoice/,
  },
  {
    name: 'company-money',
    as: finance,
    path: async (ask) => `/companies/${(await companies(ask))[0]!.id}`,
    shows: 'Billing profile',
  },
  {
    name: 'provider-money',
    as: finance,
    path: async (ask) =>
      `/providers/${((await ask('/v1/organisations?kind=provider')) as Items<{ id: string }>).items[0]!.id}`,
    shows: 'Payout profile',
  },
  { name: 'failed-messages', as: finance, path: '/failed-messages', shows: 'Failed messages' },
  {
    name: 'company-money-end',
    as: finance,
    path: async (ask) => `/companies/${(await companies(ask)).at(-1)!.id}`,
    shows: 'End of the account',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Ask to end the account' }).click();
      await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).waitFor();
    },
  },
  { name: 'aged', as: finance, path: '/aged', shows: 'Owed and owing' },
  { name: 'aged-payables', as: finance, path: '/aged?of=payables', shows: 'Owed and owing' },
  { name: 'aged-accruals', as: finance, path: '/aged?of=accruals', shows: 'Owed and owing' },
  { name: 'cash-orders', as: finance, path: '/cash-orders', shows: 'Unknown transactions' },
  {
    name: 'cash-orders-payment',
    as: finance,
    path: '/cash-orders',
    shows: 'Unknown transactions',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Enter a payment' }).click();
      await page.getByRole('dialog').getByRole('textbox', { name: 'Invoice' }).waitFor();
    },
  },
  {
    name: 'cash-order',
    as: finance,
    path: async () => `/cash-orders/${await entered()}`,
    shows: 'To the market’s bank',
  },
  { name: 'refunds', as: finance, path: '/refunds', shows: 'Refunds' },
  { name: 'refunds-paid', as: finance, path: '/refunds?state=paid', shows: 'Refunds' },
  { name: 'provider-debts', as: finance, path: '/provider-debts', shows: 'Provider debts' },
  { name: 'account-ends', as: finance, path: '/account-ends', shows: 'Ends of accounts' },
  { name: 'ledger', as: finance, path: '/ledger', shows: 'Ledger' },
  {
    name: 'ledger-entry',
    as: finance,
    path: async (ask) => `/ledger/entry?event=${encodeURIComponent(await oneEvent(ask))}`,
    shows: 'Legs',
  },
  { name: 'adjustments', as: finance, path: '/adjustments', shows: 'Adjustments' },
  {
    name: 'adjustment-new',
    as: finance,
    path: async (ask) => `/adjustments/new?adjusts=${encodeURIComponent(await oneEvent(ask))}`,
    shows: 'The entry that it corrects',
  },
  { name: 'adjustment', as: finance, path: async () => `/adjustments/${await proposed()}`, shows: /^Own funds/ },
  { name: 'billing-settings', as: finance, path: '/billing-settings', shows: 'Billing settings' },
];
