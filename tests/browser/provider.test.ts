import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../../shared/client/client.ts';
import {
  axe,
  baseUrl,
  isTooWide,
  openBrowser,
  picture,
  SCHEMES,
  settled,
  signedIn,
  visit,
  WIDTHS,
} from './support/browser.ts';
import { apiOf } from './support/demo-api.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const HOW_LONG_MS = 240_000;
const ASKED = 'The lamp that I ordered has not come.';

type Place = { queue: string; round: number; startsAt: string };

/** A round that takes bids, in which the company of the journey has committed itself. */
async function openPlace(): Promise<Place> {
  const company = await apiOf('company.admin');
  const { items } = await dataOf(company.GET('/v1/commitments', { params: { query: { limit: 100 } } }));
  const found = items.find(({ round }) => round.state === 'open');
  if (found !== undefined) return found.round;
  // Another journey has moved the clock into a round that nobody has posted demand for.
  const { items: queues } = await dataOf(company.GET('/v1/queues', { params: { query: { limit: 100 } } }));
  const queue = queues.find(({ open }) => open !== null);
  if (queue === undefined || queue.open === null) throw new Error('the demo has no open round');
  const path = { queue: queue.id, round: queue.open.round };
  const body = { currency: queue.currency, volume: 20 };
  await dataOf(company.PUT('/v1/queues/{queue}/rounds/{round}/commitment', { params: { path }, body }));
  return { ...path, startsAt: queue.open.startsAt };
}

/** Moves the market's clock, and lets everything run that is due until then. */
async function moveClockTo(to: string): Promise<void> {
  for (;;) {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ to });
    const answer = await fetch(`${baseUrl()}/v1/test-clock/advance`, { method: 'POST', headers, body });
    const { complete } = (await answer.json()) as { complete: boolean };
    if (complete) return;
  }
}

/** One price for everything, so low that nobody offers less. */
async function placeBid(page: Page): Promise<void> {
  await page.getByLabel('Capacity').fill('100');
  for (;;) {
    const removals = page.getByRole('button', { name: /^Remove tier/ });
    if ((await removals.count()) === 1) break;
    await removals.last().click();
  }
  await page.getByLabel('Tier 1: from so many requests').fill('0');
  await page.getByLabel('Tier 1: price').fill('1');
  await page.getByText('$0.00 to $100.00').waitFor();
  await page.getByRole('button', { name: /^(Place|Change) bid$/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Place bid' }).click();
  await page.getByText('Your bid is placed.').waitFor();
}

async function lookedAt(page: Page, name: string): Promise<void> {
  for (const scheme of SCHEMES) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await picture(page, `${name}-${scheme}-${width}`);
      expect(await axe(page), `${name}, ${scheme}, at ${width} px`).toEqual([]);
      expect(await isTooWide(page), `${name} scrolls sideways at ${width} px`).toBe(false);
    }
  }
}

describe('a provider', () => {
  it('bids, is awarded, works a request at the desk by keys, and sees what it earns', {
    timeout: HOW_LONG_MS,
  }, async () => {
    const place = await openPlace();
    const path = { queue: place.queue, round: place.round };
    const { page, faults, close } = await visit(browser);
    await signedIn(page, 'provider.admin', `/bids/${place.queue}/${place.round}`);
    await placeBid(page);
    const provider = await apiOf('provider.admin');
    const bid = await dataOf(provider.GET('/v1/queues/{queue}/rounds/{round}/bid', { params: { path } }));
    await page.getByText(bid.hash).waitFor();

    await moveClockTo(place.startsAt);
    const award = await dataOf(provider.GET('/v1/queues/{queue}/rounds/{round}/provider-award', { params: { path } }));
    expect(award).toMatchObject({ priceMicros: 1_000_000 });
    expect(award.awarded).toBeGreaterThan(0);
    await page.reload();
    await page.getByRole('heading', { name: 'Why', level: 2 }).waitFor();
    await page.getByText('of a capacity of 100').waitFor();

    const company = await apiOf('company.admin');
    const externalId = crypto.randomUUID();
    const request = { externalId, queue: place.queue, customer: 'ada@mail.example', text: ASKED };
    await dataOf(company.POST('/v1/requests', { body: { ...request, fields: { Order: 'LMP-1' } } }));

    await workIt();

    await page.goto('/earnings');
    await settled(page);
    // One resolution at 1.00, of which nobody has said anything yet: 70 % by the terms.
    await page.getByRole('link', { name: /^\$0\.70/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Turns' }).waitFor();
    await page.getByRole('table').getByText('Resolved', { exact: true }).first().waitFor();
    expect(faults).toEqual([]);
    await close();
  });
});

/** An agent claims, answers and resolves, without the mouse where there is a key. */
async function workIt(): Promise<void> {
  const { page, faults, close } = await visit(browser);
  await signedIn(page, 'provider.agent', '/desk');
  await page.getByText('You hold nothing').waitFor();
  await page.keyboard.press('c');
  await page.getByText(ASKED).waitFor();
  await settled(page);
  await lookedAt(page, 'desk');
  await page.setViewportSize({ width: 1280, height: 900 });

  await page.keyboard.press('r');
  await page.keyboard.type('I have asked the carrier.');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('log').getByText('I have asked the carrier.').waitFor();
  await page.locator('main').getByRole('heading', { level: 1 }).click();

  await page.getByRole('link', { name: 'Lanes' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stay' }).click();
  await page.getByText(ASKED).waitFor();

  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.keyboard.press('s');
  await page.getByLabel('What you did').fill('Found the parcel and sent it again.');
  await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click();
  await page.getByText('You hold nothing').waitFor();
  expect(faults).toEqual([]);
  await close();
}
