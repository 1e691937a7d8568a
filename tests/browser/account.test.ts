/** What an admin does for programs: keys and connectors, from the page to the program's call and back. */
import { createHmac } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { baseUrl, openBrowser, settled, signedIn, visit } from './support/browser.ts';
import { apiOf, queueOfCompany } from './support/demo-api.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** A revoked or ended secret is out within five seconds. */
const FORGOTTEN_MS = 5_500;
const JOURNEY_MS = 120_000;

const statusWith = async (key: string): Promise<number> =>
  (await fetch(`${baseUrl()}/v1/organisation`, { headers: { authorization: `Bearer ${key}` } })).status;

/** The secret in the dialog, which is then closed. */
async function keepSecret(page: Page): Promise<string> {
  const secret = (await page.getByTestId('secret').innerText()).trim();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  return secret;
}
const confirm = (page: Page, name: string) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

describe('an admin', () => {
  it(
    'makes a key, gives it another secret while the first still works, ends that one, and revokes the key',
    async () => {
      const { page, faults, close } = await visit(browser);
      await signedIn(page, 'company.admin', '/api-keys');
      const name = `Shop ${crypto.randomUUID().slice(0, 8)}`;
      await page.getByRole('button', { name: 'Make a key' }).click();
      await page.getByLabel('What it is for').fill(name);
      await page.getByRole('button', { name: 'Make the key' }).click();
      const first = await keepSecret(page);
      expect(first).toMatch(/^parley_co_/);
      expect(await statusWith(first)).toBe(200);

      const row = page.getByRole('row').filter({ hasText: name });
      await row.getByRole('button', { name: 'New secret' }).click();
      await confirm(page, 'New secret');
      const second = await keepSecret(page);
      await row.getByText('The secret before works').waitFor();
      expect([await statusWith(first), await statusWith(second)]).toEqual([200, 200]);

      // The next change ends the first one, and the second at once: it has leaked.
      await row.getByRole('button', { name: 'New secret' }).click();
      await page.getByRole('dialog').getByLabel('no more: it has leaked').check();
      await confirm(page, 'New secret');
      const third = await keepSecret(page);
      expect(new Set([first, second, third]).size).toBe(3);
      await page.waitForTimeout(FORGOTTEN_MS);
      expect([await statusWith(first), await statusWith(second), await statusWith(third)]).toEqual([401, 401, 200]);

      await row.getByRole('button', { name: 'Revoke' }).click();
      await confirm(page, 'Revoke');
      await page.getByText('The key is revoked.').waitFor();
      await page.waitForTimeout(FORGOTTEN_MS);
      expect(await statusWith(third)).toBe(401);
      await page.getByLabel(/^Show .* revoked$/).check();
      await row.getByText('Revoked').first().waitFor();
      expect(faults).toEqual([]);
      await close();
    },
    JOURNEY_MS,
  );

  it(
    'connects a webhook with a sample, whose signed messages become requests; what was refused is mended and taken again',
    async () => {
      const company = await apiOf('company.admin');
      const queue = await queueOfCompany(company);
      const { page, faults, close } = await visit(browser);
      await signedIn(page, 'company.admin', '/connectors/new');
      const name = `Shop ${crypto.randomUUID().slice(0, 8)}`;
      const order = (id: string) => ({ order: { id }, buyer: { email: `${id}@mail.example` }, note: `About ${id}.` });
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
      await page.getByRole('combobox', { name: 'Signature', exact: true }).click();
      await page.getByRole('option', { name: 'HMAC-SHA256 in a header' }).click();
      await page.getByLabel('A message as the other system sends it (JSON)').fill(JSON.stringify(order('sample')));
      await page.getByRole('combobox', { name: 'Place of Your id of it' }).fill('order.id');
      await page.getByRole('combobox', { name: 'Place of Text' }).fill('note');
      // Where the customer stands is wrong, so that messages are refused at first.
      await page.getByRole('combobox', { name: 'Place of Customer' }).fill('buyer.mail');
      await page.getByText('Missing: Customer').waitFor();
      await page.getByRole('combobox', { name: 'How Queue is found' }).click();
      await page.getByRole('option', { name: 'Always' }).click();
      await page.getByRole('textbox', { name: 'Queue of all' }).fill(queue);
      await page.getByRole('button', { name: 'Connect it' }).click();
      const address = (await page.getByRole('dialog').getByText('/v1/inbound/').innerText()).trim();
      const secret = await keepSecret(page);
      await page.getByRole('heading', { level: 1, name }).waitFor();

      const post = async (id: string, as = secret): Promise<number> => {
        const body = JSON.stringify(order(id));
        const signature = createHmac('sha256', as).update(body).digest('hex');
        const headers = { 'content-type': 'application/json', 'x-signature': signature };
        return (await fetch(address, { method: 'POST', headers, body })).status;
      };
      const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
      expect(await post(first, 'another secret')).toBe(401);
      expect(await post(first)).toBe(202);
      await page.reload();
      await settled(page);
      const refused = page.getByRole('row').filter({ hasText: 'customer' }).last();
      await refused.getByRole('button', { name: 'Look at it' }).click();
      await page.getByRole('dialog').getByText(first).first().waitFor();
      await page.keyboard.press('Escape');

      await page.getByRole('combobox', { name: 'Place of Customer' }).fill('buyer.email');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('The connector works like this from now on.').waitFor();
      await page.getByRole('button', { name: 'Take again' }).click();
      await page.waitForURL(/\/requests\//);
      await page.getByText(first).first().waitFor();

      // What comes from now on needs nobody.
      expect(await post(second)).toBe(200);
      expect(await post(second)).toBe(200);
      const { data } = await company.POST('/v1/requests/search', {
        params: { query: {} },
        body: { customer: `${second}@mail.example` },
      });
      expect(data?.items).toHaveLength(1);
      expect(faults).toEqual([]);
      await close();
    },
    JOURNEY_MS,
  );

  it('invites somebody by a link, gives them other roles, and takes them out again', async () => {
    const { page, faults, close } = await visit(browser);
    await signedIn(page, 'company.admin', '/team');
    const email = `${crypto.randomUUID().slice(0, 8)}@company.example`;
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('dialog').getByLabel('Company operator').check();
    await page.getByRole('button', { name: 'Make the link' }).click();
    const link = (await page.getByRole('dialog').getByText('/invitations/').innerText()).trim();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('row').filter({ hasText: email }).getByRole('button', { name: 'Take back' }).waitFor();

    const token = link.split('/').at(-1) ?? '';
    const guest = await apiOf({ email });
    const joined = await guest.POST('/v1/invitations/{token}/accept', { params: { path: { token } } });
    expect(joined.response.status).toBe(200);
    await page.reload();
    const row = page.getByRole('row').filter({ hasText: email });
    await row.getByRole('button', { name: 'Roles' }).click();
    await page.getByRole('dialog').getByLabel('Company finance').check();
    await page.getByRole('dialog').getByLabel('Company operator').uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await row.getByText('Company finance').waitFor();
    await row.getByRole('button', { name: 'Take out' }).click();
    await confirm(page, 'Take out');
    await page.getByText(`${email} is out.`).waitFor();
    expect(await row.count()).toBe(0);
    expect(faults).toEqual([]);
    await close();
  });
});
