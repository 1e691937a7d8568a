import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../../shared/client/client.ts';
import { monthBefore } from '../../shared/ledger/period.ts';
import { openBrowser, settled, signedIn, visit } from './support/browser.ts';
import { apiOf } from './support/demo-api.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const TOKYO_MS = 9 * 3_600_000;
const GERMAN = { locale: 'de-DE', timezoneId: 'Asia/Tokyo' };

/** 1234567890 micro-units of dollars as a German writes them: `1.234,56789 $`. */
function german(micros: number): string {
  const [units, rest] = [Math.trunc(Math.abs(micros) / 1_000_000), Math.abs(micros) % 1_000_000];
  const grouped = String(units).replace(/\B(?=(\d{3})+$)/g, '.');
  const decimals = String(rest)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return `${micros < 0 ? '-' : ''}${grouped},${decimals} $`;
}

/** `27.11.2026, 06:12`, or its day alone, of a clock on a wall in Tokyo. */
function tokyo(iso: string): { day: string; time: string } {
  const [date = '', time = ''] = new Date(Date.parse(iso) + TOKYO_MS).toISOString().split('T');
  const day = date.split('-').toReversed().join('.');
  return { day, time: `${day}, ${time.slice(0, 5)}` };
}

/** It has charges, wherever the market's clock stands. */
async function lastMonth(): Promise<string> {
  const { now } = await dataOf((await apiOf('company.finance')).GET('/v1/test-clock'));
  return monthBefore(now.slice(0, 7));
}

const plain = (text: string): string => text.replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ');
const seen = async (page: Page): Promise<string> => plain(await page.locator('main').innerText());

/** Every date and time that a page shows, with the instant that is meant. */
const times = (page: Page): Promise<{ iso: string; text: string; title: string }[]> =>
  page.locator('main time').evaluateAll((all) =>
    all.map((one) => ({
      iso: one.getAttribute('datetime') ?? '',
      text: one.textContent ?? '',
      title: one.getAttribute('title') ?? '',
    })),
  );

describe.concurrent('somebody with a German browser in Tokyo', () => {
  it('reads money and numbers as Germans write them, on every screen', async () => {
    const { page, faults, close } = await visit(browser, GERMAN);
    await signedIn(page, 'company.finance', '/healthz');
    const company = await apiOf('company.finance');
    const period = await lastMonth();
    const charges = await dataOf(company.GET('/v1/charges', { params: { query: { period, currency: 'USD' } } }));
    await page.goto(`/charges?period=${period}`);
    await settled(page);
    const text = await seen(page);
    expect(charges.items.length).toBeGreaterThan(0);
    for (const { micros } of charges.items.slice(0, 5)) expect(text).toContain(german(micros));
    for (const path of ['/', '/home', '/finance', '/statement', '/invoices', '/owed', '/budget', '/demand']) {
      await page.goto(path);
      await settled(page);
      const foreign = (await seen(page)).match(/[$€£] ?\d[\d.,]*|\b\d{1,3}(?:,\d{3})+\b|\d\.\d+ ?%/g);
      expect(foreign, path).toBeNull();
    }
    expect(faults).toEqual([]);
    await close();
  });

  it('types money as Germans write it', async () => {
    const { page, close } = await visit(browser, GERMAN);
    await signedIn(page, 'company.finance', '/budget');
    const field = page.getByLabel('Cap for a month (UTC)');
    await field.fill('1.234,50');
    await field.blur();
    expect(await field.inputValue()).toBe('1.234,50');
    await close();
  });

  it('reads times as a clock in Tokyo shows them', async () => {
    const { page, close } = await visit(browser, GERMAN);
    await signedIn(page, 'company.finance', '/healthz');
    const shown: { iso: string; text: string; title: string }[] = [];
    for (const path of ['/invoices', '/audit-trail', '/requests', `/accounts/1100?period=${await lastMonth()}`]) {
      await page.goto(path);
      await settled(page);
      shown.push(...(await times(page)));
    }
    const dated = shown.filter(({ text }) => /\d{2}\.\d{2}\.\d{4}/.test(text));
    expect(dated.length).toBeGreaterThan(5);
    for (const { iso, text } of dated) expect([tokyo(iso).day, tokyo(iso).time]).toContain(text);
    for (const { iso, title } of shown) expect(title).toContain(tokyo(iso).time);
    await close();
  });
});
