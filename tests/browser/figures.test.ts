import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser, signedIn, visit } from './support/browser.ts';
import type { DemoRole } from './support/people.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** Who somebody is and what time it is come at once; all else keeps the page waiting. */
const AT_ONCE = /\/v1\/(?:memberships|organisation$|test-clock)/;

const HOMES: readonly [DemoRole, string][] = [
  ['company.admin', '/home'],
  ['company.finance', '/finance'],
  ['provider.admin', '/provider'],
  ['provider.finance', '/finance'],
  ['market.operator', '/operator/home'],
  ['market.finance', '/money'],
];

it.concurrent.each(HOMES)(
  '%s sees no figure on %s before it is read: nought would be an invention',
  async (role, path) => {
    const { page, close } = await visit(browser);
    await signedIn(page, role, '/healthz');
    await page.route(/\/v1\//, async (route) => {
      if (AT_ONCE.test(route.request().url())) await route.continue();
    });
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('main [aria-busy=true], main dl[data-figures]').first().waitFor();
    const figures = await page.locator('main dl[data-figures] dd').allInnerTexts();
    expect(figures.filter((text) => /\d/.test(text))).toEqual([]);
    await close();
  },
);
