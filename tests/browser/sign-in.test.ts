import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { baseUrl, openBrowser, settled, signedIn, visit } from './support/browser.ts';
import { addressOf } from './support/people.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

describe('signing in', () => {
  it('on one machine is choosing a person, survives a reload, and ends', async () => {
    const { page, faults, close } = await visit(browser, { path: '/sign-in' });
    const email = await addressOf(baseUrl(), 'company.admin');
    await page.getByRole('button', { name: email }).click();
    await page.getByRole('heading', { name: 'Market', level: 1 }).waitFor();
    await page.getByRole('button', { name: /^Acting for / }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: /^Acting for / }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    const { cookies } = await page.context().storageState();
    expect(cookies.filter(({ name }) => name.startsWith('parley_refresh'))).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });

  it.concurrent.each([
    ['company.admin', '/team?from=mail', 'Team'],
    ['company.operator', '/sorting?from=mail', 'Sorting'],
    ['company.finance', '/statement?view=entries', 'Statement'],
    ['provider.admin', '/lanes?from=mail', 'Lanes'],
    ['provider.agent', '/turns?state=resolved', 'Turns'],
    ['provider.finance', '/payouts?from=mail', 'Payouts'],
    ['market.operator', '/operator/flags?from=mail', 'Flags'],
    ['market.finance', '/trial-balance?currency=EUR', 'Trial balance'],
  ] as const)('of a %s who came by the deep link %s leads back to it', async (role, path, title) => {
    const { page, faults, close } = await visit(browser, { path });
    await page.waitForURL('**/sign-in?to=*');
    await page.getByRole('button', { name: await addressOf(baseUrl(), role) }).click();
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(path);
    expect(faults).toEqual([]);
    await close();
  });

  it('shows only what one’s roles are for, and says which role the rest needs', async () => {
    const { page, close } = await visit(browser);
    await signedIn(page, 'company.finance', '/team');
    await page.getByRole('heading', { name: 'This is not for your role' }).waitFor();
    await page.getByText('It needs one of these roles: Company admin').waitFor();
    expect(await page.getByRole('navigation').getByRole('link', { name: 'Team' }).count()).toBe(0);
    await close();
  });

  it('lets somebody of two organisations act for the other one', async () => {
    const { page, close } = await visit(browser);
    await signedIn(page, 'several', '/');
    const acting = page.getByRole('button', { name: /^Acting for / });
    const before = await acting.getAttribute('aria-label');
    await acting.click();
    await page.locator('[role=menuitem]:not([aria-current])').first().click();
    await page.waitForFunction(
      (old) => document.querySelector('[aria-label^="Acting for "]')?.getAttribute('aria-label') !== old,
      before,
    );
    await page.reload();
    await settled(page);
    expect(await acting.getAttribute('aria-label')).not.toBe(before);
    await close();
  });

  it('leaves no token where a script could find it, and a cookie that none can read', async () => {
    const { page, close } = await visit(browser);
    await signedIn(page, 'company.admin', '/');
    const kept = await page.evaluate(() =>
      [...Object.values(localStorage), ...Object.values(sessionStorage), document.cookie].join(' '),
    );
    expect(kept).not.toContain('eyJ');
    const { cookies } = await page.context().storageState();
    expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict', path: '/auth' }]);
    await close();
  });

  it('takes no call from another origin', async () => {
    for (const origin of [undefined, 'http://127.0.0.1:1', 'https://evil.example']) {
      const headers = { 'content-type': 'application/json', ...(origin === undefined ? {} : { origin }) };
      const body = JSON.stringify({ email: 'eve@evil.example' });
      const answer = await fetch(`${baseUrl()}/auth/sign-in`, { method: 'POST', headers, body });
      expect([origin, answer.status, answer.headers.get('set-cookie')]).toEqual([origin, 403, null]);
    }
  });
});

describe('a page', () => {
  it('runs no script that is not the market’s own, and asks nobody else for anything', async () => {
    const { page, faults, close } = await visit(browser, { path: '/' });
    await settled(page);
    expect(faults).toEqual([]);
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "taken over"';
      document.body.append(script);
      const image = document.createElement('img');
      image.src = 'https://elsewhere.example/pixel.gif';
      document.body.append(image);
      return fetch('https://elsewhere.example/').catch(() => undefined);
    });
    expect(await page.title()).not.toBe('taken over');
    // What the other suites rely on: what the policy stops is a fault of theirs.
    for (const what of ['script-src', 'img-src', 'connect-src'])
      expect(
        faults.filter((fault) => fault.includes(what)),
        what,
      ).toHaveLength(1);
    await close();
  });
});

describe('the frame', () => {
  it('leads by keyboard past the navigation to the content', async () => {
    const { page, close } = await visit(browser, { path: '/' });
    await settled(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await close();
  });

  it('finds pages by their name', async () => {
    const { page, close } = await visit(browser, { path: '/nowhere' });
    await settled(page);
    await page.keyboard.press('Control+k');
    await page.getByRole('searchbox').or(page.getByPlaceholder('Go to …')).fill('mark');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Market', level: 1 }).waitFor();
    expect(await page.title()).toBe('Market · Parley');
    await close();
  });
});
