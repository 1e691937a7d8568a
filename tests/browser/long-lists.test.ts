/** Lists of thousands of rows, in a market of their own: what is drawn, read, let go, found again and filtered. */
import { readFileSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, settled } from './support/browser.ts';
import { type LongMarket, openLongMarket, RARE } from './support/long-market.ts';

/** More than any list keeps; `LONG_LISTS=100000` tries as many as a list may have, for as long as that takes. */
const ROWS = Number(process.env.LONG_LISTS ?? 2_500);
/** So many are drawn at the most: a screen's worth, and a few above and below. */
const MOST_DRAWN = 120;
/** Near its end a page of a list may take so many times as long as at its beginning: a busy machine is not even. */
const MOST_SLOWER = 3;
const TIMES = Math.max(1, ROWS / 20_000);
const LAYING_MS = 600_000 * TIMES;
const READING_MS = 300_000 * TIMES;

let browser: Browser;
let market: LongMarket;
beforeAll(async () => {
  [browser, market] = await Promise.all([openBrowser(), openLongMarket(ROWS)]);
}, LAYING_MS);
afterAll(async () => {
  await browser?.close();
  await market?.stop();
});

type List = keyof LongMarket['paths'];

async function opened(list: List, filter = ''): Promise<{ page: Page; faults: string[]; close: () => Promise<void> }> {
  const context = await browser.newContext({
    baseURL: market.baseUrl,
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    locale: 'en-US',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto('/healthz');
  await page.evaluate(
    async (email) => {
      const headers = { 'content-type': 'application/json' };
      await fetch('/auth/sign-in', { method: 'POST', headers, body: JSON.stringify({ email }) });
      localStorage.setItem('parley.signed-in', 'yes');
    },
    list === 'breaks' ? market.market : market.company,
  );
  await page.goto(`${market.paths[list]}${filter}`);
  await page.locator('tr[data-index="0"]').first().waitFor();
  return { page, faults, close: () => context.close() };
}

/** The table that is long, and not one of a few sums above it, or below a reconciliation's breaks. */
const tableOf = (page: Page) => {
  const tables = page.locator('table:has(tr[data-index])');
  return page.url().includes('/reconciliations/') ? tables.first() : tables.last();
};
const rowsOf = (page: Page) => tableOf(page).locator('tr[data-index]');
const footOf = (page: Page, text: RegExp) => page.getByRole('status').filter({ hasText: text });

/** Where the page stands, when it does: rows are drawn, and scrolled to, a moment after they were asked for. */
async function standingStill(page: Page): Promise<number> {
  let [before, now] = [Number.NaN, await page.evaluate(() => window.scrollY)];
  while (now !== before) {
    before = now;
    await page.waitForTimeout(500);
    now = await page.evaluate(() => window.scrollY);
  }
  return now;
}

/** How much of a list was read, whether that is all of it, and how many of its rows are drawn. */
const lookAt = (page: Page): Promise<{ read: number; isOver: boolean; drawn: number }> =>
  page.evaluate(() => {
    const said = [...document.querySelectorAll('[role="status"]')].map(({ textContent }) => textContent ?? '');
    const foot = said.find((text) => /rows (?:shown|read so far)/.test(text)) ?? '';
    const drawn = [...document.querySelectorAll('table')].map(
      (table) => table.querySelectorAll('tr[data-index]').length,
    );
    return {
      read: Number(/[\d,]+/.exec(foot)?.[0].replaceAll(',', '') ?? 0),
      isOver: foot.endsWith('rows shown'),
      drawn: Math.max(...drawn),
    };
  });

/** Goes down until the last row is drawn; answers the most rows that were drawn at a time, and the ms that each page took. */
async function goToTheEnd(page: Page): Promise<{ most: number; pagesMs: number[] }> {
  await page.getByRole('button', { name: 'Show more' }).click();
  await footOf(page, /read so far/).waitFor();
  const pagesMs: number[] = [];
  let [most, read, since] = [0, 0, performance.now()];
  for (let isOver = false; !isOver; ) {
    await page.keyboard.press('End');
    await page.waitForTimeout(50);
    const now = await lookAt(page);
    isOver = now.isOver;
    most = Math.max(most, now.drawn);
    if (now.read === read) continue;
    pagesMs.push(performance.now() - since);
    [read, since] = [now.read, performance.now()];
  }
  // The last page may be drawn a moment after it was read.
  while (Number(await rowsOf(page).last().getAttribute('data-index')) < ROWS - 1) await page.keyboard.press('End');
  return { most, pagesMs };
}

/** The middle one of some pages' times, in milliseconds. */
const middleOf = (pagesMs: readonly number[]): number =>
  pagesMs.toSorted((one, other) => one - other)[Math.floor(pagesMs.length / 2)] ?? 0;

/** Says of a very long list how long its pages took, and refuses that those near the end take longer than the first ones. */
function holdPace(list: List, pagesMs: readonly number[]): void {
  const tenth = Math.floor(pagesMs.length / 10);
  const middle = Math.floor(pagesMs.length / 2);
  const [first, half, last] = [0, middle, pagesMs.length - tenth].map((from) =>
    middleOf(pagesMs.slice(from, from + tenth)),
  );
  const all = pagesMs.reduce((sum, ms) => sum + ms, 0);
  const [a, b, c] = [first, half, last].map((ms) => Math.round(ms ?? 0));
  console.log(
    `${list}: ${pagesMs.length} pages in ${Math.round(all / 1_000)} s; one takes ${a} ms, ${b} ms halfway, ${c} ms near the end`,
  );
  expect(last).toBeLessThan((first ?? 0) * MOST_SLOWER);
}

const LAST: readonly (readonly [list: List, lastRow: string | RegExp])[] = [
  ['requests', 'request-000000'],
  ['charges', 'Confirmed'],
  ['notBilled', 'model'],
  ['account', /^Charge/],
  ['audit', 'Create webhook'],
  ['deliveries', 'Given up'],
  ['imported', `request-${ROWS.toString().padStart(6, '0')}`],
  ['breaks', `invoice-${(ROWS - 1).toString().padStart(6, '0')}`],
];

describe('a list of thousands of rows', () => {
  it.each(LAST)(
    'of %s draws what is seen, is read to its last row, and begins again at its first',
    async (list, lastRow) => {
      const { page, faults, close } = await opened(list);
      const nameOf = (row: Locator) => row.getByRole('rowheader').innerText();
      const first = await nameOf(rowsOf(page).first());
      const { most, pagesMs } = await goToTheEnd(page);
      expect(most).toBeLessThan(MOST_DRAWN);
      if (TIMES > 1) holdPace(list, pagesMs);
      const last = rowsOf(page).last();
      await last.filter({ hasText: lastRow }).waitFor();
      expect(Number(await last.getAttribute('data-index'))).toBeGreaterThanOrEqual(ROWS - 1);
      expect(await rowsOf(page).count()).toBeLessThan(MOST_DRAWN);
      // The first rows were let go on the way: they are read again, from the first page.
      const again = page.waitForRequest(
        (request) => request.url().includes('/v1/') && !request.url().includes('cursor'),
      );
      await page.keyboard.press('Home');
      await again;
      const top = tableOf(page).locator('tr[data-index="0"]');
      // Until rows of the list are drawn again, the last table with rows is one of a few sums above it.
      await expect.poll(() => nameOf(top), { timeout: 30_000 }).toBe(first);
      expect(await rowsOf(page).count()).toBeLessThan(MOST_DRAWN);
      expect(faults).toEqual([]);
      await close();
    },
    READING_MS,
  );

  it.each([
    ['requests', '&state=cancelled'],
    ['charges', '&outcome=assumed'],
    ['notBilled', '&stand=not_billed'],
    ['deliveries', '?state=dead'],
  ] as const)(
    'of %s is filtered as a whole, not as far as it was read',
    async (list, filter) => {
      const { page, close } = await opened(list, filter);
      await footOf(page, new RegExp(`^${RARE} rows shown$`)).waitFor();
      expect(await rowsOf(page).count()).toBe(RARE);
      await close();
    },
    READING_MS,
  );

  it(
    'is begun from its other end',
    async () => {
      const { page, close } = await opened('requests');
      await page.getByRole('button', { name: /^Accepted/ }).click();
      await rowsOf(page).first().filter({ hasText: 'request-000000' }).waitFor();
      await close();
    },
    READING_MS,
  );

  it(
    'keeps its place for whoever looks at a row and comes back, and is gone through by the arrows',
    async () => {
      const { page, close } = await opened('requests');
      await page.getByRole('button', { name: 'Show more' }).click();
      for (let n = 0; n < 12; n++) {
        await page.keyboard.press('End');
        await page.waitForTimeout(100);
      }
      const end = await standingStill(page);
      await page.mouse.wheel(0, -3_000);
      await page.waitForFunction((from) => window.scrollY < from - 2_000, end);
      await standingStill(page);
      const name = await rowsOf(page).nth(20).getByRole('link').first().innerText();
      const link = page.getByRole('link', { name, exact: true });
      await link.focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowUp');
      expect(await page.locator(':focus').innerText()).toBe(name);
      const before = await link.boundingBox();
      await page.keyboard.press('Enter');
      await page.waitForURL('**/requests/*');
      await settled(page);
      await page.goBack();
      await link.waitFor();
      expect(Math.abs((await link.boundingBox())!.y - before!.y)).toBeLessThan(5);
      await close();
    },
    READING_MS,
  );

  it(
    'comes as a file with every row, whatever of it was read',
    async () => {
      const { page, close } = await opened('requests');
      const saving = page.waitForEvent('download', { timeout: READING_MS });
      await page.getByRole('button', { name: 'As CSV' }).click();
      const text = readFileSync(await (await saving).path(), 'utf8');
      // A header, the rows, and the one request that was sent.
      expect(text.trim().split('\r\n')).toHaveLength(ROWS + 2);
      await close();
    },
    READING_MS,
  );
});
