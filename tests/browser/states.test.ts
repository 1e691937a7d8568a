/** What a screen is when it is not its usual self: each state says what it is, and what to do next. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { screenCases } from './screens.ts';
import { askAs, baseUrl, openBrowser, settled, signedIn, visit } from './support/browser.ts';
import { addressOf, type DemoRole } from './support/people.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** Some things, so many at a time. */
const partsOf = <T>(all: readonly T[], most: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / most) }, (_, i) => all.slice(i * most, (i + 1) * most));

/** A list, a sum, a form's page of each area; what the market is asked for in it. */
const SCREENS: readonly (readonly [as: DemoRole, path: string, asks: string])[] = [
  ['company.admin', '/requests', '/v1/requests?*'],
  ['company.admin', '/demand', '/v1/commitments?*'],
  ['company.finance', '/charges', '/v1/charges?*'],
  ['company.finance', '/statement', '/v1/statement?*'],
  ['company.finance', '/disputes', '/v1/disputes?*'],
  ['provider.admin', '/opportunities', '/v1/queues?*'],
  ['provider.admin', '/lanes', '/v1/lanes'],
  ['provider.finance', '/payouts', '/v1/payouts?*'],
  ['market.finance', '/trial-balance', '/v1/trial-balance?*'],
  ['market.finance', '/reconciliations', '/v1/reconciliations?*'],
  ['market.operator', '/operator/organisations', '/v1/organisations?*'],
];
/** Of these, the lists that can be empty. */
const LISTS = SCREENS.filter(([, path]) => !['/statement', '/trial-balance'].includes(path));
/** Screens of one thing, whose heading is its name. */
/** Without these nobody is signed in, and no screen is there to be refused. */
const ALL_BUT_WHO_ASKS = /\/v1\/(?!memberships$|organisation$)/;
/** Screens that stand below no other. */
const ON_TOP = /^(?:api-keys|customer|joining|organisation)/;
const OF_ONE = [
  ...Map.groupBy(
    screenCases.filter(({ path }) => typeof path !== 'string' || path === '/joining'),
    ({ as }) => as,
  ),
].flatMap(([as, screens]) =>
  partsOf(screens, 8).map((some) => [as, some.map(({ name }) => name).join(', '), some] as const),
);

const json = (status: number, body: unknown) => ({
  status,
  contentType: status < 400 ? 'application/json' : 'application/problem+json',
  body: JSON.stringify(body),
});
const BROKEN = json(500, {
  type: 'https://parley.example/problems/internal_error',
  title: 'Something went wrong here',
  status: 500,
  code: 'internal_error',
  detail: 'Nothing was changed. Try again in a moment.',
  retryable: true,
});
const FORBIDDEN = json(403, {
  type: 'https://parley.example/problems/forbidden',
  title: 'Not for your role',
  status: 403,
  code: 'forbidden',
  detail: 'Your roles do not allow this.',
});
const main = (page: Page) => page.locator('main');

describe('a screen', () => {
  it.concurrent.each(SCREENS)(
    'of %s at %s says that it is loading, before what it shows is there',
    async (as, path, asks) => {
      const { page, close } = await visit(browser);
      await signedIn(page, as, '/healthz');
      let goOn = (): void => undefined;
      const held = new Promise<void>((done) => {
        goOn = done;
      });
      await page.route(`**${asks}`, async (route) => {
        await held;
        await route.continue();
      });
      await page.goto(path);
      await main(page).getByRole('status').filter({ hasText: 'Loading' }).first().waitFor({ state: 'attached' });
      goOn();
      await settled(page);
      await close();
    },
  );

  it.concurrent.each(SCREENS)('of %s at %s says what the market said, and tries again', async (as, path, asks) => {
    const { page, faults, close } = await visit(browser);
    await signedIn(page, as, '/healthz');
    await page.route(`**${asks}`, (route) => route.fulfill(BROKEN));
    await page.goto(path);
    const alert = main(page).getByRole('alert').first();
    await alert.getByText('Nothing was changed. Try again in a moment.').waitFor();
    await page.unroute(`**${asks}`);
    await alert.getByRole('button', { name: 'Try again' }).click();
    await alert.waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await close();
  });

  it.concurrent.each(LISTS)(
    'of %s at %s that has nothing to show says what would stand there',
    async (as, path, asks) => {
      const { page, faults, close } = await visit(browser);
      await signedIn(page, as, '/healthz');
      await page.route(`**${asks}`, (route) => route.fulfill(json(200, { items: [], next: null })));
      await page.goto(path);
      await settled(page);
      // More than a bare "nothing": a sentence below it, or a way on.
      const lines = (await main(page).getByTestId('empty').first().innerText())
        .split('\n')
        .filter((line) => line !== '');
      expect(lines.length).toBeGreaterThan(1);
      expect(await main(page).getByRole('table').count()).toBe(0);
      expect(faults).toEqual([]);
      await close();
    },
  );

  it.concurrent.each(OF_ONE)(
    'of one thing, as $0 sees it ($1), keeps its one heading and the way up where the market refuses whatever it asks',
    async (as, _, screens) => {
      const { page, faults, close } = await visit(browser, { path: '/healthz' });
      if (as !== null) await signedIn(page, as, '/healthz');
      const addresses: string[] = [];
      for (const { path } of screens) addresses.push(typeof path === 'string' ? path : await path(askAs(page)));
      await page.route(ALL_BUT_WHO_ASKS, (route) => route.fulfill(FORBIDDEN));
      for (const [i, { name }] of screens.entries()) {
        await page.goto(addresses[i] ?? '');
        await settled(page);
        expect(await page.locator('h1').count(), name).toBe(1);
        expect(await main(page).getByText('←').count(), name).toBe(ON_TOP.test(name) ? 0 : 1);
        expect(faults, name).toEqual([]);
      }
      await close();
    },
  );

  it('of another role’s says whose it is, and who can change that', async () => {
    for (const [as, path] of [
      ['company.finance', '/requests/new'],
      ['provider.agent', '/trial-balance'],
      ['market.finance', '/desk'],
      ['company.admin', '/operator/rounds'],
    ] as const) {
      const { page, faults, close } = await visit(browser);
      await signedIn(page, as, path);
      await page.getByRole('heading', { name: 'This is not for your role', level: 1 }).waitFor();
      await page.getByText(/^It needs one of these roles: /).waitFor();
      await page.getByText('An admin of your organisation can give it to you.').waitFor();
      expect(faults).toEqual([]);
      await close();
    }
  });

  it('that the market refuses though the address is right says so, and offers no second try', async () => {
    const { page, close } = await visit(browser);
    await signedIn(page, 'company.admin', '/requests/co_nobody.AAAAAAAAAAAAAAAAAAAAAA');
    const alert = main(page).getByRole('alert').first();
    await alert.waitFor();
    expect(await alert.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await close();
  });

  it.each(['/requests/co_nobody.AAAAAAAAAAAAAAAAAAAAAA', '/incidents/none', '/imports/none', '/invoices/none'])(
    'at %s, which names nothing, says that nothing is there, in no words of the API',
    async (path) => {
      const { page, close } = await visit(browser);
      await signedIn(page, 'company.admin', path);
      await page.getByRole('heading', { name: 'There is nothing here', level: 1 }).waitFor();
      const alert = main(page).getByRole('alert');
      await alert.getByText('The address leads nowhere.').waitFor();
      expect(await alert.getByRole('button', { name: 'Try again' }).count()).toBe(0);
      expect(await alert.innerText()).not.toMatch(/\/v1\/|'errors'/);
      await close();
    },
  );

  it('offline says that it is, keeps what it shows, and goes on when there is a connection again', async () => {
    const { page, close } = await visit(browser);
    await signedIn(page, 'company.admin', '/charges');
    await page.getByRole('navigation').getByRole('link', { name: 'Invoices' }).click();
    await settled(page);
    await page.context().setOffline(true);
    await page.getByText('You are offline. What you see may be old; what you send waits.').waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Charges', level: 1 }).waitFor();
    // Something that was not read before waits for the connection; a page that was not loaded says so.
    await page.getByLabel('Outcome').selectOption('assumed');
    await page.getByRole('navigation').getByRole('link', { name: 'Branding' }).click();
    await page.getByText('This page was not opened before. Load it when there is a connection again.').waitFor();
    await page.getByRole('heading', { name: 'You are offline', level: 1 }).waitFor();
    expect(await page.getByRole('navigation').getByRole('link', { name: 'Invoices' }).count()).toBe(1);
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Load again' }).click();
    await page.getByRole('heading', { name: 'Branding', level: 1 }).waitFor();
    await close();
  });
});

describe('a session that ends in the middle of a form', () => {
  it('takes no words with it: whoever signs in again finds them, nobody else does', async () => {
    const { page, close } = await visit(browser);
    await signedIn(page, 'company.admin', '/requests/new');
    const words = 'My parcel was left at the neighbour’s, who is away.';
    await page
      .getByLabel(/^Customer/)
      .first()
      .fill('ada@mail.example');
    await page.getByLabel('What the customer said').fill(words);
    await page.route('**/v1/requests', (route) =>
      route.fulfill(json(401, { ...JSON.parse(BROKEN.body), status: 401, code: 'unauthenticated' })),
    );
    await page.getByRole('button', { name: /^Send/ }).click();
    await page.waitForURL('**/sign-in?to=*');
    await page.getByText('What you had written is kept').waitFor();
    await page.unroute('**/v1/requests');
    await page.getByRole('button', { name: await addressOf(baseUrl(), 'company.admin') }).click();
    await page.waitForURL('**/requests/new');
    expect(await page.getByLabel('What the customer said').inputValue()).toBe(words);
    // Signing out gives it up.
    await page.getByRole('button', { name: /^Acting for / }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in*');
    expect(await page.getByText('What you had written is kept').count()).toBe(0);
    await signedIn(page, 'company.admin', '/requests/new');
    expect(await page.getByLabel('What the customer said').inputValue()).toBe('');
    await close();
  });
});
