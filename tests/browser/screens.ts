/**
 * Every screen, with who looks at it. Each is opened in both schemes and two widths: axe finds nothing, nothing fails, one
 * never scrolls sideways; its pictures are kept. A new screen adds its line here, under its area.
 */
import type { Page } from 'playwright-core';
import { monthBefore } from '../../shared/ledger/period.ts';
import { accountCases } from './account-screens.ts';
import { companyCases } from './company-screens.ts';
import { financeCases } from './finance-screens.ts';
import { marketFinanceCases } from './market-finance-screens.ts';
import { operatorScreenCases } from './operator-screens.ts';
import { providerScreenCases } from './provider-screens.ts';
import { askedRequest, putColour, resolveRequest } from './support/demo-api.ts';
import { declaredIncident } from './support/incidents.ts';
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
/** Whom a charge of the month before is from, or to. */
const partyOf = (side: 'company' | 'provider') => async (ask: (path: string) => Promise<unknown>) => {
  const { now } = (await ask('/v1/test-clock')) as { now: string };
  const charges = await ask(`/v1/charges?period=${monthBefore(now.slice(0, 7))}`);
  const [charge] = (charges as { items: { company: string; provider: string }[] }).items;
  return `/organisations/${charge?.[side]}`;
};
const organisations: ScreenCase[] = [
  { name: 'organisation-provider', as: 'company.finance', path: partyOf('provider'), shows: 'Certificates' },
  { name: 'organisation-company', as: 'provider.finance', path: partyOf('company'), shows: 'Certificates' },
];
const frontDoor: ScreenCase[] = [
  { name: 'sign-in', as: null, path: '/sign-in', shows: 'Sign in to Parley' },
  {
    name: 'welcome',
    as: null,
    path: '/welcome',
    shows: 'Customer service, bought together',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Try it with made-up tickets' }).click();
      await page.getByText('The pool would have saved you').waitFor();
      await page.getByText('Correct the columns').click();
    },
  },
  { name: 'register', as: 'company.admin', path: '/register?kind=provider', shows: 'Register your organisation' },
  { name: 'joining', as: 'company.admin', path: '/joining', shows: 'Getting started' },
  { name: 'joining-provider', as: 'provider.admin', path: '/joining', shows: 'Getting started' },
  {
    name: 'invitation-none',
    as: null,
    path: '/invitations/nothing-of-the-kind-at-all',
    shows: 'This invitation cannot be used',
  },
  { name: 'tour', as: null, path: '/tour/buy', shows: 'I buy service' },
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
    shows: 'We believe this is solved',
    prepare: async (page) => {
      await page.getByRole('radio', { name: '4 stars' }).check();
      await page.getByRole('button', { name: 'Send rating' }).click();
      await page.getByText('You gave 4 stars.').waitFor();
    },
  },
  {
    name: 'customer-incident',
    as: null,
    path: async () => (await declaredIncident()).customer,
    shows: 'Is yours another problem, or not solved?',
  },
  { name: 'customer-no-link', as: null, path: '/c/no-link-at-all-of-this-market', shows: 'This link does not work' },
];
export const screenCases: readonly ScreenCase[] = [
  ...frontDoor,
  ...market,
  ...organisations,
  ...customer,
  ...companyCases,
  ...providerScreenCases,
  ...financeCases,
  ...marketFinanceCases,
  ...operatorScreenCases,
  ...accountCases,
];
