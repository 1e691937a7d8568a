/** What goes on paper: all of what is shown, nothing to press, black on white whatever the scheme. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../../shared/client/client.ts';
import { openBrowser, settled, signedIn, visit } from './support/browser.ts';
import { apiOf } from './support/demo-api.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const ROWS = 400;

/** Turns a page into its paper, as the browser does when it prints. */
async function onPaper(page: Page): Promise<void> {
  await settled(page);
  await page.setViewportSize({ width: 718, height: 1_000 });
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
}

const visible = (page: Page, selector: string): Promise<number> =>
  page.locator(selector).filter({ visible: true }).count();

/** Colours of a text and of what it stands on, as the browser computes them. */
const colours = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const ground = getComputedStyle(document.body).backgroundColor;
      return { text: getComputedStyle(element).color, ground };
    });

/** A light grey is 200 and more in each part: what is darker than 120 reads as black. */
const darkest = (colour: string): number => Math.max(...(colour.match(/\d+/g) ?? []).slice(0, 3).map(Number));

async function expectPaper(page: Page): Promise<void> {
  for (const selector of ['nav', 'header.mantine-AppShell-header', 'main button', 'main a.mantine-Button-root'])
    expect(await visible(page, selector), `${selector} on paper`).toBe(0);
  const { text, ground } = await colours(page, 'main h1');
  expect(darkest(text)).toBeLessThan(120);
  expect(ground).toBe('rgb(255, 255, 255)');
  await page
    .getByText(/printed /)
    .first()
    .waitFor();
}

describe.each(['light', 'dark'] as const)('in the %s scheme', (scheme) => {
  it('an invoice has its number, whom it is to, every line, and its sum', async () => {
    const company = await apiOf('company.finance');
    const { items } = await dataOf(company.GET('/v1/invoices', { params: { query: { limit: 100 } } }));
    const invoice = items.find(({ number }) => number !== null)!;
    const lines = await dataOf(
      company.GET('/v1/invoices/{invoice}/lines', {
        params: { path: { invoice: invoice.id }, query: { limit: 100 } },
      }),
    );
    const profile = await dataOf(company.GET('/v1/billing-profile'));
    const { page, faults, close } = await visit(browser, { scheme });
    await signedIn(page, 'company.finance', `/invoices/${invoice.id}`);
    await page.getByRole('rowheader', { name: 'Left to pay' }).waitFor();
    await onPaper(page);
    await expectPaper(page);
    await page.getByRole('heading', { name: `Invoice ${invoice.number}` }).waitFor();
    await page.getByRole('main').getByText(profile.legalName).first().waitFor();
    await page.getByRole('main').getByText(profile.address.line1).first().waitFor();
    const table = page.getByRole('table', { name: 'Lines of the invoice' });
    // Its head, and each line as a row of cells: nothing stacked as on a phone.
    expect(await table.getByRole('row').count()).toBe(1 + lines.items.length);
    expect(await table.locator('thead').evaluate((head) => getComputedStyle(head).display)).toBe('table-header-group');
    expect(faults).toEqual([]);
    await close();
  });

  it('a statement says of which month it is', async () => {
    const { page, faults, close } = await visit(browser, { scheme });
    await signedIn(page, 'company.finance', '/statement?period=2026-01&currency=EUR');
    await onPaper(page);
    await expectPaper(page);
    await page.getByText('January 2026 (UTC), EUR').waitFor();
    expect(faults).toEqual([]);
    await close();
  });
});

it('a long list has all of its rows on paper, and only those in sight on the screen again', async () => {
  const { page, faults, close } = await visit(browser);
  // The demo has no list this long in one place: the rows of a real one are shown many times over.
  await page.route('**/v1/reconciliations?*', async (route) => {
    const answer = await route.fetch();
    const { items } = (await answer.json()) as { items: { id: string }[] };
    const many = Array.from({ length: ROWS }, (_, n) => ({ ...items[n % items.length], id: `${n}` }));
    await route.fulfill({ response: answer, json: { items: many, next: null } });
  });
  await signedIn(page, 'market.finance', '/reconciliations');
  await page.getByText(`${ROWS} rows shown`).waitFor();
  const rows = page.locator('main tbody tr[data-index]');
  expect(await rows.count()).toBeLessThan(ROWS / 2);
  // The browser prints what there is as soon as the event has been told.
  const printed = await page.evaluate(() => {
    window.dispatchEvent(new Event('beforeprint'));
    return document.querySelectorAll('main tbody tr[data-index]').length;
  });
  expect(printed).toBe(ROWS);
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await expect.poll(() => rows.count()).toBeLessThan(ROWS / 2);
  expect(faults).toEqual([]);
  await close();
});
