import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, settled, visit } from './support/browser.ts';
import { askedRequest, resolveRequest } from './support/demo-api.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const standing = (page: Page, text: string) => page.getByRole('heading', { level: 1, name: text }).waitFor();

describe('a customer with a link', () => {
  it('says that it is not solved, has it worked again, and then says that it is', async () => {
    const { request, path } = await askedRequest('The invoice has my old address.');
    const { page, faults, close } = await visit(browser, { path, width: 360 });
    await standing(page, 'Waiting for somebody to take it up');
    await page.getByText('The invoice has my old address.').waitFor();

    await resolveRequest(request, 'Sent the invoice again.');
    await page.reload();
    await standing(page, 'We believe this is solved');
    await page.getByText('Sent the invoice again.').waitFor();
    await page.getByRole('button', { name: 'No, not solved' }).click();
    await page.getByText('Thank you. Somebody looks again.').waitFor();
    await standing(page, 'Waiting for somebody to take it up');

    await resolveRequest(request, 'Changed the address, then sent it.');
    await page.reload();
    await page.getByText('Changed the address, then sent it.').waitFor();
    await page.getByRole('button', { name: 'Yes, it is solved' }).click();
    await standing(page, 'Confirmed as solved');

    await page.getByRole('radio', { name: '4 stars' }).check();
    await page.getByLabel('What should be better?').fill('The second time was quick.');
    await page.getByRole('button', { name: 'Send rating' }).click();
    await page.getByText('You gave 4 stars.').waitFor();

    await page.getByText('Who saw my data').click();
    await page
      .getByText(/^Support provider 1 \(.+\) saw your request$/)
      .first()
      .waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  it('sends a message with a file, and finds both again', async () => {
    const { path } = await askedRequest('My parcel is missing.');
    const { page, faults, close } = await visit(browser, { path, width: 360 });
    await page.getByLabel('Your message').fill('Here is the label.');
    const label = { name: 'label.txt', mimeType: 'text/plain', buffer: Buffer.from('Parcel 4711') };
    await page.locator('input[type=file]').setInputFiles(label);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('Your message was sent.').waitFor();
    await page.reload();
    await page.getByText('Here is the label.').waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: /^Save label\.txt/ }).click();
    expect((await saved).suggestedFilename()).toBe('label.txt');
    expect(faults).toEqual([]);
    await close();
  });

  it('takes a copy of everything along, has it erased, and can then do nothing more', async () => {
    const { path } = await askedRequest('Please forget this.');
    const { page, faults, close } = await visit(browser, { path });
    await page.getByText('My data', { exact: true }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Take a copy along' }).click();
    const copy = await (await saved).createReadStream();
    let text = '';
    for await (const part of copy) text += String(part);
    expect(JSON.parse(text)).toMatchObject({ items: [{ text: 'Please forget this.', erasedAt: null }] });

    await page.getByRole('button', { name: 'Erase everything I said' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Erase everything' }).click();
    await page.getByText('Everything you said was erased.').waitFor();
    await page.getByText('This was erased.').waitFor();
    expect(await page.getByText('Please forget this.').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Send', exact: true }).count()).toBe(0);
    expect(faults).toEqual([]);
    await close();
  });

  it('reads the page in German where that is their language, and can change it', async () => {
    const { path } = await askedRequest('Wo bleibt mein Paket?');
    const { page, close } = await visit(browser, { path });
    await page.getByRole('button', { name: 'Sprache: Deutsch' }).click();
    await standing(page, 'Wartet darauf, dass sich jemand darum kümmert');
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await page.reload();
    await standing(page, 'Wartet darauf, dass sich jemand darum kümmert');
    await close();
  });

  it('is told what to do where the link is none', async () => {
    const { page, close } = await visit(browser, { path: '/c/not-a-link-of-this-market' });
    await standing(page, 'This link does not work');
    await settled(page);
    await close();
  });
});
