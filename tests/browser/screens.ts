/**
 * Every screen, with who looks at it. Each is opened in both schemes and two widths: axe finds nothing, nothing fails, one
 * never scrolls sideways; its pictures are kept. A new screen adds its line here, under its area.
 */
import type { Page } from 'playwright-core';
import { monthBefore } from '../../shared/ledger/period.ts';
import { askedRequest, putColour, resolveRequest } from './support/demo-api.ts';
import type { DemoRole } from './support/people.ts';

export type ScreenCase = {
  /** Also the name of its pictures. */
  name: string;
  /** Null: nobody is signed in. */
  as: DemoRole | null;
  /** An address, or how to find it from the API as this person (`ask` gives the JSON of a GET). */
  path: string | ((ask: (path: string) => Promise<unknown>) => Promise<string>);
  /** What must be seen there. */
  shows: string | RegExp;
  /** Gets the page into the state to look at, such as an open dialog. */
  prepare?: (page: Page) => Promise<void>;
};

/** The page of a queue whose first round has begun. */
async function queueWithRounds(ask: (path: string) => Promise<unknown>): Promise<string> {
  const { items } = (await ask('/v1/queues?limit=100')) as { items: { id: string; current: object | null }[] };
  const found = items.find(({ current }) => current !== null);
  if (found === undefined) throw new Error('no queue of the demo has a round that runs');
  return `/queues/${found.id}`;
}

async function seeProof(page: Page): Promise<void> {
  await page
    .getByText(/^(Getting the files|Verified in your browser)/)
    .first()
    .scrollIntoViewIfNeeded();
  await page.getByText('Verified in your browser').waitFor();
}

const market: ScreenCase[] = [
  { name: 'market', as: null, path: '/', shows: 'Market' },
  { name: 'market-company', as: 'company.admin', path: '/', shows: 'Market' },
  { name: 'queue', as: null, path: queueWithRounds, shows: 'Terms', prepare: seeProof },
  { name: 'queue-company', as: 'company.admin', path: queueWithRounds, shows: 'Terms', prepare: seeProof },
  {
    name: 'round',
    as: 'company.admin',
    path: async (ask) => `${await queueWithRounds(ask)}/rounds/1`,
    shows: 'Round 1',
    prepare: seeProof,
  },
];
const frontDoor: ScreenCase[] = [
  { name: 'sign-in', as: null, path: '/sign-in', shows: 'Sign in to Parley' },
  { name: 'not-found', as: null, path: '/nowhere', shows: 'There is nothing here' },
];
const customer: ScreenCase[] = [
  {
    name: 'customer-waits',
    as: null,
    path: async () => (await askedRequest('I was charged twice this month.')).path,
    shows: 'Waiting for somebody to take it up',
    prepare: async (page) => {
      await page.getByText('Who saw my data').click();
      await page.getByText('My data', { exact: true }).click();
      await page.getByText('Nobody has looked at it yet.').waitFor();
    },
  },
  {
    name: 'customer-answered',
    as: null,
    path: async () => {
      await putColour('#0f6b3c');
      const { request, path } = await askedRequest('Why did my bill go up?');
      await resolveRequest(request, 'Explained the new tariff and sent the bill again.');
      return path;
    },
    shows: 'It is said to be solved',
    prepare: async (page) => {
      await page.getByRole('radio', { name: '4 stars' }).check();
      await page.getByRole('button', { name: 'Send rating' }).click();
      await page.getByText('You gave 4 stars.').waitFor();
    },
  },
  { name: 'customer-no-link', as: null, path: '/c/no-link-at-all-of-this-market', shows: 'This link does not work' },
];
const company: ScreenCase[] = [
  { name: 'home', as: 'company.admin', path: '/home', shows: 'Home' },
  { name: 'home-operator', as: 'company.operator', path: '/home', shows: 'Home' },
  { name: 'demand', as: 'company.admin', path: '/demand', shows: 'Demand' },
  { name: 'post-demand', as: 'company.admin', path: '/demand/new', shows: 'Which queue?' },
];
const provider: ScreenCase[] = [];
type Items<T> = { items: T[] };
type Ask = (path: string) => Promise<unknown>;
/** The month before the market's: the demo has charges in it, whenever it is looked at. */
const lastMonth = async (ask: Ask): Promise<string> => {
  const { now } = (await ask('/v1/test-clock')) as { now: string };
  return monthBefore(now.slice(0, 7));
};
const oneCharge = async (ask: Ask) => {
  const { items } = (await ask(`/v1/charges?period=${await lastMonth(ask)}`)) as Items<{
    request: string;
    lease: string;
  }>;
  return items[0]!;
};
const oneInvoice = async (ask: Ask) => ((await ask('/v1/invoices')) as Items<{ id: string }>).items.at(-1)!.id;

const finance: ScreenCase[] = [
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
  { name: 'account-owners', as: 'market.finance', path: '/accounts/2100/owners', shows: /^Whose account/ },
  { name: 'reconciliations', as: 'market.finance', path: '/reconciliations', shows: 'Reconciliation' },
  { name: 'payout-runs', as: 'market.finance', path: '/payout-runs', shows: 'Payout runs' },
  {
    name: 'payout-run',
    as: 'market.finance',
    path: async (ask) => `/payout-runs/${((await ask('/v1/payout-runs')) as Items<{ run: string }>).items[0]!.run}`,
    shows: /^Run/,
  },
  { name: 'contested', as: 'market.finance', path: '/contested', shows: 'Contested disputes' },
];
const operator: ScreenCase[] = [];
const account: ScreenCase[] = [
  { name: 'team', as: 'company.admin', path: '/team', shows: 'Team' },
  { name: 'no-permission', as: 'company.finance', path: '/team', shows: 'This is not for your role' },
];

export const screenCases: readonly ScreenCase[] = [
  ...frontDoor,
  ...market,
  ...customer,
  ...company,
  ...provider,
  ...finance,
  ...operator,
  ...account,
];
