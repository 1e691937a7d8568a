import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../../shared/client/client.ts';
import { monthBefore } from '../../shared/ledger/period.ts';
import { openBrowser, settled, signedIn, visit } from './support/browser.ts';
import { apiOf, askedRequest } from './support/demo-api.ts';
import { moving, reach, tab, walk } from './support/keyboard.ts';
import type { DemoRole } from './support/people.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const heading = (page: Page) =>
  page.evaluate(() => [document.activeElement?.tagName, document.activeElement?.textContent]);

/** A screen of each role that has much to operate. */
const SCREENS: readonly [DemoRole, string][] = [
  ['company.admin', '/demand/new'],
  ['company.operator', '/requests'],
  ['company.finance', '/charges'],
  ['provider.admin', '/availability'],
  ['provider.agent', '/desk'],
  ['provider.finance', '/bids'],
  ['market.finance', '/cash-orders'],
  ['market.operator', '/operator/organisations'],
];

/** A charge of the month before that nobody has disputed. */
async function undisputedCharge(): Promise<string> {
  const company = await apiOf('company.finance');
  const { now } = await dataOf(company.GET('/v1/test-clock'));
  const query = { period: monthBefore(now.slice(0, 7)) };
  const charges = await dataOf(company.GET('/v1/charges', { params: { query } }));
  const disputes = await dataOf(company.GET('/v1/disputes', { params: { query: { limit: 100 } } }));
  const disputed = new Set(disputes.items.map(({ request }) => request));
  return charges.items.find(({ request }) => !disputed.has(request))?.request ?? '';
}

describe.concurrent('by keyboard alone', () => {
  it.each(SCREENS)('%s reaches everything on %s, and sees where the focus is', async (role, path) => {
    const { page, faults, close } = await visit(browser);
    await signedIn(page, role, path);
    expect(await walk(page)).toEqual([]);
    expect(await moving(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });

  it('nobody misses anything of the frame', async () => {
    const { page, close } = await visit(browser, { path: '/nowhere' });
    await settled(page);
    expect(await walk(page, 'all')).toEqual([]);
    await close();
  });

  it('a page that one goes to takes the focus to its heading, and a skip link leads past the navigation', async () => {
    const { page, close } = await visit(browser);
    await signedIn(page, 'company.admin', '/home');
    const skip = await tab(page);
    expect(skip).toMatchObject({ hasRing: true, isSeen: true });
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await reach(page, page.getByRole('navigation').getByRole('link', { name: 'Requests' }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Requests' }).waitFor();
    expect(await heading(page)).toEqual(['H1', 'Requests']);
    await close();
  });

  it('a dialog keeps the focus and gives it back, a menu goes by arrows', async () => {
    const { page, close } = await visit(browser);
    await signedIn(page, 'company.admin', '/team');
    const invite = page.getByRole('button', { name: 'Invite somebody' });
    await reach(page, invite);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    expect(await moving(page)).toEqual([]);
    for (let n = 0; n < 12; n++) {
      const at = await tab(page);
      expect(at).toMatchObject({ hasRing: true });
      expect(await dialog.evaluate((around) => around.contains(document.activeElement)), at?.name ?? '').toBe(true);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await invite.evaluate((button) => button === document.activeElement)).toBe(true);

    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await reach(page, page.getByRole('button', { name: /^Acting for / }));
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    expect(await moving(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'menuitem');
    await page.keyboard.press('End');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Sign out');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/^Acting for /);
    await close();
  });

  it('a company sends a request and looks at it', async () => {
    const { page, faults, close } = await visit(browser);
    await signedIn(page, 'company.operator', '/requests/new');
    await reach(page, page.getByLabel(/^Customer/));
    await page.keyboard.type('keys@mail.example');
    await reach(page, page.getByLabel(/^What the customer said/));
    await page.keyboard.type('Where is my parcel? It was promised for Monday.');
    await reach(page, page.getByRole('combobox', { name: 'Queue' }));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await reach(page, page.getByRole('button', { name: 'Send', exact: true }));
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/requests\/[^/]+\.[^/]+$/);
    await settled(page);
    expect((await heading(page))[0]).toBe('H1');
    expect(faults).toEqual([]);
    await close();
  });

  it('a company says why it disputes a charge, and leaves it at that', async () => {
    const { page, faults, close } = await visit(browser);
    await signedIn(page, 'company.finance', `/charges/${await undisputedCharge()}`);
    await reach(page, page.getByRole('button', { name: 'Dispute', exact: true }));
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await reach(page, dialog.getByRole('radio').first());
    await page.keyboard.press('ArrowDown');
    expect(await dialog.getByRole('radio').nth(1).isChecked()).toBe(true);
    await reach(page, dialog.getByRole('textbox').first());
    await page.keyboard.type('It was answered twice.');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Dispute');
    expect(faults).toEqual([]);
    await close();
  });

  it('a customer writes on the page of the link', async () => {
    const { path } = await askedRequest('My bill has somebody else’s name on it.');
    const { page, faults, close } = await visit(browser, { path, width: 360 });
    await settled(page);
    expect(await walk(page)).toEqual([]);
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await reach(page, page.getByRole('textbox'));
    await page.keyboard.type('It says Ada, I am Bob.');
    await reach(page, page.getByRole('button', { name: 'Send', exact: true }));
    await page.keyboard.press('Enter');
    await page.getByRole('log').or(page.locator('main')).getByText('It says Ada, I am Bob.').first().waitFor();
    expect(await moving(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });
});
