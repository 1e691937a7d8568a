import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  baseUrl,
  isTooWide,
  openBrowser,
  picture,
  SCHEMES,
  type Scheme,
  settled,
  signedIn,
  visit,
} from './support/browser.ts';
import { apiOf } from './support/demo-api.ts';
import { addressOf } from './support/people.ts';

const COMPLAINTS = fileURLToPath(new URL('../../../shared/data/cfpb_complaints_20k.csv.gz', import.meta.url));

/** The pages that are drawn at the build, and their headings with their size: by a style attribute, or the screen's stylesheet. */
const FIRST_LOOKS = [
  ['/', 'Market', '22px'],
  ['/sign-in', 'Sign in to Parley', '22px'],
  ['/welcome', 'Customer service, bought together', '40px'],
] as const;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const CSV = [
  'Created at;Kind of trouble;Via',
  ...Array.from({ length: 365 }, (_, day) => `${new Date(Date.UTC(2025, 0, 1 + day)).toISOString()};Billing;web form`),
  '2025-06-01;;web form',
  'soon;Billing;web form',
].join('\n');

const drop = (page: Page, name: string, buffer: Buffer): Promise<void> =>
  page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer });

describe('the front door', () => {
  it('counts a file in the browser, asks by totals alone, and takes the demand along to the commitment', async () => {
    const { page, faults, close } = await visit(browser, { path: '/welcome' });
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.postData() ?? ''));
    await settled(page);
    await drop(page, 'our-tickets.csv', Buffer.from(CSV));
    // No column is named as a category is, so the person says which it is.
    await page.getByText('Please check').waitFor();
    await page.getByRole('combobox', { name: 'What about' }).click();
    await page.getByRole('option', { name: 'Kind of trouble' }).click();
    await page.getByText('365 tickets from Jan 1, 2025 to Dec 31, 2025; one row has no date').waitFor();
    await page.getByText('The pool would have saved you').waitFor();
    expect(sent.join('\n')).not.toContain('trouble');
    expect(sent.join('\n')).toContain('"volume":30');

    const admin = `admin-${Date.now()}@newcomer.example`;
    await page.getByRole('button', { name: 'Sign up with this demand' }).click();
    await page.getByLabel('Another e-mail address').fill(admin);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByLabel(/^Name/).fill('Newcomer Ltd');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByRole('heading', { name: 'Getting started' }).waitFor();
    await page.getByText('Waits for approval').first().waitFor();

    const operator = await apiOf('market.operator');
    const { data } = await (await apiOf({ email: admin })).GET('/v1/organisation');
    const approve = { params: { path: { organisation: data!.id } }, body: {} };
    expect((await operator.POST('/v1/organisations/{organisation}/approve', approve)).error).toBeUndefined();
    await page.reload();
    await page.getByRole('link', { name: 'Commit', exact: true }).click();
    await page.waitForURL(/\/demand\/new\?queue=billing-web.*&volume=30$/);
    await page.getByRole('heading', { name: 'Post demand', level: 1 }).waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  it.skipIf(!existsSync(COMPLAINTS))(
    'counts twenty thousand real complaints, packed, for one company of many',
    async () => {
      const { page, faults, close } = await visit(browser, { path: '/welcome' });
      await settled(page);
      await drop(page, 'complaints.csv.gz', readFileSync(COMPLAINTS));
      await page.getByText(/rows of others left out/).waitFor();
      await page.getByText('Correct the columns').click();
      await page.getByRole('combobox', { name: 'Only the rows of' }).click();
      await page.getByRole('option', { name: 'All rows' }).click();
      await page.getByText(/^20,000 tickets from Jan 2, 2012 to Dec 31, 2016/).waitFor();
      expect(faults).toEqual([]);
      await close();
    },
  );

  it('says what is wrong with a file that is none', async () => {
    const { page, close } = await visit(browser, { path: '/welcome' });
    await settled(page);
    await drop(page, 'empty.csv', Buffer.from('Created at,Category\n'));
    await page.getByText('There are no rows in empty.csv.').waitFor();
    await close();
  });
});

describe('an invitation', () => {
  it('leads whom it is for through the sign-in into the organisation, and nobody else', async () => {
    const company = await apiOf('company.admin');
    const email = `invited-${Date.now()}@company.example`;
    const { data } = await company.POST('/v1/invitations', { body: { email, roles: ['company.finance'] } });
    const path = `/invitations/${data!.token}`;
    const { page, faults, close } = await visit(browser);
    await signedIn(page, 'provider.admin', path);
    await page.getByText(`and the invitation is for ${email}`).waitFor();
    await page.getByRole('button', { name: 'Sign in as somebody else' }).click();
    await page.getByLabel('Another e-mail address').fill(email);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText(/^You are invited to act for .+ as Company finance\.$/).waitFor();
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('button', { name: /^Acting for / }).waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  it('that is none says so', async () => {
    const { page, close } = await visit(browser, { path: '/invitations/nothing-of-the-kind-at-all' });
    await page.getByRole('heading', { name: 'This invitation cannot be used' }).waitFor();
    await close();
  });
});

describe('a guided walk', () => {
  it.each([
    ['buy', 'company.admin'],
    ['provide', 'provider.admin'],
    ['review', 'company.finance'],
  ] as const)(
    'of who says ‘I %s’ leads from screen to screen as %s, each with something to see',
    async (door, role) => {
      const { page, faults, close } = await visit(browser, { path: `/tour/${door}` });
      await page.getByRole('button', { name: /^Start as / }).click();
      const bar = page.getByRole('region', { name: 'Guided walk' });
      await bar.waitFor();
      const email = await addressOf(baseUrl(), role);
      expect(await page.evaluate(() => sessionStorage.getItem('parley.tour'))).toBe(`${door} 0`);
      const seen: string[] = [];
      for (let n = 0; n < 12; n++) {
        await settled(page);
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        expect(await page.getByRole('alert').count(), `${email} at ${page.url()}`).toBe(0);
        seen.push(new URL(page.url()).pathname);
        if (await bar.getByRole('button', { name: 'Done' }).isVisible()) break;
        await bar.getByRole('button', { name: 'Next' }).click();
        await page.waitForFunction((before) => location.pathname !== before, seen.at(-1));
      }
      await bar.getByRole('button', { name: 'Done' }).click();
      await bar.waitFor({ state: 'detached' });
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.length).toBeGreaterThan(1);
      expect(faults).toEqual([]);
      await close();
    },
  );
});

describe('the first look', () => {
  /** A visit on which the app's own script never comes. */
  const withoutScripts = async (path: string, scheme: Scheme, isKnown = false) => {
    const seen = await visit(browser, { scheme });
    await seen.page.route(/\/assets\/.*\.js$/, (route) => route.abort());
    await seen.page.goto('/healthz');
    if (isKnown) await seen.page.evaluate(() => localStorage.setItem('parley.signed-in', 'yes'));
    await seen.page.goto(path);
    return seen;
  };
  const groundOf = (page: Page): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.body).backgroundColor);

  it.each(SCHEMES)(
    'is there before any script, in the %s scheme, as the policy of the page allows it',
    async (scheme) => {
      for (const [path, title, size] of FIRST_LOOKS) {
        const { page, faults, close } = await withoutScripts(path, scheme);
        const heading = page.locator('h1', { hasText: title });
        await heading.waitFor();
        expect(await groundOf(page)).toBe(scheme === 'dark' ? 'rgb(16, 18, 22)' : 'rgb(246, 247, 249)');
        expect(await page.locator('[style]').count()).toBe(0);
        expect(await heading.evaluate((h1) => getComputedStyle(h1).fontSize)).toBe(size);
        expect(await isTooWide(page)).toBe(false);
        await picture(page, `first-look${path.replaceAll('/', '-')}-${scheme}`);
        expect(faults).toEqual([]);
        await close();
      }
    },
  );

  it('is not shown to whoever has signed in here, who will see something else', async () => {
    const { page, close } = await withoutScripts('/', 'light', true);
    await page.locator('[data-drawn]').waitFor({ state: 'attached' });
    expect(await page.locator('[data-drawn]').isVisible()).toBe(false);
    await close();
  });

  it('gives way to the same page of the app, which answers', async () => {
    const { page, close } = await visit(browser, { path: '/welcome' });
    await page.getByRole('button', { name: 'See what you would have saved' }).click();
    expect(await page.locator('[data-drawn]').count()).toBe(0);
    await close();
  });
});
