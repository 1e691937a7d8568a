/** A certificate from the file to what companies see of it: added, looked at by the market, confirmed, rejected. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser, signedIn, visit } from './support/browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const JOURNEY_MS = 120_000;
const PDF = Buffer.from('%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n');

async function add(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a certificate' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('What it is called').fill(title);
  await form.getByLabel('Who issued it').fill('Test register');
  await form.getByLabel('Issued on').fill('2026-01-02');
  await form.locator('input[type=file]').setInputFiles({ name: 'paper.pdf', mimeType: 'application/pdf', buffer: PDF });
  await form.getByRole('button', { name: 'Add and upload' }).click();
  await page.getByText('The certificate is added.').waitFor();
}

it(
  'a provider uploads certificates; the market reads them, confirms one and rejects the other, and companies see the one',
  async () => {
    const mark = crypto.randomUUID().slice(0, 8);
    const [good, bad] = [`Register extract ${mark}`, `Insurance ${mark}`];
    const provider = await visit(browser);
    await signedIn(provider.page, 'provider.admin', '/certificates');
    const rowOf = (page: Page, title: string) => page.getByRole('row').filter({ hasText: title });

    // Without a document nothing is sent.
    await provider.page.getByRole('button', { name: 'Add a certificate' }).click();
    await provider.page.getByRole('dialog').getByRole('button', { name: 'Add and upload' }).click();
    await provider.page.getByText('Choose the document.').waitFor();
    await provider.page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await add(provider.page, good);
    await add(provider.page, bad);
    await rowOf(provider.page, good).getByText('Waits for the market').waitFor();

    const market = await visit(browser);
    await signedIn(market.page, 'market.operator', '/operator/organisations');
    const saved = market.page.waitForEvent('download');
    await rowOf(market.page, good).getByRole('button', { name: 'Save the document' }).click();
    const read = await (await saved).createReadStream();
    const parts: Buffer[] = [];
    for await (const part of read) parts.push(part as Buffer);
    expect(Buffer.concat(parts).equals(PDF)).toBe(true);
    await rowOf(market.page, good).getByRole('button', { name: 'Confirm' }).click();
    await market.page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click();
    await market.page.getByText('Confirmed.', { exact: true }).waitFor();
    await rowOf(market.page, bad).getByRole('button', { name: 'Reject' }).click();
    await market.page.getByRole('dialog').getByLabel('Why').fill('It ended last year.');
    await market.page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
    await market.page.getByText('Rejected.', { exact: true }).waitFor();

    await provider.page.reload();
    await rowOf(provider.page, good).getByText('Confirmed', { exact: true }).waitFor();
    await rowOf(provider.page, bad).getByText('It ended last year.').waitFor();

    await market.page.goto('/operator/organisations?kind=provider');
    const name = await provider.page
      .getByRole('banner')
      .getByRole('button', { name: /^Acting for/ })
      .innerText();
    await rowOf(market.page, name.trim()).getByRole('button', { name: 'Certificates' }).click();
    await market.page.getByRole('dialog').getByText(good).waitFor();
    expect(await market.page.getByRole('dialog').getByText(bad).count()).toBe(0);
    expect([...provider.faults, ...market.faults]).toEqual([]);
    await Promise.all([provider.close(), market.close()]);
  },
  JOURNEY_MS,
);
