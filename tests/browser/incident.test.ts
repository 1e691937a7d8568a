import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataOf } from '../../shared/client/client.ts';
import { axe, openBrowser, settled, signedIn, visit } from './support/browser.ts';
import { apiOf, askedRequest } from './support/demo-api.ts';

const WHOLE_JOURNEY_MS = 120_000;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

it(
  'a company declares an incident, links what it explains, its customers read it, one comes back, and it closes',
  async () => {
    const mark = `m${Date.now()}`;
    const [first, second] = [
      await askedRequest(`The app is down. ${mark}`),
      await askedRequest(`${mark}: cannot log in`),
    ];
    const company = await apiOf('company.operator');
    const path = { request: first.request };
    const { queue } = await dataOf(company.GET('/v1/requests/{request}', { params: { path } }));
    const { serviceClass } = await dataOf(company.GET('/v1/queues/{queue}', { params: { path: { queue } } }));
    const { category, channel, language, region, slaTier } = serviceClass;

    const { page, faults, close } = await visit(browser);
    await signedIn(page, 'company.operator', '/home');
    await page.getByRole('heading', { name: 'Incidents' }).waitFor();
    await page.getByRole('link', { name: 'All', exact: true }).click();
    await page.getByRole('link', { name: 'Declare an incident' }).click();
    await page.getByRole('button', { name: 'Declare' }).click();
    expect(await page.getByLabel(/^Cause/).getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel(/^Cause/).fill(`The app is down ${mark}`);
    await page.getByRole('combobox', { name: /^Queues/ }).click();
    await page.getByRole('option', { name: `${category} · ${channel}, ${language}, ${region}, ${slaTier}` }).click();
    await page.keyboard.press('Escape');
    await page.getByLabel(/^What each linked customer is told/).fill('We know of it, and are on it.');
    await page.getByRole('button', { name: 'Declare' }).click();

    await page.getByRole('heading', { name: `The app is down ${mark}`, level: 1 }).waitFor();
    await page.getByLabel('With these words').fill('no such words at all');
    await page.getByRole('button', { name: 'Look for them' }).click();
    await page.getByText('No open request matches').waitFor();
    await page.getByLabel('With these words').fill(mark.toUpperCase());
    await page.getByRole('button', { name: 'Look for them' }).click();
    await page.getByText(/^2 of \d+ requests match/).waitFor();
    await page.getByText(`${mark}: cannot log in`).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Link all of them' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Link and tell' }).click();
    await page.getByText(/2 linked and told · done/).waitFor({ timeout: 30_000 });

    // Each customer reads it on the page and in the thread; one has another problem.
    const { page: phone, close: hangUp } = await visit(browser);
    await phone.goto(first.path);
    await phone.getByRole('heading', { name: /knows about it and is on it$/ }).waitFor();
    await phone.getByText('We know of it, and are on it.').nth(1).waitFor();
    expect(await axe(phone)).toEqual([]);
    await phone.goto(second.path);
    await phone.getByRole('button', { name: 'Please look at mine' }).click();
    await phone.getByText('Thank you. Somebody looks again.').waitFor();
    await phone
      .getByRole('heading', { name: /^(Waiting for somebody to take it up|Somebody is working on it)$/ })
      .waitFor();

    await page.reload();
    await page.getByText('one came back and is worked on its own').waitFor();
    await page.getByRole('button', { name: 'It works again …' }).click();
    await page.getByLabel('What they are told').fill('The app is up again.');
    await page.getByRole('button', { name: 'Tell everybody and close' }).click();
    await page.getByText(/^2 customers told that it works again · done/).waitFor({ timeout: 30_000 });
    await settled(page);

    await phone.goto(first.path);
    await phone.getByRole('heading', { name: 'It should work again' }).waitFor();
    await phone.getByText('The app is up again.').nth(1).waitFor();
    await page.goto(`/requests/${first.request}`);
    await page.getByRole('link', { name: 'Linked: open it' }).click();
    await page.getByRole('heading', { name: `The app is down ${mark}`, level: 1 }).waitFor();
    expect(faults).toEqual([]);
    await hangUp();
    await close();
  },
  WHOLE_JOURNEY_MS,
);
