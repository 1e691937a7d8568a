/** The screens of an organisation's own affairs, see `screens.ts`. */
import type { Page } from 'playwright-core';
import { dataOf } from '../../shared/client/client.ts';
import type { ScreenCase } from './screens.ts';
import { settled } from './support/browser.ts';
import { apiOf, brokenConnector, SAMPLE_ORDER } from './support/demo-api.ts';

const admin = (name: string, path: ScreenCase['path'], shows: string, prepare?: ScreenCase['prepare']): ScreenCase => ({
  name,
  as: 'company.admin',
  path,
  shows,
  ...(prepare === undefined ? {} : { prepare }),
});

const press = (name: string) => async (page: Page) => {
  await page.getByRole('button', { name, exact: true }).first().click();
  await page.getByRole('dialog').waitFor();
};

/** A key with a secret before that still works, and one that is revoked. */
async function keys(): Promise<string> {
  const company = await apiOf('company.admin');
  const headers = () => ({ 'Idempotency-Key': crypto.randomUUID() });
  const make = (name: string) =>
    dataOf(
      company.POST('/v1/api-keys', {
        body: { name, roles: ['company.operator'], scopes: ['requests:read', 'requests:write'], sandbox: false },
        headers: headers(),
      }),
    );
  const { keyId } = await make('Shop');
  const path = { keyId };
  await dataOf(company.POST('/v1/api-keys/{keyId}/rotate', { params: { path }, body: {}, headers: headers() }));
  const gone = await make('Old shop');
  await company.DELETE('/v1/api-keys/{keyId}', { params: { path: { keyId: gone.keyId } } });
  return '/api-keys?revoked=yes';
}

async function openSandbox(page: Page): Promise<void> {
  const open = page.getByRole('button', { name: 'Open the sandbox' });
  if (await open.isVisible()) await open.click();
  await settled(page);
}

export const accountCases: readonly ScreenCase[] = [
  admin('team', '/team', 'Team'),
  admin('team-invite', '/team', 'Team', press('Invite somebody')),
  { name: 'no-permission', as: 'company.finance', path: '/team', shows: 'This is not for your role' },
  admin('api-keys', keys, 'API keys'),
  admin('api-keys-new', '/api-keys', 'API keys', async (page) => {
    await press('Make a key')(page);
    await page.getByRole('switch', { name: 'All that the roles may' }).click();
  }),
  admin('api-keys-rotate', keys, 'API keys', press('New secret')),
  admin('connectors', '/connectors', 'Connectors'),
  admin('connector-new', '/connectors/new', 'Connect a system', async (page) => {
    await page.getByLabel('A message as the other system sends it (JSON)').fill(SAMPLE_ORDER);
    await page.getByRole('combobox', { name: 'Place of Your id of it' }).fill('order.id');
    await page.getByRole('combobox', { name: 'Place of Text' }).fill('message');
    await page.getByText('Missing: Customer').waitFor();
    await page.keyboard.press('Escape');
  }),
  admin('connector-new-email', '/connectors/new?kind=email', 'Connect a system'),
  admin('connector', async () => `/connectors/${(await brokenConnector()).id}`, 'What could not become a request'),
  admin('certificates', '/certificates', 'Certificates'),
  admin('certificates-new', '/certificates', 'Certificates', press('Add a certificate')),
  admin('sandbox', '/sandbox', 'Sandbox', async (page) => {
    await openSandbox(page);
    await page.getByRole('button', { name: 'Send it' }).click();
    await page.getByText('Solved by the simulated provider').first().waitFor();
  }),
  {
    name: 'sandbox-provider',
    as: 'provider.admin',
    path: '/sandbox',
    shows: 'Sandbox',
    prepare: async (page) => {
      await openSandbox(page);
      const take = page.getByRole('button', { name: 'Take one' });
      const taken = page.getByLabel('What you did');
      await take.or(taken).first().waitFor();
      if (await take.isVisible()) await take.click();
      await taken.waitFor();
    },
  },
  admin('sandbox-month', '/sandbox/month', 'A finished month'),
  { name: 'outbox', as: null, path: '/outbox', shows: 'Outbox' },
];
