/** What every suite does: open a page, sign somebody in, look for what axe finds, take pictures. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { CHROMIUM_FLAGS, findChromium, HOW_TO_GET_ONE } from './chromium.ts';
import { addressOf, type DemoRole } from './people.ts';

export type Scheme = 'light' | 'dark';
export const SCHEMES: readonly Scheme[] = ['light', 'dark'];
export const WIDTHS: readonly number[] = [360, 1280];
const PICTURES = fileURLToPath(new URL('../../../.parley/screens/', import.meta.url));
const HEIGHT = 900;

export const baseUrl = (): string => inject('baseUrl');

/** One browser for a suite; close it at the end. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(HOW_TO_GET_ONE);
  return chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
}

/** A page and everything that went wrong on it: errors in the console, exceptions, what the security policy stopped. */
export type Visit = { page: Page; faults: string[]; close: () => Promise<void> };

export async function visit(
  browser: Browser,
  look: {
    scheme?: Scheme;
    width?: number;
    path?: string;
    context?: BrowserContext;
    locale?: string;
    timezoneId?: string;
  } = {},
): Promise<Visit> {
  const { scheme = 'light', width = 1280, locale = 'en-US', timezoneId = 'Europe/Berlin' } = look;
  const context =
    look.context ??
    (await browser.newContext({
      baseURL: baseUrl(),
      colorScheme: scheme,
      reducedMotion: 'reduce',
      locale,
      timezoneId,
      viewport: { width, height: HEIGHT },
    }));
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    // A refused call is reported by the browser as an error though the page handles it; pages show what matters of it.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  const origin = new URL(baseUrl()).origin;
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== origin) faults.push(`asked ${url.origin}`);
  });
  if (look.path !== undefined) await page.goto(look.path);
  return { page, faults, close: () => context.close() };
}

/** Signs a person of the demo in, by role or address, as the page of the sign-in does, and opens a path. */
export async function signedIn(page: Page, who: DemoRole | { email: string }, path = '/'): Promise<void> {
  const email = typeof who === 'string' ? await addressOf(baseUrl(), who) : who.email;
  await page.goto('/healthz');
  await page.evaluate(async (address) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch('/auth/sign-in', { method: 'POST', headers, body: JSON.stringify({ email: address }) });
    if (!answer.ok) throw new Error(`the sign-in answered ${answer.status}`);
    localStorage.setItem('parley.signed-in', 'yes');
  }, email);
  await page.goto(path);
  await settled(page);
}

/** Asks the API as the page would: with the token its session gives. */
export const askAs =
  (page: Page) =>
  (path: string): Promise<unknown> =>
    page.evaluate(async (wanted) => {
      const refreshed = await fetch('/auth/refresh', { method: 'POST' });
      const { token } = refreshed.ok ? ((await refreshed.json()) as { token: string }) : { token: '' };
      const answer = await fetch(wanted, { headers: token === '' ? {} : { authorization: `Bearer ${token}` } });
      return (await answer.json()) as unknown;
    }, path);

/** Waits until nothing of the page is loading any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}

/** What axe finds by WCAG 2.2 AA, a line each: the rule, the place, what to do. */
export async function axe(page: Page): Promise<string[]> {
  // The one frame is looked at in its own page; the library's other way opens a page of its own to put frames together.
  if (page.frames().length > 1) throw new Error('a page has frames, which are not looked at in this mode');
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode().analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}

/** Gives a page another width, and waits until its pictures are drawn for it. */
export async function resize(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(drawn, 50)))),
  );
}

/** Whether the page is wider than its window: at no width should one have to scroll sideways. */
export const isTooWide = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

/** Keeps a picture in `.parley/screens`. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}
