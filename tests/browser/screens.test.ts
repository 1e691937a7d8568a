import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mayOpen } from '../../web/src/app/may-open.ts';
import { pagesOf, webSources } from '../support/web-source.ts';
import { type ScreenCase, screenCases } from './screens.ts';
import {
  askAs,
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
/** Where the cases led, to see that no screen was left out. */
const visited: string[] = [];
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

/** Figures of a page that neither open to where they come from nor stand beside what they are a sum of. */
const unfounded = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const parts =
      'main table, main [role=log], main form, main ol, main figure, main dl:not([data-figures]), main [data-evidence]';
    const hasList = document.querySelector(parts) !== null;
    const figures = [...document.querySelectorAll('main dl[data-figures] > div')];
    return figures
      .filter((figure) => !hasList && /\d/.test(figure.querySelector('dd')?.textContent ?? ''))
      .filter((figure) => figure.querySelector('a') === null)
      .map((figure) => figure.textContent ?? '');
  });

/** Every screen in both schemes and at every width; the gate has no time for that, and looks at each in one way, by turns. */
const isGate = process.env.CI === 'true';
const casesIn = (scheme: Scheme): { screen: ScreenCase; name: string; widths: readonly number[] }[] =>
  screenCases
    .map((screen, k) => ({ screen, k }))
    .filter(({ k }) => !isGate || SCHEMES[k % SCHEMES.length] === scheme)
    .map(({ screen, k }) => {
      const turn = Math.floor(k / SCHEMES.length) % WIDTHS.length;
      return { screen, name: screen.name, widths: isGate ? WIDTHS.slice(turn, turn + 1) : WIDTHS };
    });

describe.each(SCHEMES)('in the %s scheme', (scheme) => {
  it.concurrent.each(casesIn(scheme))(
    '$name has nothing that axe finds, fails in nothing, and fits every width',
    async ({ screen, widths }) => {
      const { page, faults } = await openAs(screen.as, scheme);
      await page.goto(typeof screen.path === 'string' ? screen.path : await screen.path(askAs(page)));
      await settled(page);
      await page.getByRole('heading', { name: screen.shows }).first().waitFor();
      await screen.prepare?.(page);
      visited.push(new URL(page.url()).pathname);
      expect(await unfounded(page), 'figures that lead nowhere').toEqual([]);
      for (const width of widths) {
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

it('no screen is left out', () => {
  const left = pagesOf(webSources()).filter(
    ({ path }) =>
      path !== '/sign-in/return' &&
      !visited.some((address) => mayOpen([{ path: path as '/', who: 'everybody' }], address, [])),
  );
  expect(left.map(({ path }) => `${path}: give it a line in screens.ts`)).toEqual([]);
});
