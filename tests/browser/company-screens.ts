/** The screens of a company, see `screens.ts`. */
import type { Page } from 'playwright-core';
import { dataOf } from '../../shared/client/client.ts';
import type { ScreenCase } from './screens.ts';
import { settled } from './support/browser.ts';
import { apiOf, askedRequest } from './support/demo-api.ts';
import { declaredIncident, proposedIncident } from './support/incidents.ts';

const FILE = 'Case Number,Requester,Message\r\n1,ada@mail.example,Where is my parcel?\r\n2,,Nobody asks\r\n';

/** A queue that takes commitments, with the steps of posting demand at the first of them. */
async function posting(): Promise<string> {
  const { items } = await dataOf((await apiOf('company.admin')).GET('/v1/queues'));
  const queue = items.find(({ open }) => open !== null);
  return `/demand/new?queue=${queue?.id ?? ''}`;
}

/** Goes so many steps on from the volume. */
const steps = (count: number) => async (page: Page) => {
  await page.getByLabel('Requests in this round').fill('40');
  for (let step = 0; step < count; step++) await page.getByRole('button', { name: 'Continue' }).click();
  await settled(page);
};

async function commitment(isAwarded: boolean): Promise<string> {
  const { items } = await dataOf((await apiOf('company.admin')).GET('/v1/commitments'));
  const found = items.find(({ award }) => (award !== null && award.awarded > 0) === isAwarded) ?? items[0];
  return `/demand/${found?.commitment.queue}/${found?.commitment.round}`;
}

/** Where a commitment to a round that still takes them is changed. */
async function openCommitment(): Promise<string> {
  const { items } = await dataOf((await apiOf('company.admin')).GET('/v1/commitments'));
  const found = items.find(({ round }) => round.state === 'open');
  return `/demand/${found?.commitment.queue}/${found?.commitment.round}/edit`;
}

async function settledRequest(): Promise<string> {
  const company = await apiOf('company.admin');
  const { items } = await dataOf(company.GET('/v1/commitments'));
  const closed = items.find(({ round }) => round.state === 'closed');
  const query = { queue: closed?.commitment.queue ?? '', round: closed?.commitment.round ?? 0 };
  const requests = await dataOf(company.GET('/v1/requests', { params: { query } }));
  return `/requests/${requests.items.find(({ state }) => state === 'settled')?.id}`;
}

/** A file of two rows, one of which is refused. */
async function imported(): Promise<string> {
  const company = await apiOf('company.operator');
  const { items } = await dataOf(company.GET('/v1/queues'));
  const name = 'Two rows.csv';
  const made = await dataOf(
    company.POST('/v1/imports', { body: { name, format: 'csv', encoding: 'utf-8', queue: items[0]?.id ?? '' } }),
  );
  const path = { import: made.id };
  await company.PUT('/v1/imports/{import}/parts/{part}', {
    params: { path: { ...path, part: 1 } },
    headers: { 'content-type': 'text/csv' },
    body: FILE as never,
    bodySerializer: (text: unknown) => text as string,
  });
  await dataOf(company.POST('/v1/imports/{import}/start', { params: { path }, body: { parts: 1 } }));
  return `/imports/${made.id}`;
}

async function playbook(): Promise<string> {
  const company = await apiOf('company.admin');
  const { items } = await dataOf(company.GET('/v1/commitments'));
  const queue = items[0]?.commitment.queue ?? '';
  const body = {
    sections: [{ title: 'Tone', markdown: 'Be **kind** and brief.\n\n- Use the first name\n- Never promise a date' }],
    actions: [{ name: 'Refund', rule: 'Up to 20 USD without asking' }],
    snippets: [{ name: 'Greeting', text: 'Hello, thank you for writing to us.' }],
    escalations: [{ when: 'The customer mentions a lawyer', to: 'legal@company.example' }],
    links: [{ title: 'Tariffs', url: 'https://help.company.example/tariffs' }],
    shows: { fields: 'all', personalData: false, attachments: true },
  } as const;
  await dataOf(
    company.PUT('/v1/queues/{queue}/playbook', { params: { path: { queue } }, body: structuredClone(body) as never }),
  );
  return `/playbooks/${queue}`;
}

const admin = (name: string, path: ScreenCase['path'], shows: string, prepare?: ScreenCase['prepare']): ScreenCase => ({
  name,
  as: 'company.admin',
  path,
  shows,
  ...(prepare === undefined ? {} : { prepare }),
});

export const companyCases: readonly ScreenCase[] = [
  admin('home', '/home', 'Home'),
  { name: 'home-operator', as: 'company.operator', path: '/home', shows: 'Home' },
  { name: 'home-finance', as: 'company.finance', path: '/home', shows: 'Home' },
  admin('demand', '/demand', 'Demand'),
  admin('post-demand', '/demand/new', 'Which queue?'),
  admin('post-demand-volume', posting, 'How much, and at what price?'),
  admin('post-demand-what-if', posting, 'How much, and at what price?', steps(1)),
  admin('post-demand-obligations', posting, 'How much, and at what price?', steps(2)),
  admin('post-demand-confirm', posting, 'How much, and at what price?', steps(3)),
  admin('commitment', () => commitment(false), 'What you committed'),
  admin('demand-edit', openCommitment, 'Change demand'),
  admin('commitment-awarded', () => commitment(true), 'Why this price'),
  admin('requests', '/requests', 'Requests'),
  admin('requests-not-found', '/requests', 'Requests', async (page) => {
    await page.getByLabel('Find a request').fill('nobody@mail.example');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByText('Nothing found for').waitFor();
  }),
  admin(
    'request',
    async () => `/requests/${(await askedRequest('The meter shows nothing.')).request}`,
    'Thread',
    async (page) => {
      await page.getByRole('button', { name: 'Show it' }).click();
      await page.getByText('The meter shows nothing.').waitFor();
    },
  ),
  admin('request-settled', settledRequest, 'Receipt', async (page) => {
    await page.getByText('Signature checked in your browser').waitFor();
  }),
  admin('new-request', '/requests/new', 'New request', async (page) => {
    await page.getByText('Further fields and deadline').click();
    await page.getByRole('button', { name: 'Add a field' }).click();
  }),
  admin('incidents', '/incidents', 'Incidents'),
  admin('incident-new', '/incidents/new', 'Declare an incident'),
  admin('incident-proposed', proposedIncident, 'What was seen', (page) =>
    page.getByRole('button', { name: 'Say what it is' }).click(),
  ),
  admin(
    'incident',
    async () => (await declaredIncident()).path,
    'Linked requests',
    async (page) => {
      await page.getByLabel('Also those that somebody works').check();
      await page.getByRole('button', { name: 'Look for them' }).click();
      await page
        .getByText(/requests match|No open request matches/)
        .first()
        .waitFor();
    },
  ),
  admin('erasures', '/erasures', 'Erasures'),
  admin('imports', '/imports', 'Imports'),
  admin('import-new', '/imports/new', 'Import a file', async (page) => {
    const file = { name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByText('Where is my parcel?').waitFor();
  }),
  admin('import', imported, 'Two rows.csv', async (page) => {
    await page.getByText('100% of the file read').waitFor({ timeout: 30_000 });
    await page.getByRole('row', { name: /Nobody asks/ }).waitFor();
  }),
  admin('playbooks', '/playbooks', 'Playbooks'),
  admin('playbook', playbook, 'As the agent sees it'),
  admin('provider-limits', '/provider-limits', 'Your providers'),
  admin('record', '/record', 'Your record'),
  {
    name: 'what-would-it-cost',
    as: 'company.finance',
    path: posting,
    shows: 'What would it cost?',
    prepare: steps(3),
  },
  admin('hours', '/hours', 'Working hours', (page) => page.getByRole('button', { name: 'State hours' }).click()),
  admin('budget', '/budget', 'Budget'),
  admin('sorting', '/sorting', 'Sorting', async (page) => {
    await page.getByLabel('What a customer might say').fill('I was charged twice for the same invoice.');
    await page.getByRole('button', { name: 'Sort it' }).click();
    await page.getByText(/^None of your categories:/).waitFor();
  }),
  admin('branding', '/branding', 'Branding'),
];
