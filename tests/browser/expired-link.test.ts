/** A customer who comes with an old link. It comes last: the market's clock is moved by weeks. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axe, openBrowser, settled, visit } from './support/browser.ts';
import { advancePast } from './support/clock.ts';
import { apiOf, askedRequest } from './support/demo-api.ts';

const JOURNEY_MS = 240_000;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

it(
  'a customer whose link has ended is told so, asks for a new one, and finds it in the mail',
  async () => {
    const { request, path } = await askedRequest('My old question.');
    const company = await apiOf('company.admin');
    const params = { path: { request } };
    const { data } = await company.POST('/v1/requests/{request}/link', { params });
    await advancePast(data?.expiresAt ?? '');

    const { page, faults, close } = await visit(browser, { path, width: 360 });
    await page.getByRole('heading', { level: 1, name: 'This link has ended' }).waitFor();
    expect(await page.getByText('My old question.').count()).toBe(0);
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Send me a new link' }).click();
    await page
      .getByRole('status')
      .getByText(/sent|way/)
      .first()
      .waitFor();

    const outbox = await visit(browser, { path: '/outbox' });
    await settled(outbox.page);
    await outbox.page.getByRole('article').getByRole('link').first().click();
    await outbox.page.getByText('My old question.').waitFor();
    expect([...faults, ...outbox.faults]).toEqual([]);
    await outbox.close();
    await close();
  },
  JOURNEY_MS,
);
