import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, settled, visit } from './support/browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const openQueue = async (page: Page) => {
  await settled(page);
  await page.getByRole('table').getByRole('link').first().click();
  await page.getByRole('heading', { name: 'Terms', level: 2 }).waitFor();
};

/** Where somebody who signs in from here comes back to. */
async function backFromSignIn(page: Page): Promise<string | null> {
  const href = await page.getByRole('link', { name: 'Sign in' }).getAttribute('href');
  return new URL(href ?? '', page.url()).searchParams.get('to');
}

describe('somebody who only looks', () => {
  it('goes from the market to a queue, and has its newest round verified in their own browser', async () => {
    const { page, faults, close } = await visit(browser, { path: '/' });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await openQueue(page);
    await page.getByText(/^Proof of round \d+$/).scrollIntoViewIfNeeded();
    await page.getByText('Verified in your browser').waitFor();
    await page.getByRole('link', { name: 'All checks, files and the price ladder' }).click();
    await page.getByRole('heading', { level: 1, name: /^Round \d+$/ }).waitFor();
    await page.getByText('no other choice of tiers is worth more than the gap left open').waitFor();
    expect(await backFromSignIn(page)).toBe(new URL(page.url()).pathname);
    // The check is made here, from the files alone: nothing but they was asked for.
    expect(asked.filter((path) => path.endsWith('/file'))).not.toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });

  it('is told where a published file was changed, and which check found it', async () => {
    const { page, close } = await visit(browser, { path: '/' });
    // A market that lies: one request more for a company than was awarded, in the file of all.
    await page.context().route(/\/rounds\/\d+\/file\?part=sealed$/, async (route) => {
      const answer = await route.fetch();
      const file = (await answer.json()) as { result: { companies: { awarded: number }[] } };
      file.result.companies[0]!.awarded += 1;
      await route.fulfill({ response: answer, json: file });
    });
    await openQueue(page);
    await page.getByText(/^Proof of round \d+$/).scrollIntoViewIfNeeded();
    await page.getByText('Something does not fit').waitFor();
    await page.getByRole('link', { name: 'All checks, files and the price ladder' }).click();
    await page.getByText('Failed:').first().waitFor({ state: 'attached' });
    await close();
  });

  it('finds a queue by words, and may clear a search that finds none', async () => {
    const { page, close } = await visit(browser, { path: '/?q=phone' });
    await settled(page);
    expect(await page.getByRole('table').getByRole('link').allTextContents()).toEqual([expect.stringMatching(/Phone/)]);
    expect(await backFromSignIn(page)).toBe('/?q=phone');
    await page.getByLabel('Find a queue').fill('nothing of the kind');
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await page.getByRole('table').getByRole('link').nth(1).waitFor();
    await close();
  });
});
