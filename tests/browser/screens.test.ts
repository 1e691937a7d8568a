import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScreenCase, screenCases } from './screens.ts';
import {
  axe,
  isTooWide,
  openBrowser,
  picture,
  resize,
  SCHEMES,
  type Scheme,
  settled,
  signedIn,
  visit,
  WIDTHS,
} from './support/browser.ts';

let browser: Browser;
/** A browser of its own for each role and scheme, so that nobody signs in twice. */
const contexts = new Map<string, Promise<BrowserContext>>();
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

async function openAs(as: ScreenCase['as'], scheme: Scheme) {
  const key = `${as} ${scheme}`;
  const context = contexts.get(key) ?? signIn(as, scheme);
  contexts.set(key, context);
  const opened = await visit(browser, { scheme, context: await context });
  await opened.page.goto('/healthz');
  return opened;
}

async function signIn(as: ScreenCase['as'], scheme: Scheme): Promise<BrowserContext> {
  const { page } = await visit(browser, { scheme });
  if (as !== null) await signedIn(page, as, '/healthz');
  return page.context();
}

/** Asks the API as the page would: with the token its session gives. */
const askAs = (page: Page) => (path: string) =>
  page.evaluate(async (wanted) => {
    const refreshed = await fetch('/auth/refresh', { method: 'POST' });
    const { token } = refreshed.ok ? ((await refreshed.json()) as { token: string }) : { token: '' };
    const answer = await fetch(wanted, { headers: token === '' ? {} : { authorization: `Bearer ${token}` } });
    return (await answer.json()) as unknown;
  }, path);

/** Every screen in both schemes; the gate has no time for that, and looks at every other one in the one and the rest in the other. */
const casesIn = (scheme: Scheme): ScreenCase[] =>
  screenCases.filter((_, k) => process.env.CI !== 'true' || SCHEMES[k % SCHEMES.length] === scheme);

describe.each(SCHEMES)('in the %s scheme', (scheme) => {
  it.concurrent.each(casesIn(scheme))(
    '$name has nothing that axe finds, fails in nothing, and fits every width',
    async (screen) => {
      const { page, faults } = await openAs(screen.as, scheme);
      await page.goto(typeof screen.path === 'string' ? screen.path : await screen.path(askAs(page)));
      await settled(page);
      await page.getByRole('heading', { name: screen.shows }).first().waitFor();
      await screen.prepare?.(page);
      for (const width of WIDTHS) {
        await resize(page, width);
        await picture(page, `${screen.name}-${scheme}-${width}`);
        expect(await axe(page), `at ${width} px`).toEqual([]);
        expect(await isTooWide(page), `scrolls sideways at ${width} px`).toBe(false);
      }
      expect(faults).toEqual([]);
      await page.close();
    },
  );
});
