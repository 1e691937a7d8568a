/** The screens of finance people, see `screens.ts`. */
import { monthBefore } from '../../shared/ledger/period.ts';
import type { ScreenCase } from './screens.ts';

type Items<T> = { items: T[] };
type Ask = (path: string) => Promise<unknown>;
/** The month before the market's: the demo has charges in it, whenever it is looked at. */
const lastMonth = async (ask: Ask): Promise<string> => {
  const { now } = (await ask('/v1/test-clock')) as { now: string };
  return monthBefore(now.slice(0, 7));
};
/** One that nobody has disputed. */
const oneCharge = async (ask: Ask) => {
  const { items } = (await ask(`/v1/charges?period=${await lastMonth(ask)}`)) as Items<{
    request: string;
    lease: string;
  }>;
  const disputes = (await ask('/v1/disputes?limit=100')) as Items<{ request: string }>;
  const disputed = new Set(disputes.items.map(({ request }) => request));
  return items.find(({ request }) => !disputed.has(request))!;
};
const oneInvoice = async (ask: Ask) => ((await ask('/v1/invoices')) as Items<{ id: string }>).items.at(-1)!.id;

/** The page of the first of a list of the API. */
const firstOf =
  (list: string, page: string, key = 'id') =>
  async (ask: Ask): Promise<string> => {
    const { items } = (await ask(list)) as Items<Record<string, string>>;
    const first = items[0]?.[key];
    if (first === undefined) throw new Error(`the demo has nothing under ${list}`);
    return `${page}/${encodeURIComponent(first)}`;
  };

export const financeCases: readonly ScreenCase[] = [
  { name: 'finance-company', as: 'company.finance', path: '/finance', shows: 'Finance' },
  { name: 'owed', as: 'company.finance', path: '/owed', shows: 'What is owed' },
  { name: 'statement', as: 'company.finance', path: '/statement', shows: 'Statement' },
  { name: 'statement-entries', as: 'company.finance', path: '/statement?view=entries', shows: 'Statement' },
  { name: 'account-history', as: 'company.finance', path: '/accounts/1100', shows: 'Account 1100' },
  { name: 'charges', as: 'company.finance', path: '/charges', shows: 'Charges' },
  {
    name: 'charge',
    as: 'company.finance',
    path: async (ask) => `/charges/${(await oneCharge(ask)).request}`,
    shows: /^Charge/,
  },
  {
    name: 'charge-dispute',
    as: 'company.finance',
    path: async (ask) => `/charges/${(await oneCharge(ask)).request}`,
    shows: /^Charge/,
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Dispute', exact: true }).click();
      await page.getByRole('radio', { name: 'Something else' }).click();
    },
  },
  { name: 'not-billed', as: 'company.finance', path: '/not-billed', shows: 'What was not billed' },
  { name: 'invoices', as: 'company.finance', path: '/invoices', shows: 'Invoices' },
  {
    name: 'invoice',
    as: 'company.finance',
    path: async (ask) => `/invoices/${await oneInvoice(ask)}`,
    shows: /^Invoice/,
  },
  {
    name: 'invoice-line',
    as: 'company.finance',
    path: async (ask) => `/invoices/${await oneInvoice(ask)}/lines/1`,
    shows: 'Line 1',
  },
  { name: 'invoice-next', as: 'company.finance', path: '/invoices/next', shows: 'Next invoice' },
  { name: 'disputes-company', as: 'company.finance', path: '/disputes', shows: 'Disputes' },
  { name: 'dispute', as: 'company.finance', path: firstOf('/v1/disputes', '/disputes'), shows: /^Dispute / },
  { name: 'credits', as: 'company.finance', path: '/credits', shows: 'Credits' },
  { name: 'billing-profile', as: 'company.finance', path: '/billing-profile', shows: 'Billing profile' },
  { name: 'exports', as: 'company.finance', path: '/exports', shows: 'Exports' },
  { name: 'audit-trail', as: 'company.admin', path: '/audit-trail', shows: 'Audit trail' },
  { name: 'finance-provider', as: 'provider.finance', path: '/finance', shows: 'Finance' },
  {
    name: 'earned',
    as: 'provider.finance',
    path: async (ask) => `/earned/${(await oneCharge(ask)).lease}`,
    shows: /^Earned/,
  },
  { name: 'charges-provider', as: 'provider.finance', path: '/charges', shows: 'Charges' },
  { name: 'disputes-provider', as: 'provider.finance', path: '/disputes', shows: 'Disputes' },
  { name: 'payables', as: 'provider.finance', path: '/payables', shows: 'Payables' },
  { name: 'payouts', as: 'provider.finance', path: '/payouts', shows: 'Payouts' },
  { name: 'self-billed', as: 'provider.finance', path: '/self-billed', shows: 'Self-billed invoices' },
  {
    name: 'self-billed-document',
    as: 'provider.finance',
    path: firstOf('/v1/self-billed-invoices', '/self-billed'),
    shows: /^(Invoice|Credit note) .*\d/,
  },
  { name: 'payout-profile', as: 'provider.finance', path: '/payout-profile', shows: 'Payout profile' },
  {
    name: 'payout',
    as: 'provider.finance',
    path: async (ask) => `/payouts/${((await ask('/v1/payouts')) as Items<{ id: string }>).items[0]!.id}`,
    shows: /^Payout of/,
  },
  { name: 'closes', as: 'market.finance', path: '/closes', shows: 'Month close' },
  {
    name: 'close-month',
    as: 'market.finance',
    path: async (ask) => `/closes/${((await ask('/v1/closes')) as Items<{ period: string }>).items.at(-1)!.period}`,
    shows: /^Close of/,
  },
  {
    name: 'close-estimate',
    as: 'market.finance',
    path: async (ask) => `/closes/${await lastMonth(ask)}/estimate`,
    shows: /^Estimate of/,
  },
  { name: 'trial-balance', as: 'market.finance', path: '/trial-balance', shows: 'Trial balance' },
  { name: 'account-owners', as: 'market.finance', path: '/accounts/2100/owners', shows: /^Account 2100/ },
  { name: 'reconciliations', as: 'market.finance', path: '/reconciliations', shows: 'Reconciliation' },
  {
    name: 'reconciliation',
    as: 'market.finance',
    path: firstOf('/v1/reconciliations', '/reconciliations'),
    shows: /^Reconciliation of /,
  },
  { name: 'payout-runs', as: 'market.finance', path: '/payout-runs', shows: 'Payout runs' },
  {
    name: 'payout-run',
    as: 'market.finance',
    path: async (ask) => `/payout-runs/${((await ask('/v1/payout-runs')) as Items<{ run: string }>).items[0]!.run}`,
    shows: /^(Week of|Between)/,
  },
  { name: 'contested', as: 'market.finance', path: '/contested', shows: 'Contested disputes' },
  // The demo's disputes are settled between the parties: its journey contests one, here nobody has.
  { name: 'contested-none', as: 'market.finance', path: '/contested/none', shows: 'There is nothing here' },
];
