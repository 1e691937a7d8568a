/** What somebody does who has no mouse, and what they must see meanwhile. */
import type { Locator, Page } from 'playwright-core';

/** Further than any page is long. */
const MOST_TABS = 250;

export type Focused = {
  /** What it is, for a finding. */
  name: string;
  /** Its number among all that the page has, in the order of first sight. */
  number: number;
  hasRing: boolean;
  isSeen: boolean;
};

/** Presses Tab and says what has the focus then; null where the page is through, and the window's own parts come. */
export async function tab(page: Page): Promise<Focused | null> {
  await page.keyboard.press('Tab');
  const at = await page.evaluate(look);
  if (at === null || (at.hasRing && at.isSeen)) return at;
  // The ring is drawn, and the page scrolled, with the next frame.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  return page.evaluate(look);
}

function look(): Focused | null {
  const at = document.activeElement;
  if (at === null || at === document.body || !(at instanceof HTMLElement || at instanceof SVGElement)) return null;
  const kept = window as unknown as { focused?: Element[] };
  kept.focused ??= [];
  if (!kept.focused.includes(at)) kept.focused.push(at);
  const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(at);
  const hasOutline = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1 && !outlineColor.endsWith(', 0)');
  const { width, height, top, bottom, left, right } = at.getBoundingClientRect();
  const isIn = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  // A switch or a radio button is drawn by what stands behind it.
  const drawn = at.matches('input[type=checkbox], input[type=radio]') ? at.nextElementSibling : null;
  const isDrawn = drawn !== null && getComputedStyle(drawn).outlineStyle !== 'none';
  const said = (at.getAttribute('aria-label') ?? at.textContent ?? '').trim().slice(0, 40);
  return {
    name: `${at.tagName.toLowerCase()} ‘${said}’ ${at.id}`,
    number: kept.focused.indexOf(at),
    hasRing: hasOutline || boxShadow !== 'none' || isDrawn,
    isSeen: (width > 1 && height > 1 && isIn) || isDrawn,
  };
}

/** Goes on by Tab until something has the focus. */
export async function reach(page: Page, wanted: Locator): Promise<void> {
  for (let n = 0; n < MOST_TABS; n++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not lead to ${String(wanted)}`);
}

/**
 * Walks through all of a page from the beginning, or from its main part on, and says a line for each thing without a ring,
 * out of sight, or that is never reached.
 */
export async function walk(page: Page, from: 'all' | 'main' = 'main'): Promise<string[]> {
  const wrong: string[] = [];
  const reached = new Set<number>();
  await page.evaluate((isMain) => {
    (window as unknown as { focused: Element[] }).focused = [];
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    if (isMain) document.querySelector('main')?.focus();
  }, from === 'main');
  for (let n = 0; n < MOST_TABS; n++) {
    const at = await tab(page);
    if (at === null) break;
    if (reached.has(at.number)) continue;
    reached.add(at.number);
    if (!at.hasRing) wrong.push(`no ring: ${at.name}`);
    if (!at.isSeen) wrong.push(`out of sight: ${at.name}`);
  }
  const left = await page.evaluate((isMain) => {
    const known = (window as unknown as { focused: Element[] }).focused;
    return (
      [
        ...(isMain ? document.querySelector('main')! : document).querySelectorAll<HTMLElement>(
          'a[href], button, input, select, textarea, summary, [tabindex="0"]',
        ),
      ]
        .filter((one) => one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }))
        .filter((one) => !one.matches(':disabled, [tabindex="-1"], [type=hidden]') && one.closest('[inert]') === null)
        // Of a group of radio buttons one is reached by Tab, the others by arrows.
        .filter((one) => !known.includes(one) && one.getAttribute('type') !== 'radio')
        .map(
          (one) =>
            `not reached: ${one.tagName.toLowerCase()} ‘${(one.getAttribute('aria-label') ?? one.textContent ?? '').trim().slice(0, 40)}’ ${one.id}`,
        )
    );
  }, from === 'main');
  return [...wrong, ...left];
}

/** What moves on a page at this moment, a line each, though one asked for nothing to move. */
export const moving = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    document
      .getAnimations()
      .filter(
        ({ playState, effect }) => playState === 'running' && Number(effect?.getComputedTiming().duration ?? 0) > 1,
      )
      .map(({ effect }) =>
        effect instanceof KeyframeEffect ? (effect.target?.outerHTML ?? '').slice(0, 80) : 'something',
      ),
  );
